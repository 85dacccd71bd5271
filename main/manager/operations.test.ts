import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { operations as contract, problem, type OperationHandlers, type OperationName } from '../../contract/index.ts';
import { gb } from '../../test/core-fixture.ts';
import { createManagerFixture, settled, type EngineFixtureOptions } from '../../test/manager-fixture.ts';
import { catalogModel, observedModel, upStatus } from '../../test/scripted-provider.ts';

const a = catalogModel('llama.cpp/a', 6);
const b = catalogModel('llama.cpp/b', 6);
const c = catalogModel('ollama/c:latest', 6);
const huge = catalogModel('ollama/huge', 90);

/** Every answer is checked against the contract, as a client would. */
async function started(options: Partial<EngineFixtureOptions> = {}) {
  const fixture = await createManagerFixture({ models: [a, b, c, huge], ...options });
  const { context, engine } = fixture;
  type Input<N extends OperationName> = Parameters<OperationHandlers[N]>[0];
  type Output<N extends OperationName> = Awaited<ReturnType<OperationHandlers[N]>>;
  async function run<N extends OperationName>(name: N, input: Input<N>, change: Partial<typeof context> = {}): Promise<Output<N>> {
    const handler = fixture.operations[name] as (input: Input<N>, context: { signal: AbortSignal; caller: string }) => Promise<Output<N>>;
    const output = await handler(input, { ...context, ...change });
    expect(contract[name].output.safeParse(output).error).toBeUndefined();
    return output;
  }
  /** Loads it in full. */
  async function load(model: string): Promise<void> {
    const answer = run('load', { model });
    await settled();
    const id = [...engine.state.slots.values()].find((s) => s.state === 'loading')!.provider;
    fixture.script(id).endLoad();
    expect(await answer).toMatchObject({ ok: true });
  }
  return { ...fixture, run, load, llama: fixture.script('llama.cpp'), ollama: fixture.script('ollama') };
}
const refused = (code: string) => ({ ok: false, problem: { code } });

describe('plan and load', () => {
  it('tell what would happen and do it', async () => {
    const { run, load, llama, log } = await started({ available: 14 });
    expect(await run('plan', { model: 'A' })).toMatchObject({ ok: true, value: { id: 'llama.cpp/a', fit: { kind: 'fits' }, sentence: 'a (6.0 GB) fits now.' } });
    await load('a');
    expect(await run('load', { model: 'a' })).toMatchObject({ ok: true, value: { already: true, model: { name: 'a', state: 'ready' }, unloaded: [] } });
    await load('b');
    expect(await run('plan', { model: 'c' })).toMatchObject({ ok: true, value: { canLoad: false, because: 'limit', unloads: [{ id: 'llama.cpp/a' }] } });
    expect(await run('load', { model: 'c' })).toMatchObject({ ok: false, problem: { code: 'needs-room' }, plan: { unloads: [{ id: 'llama.cpp/a' }] } });
    expect(await run('load', { model: 'c', force: true, mayUnload: ['llama.cpp/b'] })).toMatchObject(refused('needs-room'));
    expect(llama.unloads).toHaveLength(0);
    expect(log.query({ limit: 1 })[0]?.text).toBe('b was loaded in 0.0 s: 6.0 GB.');
  });

  it('refuse with who holds the memory', async () => {
    const { run } = await started({ available: 2 });
    const answer = await run('load', { model: 'a' });
    expect(answer).toMatchObject({ ...refused('no-room'), plan: { mayTryOnce: true, programs: [{ name: 'browser', bytes: gb(3) }] } });
    expect(!answer.ok && answer.problem.message).toBe('a (6.0 GB) needs 4.0 GB more than can be made free. Nothing was unloaded. Other programs hold 30.0 GB (browser 3.0 GB).');
    expect(await run('plan', { model: 'huge' })).toMatchObject({ ok: true, value: { fit: { kind: 'too-big' }, programs: [{ name: 'browser' }] } });
    expect(await run('load', { model: 'huge' })).toMatchObject(refused('too-big'));
    expect(await run('load', { model: 'huge2' })).toMatchObject({ ok: false, problem: { code: 'unknown-model', hint: 'Did you mean huge?' } });
    expect(await run('plan', { model: 'nothing' })).toMatchObject(refused('unknown-model'));
  });

  it('end when the caller goes, unless it stays', async () => {
    const { run, llama } = await started();
    const gone = new AbortController();
    const answer = run('load', { model: 'a' }, { signal: gone.signal });
    const stays = run('load', { model: 'b', stay: true }, { signal: gone.signal });
    await settled();
    gone.abort();
    expect(await answer).toMatchObject(refused('cancelled'));
    expect(llama.loads.map((l) => l.request.signal.aborted)).toEqual([true, false]);
    llama.endLoad();
    expect(await stays).toMatchObject({ ok: true });
    expect(await run('load', { model: 'a' }, { signal: AbortSignal.abort() })).toMatchObject(refused('cancelled'));
  });

  it('are cancelled by name', async () => {
    const { run, llama } = await started();
    expect(await run('cancelLoad', { model: 'a' })).toMatchObject(refused('not-loaded'));
    expect(await run('cancelLoad', { model: 'nothing' })).toMatchObject(refused('unknown-model'));
    const answer = run('load', { model: 'a', stay: true });
    await settled();
    expect(await run('cancelLoad', { model: 'a' })).toMatchObject({ ok: true, value: { text: 'Loading a was cancelled.' } });
    expect(await answer).toMatchObject(refused('cancelled'));
    expect(llama.loads[0]!.request.signal.aborted).toBe(true);
  });

  it('pass on why a load failed', async () => {
    const { run, llama } = await started();
    const answer = run('load', { model: 'a' });
    await settled();
    llama.loads[0]!.end({ ok: false, kind: 'failed', problem: problem('load-failed', 'The file is cut off.') });
    expect(await answer).toMatchObject({ ok: false, problem: { code: 'load-failed', message: 'The file is cut off.' } });
  });
});

describe('who asked', () => {
  const entryOf = (log: { query(options: object): { kind: string; by: string | null; name: string | null }[] }, name: string) => log.query({ limit: 50 }).find((e) => e.kind === 'unloaded' && e.name === name);

  it.each([['tray', 'person'], ['dashboard', 'person'], ['command line', 'person'], ['Open WebUI', 'client']])('%s is a %s', async (caller, origin) => {
    const { run, engine } = await started();
    void run('load', { model: 'a' }, { caller });
    await settled();
    expect(engine.state.jobs.get(a.weights)).toMatchObject({ by: caller, origin });
  });

  it('is told of what goes because of it: for room, for a lowered limit, to free memory', async () => {
    const { run, load, llama, log, engine } = await started({ available: 14 });
    await load('a');
    await load('b');
    void run('load', { model: 'c', force: true }, { caller: 'Open WebUI' });
    await settled();
    llama.endUnload();
    await settled();
    expect(entryOf(log, 'a')).toMatchObject({ reason: 'room', by: 'Open WebUI', forModel: c.id, text: 'a (6.0 GB, just used: 1 use so far) was unloaded to make room for c, asked for by Open WebUI.' });
    await run('cancelLoad', { model: 'c' });
    await settled();
    await load('a');
    const lowered = run('configSet', { set: { 'models.max_concurrent_loaded': 1 } }, { caller: 'dashboard' });
    expect(await lowered).toMatchObject({ ok: true });
    llama.endUnload();
    await settled();
    expect(engine.state.slots.size).toBe(1);
    expect(entryOf(log, 'a')).toMatchObject({ reason: 'limit', by: 'dashboard' });
    const freed = run('freeMemory', { on: true }, { caller: 'tray' });
    await settled();
    llama.endUnload();
    await freed;
    expect(entryOf(log, 'b')).toMatchObject({ reason: 'idle', by: 'tray', text: 'b (6.0 GB) was unloaded.' });
  });

  it('is the file where a setting was changed in it', async () => {
    const { load, llama, log, dir, engine } = await started();
    await load('a');
    await load('b');
    await writeFile(path.join(dir, 'config.json'), '{ "models": { "max_concurrent_loaded": 1 } }');
    expect(await engine.until((state) => [...state.slots.values()].some((s) => s.state === 'unloading'), 10_000)).toBe(true);
    llama.endUnload();
    await settled();
    expect(entryOf(log, 'a')).toMatchObject({ reason: 'limit', by: 'config file' });
  });
});

describe('unload', () => {
  it('takes what is in memory, by any of its names, installed or not', async () => {
    const { run, load, llama, ollama, engine } = await started();
    expect(await run('unload', { model: 'a' })).toMatchObject({ ok: false, problem: { code: 'not-loaded', message: 'a is not in memory.' } });
    expect(await run('unload', { model: 'nothing' })).toMatchObject(refused('unknown-model'));
    await load('a');
    const answer = run('unload', { model: 'LLAMA.CPP/A' });
    await settled();
    llama.endUnload();
    expect(await answer).toMatchObject({ ok: true, value: { text: 'a was unloaded.' } });
    ollama.loaded.set('ollama:x', { ...observedModel(c), weights: 'ollama:x', id: null, name: 'deleted' });
    await engine.poll({ catalog: false });
    void run('unload', { model: 'deleted' });
    await settled();
    expect(ollama.unloads[0]!.request.weights).toBe('ollama:x');
  });

  it('respects what is kept, frozen or in use', async () => {
    const { run, load, llama, log } = await started();
    await load('a');
    await run('pin', { model: 'a', pinned: true });
    expect(await run('unload', { model: 'a' })).toMatchObject(refused('pinned'));
    await run('pin', { model: 'a', pinned: false });
    await run('freeze', { on: true });
    expect(await run('unload', { model: 'a' })).toMatchObject(refused('frozen'));
    await run('acquire', { model: 'a', holder: 'editor', ttlMs: 30_000 });
    expect(await run('unload', { model: 'a', confirm: true })).toMatchObject({ ok: false, problem: { code: 'in-use', message: 'a is in use by editor.' } });
    expect(llama.unloads).toHaveLength(0);
    for (let i = 0; i < 3; i++) expect(await run('unloadIdle', {})).toMatchObject(refused('frozen'));
    expect(log.query({ limit: 20 }).flatMap((entry) => (entry.kind === 'refused' ? [[entry.name, entry.code, entry.by, entry.parts]] : []))).toEqual([
      [null, 'frozen', 'test', { what: 'unload' }],
      ['a', 'in-use', 'test', { what: 'unload' }],
      ['a', 'frozen', 'test', { what: 'unload' }],
      ['a', 'pinned', 'test', { what: 'unload' }],
    ]);
  });

  it('of what is unused names what has gone, and only that', async () => {
    const { run, load, llama, clock, engine } = await started();
    await load('a');
    await load('b');
    expect(await run('unloadIdle', {})).toEqual({ ok: true, value: { unloaded: [] } });
    clock.now += 5_000;
    engine.tick();
    const answer = run('unloadIdle', { idleForSeconds: 5 });
    await settled();
    llama.unloads[0]!.end({ kind: 'in-use', lastUsed: null });
    llama.endUnload();
    expect(await answer).toEqual({ ok: true, value: { unloaded: [{ id: 'llama.cpp/b', name: 'b', ram: gb(6) }] } });
    await run('freeze', { on: true });
    expect(await run('unloadIdle', { idleForSeconds: 0 })).toMatchObject(refused('frozen'));
  });

  it('to free memory holds automatic loads for an hour', async () => {
    const { run, load, llama, engine, clock, log } = await started();
    const settings = () => log.query({ limit: 50 }).filter((e) => e.kind === 'setting').map(({ text, by }) => [text, by]);
    const freed = ['Memory is set free: for an hour programs load no models through Airdock.', 'tray'];
    await load('a');
    const answer = run('freeMemory', { on: true }, { caller: 'tray' });
    await settled();
    llama.endUnload();
    expect(await answer).toMatchObject({ ok: true, value: { text: '6.0 GB set free.' } });
    expect(engine.state.hold).toEqual({ since: clock.now, until: clock.now + 3_600_000 });
    expect(await run('freeMemory', { on: true })).toMatchObject({ value: { text: 'No unused model was in memory.' } });
    expect(settings()[1]).toEqual(freed);
    expect(await run('load', { model: 'b' }, { caller: 'Open WebUI' })).toMatchObject(refused('over-budget'));
    expect(await run('acquire', { model: 'b', holder: 'script', ttlMs: 1_000 })).toMatchObject({ ok: false, problem: { code: 'over-budget', hint: expect.stringContaining('end this in the dashboard') as string } });
    await run('freeMemory', { on: false }, { caller: 'tray' });
    await run('freeMemory', { on: false }, { caller: 'tray' });
    expect(settings().filter(([text]) => text === 'Programs can load models again.')).toEqual([['Programs can load models again.', 'tray']]);
    expect(engine.state.hold).toBeNull();
    await run('freeze', { on: true });
    expect(await run('freeMemory', { on: true })).toMatchObject(refused('frozen'));
    expect(engine.state.hold).toBeNull();
  });

  it('by ending the process is only for what does not let go', async () => {
    const { run, load, llama, engine, clock } = await started();
    await load('a');
    expect(await run('endRunner', { model: 'a' })).toMatchObject(refused('bad-request'));
    expect(await run('endRunner', { model: 'b' })).toMatchObject(refused('not-loaded'));
    void run('unload', { model: 'a' });
    await settled();
    for (let i = 0; i < 2; i++) {
      clock.now += 10_000;
      engine.tick();
    }
    expect(engine.state.slots.get(a.weights)?.state).toBe('stuck');
    llama.endRunner = { ok: false, problem: problem('forbidden', 'It is another user’s.') };
    expect(await run('endRunner', { model: 'a' })).toMatchObject(refused('forbidden'));
    llama.endRunner = { ok: true };
    clock.now += 1_000;
    engine.tick();
    expect(await run('endRunner', { model: 'a' })).toMatchObject({ ok: true });
    expect(engine.state.slots.size).toBe(0);
  });
});

describe('uses', () => {
  it('hold a model, are renewed, generate and end', async () => {
    const { run, llama, engine } = await started();
    const answer = run('acquire', { model: 'a', holder: 'editor', ttlMs: 30_000 });
    await settled();
    llama.endLoad();
    const held = await answer;
    if (!held.ok) throw new Error('not held');
    const lease = held.value.id;
    expect(held.value).toEqual({ id: lease, model: 'llama.cpp/a', ttlMs: 30_000 });
    expect(await run('generate', { lease, prompt: 'x', maxTokens: 3 })).toEqual({ ok: true, value: { text: 'hello', tokens: 1 } });
    expect(await run('renew', { lease })).toMatchObject({ ok: true });
    expect(await run('release', { lease })).toMatchObject({ ok: true });
    expect(engine.state.leases.size).toBe(0);
    for (const name of ['renew', 'release'] as const) expect(await run(name, { lease })).toMatchObject(refused('lease-gone'));
    expect(await run('generate', { lease, prompt: 'x', maxTokens: 3 })).toMatchObject(refused('lease-gone'));
  });

  it('are refused like a load', async () => {
    const { run } = await started({ available: 2 });
    expect(await run('acquire', { model: 'nothing', holder: 'x', ttlMs: 1_000 })).toMatchObject(refused('unknown-model'));
    expect(await run('acquire', { model: 'a', holder: 'x', ttlMs: 1_000 })).toMatchObject({ ...refused('no-room'), plan: { programs: [{ name: 'browser' }] } });
  });

  it('that nobody waits for any more hold nothing, also where the answer was on its way', async () => {
    const { run, llama, engine } = await started();
    const gone = new AbortController();
    const answer = run('acquire', { model: 'a', holder: 'x', ttlMs: 30_000 }, { signal: gone.signal });
    await settled();
    llama.loads[0]!.end({ ok: true, pid: null, contextLength: 4096, device: 'cpu', footprint: a.estimate, source: 'measured', cold: null });
    while (engine.state.leases.size === 0) await Promise.resolve();
    gone.abort();
    expect(await answer).toMatchObject(refused('cancelled'));
    expect(engine.state.leases.size).toBe(0);
  });

  it('of a program last as long as its function, whatever comes of that', async () => {
    const { manager, llama, engine } = await started();
    const used = manager.use('a', async (model) => {
      expect(model).toMatchObject({ id: 'llama.cpp/a', name: 'a', provider: 'llama.cpp', contextLength: 4096 });
      expect(engine.state.leases.size).toBe(1);
      return model.generate('x');
    });
    await settled();
    llama.endLoad();
    expect(await used).toBe('hello');
    expect(engine.state.leases.size).toBe(0);
    await expect(manager.use('a', () => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
    expect(engine.state.leases.size).toBe(0);
    await expect(manager.use('nothing', () => 1)).rejects.toMatchObject({ name: 'AirdockError', code: 'unknown-model' });
  });
});

describe('modes', () => {
  it('begin and end, by hand or by themselves, and are in the activity', async () => {
    const { run, engine, clock, log } = await started();
    await run('freeze', { on: true, forSeconds: 5 });
    await run('pause', { on: true });
    expect([engine.state.freeze?.until, engine.state.pause?.until]).toEqual([clock.now + 5_000, null]);
    expect(await run('load', { model: 'a' })).toMatchObject(refused('frozen'));
    clock.now += 5_000;
    engine.tick();
    expect(engine.state.freeze).toBeNull();
    expect(await run('pause', { on: false }, { caller: 'tray' })).toMatchObject({ value: { text: 'Unused models are unloaded again.' } });
    expect(engine.state.pause).toBeNull();
    expect(log.query({ limit: 9 }).flatMap((e) => (e.kind === 'setting' ? [[e.text, e.by]] : []))).toEqual([
      ['Unused models are unloaded again.', 'tray'],
      ['Models are no longer frozen: the chosen time is over.', null],
      ['Everything in memory is kept.', 'test'],
      ['Models are frozen: nothing is loaded or unloaded.', 'test'],
    ]);
    expect(log.query({ limit: 9 }).flatMap((e) => (e.kind === 'setting' ? [e.parts] : []))).toEqual([
      { what: 'mode', mode: 'pause', on: false, over: false },
      { what: 'mode', mode: 'freeze', on: false, over: true },
      { what: 'mode', mode: 'pause', on: true, over: false },
      { what: 'mode', mode: 'freeze', on: true, over: false },
    ]);
    for (const mode of ['freeze', 'pause'] as const) {
      await run(mode, { on: true, forSeconds: 60 });
      clock.now += 59_000;
      engine.tick();
      expect(engine.state[mode]).not.toBeNull();
      clock.now += 1_000;
      engine.tick();
      expect(engine.state[mode]).toBeNull();
    }
  });
});

describe('keeping a model', () => {
  it('is for its weights, under whichever name', async () => {
    const alias = catalogModel('ollama/other', 6, { weights: c.weights });
    const { run, settings, engine, log } = await started({ models: [a, b, c, alias] });
    expect(await run('pin', { model: 'c', pinned: true })).toMatchObject({ ok: true, value: { text: 'c is kept in memory.' } });
    await run('pin', { model: 'other', pinned: true });
    expect(settings().models.pinned).toEqual(['ollama/other']);
    expect(log.query({ limit: 1 })).toMatchObject([{ kind: 'setting', parts: { what: 'pin', pinned: true } }]);
    expect(engine.state.config.pinned).toEqual(new Set([c.weights]));
    await run('pin', { model: 'c', pinned: false });
    expect(settings().models.pinned).toEqual([]);
    expect(await run('pin', { model: 'nothing', pinned: true })).toMatchObject(refused('unknown-model'));
  });

  it('keeps what other entries say, also of models that are away', async () => {
    const { run, settings } = await started({ config: { models: { pinned: ['away', 'a'] } } });
    await run('pin', { model: 'b', pinned: true });
    await run('pin', { model: 'a', pinned: false });
    expect(settings().models.pinned).toEqual(['away', 'llama.cpp/b']);
  });

  it('is refused where the settings cannot be written', async () => {
    const { run, dir } = await started();
    await writeFile(path.join(dir, 'config.json'), '{ broken');
    expect(await run('pin', { model: 'a', pinned: true })).toMatchObject(refused('bad-config'));
  });
});

describe('what a provider has lost', () => {
  async function lost(count: number) {
    const fixture = await started();
    const { load, llama, engine, clock } = fixture;
    for (const name of ['a', 'b'].slice(0, count)) await load(name);
    clock.now += 1_000;
    engine.tick();
    llama.loaded.clear();
    llama.status = { ...upStatus, incarnation: '2' };
    await engine.poll({ catalog: false });
    return fixture;
  }

  it('is offered and loaded again', async () => {
    const { run, store, llama } = await lost(1);
    expect(store.state().providers.find((p) => p.id === 'llama.cpp')?.lost).toEqual([{ id: 'llama.cpp/a', name: 'a' }]);
    const answer = run('reloadLost', { provider: 'llama.cpp' });
    await settled();
    llama.endLoad();
    expect(await answer).toMatchObject({ ok: true, value: { text: '1 model was loaded again.' } });
    expect(await run('reloadLost', { provider: 'llama.cpp' })).toMatchObject({ value: { text: 'No model was lost.' } });
  });

  it('can be left, and a failure is told', async () => {
    const { run, llama, engine } = await lost(2);
    const answer = run('reloadLost', { provider: 'llama.cpp' });
    await settled();
    llama.loads.slice(-2).forEach((call) => call.end({ ok: false, kind: 'failed', problem: problem('load-failed', 'No.') }));
    expect(await answer).toMatchObject({ ok: false, problem: { code: 'load-failed', message: 'No. No.' } });
    const dismissed = await lost(1);
    expect(await dismissed.run('reloadLost', { provider: 'llama.cpp', dismiss: true })).toMatchObject({ ok: true });
    expect(dismissed.engine.state.providers.get('llama.cpp')?.lost).toEqual([]);
    expect(engine.state.slots.size).toBe(0);
  });
});

describe('why, activity and the snapshot', () => {
  it('answer for what is installed, in memory, or neither', async () => {
    const { run, load, ollama, engine } = await started();
    expect(await run('why', { model: 'a' })).toMatchObject({ ok: true, value: { text: 'a is not in memory: nobody has asked for it.', entries: [] } });
    await load('a');
    expect(await run('why', { model: 'a' })).toMatchObject({ value: { text: 'a is in memory. a was loaded in 0.0 s: 6.0 GB.' } });
    ollama.loaded.set('ollama:x', { ...observedModel(c), weights: 'ollama:x', id: null, name: 'deleted' });
    await engine.poll({ catalog: false });
    expect(await run('why', { model: 'deleted' })).toMatchObject({ ok: true, value: { entries: [{ kind: 'appeared' }] } });
    expect(await run('why', { model: 'nothing' })).toMatchObject(refused('unknown-model'));
    const { entries } = await run('activity', { limit: 1 });
    expect(entries).toHaveLength(1);
    expect((await run('activity', { before: entries[0]!.id, model: 'llama.cpp/a' })).entries.map((e) => e.kind)).toEqual(['loaded']);
    expect(await run('snapshot', {})).toMatchObject({ state: { owner: true, limit: 2, loaded: [{ name: 'a' }, { name: 'deleted' }] } });
  });

  it('are what a program sees too', async () => {
    const { manager, load, memory } = await started();
    await load('a');
    expect((await manager.getLoadedModels()).map((m) => m.name)).toEqual(['a']);
    memory.available = gb(3);
    expect(await manager.getAvailableRam()).toBe(gb(3));
    const lines: string[] = [];
    await manager.printStatus((text) => lines.push(text));
    expect(lines.join('')).toMatch(/In memory\n {2}a {2}6\.0 GB/);
    expect(await manager.canLoadModel('b')).toMatchObject({ ok: true, value: { canLoad: false, fit: { kind: 'evicts', unload: ['llama.cpp/a'] } } });
  });
});

describe('folders, settings, samples and the rest', () => {
  it('takes a folder that can be read, once, and lets it go', async () => {
    const { run, settings, dir, llama } = await started();
    const folder = path.join(dir, 'models');
    await mkdir(folder);
    llama.polls.length = 0;
    expect(await run('addFolder', { path: folder })).toMatchObject({ ok: true });
    expect(settings().models.directories).toEqual([folder]);
    expect(llama.polls.some((p) => p.catalog)).toBe(true);
    expect(await run('addFolder', { path: folder })).toMatchObject({ value: { text: `${folder} is used already.` } });
    expect(await run('removeFolder', { path: folder })).toMatchObject({ ok: true });
    expect(settings().models.directories).toEqual([]);
  });

  it('says what is wrong with a folder, before it gets into the settings', async () => {
    const { run, settings, dir } = await started();
    const file = path.join(dir, 'file.gguf');
    const closed = path.join(dir, 'closed');
    await writeFile(file, '');
    await mkdir(closed);
    await chmod(closed, 0);
    const message = async (folder: string) => {
      const answer = await run('addFolder', { path: folder });
      return answer.ok ? null : answer.problem.message;
    };
    expect(await message('models')).toContain('not a full path');
    expect(await message(path.join(dir, 'none'))).toContain('There is no folder');
    expect(await message(file)).toContain('is a file');
    // Root may read everything.
    if (process.getuid?.() !== 0 && process.platform !== 'win32') expect(await message(closed)).toContain('may not be read');
    await chmod(closed, 0o700);
    expect(settings().models.directories.filter((folder) => folder !== closed)).toEqual([]);
  });

  it('reads and sets settings, which are in force at once', async () => {
    const { run, engine, dir } = await started();
    expect(await run('configSet', { set: { 'models.max_concurrent_loaded': 5 } })).toMatchObject({ ok: true });
    expect(engine.state.config.limit).toBe(5);
    expect(await run('configSet', { set: { 'models.max_concurrent_loaded': 0 } })).toMatchObject(refused('bad-config'));
    expect(await run('configSet', { set: { 'memory.reserve_gb': 5_000 } })).toMatchObject(refused('bad-config'));
    expect(await run('configSet', { set: { 'memory.reserve_gb': 1 } })).toMatchObject({ ok: true });
    expect(await run('configGet', {})).toMatchObject({ config: { models: { max_concurrent_loaded: 5 } }, path: path.join(dir, 'config.json'), problem: null, warnings: [] });
  });

  it('makes samples and lists them, cancels, dismisses, and opens the dashboard where there is one', async () => {
    const { run, samples, dismissed, rekeyed, link, llama } = await started();
    llama.polls.length = 0;
    expect(await run('makeSamples', {})).toMatchObject({ ok: true });
    expect(llama.polls.some((p) => p.catalog)).toBe(true);
    await run('cancelSamples', {});
    expect(samples).toEqual({ made: 1, cancelled: 1 });
    await run('dismissAdvice', { id: 'x' });
    expect(dismissed.has('x')).toBe(true);
    expect(await run('keyChanged', { id: 'cloud' })).toMatchObject(refused('not-found'));
    await run('configSet', { set: { 'providers.openai': [{ id: 'cloud', base_url: 'http://127.0.0.1:9/v1', keychain: true }] } });
    expect(await run('keyChanged', { id: 'cloud' })).toMatchObject({ ok: true });
    expect(rekeyed).toEqual(['cloud']);
    expect(await run('signInLink', {})).toMatchObject(refused('not-running'));
    link.url = 'http://127.0.0.1:1/#code';
    expect(await run('signInLink', {})).toEqual({ ok: true, value: { url: link.url } });
  });
});
