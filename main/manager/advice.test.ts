import { describe, expect, it } from 'vitest';
import { configSchema, type Activity } from '../../contract/index.ts';
import { gb, knownModel, memoryFixture, slotFixture, stateFixture, type StateParts } from '../../test/core-fixture.ts';
import { createManagerFixture } from '../../test/manager-fixture.ts';
import { catalogModel } from '../../test/scripted-provider.ts';
import { activityFixture } from '../../test/snapshot-fixture.ts';
import { adviceFrom } from './advice.ts';

const a = knownModel('ollama/a.1:latest', 4, { name: 'a.1' });
const b = knownModel('ollama/b', 5);
const NOW = 10_000_000;
const config = configSchema.parse({});
const ids = (parts: StateParts, recent: Activity[]) => adviceFrom(stateFixture({ models: [a, b], ...parts }), config, recent, NOW).map((advice) => advice.id);

describe('a model that is reloaded again and again', () => {
  const reload = (times: number, reason: 'idle' | 'room' = 'idle', at = NOW) =>
    Array.from({ length: times }, (_, i) => [activityFixture(2 * i, { model: a.id, at }), activityFixture(2 * i + 1, { kind: 'unloaded', reason, model: a.id, at })]).flat();

  it('is offered to be kept after the third time in ten minutes', () => {
    expect(ids({}, reload(3))).toEqual(['keep:ollama/a.1:latest']);
    expect(ids({}, reload(2))).toEqual([]);
    expect(ids({}, reload(3, 'room'))).toEqual([]);
    expect(ids({}, reload(3, 'idle', NOW - 600_000))).toEqual([]);
    expect(ids({ models: [{ ...a, idleTimeoutMs: null }] }, reload(3))).toEqual([]);
    expect(ids({ models: [] }, reload(3))).toEqual([]);
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

describe('two models that replace each other', () => {
  const swaps = (times: number) =>
    Array.from({ length: times }, (_, i) => activityFixture(i, { kind: 'unloaded', reason: 'room', model: i % 2 ? a.id : b.id, forModel: i % 2 ? b.id : a.id, at: NOW }));
  const withA = { slots: [slotFixture(a, { pid: 1 })], config: { limit: 1 } };

  it('are offered a higher limit where there is room for both', () => {
    const mapped = { resident: new Map([[a.weights, { anon: 0, file: gb(4) }]]) };
    expect(ids({ ...withA, memory: memoryFixture(9, mapped) }, swaps(4))).toEqual(['limit:2']);
    expect(ids({ ...withA, memory: memoryFixture(9, mapped) }, swaps(3))).toEqual([]);
    // The OS calls mapped weights available; beside them there is no room for the other.
    expect(ids({ ...withA, memory: memoryFixture(8.9, mapped) }, swaps(4))).toEqual([]);
    expect(ids({ ...withA, config: { limit: 1, maxUsage: gb(8) }, memory: memoryFixture(20, mapped) }, swaps(4))).toEqual([]);
  });

  it('are offered nothing where one of them is no longer installed', () => {
    expect(ids({ models: [a], memory: memoryFixture(20) }, swaps(4))).toEqual([]);
  });
});

it('asks once about models of other programs, until that is answered', () => {
  const slots = [slotFixture(a, { foreign: true }), slotFixture(b, { foreign: true })];
  const [question] = adviceFrom(stateFixture({ models: [a, b], slots }), config, [], NOW);
  expect(question?.text).toBe('a.1 and b were loaded by another program. May Airdock unload models of other programs when they are unused?');
  expect(ids({ slots, config: { unloadForeign: 'yes' } }, [])).toEqual([]);
  expect(ids({ slots: [slotFixture(a)] }, [])).toEqual([]);
});
