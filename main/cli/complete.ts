import { formatBytes, modelTasks, settingKeys, anyModel, type Snapshot } from '../../contract/index.ts';
import type { Command, Option, ValueKind } from './command.ts';
import { factAt } from './settings.ts';
import { commonOptions, findCommand } from './parse.ts';

export interface Candidate {
  value: string;
  about: string;
}

/** What could stand where the last of these words is being typed. `look` tells the running Airdock's models, null where it does not. */
export async function complete(words: readonly string[], commands: readonly Command[], look: () => Promise<Snapshot | null>): Promise<Candidate[]> {
  const current = words.at(-1) ?? '';
  const { positional, options, pending } = readBefore(words.slice(0, -1), commands);
  const found = findCommand(positional, commands);
  const all = await candidates();
  return all.filter(({ value }) => value.toLowerCase().startsWith(current.toLowerCase()));

  async function candidates(): Promise<Candidate[]> {
    if (pending) return ofKind(pending, look, current, []);
    if (found === null) return nextWord(positional, commands, current);
    const own: Readonly<Record<string, Option>> = { ...found.command.options, ...commonOptions };
    if (current.startsWith('-')) return Object.entries(own).flatMap(([name, { help }]) => (options.has(name) ? [] : [{ value: `--${name}`, about: help }]));
    const argument = found.command.args[found.args.length] ?? (found.command.args.at(-1)?.rest ? found.command.args.at(-1) : undefined);
    if (argument) return ofKind(argument.kind, look, current, found.args);
    return Object.entries(own).flatMap(([name, { help }]) => (options.has(name) || name === 'help' ? [] : [{ value: `--${name}`, about: help }]));
  }
}

/** What stands before: the words that are no options, the options, and the kind of the value that is due now. */
function readBefore(before: readonly string[], commands: readonly Command[]): { positional: string[]; options: Set<string>; pending: ValueKind | null } {
  const known: Readonly<Record<string, Option>> = Object.assign({}, commonOptions, ...commands.map(({ options }) => options));
  const positional: string[] = [];
  const options = new Set<string>();
  let pending: ValueKind | null = null;
  for (const word of before) {
    if (pending !== null) pending = null;
    else if (word.startsWith('--')) {
      const [name = '', value] = word.slice(2).split('=');
      options.add(name);
      pending = value === undefined ? (known[name]?.value?.kind ?? null) : null;
    } else if (!word.startsWith('-') || word === '-') positional.push(word);
  }
  return { positional, options, pending };
}

function nextWord(positional: readonly string[], commands: readonly Command[], current: string): Candidate[] {
  const [first, second] = positional;
  if (first === 'help') return commandWords(positional.slice(1), commands);
  if (current.startsWith('-') && first === undefined) return [...Object.entries(commonOptions).map(([name, { help }]) => ({ value: `--${name}`, about: help })), { value: '--version', about: 'the version' }];
  if (second !== undefined) return [];
  return first === undefined ? [...commandWords([], commands), { value: 'help', about: 'what a command does' }] : commandWords(positional, commands);
}

/** The words that commands have after these. */
function commandWords(before: readonly string[], commands: readonly Command[]): Candidate[] {
  const next = new Map<string, string>();
  for (const { name, summary } of commands) {
    const parts = name.split(' ');
    const word = parts[before.length];
    if (word === undefined || before.some((one, index) => parts[index] !== one)) continue;
    next.set(word, next.has(word) || parts.length > before.length + 1 ? commands.filter((one) => one.name.startsWith(`${word} `)).map((one) => one.name.split(' ')[1]).join(', ') || summary : summary);
  }
  return [...next].map(([value, about]) => ({ value, about }));
}

async function ofKind(kind: ValueKind, look: () => Promise<Snapshot | null>, current: string, args: readonly string[]): Promise<Candidate[]> {
  switch (kind) {
    case 'model':
      return ((await look())?.models ?? []).filter(({ problem }) => problem === null).map((model) => ({ value: nameLike(current, model), about: formatBytes(model.footprint.ram) }));
    case 'loaded':
      return ((await look())?.state.loaded ?? []).map((model) => ({ value: nameLike(current, model), about: formatBytes(model.ramUsed) }));
    case 'setting':
      return settingCandidates(current, look);
    case 'setting-value':
      return settingValues(args[0] ?? '');
    case 'duration':
      return ['30m', '1h', '2h', '8h'].map((value) => ({ value, about: '' }));
    case 'task':
      return modelTasks.map((value) => ({ value, about: '' }));
    case 'shell':
      return ['bash', 'zsh', 'fish'].map((value) => ({ value, about: '' }));
    default:
      return [];
  }
}

/** The short name, or the full one where that is what is being typed. */
function nameLike(current: string, { id, name }: { id: string; name: string }): string {
  return current.includes('/') && id.toLowerCase().startsWith(current.toLowerCase()) ? id : name;
}

async function settingCandidates(current: string, look: () => Promise<Snapshot | null>): Promise<Candidate[]> {
  const plain = settingKeys.filter((key) => !key.includes(anyModel)).map((value) => ({ value, about: '' }));
  if (!current.startsWith('models.o')) return plain;
  const names = ((await look())?.models ?? []).map(({ name }) => name);
  const own = settingKeys.filter((key) => key.includes(anyModel));
  return [...plain, ...names.flatMap((name) => own.map((key) => ({ value: key.replace(anyModel, name), about: '' })))];
}

function settingValues(key: string): Candidate[] {
  const fact = factAt(pathOf(key));
  const values = fact?.kind.type === 'switch' ? ['on', 'off'] : fact?.kind.type === 'choice' ? fact.kind.options : [];
  return [...values, ...(fact === null ? [] : ['null'])].map((value) => ({ value, about: value === 'null' ? 'back to the default' : '' }));
}

/** A dotted key as a path, as far as the known keys tell; names of models may hold dots. */
function pathOf(key: string): string[] {
  const own = /^models\.overrides\.(.+)\.(\w+)$/.exec(key);
  return own ? ['models', 'overrides', own[1] ?? '', own[2] ?? ''] : key.split('.');
}
