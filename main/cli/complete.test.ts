import { describe, expect, it } from 'vitest';
import { installedModelFixture, loadedModelFixture, snapshotFixture, stateFixture } from '../../test/snapshot-fixture.ts';
import { problem } from '../../contract/index.ts';
import { commands } from './commands.ts';
import { complete } from './complete.ts';

const models = [
  installedModelFixture(),
  installedModelFixture({ id: 'ollama/qwen3:8b', name: 'qwen3:8b' }),
  installedModelFixture({ id: 'llama.cpp/broken', name: 'broken', problem: problem('bad-file', 'Damaged.') }),
];
const snapshot = snapshotFixture({ models, state: stateFixture({ loaded: [loadedModelFixture()] }) });

async function offered(line: string, running = true): Promise<string[]> {
  return (await complete(line.split(' '), commands, async () => (running ? snapshot : null))).map(({ value }) => value);
}

describe('complete', () => {
  it.for<[string, string[]]>([
    ['l', ['ls', 'load']],
    ['config ', ['get', 'set', 'path']],
    ['config s', ['set']],
    ['help conf', ['config']],
    ['help config ', ['get', 'set', 'path']],
    ['load ', ['llama3.2', 'qwen3:8b']],
    ['load Q', ['qwen3:8b']],
    ['load ollama/q', ['ollama/qwen3:8b']],
    ['load --force q', ['qwen3:8b']],
    ['--data-dir /x load q', ['qwen3:8b']],
    ['unload ', ['llama3.2']],
    ['load --f', ['--force']],
    ['load --force --f', []],
    ['freeze --for ', ['30m', '1h', '2h', '8h']],
    ['freeze ', ['--for', '--off', '--json', '--data-dir']],
    ['config get notifications.', ['notifications.enabled', 'notifications.evictions', 'notifications.failures', 'notifications.advice']],
    ['config set models.overrides.q', ['idle_timeout_seconds', 'context_length', 'ram_gb', 'enabled', 'overcommit'].map((key) => `models.overrides.qwen3:8b.${key}`)],
    ['config set models.preset ', ['aggressive', 'balanced', 'conservative', 'null']],
    ['config set models.overrides.llama3.2.enabled o', ['on', 'off']],
    ['config set nonsense ', []],
    ['completion ', ['bash', 'zsh', 'fish']],
    ['run llama3.2 ', []],
    ['nonsense ', []],
    ['--v', ['--version']],
  ])('"%s"', async ([line, values]) => {
    expect(await offered(line)).toEqual(values);
  });

  it('offers no model where no Airdock tells of any, and the rest all the same', async () => {
    expect(await offered('load ', false)).toEqual([]);
    expect(await offered('lo', false)).toEqual(['load']);
  });

  it('offers every command', async () => {
    expect(await offered('')).toEqual([...new Set(commands.map(({ name }) => name.split(' ')[0])), 'help']);
  });
});
