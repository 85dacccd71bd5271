import { describe, expect, it } from 'vitest';
import { commands } from './commands.ts';
import { parseCommandLine, type Parsed } from './parse.ts';

const parse = (line: string): Parsed => parseCommandLine(line === '' ? [] : line.split(' '), commands);

/** What a right line was taken for. */
function run(line: string): { name: string; args: string[]; switches: string[]; values: Record<string, string> } | Parsed {
  const parsed = parse(line);
  if (parsed.kind !== 'run') return parsed;
  return { name: parsed.command.name, args: parsed.args, switches: [...parsed.switches], values: Object.fromEntries(parsed.values) };
}

describe('parseCommandLine', () => {
  it.for<[string, string, string[], string[], Record<string, string>]>([
    ['status', 'status', [], [], {}],
    ['load llama3.2:latest --force', 'load', ['llama3.2:latest'], ['force'], {}],
    ['--data-dir /x load --context=4096 a', 'load', ['a'], [], { 'data-dir': '/x', context: '4096' }],
    ['config set models.directories /a /b', 'config set', ['models.directories', '/a', '/b'], [], {}],
    ['config get', 'config get', [], [], {}],
    ['run m - --max-tokens 5', 'run', ['m', '-'], [], { 'max-tokens': '5' }],
    ['run m -- --force is a word', 'run', ['m', '--force', 'is', 'a', 'word'], [], {}],
    ['freeze --for=--off', 'freeze', [], [], { for: '--off' }],
    ['unload --idle --for 10m', 'unload', [], ['idle'], { for: '10m' }],
  ])('%s', ([line, name, args, switches, values]) => {
    expect(run(line)).toEqual({ name, args, switches, values });
  });

  it.for([
    ['lod x', 'There is no command "lod". Did you mean "airdock load"?'],
    ['qqqqqq', 'There is no command "qqqqqq".'],
    ['config', '"airdock config" needs one of: get, set, path.'],
    ['config gte', 'There is no command "airdock config gte". Did you mean "airdock config get"?'],
    ['load x --forse', '"airdock load" has no option --forse. Did you mean --force?'],
    ['load x -f', '"airdock load" has no option -f.'],
    ['status --force', '"airdock status" has no option --force.'],
    ['load', '"airdock load" needs NAME.'],
    ['config set a', '"airdock config set" needs VALUE.'],
    ['load a b', '"airdock load" does not take "b".'],
    ['freeze --for', '--for needs a value: --for TIME.'],
    ['freeze --for --off', '--for needs a value: --for TIME.'],
    ['freeze --for=', '--for needs a value: --for TIME.'],
    ['load a --force=yes', '--force takes no value.'],
    ['--force', 'There is no option --force without a command.'],
    ['load a --toString', '"airdock load" has no option --toString.'],
  ])('%s is wrong, and told how', ([line = '', message]) => {
    expect(parse(line)).toMatchObject({ kind: 'wrong', message });
  });

  it('finds help and version wherever they stand', () => {
    expect(parse('')).toEqual({ kind: 'nothing' });
    expect(parse('--version')).toEqual({ kind: 'version' });
    for (const line of ['--help', '-h', 'help', 'help config', 'config --help']) expect(parse(line), line).toEqual({ kind: 'help', command: null });
    for (const line of ['help load', 'load --help', '--help load', 'load -h', 'load x --help']) expect(parse(line), line).toMatchObject({ kind: 'help', command: { name: 'load' } });
    expect(parse('help config set')).toMatchObject({ kind: 'help', command: { name: 'config set' } });
    expect(parse('help lod')).toMatchObject({ kind: 'wrong', message: 'There is no command "lod". Did you mean "airdock load"?' });
  });
});

describe('the table of commands', () => {
  it('has names of its own, required arguments first, and examples that parse', () => {
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
    for (const { name, args, examples } of commands) {
      expect(args.map(({ optional }) => optional === true), name).toEqual(args.map(({ optional }) => optional === true).sort());
      expect(args.slice(0, -1).some(({ rest }) => rest), name).toBe(false);
      for (const [line] of examples) {
        const [, words = ''] = /airdock ([^|<>)]+)/.exec(line) ?? [];
        expect(parse(words.replace(/"[^"]*"/g, 'x').trim()), line).toMatchObject({ kind: 'run', command: { name } });
      }
    }
  });

  it('means the same by an option of one name: the reading of a line rests on that', () => {
    const takes = new Map<string, boolean>();
    for (const { name, options } of commands) {
      for (const [option, { value }] of Object.entries(options)) {
        expect(takes.get(option) ?? value !== undefined, `--${option} of ${name}`).toBe(value !== undefined);
        takes.set(option, value !== undefined);
      }
    }
  });
});
