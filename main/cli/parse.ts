import { parseArgs } from 'node:util';
import { nearest } from '../config/nearest.ts';
import type { Command, Option } from './command.ts';

export type Parsed =
  | { kind: 'run'; command: Command; args: string[]; switches: Set<string>; values: Map<string, string> }
  /** null: of all commands. */
  | { kind: 'help'; command: Command | null }
  | { kind: 'version' }
  /** No command was given. */
  | { kind: 'nothing' }
  | { kind: 'wrong'; message: string; command: Command | null };

/** What every command takes. */
export const commonOptions = {
  'data-dir': { value: { name: 'DIR', kind: 'folder' }, help: 'of the Airdock with this data folder' },
  help: { help: 'what the command does, with examples' },
} as const satisfies Record<string, Option>;

/** Reads a command line by the table of commands. Pure. */
export function parseCommandLine(argv: readonly string[], commands: readonly Command[]): Parsed {
  const known: Record<string, Option> = Object.assign({ version: { help: '' } }, commonOptions, ...commands.map(({ options }) => options));
  const types = Object.fromEntries(Object.entries(known).map(([name, { value }]) => [name, { type: value ? ('string' as const) : ('boolean' as const) }]));
  const { tokens } = parseArgs({
    args: [...argv],
    options: { ...types, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const options = tokens.flatMap((token) => (token.kind === 'option' ? [token] : []));
  const asks = options.some(({ name }) => name === 'help');
  if (options.some(({ name }) => name === 'version') && words.length === 0) return { kind: 'version' };
  if (words[0] === 'help') return helpFor(words.slice(1), commands);

  const found = findCommand(words, commands);
  if (found === null) return words.length === 0 ? bare(options.map(({ rawName }) => rawName), asks) : asks ? helpFor(words, commands) : unknownCommand(words, commands);
  const { command, args } = found;
  if (asks) return { kind: 'help', command };
  const wrong = (message: string): Parsed => ({ kind: 'wrong', message, command });

  const own: Readonly<Record<string, Option>> = { ...commonOptions, ...command.options };
  const switches = new Set<string>();
  const values = new Map<string, string>();
  for (const { name, rawName, value, inlineValue } of options) {
    const option = Object.hasOwn(own, name) ? own[name] : undefined;
    if (option === undefined) {
      const meant = rawName.startsWith('--') ? nearest(name, Object.keys(own)) : null;
      return wrong(`"airdock ${command.name}" has no option ${rawName}.${meant === null ? '' : ` Did you mean --${meant}?`}`);
    }
    if (option.value === undefined) {
      if (value !== undefined) return wrong(`--${name} takes no value.`);
      switches.add(name);
    } else {
      // "--for --off" forgot the time; whoever means it writes "--for=--off".
      if (value === undefined || value === '' || (!inlineValue && value.startsWith('--'))) return wrong(`--${name} needs a value: --${name} ${option.value.name}.`);
      values.set(name, value);
    }
  }
  const least = command.args.filter(({ optional }) => !optional).length;
  const missing = command.args[args.length];
  if (args.length < least && missing) return wrong(`"airdock ${command.name}" needs ${missing.name}.`);
  if (args.length > command.args.length && !command.args.at(-1)?.rest) return wrong(`"airdock ${command.name}" does not take "${args[command.args.length] ?? ''}".`);
  return { kind: 'run', command, args, switches, values };
}

/** The command that these words begin with, and what is left of them. */
export function findCommand(words: readonly string[], commands: readonly Command[]): { command: Command; args: string[] } | null {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ');
    const command = words.length >= length ? commands.find((one) => one.name === name) : undefined;
    if (command) return { command, args: words.slice(length) };
  }
  return null;
}

function bare(options: readonly string[], asks: boolean): Parsed {
  const stranger = options.find((name) => !asks && !name.startsWith('--data-dir'));
  if (asks || stranger === undefined) return asks ? { kind: 'help', command: null } : { kind: 'nothing' };
  return { kind: 'wrong', message: `There is no option ${stranger} without a command.`, command: null };
}

function helpFor(words: readonly string[], commands: readonly Command[]): Parsed {
  if (words.length === 0) return { kind: 'help', command: null };
  const found = findCommand(words, commands);
  if (found) return { kind: 'help', command: found.command };
  // "airdock help config": the commands that begin so are in the list.
  return commands.some(({ name }) => name.startsWith(`${words[0] ?? ''} `)) ? { kind: 'help', command: null } : unknownCommand(words, commands);
}

function unknownCommand(words: readonly string[], commands: readonly Command[]): Parsed {
  const [first = '', second] = words;
  const below = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name.slice(first.length + 1));
  if (below.length > 0) {
    const meant = second === undefined ? null : nearest(second, below);
    const message = meant === null ? `"airdock ${first}" needs one of: ${below.join(', ')}.` : `There is no command "airdock ${first} ${second}". Did you mean "airdock ${first} ${meant}"?`;
    return { kind: 'wrong', message, command: null };
  }
  const meant = nearest(first, [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? name))]);
  return { kind: 'wrong', message: `There is no command "${first}".${meant === null ? '' : ` Did you mean "airdock ${meant}"?`}`, command: null };
}
