import { describe, expect, it } from 'vitest';
import { createEngineFixture, settled } from '../../test/manager-fixture.ts';
import { catalogModel } from '../../test/scripted-provider.ts';
import { createProgramUses, type ProgramUse, type ProgramWish } from './program-uses.ts';

const a = catalogModel('p/a', 6);
const b = catalogModel('p/b', 6);

async function setUp(available = 7) {
  const fixture = createEngineFixture({ models: [a, b], available });
  await fixture.engine.whenLooked();
  const uses = createProgramUses(fixture.engine, () => fixture.clock.now);
  const script = fixture.script('p');
  const ask = (model: string, change: Partial<ProgramWish> = {}) => uses.acquire({ model, contextLength: null, holder: 'app', signal: new AbortController().signal, ...change });
  /** Held, with whatever had to be loaded for it. */
  async function hold(model: string, holder = 'app'): Promise<ProgramUse> {
    const before = script.loads.length;
    const coming = ask(model, { holder });
    await settled();
    if (script.loads.length > before) script.endLoad();
    const outcome = await coming;
    if (!outcome.ok) throw new Error(outcome.problem.message);
    return outcome.use;
  }
  return { ...fixture, uses, script, ask, hold, leases: () => fixture.engine.state.leases.size };
}

describe('a use', () => {
  it('is held until it is let go, once', async () => {
    const { hold, leases } = await setUp();
    const [one, two] = [await hold('p/a'), await hold('p/a')];
    expect([one.loaded, two.loaded, two.contextLength]).toEqual([true, false, 4096]);
    one.release();
    one.release();
    expect(leases()).toBe(1);
    two.release();
    expect(leases()).toBe(0);
  });

  it('of what is in memory is granted without a look at the memory', async () => {
    const { hold, reader } = await setUp();
    await hold('p/a');
    let looks = 0;
    const { read } = reader;
    reader.read = (pids) => {
      looks += 1;
      return read(pids);
    };
    await hold('p/a');
    expect(looks).toBe(0);
  });

  it('that nobody waits for any more is not held, whenever the client left', async () => {
    const { ask, script, leases, hold } = await setUp();
    const before = new AbortController();
    before.abort();
    expect(await ask('p/a', { signal: before.signal })).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    const while_ = new AbortController();
    const loading = ask('p/a', { signal: while_.signal });
    await settled();
    while_.abort();
    expect(await loading).toMatchObject({ ok: false });
    script.loads.at(-1)!.end({ ok: false, kind: 'cancelled', problem: { code: 'cancelled', message: 'cancelled' } });
    await settled();
    const held = await hold('p/b');
    const waiting = new AbortController();
    const queued = ask('p/a', { signal: waiting.signal });
    await settled();
    waiting.abort();
    expect(await queued).toMatchObject({ ok: false });
    held.release();
    expect(leases()).toBe(0);
  });

  it('that needs more context than is just being loaded waits for that, and then loads it anew', async () => {
    const { ask, script, engine } = await setUp(16);
    const first = ask('p/a');
    await settled();
    const larger = ask('p/a', { contextLength: 8192 });
    // Longer than the shortest timeout that a timer can have.
    await new Promise((resolve) => setTimeout(resolve, 5));
    script.endLoad();
    const held = await first;
    if (held.ok) held.use.release();
    await settled();
    script.endUnload();
    await settled();
    engine.tick();
    await settled();
    expect(script.loads.at(-1)!.request.contextLength).toBe(8192);
    script.endLoad();
    expect(await larger).toMatchObject({ ok: true, use: { loaded: true, contextLength: 8192 } });
  });

  it.each([
    ['frozen', true, 'frozen'],
    ['switched off', false, 'model-disabled'],
  ] as const)('of a model that is %s is refused, and says whether that passes', async (what, temporary, code) => {
    const { ask, engine, clock } = await setUp();
    if (what === 'frozen') engine.dispatch({ type: 'mode', mode: 'freeze', value: { since: clock.now, until: null } });
    else engine.dispatch({ type: 'catalog', catalog: { ...engine.state.catalog, byId: new Map([...engine.state.catalog.byId].map(([id, model]) => [id, { ...model, enabled: false }])) } });
    expect(await ask('p/a')).toMatchObject({ ok: false, temporary, problem: { code } });
  });
});

describe('“not needed any more”', () => {
  it('unloads what nobody else uses', async () => {
    const { hold, uses, script } = await setUp();
    (await hold('p/a')).release();
    const unloading = uses.notNeeded('p/a', 'app');
    await settled();
    script.endUnload();
    expect(await unloading).toMatchObject({ ok: true });
    expect(await uses.notNeeded('p/a', 'app')).toEqual({ ok: true });
  });

  it('leaves what another program holds, has just used, or waits for', async () => {
    const { hold, uses, clock, ask } = await setUp();
    const other = await hold('p/a', 'another');
    (await hold('p/a')).release();
    expect(await uses.notNeeded('p/a', 'app')).toMatchObject({ ok: false, problem: { code: 'in-use' } });
    clock.now += 10_000;
    other.release();
    clock.now += 200_000;
    expect(await uses.notNeeded('p/a', 'app')).toMatchObject({ ok: false, problem: { code: 'in-use' } });
    void ask('p/b');
    await settled();
    expect(await uses.notNeeded('p/b', 'app')).toMatchObject({ ok: false, problem: { code: 'in-use' } });
  });

  it('does not count uses that are over by its idle time, or of an earlier load', async () => {
    const { hold, uses, clock, script } = await setUp();
    (await hold('p/a', 'another')).release();
    clock.now += 301_000;
    const late = uses.notNeeded('p/a', 'app');
    await settled();
    script.endUnload();
    expect(await late).toMatchObject({ ok: true });
    (await hold('p/a', 'another')).release();
    const gone = uses.unloadFirst('p/a', 'app');
    await settled();
    script.endUnload();
    await gone;
    clock.now += 1_000;
    (await hold('p/a')).release();
    const again = uses.notNeeded('p/a', 'app');
    await settled();
    expect(script.unloads).toHaveLength(3);
    script.endUnload();
    expect(await again).toMatchObject({ ok: true });
  });
});

describe('unloading before the weights change', () => {
  it('waits until the model is gone, and refuses what is in use, kept or being loaded', async () => {
    const { hold, uses, script, ask, engine } = await setUp();
    const held = await hold('p/a');
    expect(await uses.unloadFirst('p/a', 'app')).toMatchObject({ ok: false, problem: { code: 'in-use' } });
    held.release();
    engine.dispatch({ type: 'config', config: { ...engine.state.config, pinned: new Set(['p/a']) } });
    expect(await uses.unloadFirst('p/a', 'app')).toMatchObject({ ok: false, problem: { code: 'pinned' } });
    engine.dispatch({ type: 'config', config: { ...engine.state.config, pinned: new Set() } });
    const unloading = uses.unloadFirst('p/a', 'app');
    await settled();
    script.endUnload();
    expect(await unloading).toMatchObject({ ok: true });
    expect(await uses.unloadFirst('p/a', 'app')).toEqual({ ok: true });
    void ask('p/b');
    await settled();
    expect(await uses.unloadFirst('p/b', 'app')).toMatchObject({ ok: false, problem: { code: 'in-use' } });
  });
});
