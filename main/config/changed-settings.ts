import type { ActivityParts, Config } from '../../contract/index.ts';
import { formatPath, isObject } from './settings-tree.ts';

const MAX_NAMED = 3;

/** Paths of the settings that differ; lists and each model's own settings count as one. */
export function changedSettings(before: Config, after: Config): string[][] {
  return differences(before, after, []);
}

/** The change in one sentence, and as what it consists of; null where nothing changed. */
export function describeChange(before: Config, after: Config): { text: string; parts: ActivityParts } | null {
  const paths = changedSettings(before, after);
  const first = paths.slice(0, MAX_NAMED).map((path) => `${formatPath(path)} is ${words(valueAt(after, path))}, was ${words(valueAt(before, path))}`);
  if (first.length === 0) return null;
  const more = paths.length > MAX_NAMED ? `; and ${paths.length - MAX_NAMED} more` : '';
  const changes = paths.slice(0, MAX_NAMED).map((path) => ({ path, before: json(valueAt(before, path)), after: json(valueAt(after, path)) }));
  return {
    text: `${paths.length === 1 ? 'A setting' : 'Settings'} changed: ${first.join('; ')}${more}.`,
    parts: { what: 'settings', changes, more: Math.max(0, paths.length - MAX_NAMED) },
  };
}

function differences(before: unknown, after: unknown, path: string[]): string[][] {
  const group = isObject(before) && isObject(after) && path[path.length - 2] !== 'overrides';
  if (!group) return JSON.stringify(before) === JSON.stringify(after) ? [] : [path];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => differences(before[key], after[key], [...path, key]));
}

const valueAt = (config: Config, path: readonly string[]): unknown => path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), config);

function words(value: unknown): string {
  return json(value) ?? 'not set';
}

/** Cut off where it is long: a list of folders fills no line of the activity list. */
function json(value: unknown): string | null {
  if (value === undefined) return null;
  const text = JSON.stringify(Array.isArray(value) ? value.map(nameOf) : value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Servers go by their ids: what else is said of them fills no line, and may be what should not have been written there. */
function nameOf(entry: unknown): unknown {
  return isObject(entry) ? entry['id'] : entry;
}
