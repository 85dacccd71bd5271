import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { configSchema, formatList, problem, type Config, type Problem } from '../../contract/index.ts';
import { presets } from './presets.ts';
import { formatPath, isObject, type Path, type SettingsTree } from './settings-tree.ts';

export type ParsedConfig =
  | { kind: 'good'; config: Config; warnings: string[] }
  /** It cannot be read as JSON; nothing in it can be trusted. */
  | { kind: 'syntax'; problem: Problem }
  /** It can be read, but some values are wrong; `rest` is the config without them. */
  | { kind: 'values'; problem: Problem; rest: Config };

const MAX_SHOWN = 3;

/**
 * Reads the text of a config file: JSON with comments, trailing commas, any line ends, with or without a byte order mark.
 * `file` null: a text that is not on disk, in which there is nothing to point at.
 */
export function parseConfig(text: string, file: string | null, tree: SettingsTree): ParsedConfig {
  const body = withoutBom(text);
  const errors: ParseError[] = [];
  const root = parseTree(body, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const name = file ?? 'The text';
  const first = errors[0];
  if (first) return broken(`${name} cannot be read: ${syntaxWords(first)} in ${place(body, first.offset)}.`);
  if (root && root.type !== 'object') return broken(`${name} must hold one object in { }, but ${place(body, root.offset)} begins with something else.`);
  const twice = root && findDuplicate(root, []);
  if (twice) return broken(`${formatPath(twice.path)} is there twice in ${name}: ${place(body, twice.first)} and ${place(body, twice.second)}.`);

  const raw: unknown = root ? getNodeValue(root) : {};
  const result = configSchema.safeParse(withPreset(raw));
  if (result.success) {
    const warnings = tree.unknownKeys(raw).map(({ path, nearest }) => unknownSentence(path, nearest, root && place(body, offsetOf(root, path))));
    return { kind: 'good', config: result.data, warnings };
  }
  const faults = result.error.issues.map((issue) => {
    const path = issue.path.filter((segment) => typeof segment !== 'symbol');
    const node = root && findNodeAtLocation(root, [...path]);
    const where = node && file !== null ? ` (${place(body, node.offset)})` : '';
    // A group can hold what should not be in the file: a key, for example.
    const value = node?.type === 'object' ? 'a group of settings' : node ? body.slice(node.offset, node.offset + node.length) : 'nothing';
    const allowed = issue.code === 'custom' ? issue.message : tree.allowed(path);
    return { path, sentence: `${formatPath(path)} is ${shorten(value)}, allowed is ${allowed}${where}` };
  });
  const shown = faults.slice(0, MAX_SHOWN).map((fault) => fault.sentence);
  const more = faults.length > MAX_SHOWN ? `; and ${faults.length - MAX_SHOWN} more` : '';
  return {
    kind: 'values',
    problem: problem('bad-config', `Wrong ${faults.length === 1 ? 'value' : 'values'}${file === null ? '' : ` in ${file}`}: ${shown.join('; ')}${more}.`, inForce),
    rest: without(raw, faults.map((fault) => fault.path)),
  };
}

const readAgain = 'Correct the file: it is read again as soon as it is saved.';

/** What a broken file means for the settings while Airdock runs, and for those of its start, when none were in force before. */
export const inForce = `The settings that were in force stay so. ${readAgain}`;
export const atStart = { values: `Its other values count, and the defaults for these. ${readAgain}`, syntax: `The defaults count until then. ${readAgain}` } as const;

export function withoutBom(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function broken(message: string): ParsedConfig {
  return { kind: 'syntax', problem: problem('bad-config', message, inForce) };
}

function withPreset(raw: unknown): unknown {
  const models = isObject(raw) ? raw['models'] : undefined;
  if (!isObject(raw) || !isObject(models)) return raw;
  const preset = presets.find(({ name }) => name === models['preset']);
  return preset ? { ...raw, models: { ...preset.values, ...models } } : raw;
}

/** The config that is left when the values at these paths are not there. */
function without(raw: unknown, paths: readonly Path[]): Config {
  const copy: unknown = structuredClone(raw);
  for (const fault of paths) {
    // An entry of a list leaves no gap: the whole list goes.
    const entry = fault.findIndex((segment) => typeof segment === 'number');
    const path = entry === -1 ? fault : fault.slice(0, entry + 1);
    const parent = path.slice(0, -1).reduce<unknown>((value, segment) => (isObject(value) || Array.isArray(value) ? Reflect.get(value, segment) : undefined), copy);
    const last = path.at(-1);
    if (Array.isArray(parent)) parent.length = 0;
    else if (isObject(parent) && last !== undefined) Reflect.deleteProperty(parent, last);
  }
  const result = configSchema.safeParse(withPreset(copy));
  return result.success ? result.data : configSchema.parse({});
}

function findDuplicate(node: Node, path: Path): { path: Path; first: number; second: number } | null {
  const seen = new Map<string, number>();
  for (const [index, child] of (node.children ?? []).entries()) {
    const [key, value] = child.children ?? [];
    const at = child.type === 'property' ? String(key?.value) : index;
    if (typeof at === 'string') {
      const first = seen.get(at);
      if (first !== undefined) return { path: [...path, at], first, second: child.offset };
      seen.set(at, child.offset);
    }
    const below = child.type === 'property' ? value : child;
    const deeper = below && findDuplicate(below, [...path, at]);
    if (deeper) return deeper;
  }
  return null;
}

/** Where the key of a setting stands. */
function offsetOf(root: Node, path: Path): number {
  const node = findNodeAtLocation(root, [...path]);
  return node?.parent?.offset ?? node?.offset ?? 0;
}

function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function syntaxWords(error: ParseError): string {
  const name = printParseErrorCode(error.error);
  const known: Record<string, string> = {
    CommaExpected: 'a comma is missing',
    ColonExpected: 'a colon is missing',
    PropertyNameExpected: 'a setting’s name in quotes is missing',
    ValueExpected: 'a value is missing',
    CloseBraceExpected: 'a closing } is missing',
    CloseBracketExpected: 'a closing ] is missing',
    EndOfFileExpected: 'there is something after the end',
    UnexpectedEndOfString: 'a closing quote is missing',
    UnexpectedEndOfComment: 'a comment is not closed',
    InvalidSymbol: 'there is a word that is neither true, false, null nor in quotes',
  };
  return known[name] ?? 'there is something that JSON does not allow';
}

function unknownSentence(path: Path, nearest: string | null, where: string | undefined): string {
  const meant = nearest === null ? '' : ` Did you mean ${formatList([nearest])}?`;
  return `There is no setting ${formatPath(path)}${where ? ` (${where})` : ''}; it is kept but does nothing.${meant}`;
}

function shorten(value: string): string {
  const flat = value.replace(/\s+/g, ' ');
  return flat.length > 60 ? `${flat.slice(0, 57)}…` : flat;
}
