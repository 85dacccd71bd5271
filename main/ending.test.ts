import { describe, expect, it, vi } from 'vitest';
import { configSchema } from '../contract/index.ts';
import { createEngineFixture, settled } from '../test/manager-fixture.ts';
import { catalogModel, observedModel } from '../test/scripted-provider.ts';
import { boundKeepAlive, endingModels, endlessLoads, endLoads, endUses, lastEntries, unloadWhatStays } from './ending.ts';
import { unloadBeforeSleep } from './power.ts';

const own = catalogModel('llama.cpp/own', 1);
const one = catalogModel('ollama/one', 1);
const two = catalogModel('ollama/two', 1);
const never = new AbortController().signal;

async function started(config: object = {}) {
  const fixture = createEngineFixture({ models: [own, one, two], config: { ...config, models: { max_concurrent_loaded: 4, ...(config as { models?: object }).models } } });
  const { engine } = fixture;
  await engine.whenLooked();
  const wish = (modelId: string, change: Partial<Parameters<typeof engine.load>[0]> = {}) => ({ modelId, force: false, tryOnce: false, contextLength: null, origin: 'client' as const, by: 'editor', lease: null, ...change });
  const load = async (modelId: string, lease: string | null = null) => {
    const { answer } = engine.load(wish(modelId, { lease: lease === null ? null : { holder: lease, ttlMs: null } }));
    await settled();
    fixture.script(modelId.split('/')[0]!).endLoad();
    const got = await answer;
    return got.ok ? got.lease! : '';
  };
  return { ...fixture, wish, load, ollama: fixture.script('ollama') };
}

describe('uses in progress', () => {
  it('get their time, and nothing new begins meanwhile', async () => {
    const { engine, wish, load } = await started();
    const lease = await load(one.id, 'editor');
    const ended = endUses(engine, 60_000, never);
    expect(await engine.load(wish(one.id)).answer).toMatchObject({ ok: false, problem: { code: 'cancelled', message: 'Airdock is ending.' } });
    expect(engine.state.leases.size).toBe(1);
    engine.dispatch({ type: 'lease-released', lease });
    await ended;
    expect(engine.state.leases.size).toBe(0);
  });

  it('are not waited for beyond that time, nor when somebody is in a hurry', async () => {
    const { engine, load } = await started();
    await load(own.id, 'editor');
    await endUses(engine, 20, never);
    const hurry = new AbortController();
    const ended = endUses(engine, 60_000, hurry.signal);
    hurry.abort();
    await ended;
    await endUses(engine, 60_000, hurry.signal);
    await endUses(engine, 0, never);
    engine.stop();
    await endUses(engine, 60_000, never);
  });

  it('are also loads that a program waits for; what was clicked is given up', async () => {
    const { engine, wish, ollama } = await started();
    const clicked = engine.load(wish(own.id, { by: 'dashboard', origin: 'person' }));
    const { answer } = engine.load(wish(one.id, { lease: { holder: 'editor', ttlMs: null } }));
    const ended = endUses(engine, 60_000, never);
    expect(await clicked.answer).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    ollama.endLoad();
    const got = await answer;
    expect(got).toMatchObject({ ok: true });
    engine.dispatch({ type: 'lease-released', lease: got.ok ? got.lease! : '' });
    await ended;
  });
});

describe('what servers keep', () => {
  it('is unloaded where nobody uses it, kept and frozen too', async () => {
    const { engine, load, ollama, activity } = await started({ models: { pinned: ['one'] } });
    await load(one.id);
    await load(two.id, 'editor');
    await load(own.id);
    engine.dispatch({ type: 'mode', mode: 'freeze', value: { since: 0, until: null } });
    const done = unloadWhatStays(engine);
    await settled();
    expect(ollama.unloads.map((call) => call.request.weights)).toEqual([one.weights]);
    ollama.endUnload();
    await done;
    expect(activity.at(-1)).toMatchObject({ kind: 'unloaded', reason: 'shutdown', by: 'Airdock', text: 'one (1.0 GB, just used) was unloaded because Airdock ended.' });
  });

  it('is waited for where it is on its way out already, until less time is left', async () => {
    const { engine, load, ollama } = await started();
    await load(one.id);
    void unloadWhatStays(engine);
    await settled();
    const less = new AbortController();
    const ends: string[] = [];
    const waiting = unloadWhatStays(engine).then(() => ends.push('gone'));
    const hurried = unloadWhatStays(engine, undefined, less.signal).then(() => ends.push('less time'));
    await settled();
    expect(ends).toEqual([]);
    less.abort();
    await hurried;
    ollama.endUnload();
    await waiting;
    expect(ends).toEqual(['less time', 'gone']);
    expect(ollama.unloads).toHaveLength(1);
  });

  it('is looked at once more before, and tried again where a use had only just ended', async () => {
    const { engine, load, ollama } = await started();
    await load(one.id);
    ollama.loaded.set(one.weights, observedModel(one, { busy: true }));
    await engine.poll({ catalog: false });
    expect(engine.state.slots.get(one.weights)?.busy).toBe(true);
    ollama.loaded.set(one.weights, observedModel(one, { busy: false }));
    const done = unloadWhatStays(engine);
    await settled();
    ollama.unloads[0]!.end({ kind: 'in-use', lastUsed: null });
    await expect.poll(() => ollama.unloads.length, { timeout: 5_000 }).toBe(2);
    ollama.endUnload();
    await done;
    expect(engine.state.slots.size).toBe(0);
  });

  it('is not waited for where it does not let go', async () => {
    const { engine, load } = await started();
    await load(one.id);
    vi.useFakeTimers();
    try {
      const done = unloadWhatStays(engine);
      await vi.advanceTimersByTimeAsync(5_000);
      await done;
    } finally {
      vi.useRealTimers();
    }
  });

  it('is never kept for ever: an endless time is made finite, also where the server is busy at first', async () => {
    const { engine, load, ollama, providers } = await started({ models: { auto_unload_idle: false } });
    await load(one.id);
    expect(engine.state.slots.get(one.weights)?.armedMs).toBe(Infinity);
    const provider = providers.find((p) => p.id === 'ollama')!;
    const rearm = vi.spyOn(provider, 'rearm').mockResolvedValueOnce({ ok: false });
    expect(await boundKeepAlive(engine, [], 360_000, 2_000)).toEqual([]);
    expect(ollama.rearms).toEqual([{ weights: one.weights, keepAliveMs: 360_000 }]);
    rearm.mockResolvedValue({ ok: false });
    expect((await boundKeepAlive(engine, [], 360_000, 300)).map((slot) => slot.modelId)).toEqual([one.id]);
  });
});

describe('loads that the end cuts off', () => {
  const forEver = { models: { auto_unload_idle: false } };

  it('are waited for until their providers have cleaned up, but not for long', async () => {
    const { engine, wish, providers } = await started(forEver);
    let cleanedUp: () => void = () => undefined;
    const provider = providers.find((p) => p.id === 'ollama')!;
    vi.spyOn(provider, 'load').mockImplementation(() => new Promise((resolve) => (cleanedUp = () => resolve({ ok: false, kind: 'cancelled', problem: { code: 'cancelled', message: 'x' } }))));
    const { answer } = engine.load(wish(one.id, { lease: { holder: 'editor', ttlMs: null } }));
    await settled();
    expect(endlessLoads(engine.state).map((slot) => slot.modelId)).toEqual([one.id]);
    await endLoads(engine, 20);
    expect(await answer).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    const ended: string[] = [];
    const waiting = endLoads(engine, 60_000).then(() => ended.push('waited'));
    await settled();
    ended.push('cleaned up');
    cleanedUp();
    await waiting;
    expect(ended).toEqual(['cleaned up', 'waited']);
    expect(engine.state.slots.size).toBe(0);
  });

  it('are not kept for ever where the server has finished them all the same; what another program wants is left alone', async () => {
    const { engine, wish, ollama } = await started(forEver);
    void engine.load(wish(one.id)).answer;
    void engine.load(wish(two.id)).answer;
    await settled();
    const loads = endlessLoads(engine.state);
    await endLoads(engine, 1_000);
    const foreign = { ...observedModel(one), weights: 'ollama:x', id: null, name: 'foreign' };
    for (const model of [observedModel(one), observedModel(two, { expiresAt: 5 }), foreign]) ollama.loaded.set(model.weights, model);
    expect(await boundKeepAlive(engine, loads, 360_000, 2_000)).toEqual([]);
    expect(ollama.rearms).toEqual([{ weights: one.weights, keepAliveMs: 360_000 }]);
  });

  it('nor is what Airdock could not tell a finite time before', async () => {
    const { engine, load, ollama } = await started();
    await load(one.id);
    engine.dispatch({ type: 'rearm-failed', key: one.weights });
    expect(engine.state.slots.get(one.weights)?.armedMs).toBe(null);
    expect(await boundKeepAlive(engine, [], 360_000, 2_000)).toEqual([]);
    expect(ollama.rearms).toEqual([{ weights: one.weights, keepAliveMs: 360_000 }]);
  });

  it('a server that does not answer is tried all the same', async () => {
    const { engine, load, ollama } = await started(forEver);
    await load(one.id);
    ollama.holdPolls = true;
    expect(await boundKeepAlive(engine, [], 360_000, 100)).toEqual([]);
    expect(ollama.rearms).toHaveLength(1);
  });
});

it('the list says what ended, and what could not be told', async () => {
  const { engine, load } = await started();
  await load(own.id);
  await load(one.id);
  const [first, second] = lastEntries(endingModels(engine.state), [engine.state.slots.get(one.weights)!], 5);
  expect(first).toMatchObject({ at: 5, kind: 'unloaded', reason: 'shutdown', model: own.id, text: 'own was unloaded because Airdock ended.' });
  expect(second).toMatchObject({ kind: 'failed', model: one.id, code: 'unload-failed' });
});

describe('before sleep', () => {
  const asleep = { models: { unload_before_sleep: true } };

  it('what is unused goes where the settings say so, and says why', async () => {
    const { engine, load, ollama, activity, faults } = await started(asleep);
    await load(one.id);
    await load(two.id, 'editor');
    ollama.loaded.set('ollama:x', { ...observedModel(one), weights: 'ollama:x', id: null, name: 'foreign' });
    await engine.poll({ catalog: false });
    const off = configSchema.parse({});
    await unloadBeforeSleep(engine, off);
    expect(ollama.unloads).toHaveLength(0);
    const done = unloadBeforeSleep(engine, configSchema.parse(asleep));
    await settled();
    expect(ollama.unloads.map((call) => call.request.weights)).toEqual([one.weights]);
    ollama.endUnload();
    await done;
    expect(activity.at(-1)).toMatchObject({ reason: 'sleep', text: 'one (1.0 GB, just used) was unloaded before the computer went to sleep.' });
    expect(faults).toEqual([]);
  });

  it('nothing goes that is frozen or kept as a whole, and no unload holds the computer awake', async () => {
    const { engine, load, ollama } = await started(asleep);
    const settings = configSchema.parse(asleep);
    await load(one.id);
    for (const mode of ['freeze', 'pause'] as const) {
      engine.dispatch({ type: 'mode', mode, value: { since: 0, until: null } });
      await unloadBeforeSleep(engine, settings);
      engine.dispatch({ type: 'mode', mode, value: null });
    }
    expect(ollama.unloads).toHaveLength(0);
    vi.useFakeTimers();
    try {
      const done = unloadBeforeSleep(engine, settings);
      await vi.advanceTimersByTimeAsync(5_000);
      await done;
    } finally {
      vi.useRealTimers();
    }
    expect(ollama.unloads).toHaveLength(1);
  });
});
