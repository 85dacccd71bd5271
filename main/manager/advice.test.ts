import { describe, expect, it } from 'vitest';
import { configSchema, type Activity } from '../../contract/index.ts';
import { gb, knownModel, providerFixture, START, memoryFixture, slotFixture, stateFixture, type StateParts } from '../../test/core-fixture.ts';
import { createManagerFixture, settled } from '../../test/manager-fixture.ts';
import { catalogModel } from '../../test/scripted-provider.ts';
import { activityFixture } from '../../test/snapshot-fixture.ts';
import { adviceFrom } from './advice.ts';

const a = knownModel('ollama/a.1:latest', 4, { name: 'a.1' });
const b = knownModel('ollama/b', 5);
const NOW = START + 3_600_000;
const config = configSchema.parse({});
const ids = (parts: StateParts, recent: Activity[]) => adviceFrom(stateFixture({ models: [a, b], ...parts }), config, recent, NOW).map((advice) => advice.id);

describe('a model that is reloaded again and again', () => {
  const reload = (times: number, reason: 'idle' | 'room' = 'idle', at = NOW) =>
    Array.from({ length: times }, (_, i) => [activityFixture(2 * i, { model: a.id, at }), activityFixture(2 * i + 1, { kind: 'unloaded', reason, by: null, model: a.id, at })]).flat();

  it('is offered to be kept after the third time in ten minutes', () => {
    expect(ids({}, reload(3))).toEqual(['keep:ollama/a.1:latest']);
    expect(ids({}, reload(2))).toEqual([]);
    expect(ids({}, reload(3, 'room'))).toEqual([]);
    expect(ids({}, reload(3, 'idle', NOW - 600_000))).toEqual([]);
    expect(ids({ models: [{ ...a, idleTimeoutMs: null }] }, reload(3))).toEqual([]);
    expect(ids({ models: [] }, reload(3))).toEqual([]);
  });

  it('is no longer offered once it is kept, or nothing is unloaded for being idle; nor where somebody asked for each unload', () => {
    expect(ids({ config: { pinned: new Set([a.weights]) } }, reload(3))).toEqual([]);
    expect(ids({ config: { autoUnloadIdle: false } }, reload(3))).toEqual([]);
    expect(ids({}, reload(3).map((entry) => ({ ...entry, by: 'tray' })))).toEqual([]);
  });

  it('is kept by the button, and what else is set for it stays', async () => {
    const { operations, context, engine, settings } = await createManagerFixture({ models: [catalogModel(a.id, 4)] });
    await operations.configSet({ set: { [`models.overrides.${a.id}`]: { ram_gb: 6 } } }, context);
    const [advice] = adviceFrom(stateFixture({ models: [a] }), settings(), reload(3), NOW);
    expect(advice?.action?.operation).toBe('configSet');
    expect(await operations.configSet(advice!.action!.input as { set: Record<string, unknown> }, context)).toMatchObject({ ok: true });
    expect(settings().models.overrides[a.id]).toEqual({ ram_gb: 6, idle_timeout_seconds: null });
    expect(engine.library.core.byId.get(a.id)?.idleTimeoutMs).toBeNull();
  });
});

describe('a limit that stands in the way although there is room', () => {
  const c = knownModel('p/c', 3);
  const swaps = (times: number) =>
    Array.from({ length: times }, (_, i) => activityFixture(i, { kind: 'unloaded', reason: 'room', model: i % 2 ? a.id : b.id, forModel: i % 2 ? b.id : a.id, at: NOW }));
  const withA: StateParts = { models: [a, b, c], slots: [slotFixture(a, { pid: 1 })], config: { limit: 1 } };
  const mapped = { resident: new Map([[a.weights, { anon: 0, file: gb(4) }]]) };
  const roomy: StateParts = { ...withA, memory: memoryFixture(9, mapped) };
  const tight: StateParts = { ...withA, memory: memoryFixture(8.9, mapped) };
  const textOf = (parts: StateParts, recent: Activity[]) => adviceFrom(stateFixture(parts), config, recent, NOW)[0]?.text;
  const forced = (code: 'limit-reached' | null) => [activityFixture(1, { kind: 'unloaded', reason: 'room', code, model: b.id, forModel: a.id, at: NOW })];
  const refused = [activityFixture(1, { kind: 'refused', code: 'limit-reached', model: c.id, at: NOW })];

  it('and makes two replace each other is told with how often', () => {
    expect(textOf(roomy, swaps(14))).toBe('a.1 and b replaced each other 14 times in 10 minutes. Allow 2 models?');
    expect(adviceFrom(stateFixture(roomy), config, swaps(4), NOW)[0]).toMatchObject({ id: 'limit:2', action: { label: 'Allow 2 models', operation: 'configSet', input: { set: { 'models.max_concurrent_loaded': 2 } } } });
    expect(ids(roomy, swaps(3))).toEqual([]);
    // The OS calls mapped weights available; beside them there is no room for the other.
    expect(ids(tight, swaps(4))).toEqual([]);
    expect(ids({ ...roomy, config: { limit: 1, maxUsage: gb(8) }, memory: memoryFixture(20, mapped) }, swaps(4))).toEqual([]);
    expect(ids({ ...roomy, models: [a] }, swaps(4))).toEqual([]);
  });

  it('and alone makes one go is told the first time', () => {
    expect(textOf(roomy, forced('limit-reached'))).toBe('b had to go for a.1 although there is room for both. Allow 2 models?');
    expect(ids(roomy, forced(null))).toEqual([]);
    expect(ids(tight, forced('limit-reached'))).toEqual([]);
  });

  it('and alone makes a load be refused is told', () => {
    expect(textOf(roomy, refused)).toBe('c was not loaded because of the limit of 1, although there is room for it. Allow 2 models?');
    expect(ids({ ...withA, memory: memoryFixture(6.9, mapped) }, refused)).toEqual([]);
  });

  it('is one suggestion, the gravest', () => {
    expect(adviceFrom(stateFixture(roomy), config, [...refused, ...forced('limit-reached'), ...swaps(5)], NOW).map((advice) => advice.text)).toEqual(['a.1 and b replaced each other 6 times in 10 minutes. Allow 2 models?']);
  });

  it('is over once the limit was raised, both are in memory, places are free, or ten minutes have passed', () => {
    expect(ids({ ...roomy, config: { limit: 2 } }, swaps(4))).toEqual([]);
    expect(ids({ ...roomy, slots: [slotFixture(a), slotFixture(b)], memory: memoryFixture(20) }, swaps(4))).toEqual([]);
    expect(adviceFrom(stateFixture(roomy), config, swaps(4), NOW + 10 * 60_000)).toEqual([]);
    const raised = { ...stateFixture({ ...roomy, slots: [slotFixture(a, { pid: 1 }), slotFixture(c)], config: { limit: 2 }, memory: memoryFixture(20, mapped) }), limitSince: NOW + 1 };
    expect(adviceFrom(raised, config, swaps(4), NOW + 2)).toEqual([]);
    expect(adviceFrom({ ...raised, limitSince: NOW - 1 }, config, swaps(4), NOW + 2)).toHaveLength(1);
  });

  it('comes with Ollama’s own default where Ollama is concerned and the offer exceeds it', () => {
    const providers = [providerFixture('ollama', { ownExpiry: true }), providerFixture('p')];
    const others = Array.from({ length: 6 }, (_, i) => slotFixture(knownModel(`p/${i}`, 1)));
    const offer = (limit: number, cards: number) => {
      const vram = Array.from({ length: cards }, (_, i) => ({ id: `g${i}`, free: gb(8), total: gb(8) }));
      const slots = [slotFixture(a), ...others].slice(0, limit);
      return textOf({ ...roomy, providers, slots, config: { limit }, memory: memoryFixture(30, { vram }) }, swaps(4));
    };
    expect(textOf({ ...roomy, providers }, swaps(4))).toBe('a.1 and b replaced each other 4 times in 10 minutes. Allow 2 models?');
    expect(offer(2, 0)).toMatch(/Allow 3 models\?$/);
    expect(offer(3, 0)).toMatch(/Allow 4 models\? Ollama has a limit of its own: 3 models unless OLLAMA_MAX_LOADED_MODELS says otherwise and may have to be raised too\.$/);
    expect(offer(3, 1)).toMatch(/: 3 models \(3 for each graphics card\) unless OLLAMA/);
    expect(offer(5, 2)).toMatch(/Allow 6 models\?$/);
    expect(offer(6, 2)).toMatch(/: 6 models \(3 for each graphics card\) unless OLLAMA/);
    expect(textOf({ ...roomy, providers }, refused)).not.toContain('Ollama');
  });

  it('is noted by the core, and not said again once it was put aside', async () => {
    const [one, two] = [catalogModel('p/one', 2), catalogModel('p/two', 2)];
    const { operations, context, store, script } = await createManagerFixture({ models: [one, two], config: { models: { max_concurrent_loaded: 1 } } });
    const first = operations.load({ model: 'one' }, context);
    await settled();
    script('p').endLoad();
    await first;
    const second = operations.load({ model: 'two', force: true }, context);
    await settled();
    script('p').endUnload();
    await settled();
    script('p').endLoad();
    expect(await second).toMatchObject({ ok: true });
    expect(store.state().advice).toMatchObject([{ id: 'limit:2', text: 'one had to go for two although there is room for both. Allow 2 models?' }]);
    await operations.dismissAdvice({ id: 'limit:2' }, context);
    expect(store.state().advice).toEqual([]);
  });
});

it('asks once about models of other programs, until that is answered', () => {
  const slots = [slotFixture(a, { foreign: true }), slotFixture(b, { foreign: true })];
  const [question] = adviceFrom(stateFixture({ models: [a, b], slots }), config, [], NOW);
  expect(question?.text).toBe('a.1 and b were loaded by another program. May Airdock unload models of other programs when they are unused?');
  expect(ids({ slots, config: { unloadForeign: 'yes' } }, [])).toEqual([]);
  expect(ids({ slots: [slotFixture(a)] }, [])).toEqual([]);
});
