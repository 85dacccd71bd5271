import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AirdockError, problem, type OperationHandlers } from '../../contract/index.ts';
import { activityFixture, loadedModelFixture, snapshotFixture, stateFixture } from '../../test/snapshot-fixture.ts';
import { handlersFixture, startWeb, webToken, type RunningWeb } from '../../test/web-fixture.ts';
import { createWebServer } from '../web/server.ts';
import { connectManager, type ConnectedManager } from './connect-manager.ts';

async function connected(change: Partial<OperationHandlers> = {}, leaseMs?: number): Promise<RunningWeb & { manager: ConnectedManager }> {
  const web = await startWeb({ handlers: handlersFixture(change) });
  const manager = connectManager({ url: web.url, token: webToken, by: 'script 1', ...(leaseMs === undefined ? {} : { leaseMs }) });
  onTestFinished(() => manager.close());
  return { ...web, manager };
}

const rejection = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => 'resolved', (error: unknown) => (error instanceof AirdockError ? error.toProblem() : error));

/** Leases by hand: who holds one, and what was done with them. */
function leases(change: Partial<OperationHandlers> = {}): { log: string[]; handlers: Partial<OperationHandlers> } {
  const log: string[] = [];
  return {
    log,
    handlers: {
      snapshot: async () => snapshotFixture({ state: stateFixture({ loaded: [loadedModelFixture()] }) }),
      acquire: async ({ model, force, holder, ttlMs }) => (log.push(`acquire ${model} ${force} ${holder} ${ttlMs}`), { ok: true, value: { id: 'l', model: 'ollama/llama3.2:latest', ttlMs } }),
      renew: async () => (log.push('renew'), { ok: true, value: { text: '' } }),
      release: async () => (log.push('release'), { ok: true, value: { text: '' } }),
      ...change,
    },
  };
}

describe('connectManager', () => {
  it('offers the whole manager', async () => {
    const inputs: unknown[] = [];
    const { manager } = await connected({
      snapshot: async () => snapshotFixture({ state: stateFixture({ loaded: [loadedModelFixture()] }) }),
      load: async (input, { caller }) => (inputs.push(input, caller), { ok: true, value: { model: loadedModelFixture(), already: true, unloaded: [], tookMs: 1 } }),
      unloadIdle: async (input) => (inputs.push(input), { ok: true, value: { unloaded: [] } }),
    });
    expect(await manager.canLoadModel('x')).toMatchObject({ ok: false, problem: { code: 'unknown-model' } });
    expect(await manager.loadModel('a', { force: true, signal: new AbortController().signal })).toMatchObject({ ok: true, value: { already: true } });
    expect(await manager.unloadModel('a', { confirm: true })).toMatchObject({ ok: true });
    expect(await manager.unloadIdleModels({ idleForSeconds: 5 })).toEqual({ ok: true, value: { unloaded: [] } });
    expect(inputs).toEqual([{ model: 'a', force: true, by: 'script 1' }, 'script 1', { idleForSeconds: 5, by: 'script 1' }]);
    expect(await manager.getAvailableRam()).toBe(16 * 1024 ** 3);
    expect(await manager.getLoadedModels()).toHaveLength(1);
    expect((await manager.getStatus()).state.version).toBe('0.1.0');
    let text = '';
    await manager.printStatus((part) => (text += part));
    expect(text).toMatch(/^Airdock 0\.1\.0\n[^]*llama3\.2[^]*\n$/);
  });

  it('gives a failed connection as a value where there is room for one', async () => {
    const nobody = connectManager({ url: 'http://127.0.0.1:9', token: 'x', by: 'ünïcode\n' });
    expect(await nobody.loadModel('a')).toMatchObject({ ok: false, problem: { code: 'not-running', message: expect.stringContaining('nothing answers there') } });
    expect(await rejection(nobody.getStatus())).toMatchObject({ code: 'not-running' });
    expect(await rejection(nobody.use('a', () => 1))).toMatchObject({ code: 'not-running' });

    const { url } = await connected();
    expect(await connectManager({ url, token: 'wrong', by: 'x' }).loadModel('a')).toMatchObject({ ok: false, problem: { code: 'unauthorized' } });

    const stranger = createServer((_request, response) => response.end('<html>'));
    await once(stranger.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void stranger.close());
    const port = (stranger.address() as AddressInfo).port;
    expect(await connectManager({ url: `http://127.0.0.1:${port}`, token: 'x', by: 'x' }).loadModel('a')).toMatchObject({ ok: false, problem: { code: 'not-running', message: expect.stringContaining('not Airdock') } });

    const crashing = await connected({ load: () => Promise.reject(new Error('x')) });
    expect(await crashing.manager.loadModel('a')).toMatchObject({ ok: false, problem: { code: 'internal' } });
  });

  it('leaves a load when its signal is aborted', async () => {
    let began = (): void => undefined;
    const started = new Promise<void>((resolve) => (began = resolve));
    let left = (): void => undefined;
    const gone = new Promise<void>((resolve) => (left = resolve));
    const { manager } = await connected({
      load: async (_input, { signal }) => {
        began();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        left();
        return { ok: false, problem: problem('cancelled', 'Cancelled.') };
      },
    });
    const controller = new AbortController();
    const loading = manager.loadModel('a', { signal: controller.signal });
    await started;
    controller.abort();
    expect(await loading).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    await gone;
    expect(await manager.loadModel('a', { signal: AbortSignal.abort() })).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
  });
});

describe('use', () => {
  it('holds, renews, generates and releases', async () => {
    const { log, handlers } = leases();
    const { manager } = await connected(handlers, 1000);
    const result = await manager.use(
      'llama3.2',
      async (model) => {
        expect(model).toMatchObject({ id: 'ollama/llama3.2:latest', name: 'llama3.2', provider: 'ollama', contextLength: 4096 });
        expect(await model.generate('hi', { maxTokens: 3 })).toBe('echo hi');
        await expect.poll(() => log.filter((line) => line === 'renew').length, { timeout: 3000 }).toBeGreaterThan(1);
        return 42;
      },
      { force: true },
    );
    expect(result).toBe(42);
    expect(log[0]).toBe('acquire llama3.2 true script 1 1000');
    expect(log.at(-1)).toBe('release');
  });

  it('releases also when its function throws, and passes on what was thrown', async () => {
    const { log, handlers } = leases();
    const { manager } = await connected(handlers);
    await expect(manager.use('a', () => Promise.reject(new TypeError('mine')))).rejects.toThrow(new TypeError('mine'));
    expect(log).toEqual(['acquire a undefined script 1 30000', 'release']);
  });

  it('rejects with what acquire refused', async () => {
    const { log, handlers } = leases({ acquire: async () => ({ ok: false, problem: problem('no-room', 'No room.', 'Unload something.') }) });
    const { manager } = await connected(handlers);
    expect(await rejection(manager.use('a', () => 1))).toEqual({ code: 'no-room', message: 'No room.', hint: 'Unload something.' });
    expect(log).toEqual([]);
  });

  it('ends as soon as the model is no longer held, also in the middle of an answer', async () => {
    const { handlers } = leases({
      renew: async () => ({ ok: false, problem: problem('lease-gone', 'Gone.') }),
      generate: (_input, { signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve({ ok: false, problem: problem('cancelled', '') }))),
    });
    const { manager } = await connected(handlers, 1000);
    let generated: unknown;
    const used = manager.use('a', async (model) => {
      generated = await rejection(model.generate('x'));
    });
    expect(await rejection(used)).toMatchObject({ code: 'lease-gone' });
    await expect.poll(() => generated).toMatchObject({ code: 'lease-gone' });
  });

  it('ends when Airdock cannot be reached for a whole lease, and not before', async () => {
    const { handlers } = leases();
    const { manager, server } = await connected(handlers, 1000);
    const began = performance.now();
    const used = manager.use('a', async () => {
      await server.close(0);
      await new Promise(() => undefined);
    });
    expect(await rejection(used)).toMatchObject({ code: 'lease-gone' });
    expect(performance.now() - began).toBeGreaterThan(900);
  });

  it('is cancelled by its signal', async () => {
    const { log, handlers } = leases();
    const { manager } = await connected(handlers);
    const controller = new AbortController();
    const used = manager.use('a', () => (controller.abort(), new Promise(() => undefined)), { signal: controller.signal });
    expect(await rejection(used)).toMatchObject({ code: 'cancelled' });
    expect(log.at(-1)).toBe('release');
  });
});

describe('on', () => {
  it('tells states and new activity, over a lost connection too, and follows only while somebody listens', async () => {
    const activity = [activityFixture(1)];
    const handlers = handlersFixture({ snapshot: async () => snapshotFixture({ activity: [...activity].reverse() }) });
    const first = await startWeb({ handlers });
    const manager = connectManager({ url: first.url, token: webToken, by: 'x' });
    onTestFinished(() => manager.close());
    const states: number[] = [];
    const ids: number[] = [];
    const offs = [manager.on('state', (state) => states.push(state.limit)), manager.on('activity', (entry) => ids.push(entry.id))];
    await expect.poll(() => states).toEqual([2]);
    first.changes.state(stateFixture({ limit: 3 }));
    activity.push(activityFixture(2));
    first.changes.activity([activityFixture(2)]);
    await expect.poll(() => ids).toEqual([2]);
    expect(states).toEqual([2, 3]);

    await first.server.close(0);
    activity.push(activityFixture(3), activityFixture(4));
    const again = createWebServer({ handlers, changes: first.changes, token: webToken, appsKey: () => 'k', staticDir: '/', host: '127.0.0.1', port: first.port, version: '', instance: '' });
    expect((await again.listen()).ok).toBe(true);
    onTestFinished(() => again.close(0));
    await expect.poll(() => ids, { timeout: 5000 }).toEqual([2, 3, 4]);
    expect(first.changes.count()).toBe(1);
    for (const off of offs) off();
    await expect.poll(() => first.changes.count()).toBe(0);
  });
});
