import { describe, expect, it } from 'vitest';
import { AirdockError, problem, type FileGroup, type ModelInUse, type Recommendation } from '../../contract/index.ts';
import { loadedModelFixture } from '../../test/snapshot-fixture.ts';
import type { RunPort } from './ports.ts';
import { runGroups, type FileResult, type RunOptions } from './run.ts';

/** A manager that writes down what it is told. */
function managerFixture({ inMemory = [], refused = [] }: { inMemory?: string[]; refused?: string[] } = {}) {
  const did: string[] = [];
  const manager: RunPort = {
    loadModel: async (id, options = {}) => {
      const { signal: _signal, ...told } = options;
      did.push(`load ${id} ${JSON.stringify(told)}`);
      if (refused.includes(id)) return { ok: false, problem: problem('no-room', `No room for ${id}.`) };
      return { ok: true, value: { model: loadedModelFixture({ id }), already: inMemory.includes(id), unloaded: [], tookMs: 1 } };
    },
    unloadModel: async (id) => {
      did.push(`unload ${id}`);
      return { ok: true, value: { text: 'Done.' } };
    },
    use: async (id, fn) => {
      did.push(`hold ${id}`);
      const model: ModelInUse = { id, name: id, provider: 'p', contextLength: 1, generate: async () => id };
      try {
        return await fn(model);
      } finally {
        did.push(`let go of ${id}`);
      }
    },
  };
  return { did, manager };
}

const group = (id: string, files: number[], contextLength: number | null = null): FileGroup => ({ id, name: id.toUpperCase(), contextLength, files, loads: true, unloads: [], reason: '' });
const none: Recommendation = { file: null, task: null, model: null, alternatives: [], reason: 'It is empty.', chosenBy: null, notes: [] };
const batch = { groups: [group('a', [2, 0], 8_192), group('b', [1])], left: [3], recommendations: [none, none, none, none] };

async function all(manager: RunPort, options: RunOptions = {}, work = async (index: number, model: ModelInUse): Promise<string> => `${index} by ${await model.generate('')}`): Promise<FileResult<string>[]> {
  const results: FileResult<string>[] = [];
  for await (const result of runGroups(batch, work, manager, options)) results.push(result);
  return results;
}

describe('a batch', () => {
  it('runs group after group: load, hold, work, let go', async () => {
    const { did, manager } = managerFixture();
    const results = await all(manager, { force: true });
    expect(results.map((result) => (result.ok ? result.value : result.problem.message))).toEqual(['It is empty.', '2 by a', '0 by a', '1 by b']);
    expect(results[1]).toMatchObject({ index: 2, model: { id: 'a', name: 'A' } });
    expect(did).toEqual(['load a {"force":true,"contextLength":8192}', 'hold a', 'let go of a', 'load b {"force":true}', 'hold b', 'let go of b']);
  });

  it('unloads what it loaded, and nothing else', async () => {
    const { did, manager } = managerFixture({ inMemory: ['a'] });
    await all(manager, { afterwards: 'unload' });
    expect(did.filter((one) => one.startsWith('unload'))).toEqual(['unload b']);
    expect(did.indexOf('unload b')).toBeGreaterThan(did.indexOf('let go of b'));
  });

  it('goes on where a model is refused, or work fails', async () => {
    const { manager } = managerFixture({ refused: ['a'] });
    const results = await all(manager, {}, () => Promise.reject(new AirdockError(problem('generate-failed', 'It broke.'))));
    expect(results.map((result) => (result.ok ? '' : result.problem.code))).toEqual(['not-found', 'no-room', 'no-room', 'generate-failed']);
  });

  it('lets go when the loop is left', async () => {
    const { did, manager } = managerFixture();
    for await (const result of runGroups(batch, (index) => index, manager, { afterwards: 'unload' })) if (result.ok) break;
    expect(did).toEqual(['load a {"force":false,"contextLength":8192}', 'hold a', 'let go of a', 'unload a']);
  });

  it('begins no more work once it is cancelled', async () => {
    const cancel = new AbortController();
    const { manager } = managerFixture();
    const results = await all(manager, { signal: cancel.signal }, async (index) => {
      cancel.abort();
      return String(index);
    });
    expect(results.map((result) => (result.ok ? result.value : result.problem.code))).toEqual(['not-found', '2', 'cancelled', 'cancelled']);
  });

  it('a use that ends by itself fails nothing but its work', async () => {
    const { manager } = managerFixture();
    const lost: RunPort = { ...manager, use: async (id, fn) => (await fn({ id, name: id, provider: 'p', contextLength: 1, generate: () => Promise.reject(new AirdockError(problem('lease-gone', 'Gone.'))) }), Promise.reject(new Error('ended'))) };
    expect((await all(lost)).map((result) => (result.ok ? '' : result.problem.code))).toEqual(['not-found', 'lease-gone', 'lease-gone', 'lease-gone']);
  });
});
