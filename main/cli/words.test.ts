import { describe, expect, it } from 'vitest';
import { configSchema, problem } from '../../contract/index.ts';
import { commands } from './commands.ts';
import { parseDuration } from './duration.ts';
import { exitOf, exits } from './exits.ts';
import { cellsOf, gauge, progressBar } from './gauge.ts';
import { commandHelp, overview } from './help.ts';
import { readNumber, readTime } from './numbers.ts';
import { refuse } from './report.ts';
import { factAt, flatten, readSetting, settingText, valueAt } from './settings.ts';

describe('parseDuration', () => {
  it.for<[string, number | null]>([
    ['45s', 45],
    ['30m', 1800],
    ['30 min', 1800],
    ['1h30m', 5400],
    ['1.5h', 5400],
    ['2d', 172_800],
    ['90', null],
    ['0s', null],
    ['', null],
    ['h', null],
    ['2x', null],
    ['1h later', null],
  ])('%s is %s', ([text, seconds]) => expect(parseDuration(text)).toBe(seconds));
});

describe('numbers', () => {
  const given = (option: string, value: string) => ({ value: (name: string) => (name === option ? value : undefined) });
  it('are read within their bounds, or refused with them', () => {
    expect(readNumber(given('n', '5'), 'n', 1, 10)).toBe(5);
    expect(readNumber(given('n', '5'), 'other', 1, 10)).toBeUndefined();
    for (const wrong of ['0', '11', '2.5', 'x']) expect(() => readNumber(given('n', wrong), 'n', 1, 10)).toThrow(`--n takes a whole number from 1 to 10, not ${wrong}.`);
    expect(readTime(given('for', '2m'))).toBe(120);
    expect(() => readTime(given('for', '2'))).toThrow('--for takes a time such as');
  });
});

describe('gauge', () => {
  it('fills its width exactly, whatever the shares', () => {
    for (const shares of [[1, 1, 1], [0, 0, 5], [0.3, 99.4, 0.3], [-4, 2, 1]]) expect(cellsOf(shares, 10).reduce((sum, cells) => sum + cells, 0), String(shares)).toBe(10);
    expect(cellsOf([1, 1, 2], 8)).toEqual([2, 2, 4]);
    expect(cellsOf([0, 0], 8)).toEqual([0, 0]);
    expect(gauge([{ share: 1, block: '█', letter: '#' }, { share: 3, block: '░', letter: '.' }], 4, true)).toEqual(['█', '░░░']);
  });

  it('shows progress, within its bounds', () => {
    expect(progressBar(0.5, 4, false)).toBe('##..');
    expect(progressBar(2, 4, false)).toBe('####');
    expect(progressBar(-1, 4, false)).toBe('....');
  });
});

describe('settings', () => {
  const config = configSchema.parse({ models: { overrides: { 'llama3.2:latest': { idle_timeout_seconds: null } } } });

  it('are listed by their dotted keys', () => {
    const all = Object.fromEntries(flatten(config));
    expect(all).toMatchObject({ 'models.max_concurrent_loaded': 2, 'models.directories': [], 'providers.llama.cpp.gpu': 'auto', 'models.overrides.llama3.2:latest.idle_timeout_seconds': null });
    expect(flatten(config.updates, 'updates').map(([key]) => key)).toEqual(['updates.check']);
  });

  it('are found by path', () => {
    expect(valueAt(config, ['providers', 'llama.cpp', 'gpu'])).toBe('auto');
    expect(valueAt(config, ['models', 'preset'])).toBeUndefined();
    expect(valueAt(config, ['models', 'toString'])).toBeUndefined();
    expect(valueAt(config, [])).toBe(config);
    expect([settingText(undefined), settingText('a'), settingText([1]), settingText(null)]).toEqual(['(not set)', 'a', '[1]', 'null']);
  });

  it.for<[string, string[], unknown]>([
    ['models.max_concurrent_loaded', ['3'], 3],
    ['models.max_concurrent_loaded', ['many'], 'many'],
    ['models.auto_unload_idle', ['off'], false],
    ['models.auto_unload_idle', ['Yes'], true],
    ['models.auto_unload_idle', ['2'], 2],
    ['models.preset', ['balanced'], 'balanced'],
    ['models.preset', ['"balanced"'], 'balanced'],
    ['models.preset', ['null'], null],
    ['providers.ollama.host', ['1234'], '1234'],
    ['providers.ollama.host', ['http://a:1'], 'http://a:1'],
    ['models.directories', ['/a', '/b'], ['/a', '/b']],
    ['models.directories', ['/a'], ['/a']],
    ['models.directories', ['["/a"]'], ['/a']],
    ['models.directories', ['null'], null],
    ['models', ['{"pinned":[]}'], { pinned: [] }],
  ])('%s %j is read as %j', ([key, typed, value]) => {
    expect(readSetting(typed, factAt(key.split('.'))?.kind ?? null)).toEqual(value);
  });

  it('of one model are known by their own kind', () => {
    expect(factAt(['models', 'overrides', 'llama3.2:latest', 'idle_timeout_seconds'])?.kind).toMatchObject({ type: 'number', nullable: true });
    expect(factAt(['models'])).toBeNull();
  });
});

describe('help', () => {
  it('lists every command, and explains each with all of its options and examples', () => {
    const all = overview(commands);
    for (const command of commands) {
      expect(all).toContain(`\n  ${command.name}`);
      const text = commandHelp(command);
      for (const part of [...Object.keys(command.options).map((name) => `--${name}`), '--data-dir DIR', ...command.examples.map(([line]) => line), 'Exit codes: 0 done']) expect(text).toContain(part);
    }
    expect(commandHelp(commands.find(({ name }) => name === 'run')!)).toMatch(/^airdock run NAME \[PROMPT …\] \[--max-tokens N\] \[--force\] \[--json\]\n/);
  });
});

describe('a refusal', () => {
  const told = (json: boolean) => {
    const lines = { out: '', notes: '' };
    const terminal = { print: (text: string) => void (lines.out += text), note: (text: string) => void (lines.notes += `${text}\n`) };
    return { lines, context: { terminal, json } as Parameters<typeof refuse>[0] };
  };

  it('goes to standard error with what helps here, and with --json as data to standard output', () => {
    const plain = told(false);
    expect(refuse(plain.context, problem('needs-room', 'It unloads b.', 'Confirm.'))).toBe(exits.refused);
    expect(plain.lines).toEqual({ out: '', notes: 'It unloads b.\n--force says yes.\n' });
    const data = told(true);
    expect(refuse(data.context, problem('unknown-model', 'No x.', 'Did you mean y?'))).toBe(exits.refused);
    expect(data.lines.notes).toBe('No x.\nDid you mean y?\n');
    expect(JSON.parse(data.lines.out)).toEqual({ problem: { code: 'unknown-model', message: 'No x.', hint: 'Did you mean y?' } });
  });

  it('has an exit code of its own where no Airdock is running', () => {
    expect(exitOf(problem('not-running', ''))).toBe(3);
    expect(exitOf(problem('no-room', ''))).toBe(1);
  });
});
