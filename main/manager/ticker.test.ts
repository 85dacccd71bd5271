import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { START } from '../../test/core-fixture.ts';
import { createEngineFixture } from '../../test/manager-fixture.ts';
import { catalogModel, observedModel } from '../../test/scripted-provider.ts';
import { startTicker, type Ticker } from './ticker.ts';

const a = catalogModel('llama.cpp/a', 1);

beforeEach(() => void vi.useFakeTimers({ now: START }));
afterEach(() => void vi.useRealTimers());

async function started() {
  const fixture = createEngineFixture({ models: [a] });
  const script = fixture.script('llama.cpp');
  await fixture.engine.whenLooked();
  script.polls.length = 0;
  let refreshed = 0;
  const ticker: Ticker = startTicker(fixture.engine, {
    now: () => fixture.clock.now,
    refreshMemory: async () => void (refreshed += 1),
    onFault: (fault) => fixture.faults.push(fault),
  });
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 10) {
      fixture.clock.now += 10;
      await vi.advanceTimersByTimeAsync(10);
    }
  };
  return { ...fixture, script, ticker, pass, refreshed: () => refreshed, wish: { modelId: a.id, force: false, tryOnce: false, contextLength: null, origin: 'client' as const, by: 'test', lease: null } };
}

describe('the ticker', () => {
  it('looks every five seconds where nobody watches, and at the catalogue every half minute', async () => {
    const { script, pass, ticker, refreshed } = await started();
    await pass(60_100);
    expect(script.polls.length).toBeGreaterThanOrEqual(11);
    expect(script.polls.length).toBeLessThanOrEqual(13);
    expect(script.polls.filter((p) => p.catalog)).toHaveLength(2);
    expect(refreshed()).toBe(script.polls.length);
    ticker.stop();
    const looks = script.polls.length;
    await pass(20_000);
    expect(script.polls).toHaveLength(looks);
  });

  it('looks every second while somebody watches, from the first moment, until the last has gone', async () => {
    const { script, pass, ticker } = await started();
    const [one, two] = [ticker.watch(), ticker.watch()];
    await pass(5_100);
    expect(script.polls.length).toBeGreaterThanOrEqual(5);
    one();
    one();
    script.polls.length = 0;
    await pass(3_100);
    expect(script.polls.length).toBeGreaterThanOrEqual(3);
    two();
    await pass(1_100);
    script.polls.length = 0;
    await pass(10_100);
    expect(script.polls.length).toBeLessThanOrEqual(3);
    ticker.stop();
  });

  it('reads the memory five times a second while a load is under way, as soon as that begins', async () => {
    const { engine, hooks, script, memory, pass, ticker, wish } = await started();
    hooks.onChange = ticker.changed;
    engine.load(wish);
    await pass(10);
    memory.reads = 0;
    await pass(2_000);
    expect(memory.reads).toBeGreaterThanOrEqual(9);
    expect(memory.reads).toBeLessThanOrEqual(12);
    script.endLoad();
    await pass(1_200);
    memory.reads = 0;
    await pass(10_000);
    expect(memory.reads).toBeLessThanOrEqual(3);
    ticker.stop();
  });

  it('keeps an idle timeout to the moment, not to the next slow look', async () => {
    const { engine, script, clock, pass, ticker, wish } = await started();
    engine.load(wish);
    script.endLoad();
    await pass(10);
    const due = clock.now - 10 + 300_000;
    await pass(299_900);
    expect(script.unloads).toHaveLength(0);
    await pass(200);
    expect(script.unloads).toHaveLength(1);
    expect(clock.now).toBeLessThan(due + 200);
    ticker.stop();
  });

  it('does not race where what is due cannot be done', async () => {
    const { engine, script, memory, pass, ticker, wish } = await started();
    engine.load(wish);
    script.endLoad();
    script.status = { ...script.status, status: 'down' };
    await pass(310_000);
    expect(engine.state.slots.get(a.weights)?.state).toBe('ready');
    memory.reads = 0;
    await pass(20_000);
    expect(memory.reads).toBeLessThanOrEqual(5);
    ticker.stop();
  });

  it('goes on looking when the clock is set back', async () => {
    const { script, clock, pass, ticker } = await started();
    await pass(10_000);
    clock.now -= 3_600_000;
    script.polls.length = 0;
    await pass(11_000);
    expect(script.polls.length).toBeGreaterThanOrEqual(2);
    ticker.stop();
  });

  it('counts no sleep as idleness, and moves the provider’s times with it', async () => {
    const { engine, script, clock, pass, ticker } = await started();
    script.loaded.set(a.weights, observedModel(a, { expiresAt: START + 60_000 }));
    await pass(5_100);
    script.holdPolls = true;
    const before = engine.state.awake;
    clock.now += 8 * 3_600_000;
    await pass(5_100);
    expect(engine.state.awake - before).toBeLessThanOrEqual(15_200);
    const { expiresAt } = engine.state.slots.get(a.weights)!;
    expect(expiresAt! - (START + 60_000)).toBeGreaterThanOrEqual(8 * 3_600_000);
    ticker.stop();
  });

  it.each([['the ticker notices first', 5_100], ['being told comes first', 0]])('is told of a wake once, where %s', async (_, noticedMs) => {
    const { engine, script, clock, pass, ticker } = await started();
    script.loaded.set(a.weights, observedModel(a, { expiresAt: START + 60_000 }));
    await pass(5_100);
    script.holdPolls = true;
    const before = { awake: engine.state.awake, expiresAt: engine.state.slots.get(a.weights)!.expiresAt! };
    clock.now += 8 * 3_600_000;
    await pass(noticedMs);
    script.polls.length = 0;
    ticker.woke();
    ticker.woke();
    await pass(5_100);
    expect(engine.state.awake - before.awake).toBeLessThanOrEqual(21_000);
    const moved = engine.state.slots.get(a.weights)!.expiresAt! - before.expiresAt;
    expect(moved).toBeGreaterThanOrEqual(8 * 3_600_000);
    expect(moved).toBeLessThan(8 * 3_600_000 + 11_000);
    ticker.stop();
  });

  it('looks at everything at once after a wake', async () => {
    const { script, memory, pass, ticker } = await started();
    await pass(1_000);
    const reads = memory.reads;
    ticker.woke();
    expect(memory.reads).toBe(reads + 1);
    await pass(10);
    expect(script.polls.map((p) => p.catalog)).toEqual([true]);
    ticker.stop();
    ticker.woke();
    expect(memory.reads).toBe(reads + 1);
  });

  it('outlives a memory that cannot be read', async () => {
    const { memory, script, faults, pass, ticker } = await started();
    memory.fault = new Error('gone');
    await pass(11_000);
    expect(faults.length).toBeGreaterThan(0);
    memory.fault = null;
    script.polls.length = 0;
    await pass(6_000);
    expect(script.polls.length).toBeGreaterThan(0);
    ticker.stop();
  });
});
