import { anyModel, settingFacts, settingKeys, type Config, type SettingFact, type SettingKind } from '../../contract/index.ts';

/** Every setting as dotted key and value, in the order of the file. Pure. */
export function flatten(config: unknown, prefix = ''): [key: string, value: unknown][] {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return [[prefix, config]];
  return Object.entries(config).flatMap(([key, value]) => flatten(value, prefix === '' ? key : `${prefix}.${key}`));
}

/** The value at a path of keys; undefined: not set. */
export function valueAt(config: Config, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined), config);
}

/** What is known of the setting at a path, a model's own ones included. */
export function factAt(path: readonly string[]): SettingFact | null {
  const own = path[0] === 'models' && path[1] === 'overrides';
  const key = (own ? path.with(2, anyModel) : path).join('.');
  return settingKeys.some((known) => known === key) ? settingFacts[key as keyof typeof settingFacts] : null;
}

const switches: Readonly<Record<string, boolean>> = { true: true, on: true, yes: true, false: false, off: false, no: false };

/**
 * What was typed as a setting's value: JSON, or plain text where the kind of the setting says what it is. Null stands for null, a choice or
 * text needs no quotes. What does not suit is passed on as it is: the answer to that names what is allowed. Pure.
 */
export function readSetting(typed: readonly string[], kind: SettingKind | null): unknown {
  const [first = ''] = typed;
  const json = typed.length === 1 ? parseJson(first) : undefined;
  if (json === null) return null;
  if (kind?.type === 'list') return Array.isArray(json) ? json : typed.map((one) => one);
  if (typed.length > 1) return typed.join(' ');
  if (kind?.type === 'switch') return switches[first.toLowerCase()] ?? json ?? first;
  if (kind?.type === 'text' || kind?.type === 'choice') return typeof json === 'string' ? json : first;
  return json === undefined ? first : json;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A value as a line shows it. */
export function settingText(value: unknown): string {
  return value === undefined ? '(not set)' : typeof value === 'string' ? value : JSON.stringify(value);
}
