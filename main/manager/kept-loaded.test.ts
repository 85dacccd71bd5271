import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../contract/index.ts';
import { knownModel, slotFixture, START, stateFixture } from '../../test/core-fixture.ts';
import { tempDir } from '../../test/temp-dir.ts';
import type { CoreState, Slot } from '../core/types.ts';
import { createLoadedStore } from '../memory/loaded-store.ts';
import type { ProviderReport } from '../providers/provider.ts';
import { createLoadedKeeper } from './kept-loaded.ts';

const MINUTE = 60_000;
const url = 'http://127.0.0.1:11434';
const [a, b, child] = [knownModel('ollama/a', 4), knownModel('ollama/b', 4), knownModel('llama.cpp/c', 4)];
const state = (...slots: Slot[]): CoreState => stateFixture({ models: [a, b, child], slots });

function report(loaded: boolean, change: Partial<ProviderReport['status']> = {}): ProviderReport {
  return { status: { status: 'up', version: null, url, problem: null, memory: 'host', ownCapacity: null, advice: [], incarnation: '1', ...change }, models: null, loaded: loaded ? [] : null };
}

async function place() {
  const dir = await tempDir();
  const file = path.join(dir, 'loaded.json');
  const clock = { now: START };
  const problems: Problem[] = [];
  const open = () => {
    const store = createLoadedStore({ file, now: () => clock.now, onProblem: (problem) => void problems.push(problem) });
    return { ...createLoadedKeeper({ store, now: () => clock.now, urlOf: (id) => (id === 'llama.cpp' ? null : url) }), flush: () => store.flush() };
  };
  const kept = async (...slots: Slot[]): Promise<void> => {
    const keeper = open();
    keeper.see(state(...slots));
    await keeper.flush();
  };
  const onDisk = () => (JSON.parse(readFileSync(file, 'utf8')) as { models: { weights: string; expiresAt: number | null; at: number }[] }).models;
  return { dir, file, clock, problems, open, kept, onDisk };
}

describe('what is in servers’ memory, across restarts', () => {
  it('is told with the first listing, and once', async () => {
    const { open, kept } = await place();
    await kept(slotFixture(a, { pid: 7, loadedBy: 'editor', expiresAt: START + MINUTE }), slotFixture(b, { state: 'unloading' }));
    const keeper = open();
    expect(keeper.take('ollama', report(false))).toEqual([]);
    expect(keeper.take('ollama-2', report(true))).toEqual([]);
    expect(keeper.take('ollama', report(true))).toEqual([
      { key: 'ollama/a', contextLength: 4096, pid: 7, loadedBy: 'editor', lastUsedAt: START, expiresAt: START + MINUTE, at: START },
      expect.objectContaining({ key: 'ollama/b' }),
    ]);
    expect(keeper.take('ollama', report(true))).toEqual([]);
  });

  it('is nothing of other programs, of Airdock’s own processes, or of what is not there yet', async () => {
    const { kept, dir } = await place();
    await kept(slotFixture(a, { foreign: true }), slotFixture(b, { state: 'loading' }), slotFixture(child));
    expect(readdirSync(dir)).toEqual([]);
  });

  it('is not told of another server, or of one that was found not to run', async () => {
    const { open, kept } = await place();
    await kept(slotFixture(a));
    expect(open().take('ollama', report(true, { url: 'http://box:11434' }))).toEqual([]);
    const keeper = open();
    expect(keeper.take('ollama', report(false, { status: 'absent' }))).toEqual([]);
    expect(keeper.take('ollama', report(true))).toEqual([]);
    expect(open().take('ollama', report(true))).toHaveLength(1);
  });

  it('outlives an Airdock that never heard of the server, and no longer than a day', async () => {
    const { clock, open, kept, onDisk } = await place();
    await kept(slotFixture(a, { expiresAt: START + MINUTE }));
    const deaf = open();
    clock.now += MINUTE;
    deaf.see(state());
    await deaf.end(state(), 6 * MINUTE, new Set());
    expect(onDisk()).toMatchObject([{ weights: 'ollama/a', at: START, expiresAt: START + MINUTE }]);
    clock.now += 25 * 60 * MINUTE;
    expect(open().take('ollama', report(true))).toEqual([]);
  });

  it('is written as soon as something was loaded, and when it has gone', async () => {
    const { open, onDisk, file } = await place();
    const keeper = open();
    keeper.see(state(slotFixture(a)));
    await expect.poll(() => readdirSync(path.dirname(file)).includes('loaded.json') && onDisk().length, { timeout: 1_500 }).toBe(1);
    keeper.see(state());
    await keeper.flush();
    expect(onDisk()).toEqual([]);
  });

  it('follows uses in steps of a minute, and says now and then that all is as it was', async () => {
    const { clock, open, onDisk } = await place();
    const keeper = open();
    const after = async (ms: number, lastUsedAt: number): Promise<number> => {
      clock.now = START + ms;
      keeper.see(state(slotFixture(a, { lastUsedAt })));
      await keeper.flush();
      return onDisk()[0]!.at - START;
    };
    expect(await after(0, START)).toBe(0);
    expect(await after(50_000, START + 50_000)).toBe(0);
    expect(await after(MINUTE, START + MINUTE)).toBe(MINUTE);
    expect(await after(9 * MINUTE, START + MINUTE)).toBe(MINUTE);
    expect(await after(11 * MINUTE, START + MINUTE)).toBe(11 * MINUTE);
  });

  it('ends with the time that its server was told, where it was told', async () => {
    const { open, onDisk } = await place();
    await open().end(state(slotFixture(a), slotFixture(b)), 6 * MINUTE, new Set(['ollama/b']));
    expect(onDisk().map(({ expiresAt }) => expiresAt)).toEqual([START + 6 * MINUTE, null]);
  });

  it('goes by what its server was told until that has been asked', async () => {
    const { kept, onDisk } = await place();
    await kept(slotFixture(a, { armedMs: 6 * MINUTE }), slotFixture(b, { armedMs: Infinity }), slotFixture(knownModel('ollama/c', 4), { armedMs: 6 * MINUTE, expiresAt: START + MINUTE }));
    expect(onDisk().map(({ expiresAt }) => expiresAt)).toEqual([START + 6 * MINUTE, null, START + MINUTE]);
  });

  it('keeps the newest hundred', async () => {
    const { kept, onDisk } = await place();
    await kept(...Array.from({ length: 120 }, (_, i) => slotFixture(knownModel(`ollama/m${i}`, 1))));
    expect(onDisk()).toHaveLength(100);
    expect(onDisk().at(-1)?.weights).toBe('ollama/m119');
  });

  it('is nothing where the file is damaged, which is set aside and told', async () => {
    const { file, open, problems, dir } = await place();
    writeFileSync(file, '{"version":1,"mod');
    expect(open().take('ollama', report(true))).toEqual([]);
    expect(problems.map(({ code }) => code)).toEqual(['bad-file']);
    expect(readdirSync(dir)).toEqual([expect.stringMatching(/^loaded\.json\.broken-/)]);
  });
});
