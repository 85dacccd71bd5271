import { expect, it } from 'vitest';
import { withUse, noDemand } from '../../core/demand.ts';
import type { Engine } from '../engine.ts';
import { diskUsage } from './disk-usage.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const now = 1_800_000_000_000;

/** As much of an engine as is asked. Names are those of the models. */
function engineWith(models: object[], uses: Record<string, number>, inMemory: string[] = []) {
  const demand = Object.entries(uses).reduce((all, [weights, at]) => withUse(all, weights, at), noDemand);
  const folders: Record<string, string | null> = { ollama: null, 'llama.cpp': '/own' };
  const folderOf = (name: string): string | null => (name === 'large' ? '/mine' : null);
  return {
    library: { models, names: new Map(models.map((one) => [(one as { id: string }).id, (one as { id: string }).id.split('/')[1]])) },
    provider: (id: string) => (id in folders ? { library: { directory: async () => folders[id], ...(id === 'llama.cpp' ? { folderOf } : {}) } } : {}),
    state: { demand, slots: new Map(inMemory.map((weights) => [weights, {}])) },
  } as unknown as Engine;
}
const model = (id: string, weights: string, sizeBytes: number, more: object = {}) => ({ id, provider: id.split('/')[0], providerName: id.split('/')[1], weights, sizeBytes, ...more });

it('counts each file once, names what nobody has used for 30 days, and what is free', async () => {
  const models = [
    model('ollama/small', 'a', 10), model('ollama/alias', 'a', 10), model('llama.cpp/large', 'b', 100), model('llama.cpp/month', 'c', 30), model('llama.cpp/day', 'd', 20),
    // Of somebody else's server nothing lies here.
    model('lm-studio/other', 'x', 1000), model('online/one', 'y', 1000, { elsewhere: 'online' }),
  ];
  const asked: string[] = [];
  const used = { a: now - 29 * DAY_MS, c: now - 31 * DAY_MS, d: now - 40 * DAY_MS };
  const usage = await diskUsage(engineWith(models, used, ['d']), async (folder) => (asked.push(folder), 5000), now);
  expect(usage.models.map(({ name, also, bytes, unused }) => [name, also, bytes, unused])).toEqual([
    ['large', [], 100, false],
    ['month', [], 30, true],
    ['day', [], 20, false],
    ['small', ['alias'], 10, false],
  ]);
  expect(usage).toMatchObject({ totalBytes: 160, unusedBytes: 30, neverBytes: 100 });
  expect(usage.models[0]!.lastUsed).toBeNull();
  expect(usage.places).toEqual([
    { provider: 'llama.cpp', folder: '/mine', bytes: 100, free: 5000 },
    { provider: 'llama.cpp', folder: '/own', bytes: 50, free: 5000 },
    { provider: 'ollama', folder: null, bytes: 10, free: null },
  ]);
  expect(asked).toEqual(['/mine', '/own']);
});

it('answers for 5,000 models at once', async () => {
  const models = Array.from({ length: 5000 }, (_, i) => model(`ollama/m${i}`, `w${i % 4000}`, i));
  const began = performance.now();
  const usage = await diskUsage(engineWith(models, { w1: now }), async () => null, now);
  expect(usage.models).toHaveLength(4000);
  expect(performance.now() - began).toBeLessThan(500);
});
