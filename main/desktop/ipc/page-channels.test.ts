import { describe, expect, it, vi } from 'vitest';
import { channelPrefix, problem, pushes, type OperationHandlers, type ServerEvent } from '../../../contract/index.ts';
import { createFakeElectron } from '../../../test/fakes/electron/index.ts';
import { activityFixture, snapshotFixture, stateFixture } from '../../../test/snapshot-fixture.ts';
import { changesFixture, handlersFixture } from '../../../test/web-fixture.ts';
import { createPageChannels } from './page-channels.ts';

/** One page in a window of which the test says whether it is seen. */
async function start(change: Partial<OperationHandlers> = {}) {
  const fake = createFakeElectron();
  await fake.electron.app.whenReady();
  await new fake.electron.BrowserWindow({ show: false }).loadURL('app://airdock/');
  const page = fake.windows()[0]!.page;
  const changes = changesFixture();
  let watching = 0;
  let seen = true;
  const listeners = new Set<(visible: boolean) => void>();
  const subscribed: unknown[] = [];
  const faults: unknown[] = [];
  const channels = createPageChannels({
    airdock: {
      operations: handlersFixture(change),
      picture: {
        subscribe: (listener) => changes.subscribe({ state: (s) => listener.state?.(s), models: (m) => listener.models?.(m), activity: (a) => listener.activity?.(a) }),
        watch: () => ((watching += 1), () => void (watching -= 1)),
      },
    },
    window: {
      visible: () => seen,
      onVisible: (listener) => (listeners.add(listener), () => void listeners.delete(listener)),
      subscribed: (contents) => void subscribed.push(contents),
    },
    onFault: (fault) => faults.push(fault),
  });
  const events = (): ServerEvent[] => page.sent.filter(({ channel }) => channel === `${channelPrefix}event`).map(({ args }) => pushes.event.parse(args[0]));
  return {
    page,
    changes,
    channels,
    faults,
    subscribed,
    watching: () => watching,
    followed: () => listeners.size,
    subscribe: () => channels.handlers.subscribe({}, page.contents),
    unsubscribe: () => channels.handlers.unsubscribe({}, page.contents),
    call: (operation: keyof OperationHandlers, input: unknown = {}) => channels.handlers.call({ operation, input }, page.contents),
    see(now: boolean) {
      seen = now;
      for (const listener of listeners) listener(now);
    },
    events,
    kinds: () => events().map(({ type }) => type),
  };
}

const state = stateFixture();
const entry = activityFixture(9_999);
const turns = () => new Promise((resolve) => setImmediate(resolve));

describe('subscribe', () => {
  it('pushes a snapshot first, then what changes, and says that the page listens', async () => {
    const { subscribe, changes, kinds, subscribed, page, watching } = await start();
    expect(await subscribe()).toMatchObject({ ok: true });
    changes.state(state);
    changes.models([]);
    changes.activity([entry]);
    expect(kinds()).toEqual(['snapshot', 'state', 'models', 'activity']);
    expect(subscribed).toEqual([page.contents]);
    expect(watching()).toBe(1);
  });

  it('keeps what changes while the snapshot is made: the last state after it, each entry once', async () => {
    let give: (snapshot: ReturnType<typeof snapshotFixture>) => void = () => undefined;
    const { subscribe, changes, kinds, events } = await start({ snapshot: () => new Promise((resolve) => (give = resolve)) });
    const answer = subscribe();
    changes.state(state);
    changes.state({ ...state, limit: 7 });
    changes.activity([entry]);
    changes.activity([{ ...entry, id: 10_000 }]);
    expect(kinds()).toEqual([]);
    give({ ...snapshotFixture(), activity: [entry] });
    await answer;
    expect(kinds()).toEqual(['snapshot', 'state', 'activity']);
    expect(events()[1]).toMatchObject({ state: { limit: 7 } });
    expect(events()[2]).toMatchObject({ entries: [{ id: 10_000 }] });
  });

  it('twice is one subscription, begun anew', async () => {
    const { subscribe, changes, kinds, watching } = await start();
    await Promise.all([subscribe(), subscribe()]);
    changes.state(state);
    expect(kinds().filter((kind) => kind === 'state')).toHaveLength(1);
    expect(kinds().at(0)).toBe('snapshot');
    expect(changes.count()).toBe(1);
    expect(watching()).toBe(1);
  });

  it('answers with a problem where there is no snapshot, and holds nothing', async () => {
    const { subscribe, changes, faults, watching } = await start({ snapshot: () => Promise.reject(new Error('no')) });
    expect(await subscribe()).toMatchObject({ ok: false, problem: { code: 'internal' } });
    expect([changes.count(), watching(), faults.length]).toEqual([0, 0, 1]);
  });

  it('ends with unsubscribe, which may come twice', async () => {
    const { subscribe, unsubscribe, changes, kinds, watching } = await start();
    await subscribe();
    expect(await unsubscribe()).toMatchObject({ ok: true });
    expect(await unsubscribe()).toMatchObject({ ok: true });
    changes.state(state);
    expect(kinds()).toEqual(['snapshot']);
    expect([changes.count(), watching()]).toEqual([0, 0]);
  });

  it.each<[string, (page: Awaited<ReturnType<typeof start>>['page']) => unknown]>([
    ['its window is destroyed', (page) => page.destroy()],
    ['its process ends', (page) => page.crash()],
    ['it is reloaded', (page) => page.contents.reload()],
  ])('ends when %s', async (_how, end) => {
    const { subscribe, page, changes, watching } = await start();
    await subscribe();
    end(page);
    expect([changes.count(), watching()]).toEqual([0, 0]);
    changes.state(state);
    await turns();
  });

  it('ends when the page goes while its snapshot is made', async () => {
    let give: (snapshot: ReturnType<typeof snapshotFixture>) => void = () => undefined;
    const { subscribe, page, changes, kinds, subscribed } = await start({ snapshot: () => new Promise((resolve) => (give = resolve)) });
    const answer = subscribe();
    page.crash();
    give(snapshotFixture());
    await answer;
    expect([changes.count(), kinds(), subscribed]).toEqual([0, [], []]);
  });

  it('that is taken back while its snapshot is made brings none', async () => {
    let give: (snapshot: ReturnType<typeof snapshotFixture>) => void = () => undefined;
    const { subscribe, unsubscribe, kinds } = await start({ snapshot: () => new Promise((resolve) => (give = resolve)) });
    const answer = subscribe();
    await unsubscribe();
    give(snapshotFixture());
    await answer;
    expect(kinds()).toEqual([]);
  });

  it('begins anew after a reload', async () => {
    const { subscribe, page, changes, kinds } = await start();
    await subscribe();
    page.contents.reload();
    await turns();
    await subscribe();
    changes.state(state);
    expect(kinds()).toEqual(['snapshot', 'snapshot', 'state']);
    expect(changes.count()).toBe(1);
  });
});

describe('a window that nobody sees', () => {
  it('gets the first picture, and then nothing until it is seen', async () => {
    const { subscribe, see, changes, kinds, watching } = await start();
    see(false);
    await subscribe();
    expect(kinds()).toEqual(['snapshot']);
    expect([changes.count(), watching()]).toEqual([0, 0]);
    see(true);
    await turns();
    changes.state(state);
    expect(kinds()).toEqual(['snapshot', 'snapshot', 'state']);
    see(true);
    expect(changes.count()).toBe(1);
    see(false);
    expect([changes.count(), watching()]).toEqual([0, 0]);
  });

  it('gets changes even where the picture cannot be made when it is seen again', async () => {
    let works = true;
    const { subscribe, see, changes, kinds, faults } = await start({ snapshot: async () => { if (!works) throw new Error('no'); return snapshotFixture(); } });
    await subscribe();
    see(false);
    works = false;
    see(true);
    await turns();
    changes.state(state);
    expect(kinds()).toEqual(['snapshot', 'state']);
    expect(faults).toHaveLength(1);
  });
});

it('pushes nothing to a page that is not ours any more', async () => {
  const { subscribe, page, changes, kinds } = await start();
  await subscribe();
  vi.spyOn(page.contents, 'mainFrame', 'get').mockReturnValue({ origin: 'https://evil.example' } as never);
  changes.state(state);
  expect(kinds()).toEqual(['snapshot']);
});

it('is silent for everybody after its end', async () => {
  const { subscribe, channels, changes, watching, followed } = await start();
  await subscribe();
  channels.close();
  expect([changes.count(), watching(), followed()]).toEqual([0, 0, 0]);
});

describe('call', () => {
  it('runs the operation for the dashboard and gives its output', async () => {
    const callers: string[] = [];
    const { call } = await start({ unload: async (_input, { caller }) => (callers.push(caller), { ok: false, problem: problem('in-use', 'no') }) });
    expect(await call('unload', { model: 'm' })).toEqual({ ok: true, value: { ok: false, problem: { code: 'in-use', message: 'no' } } });
    expect(callers).toEqual(['dashboard']);
  });

  it('checks the input as strictly as HTTP does', async () => {
    const { call } = await start();
    expect(await call('load', { model: 'm', froce: true })).toMatchObject({ ok: false, problem: { code: 'bad-request', message: expect.stringContaining('froce') } });
    expect(await call('load', 'm')).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
  });

  it('makes a value of a handler that fails, and tells its fault', async () => {
    const { call, faults } = await start({ freeze: () => Promise.reject(new Error('secret')), pause: () => { throw new Error('secret'); } });
    for (const name of ['freeze', 'pause'] as const) {
      const answer = await call(name, { on: true });
      expect(answer).toMatchObject({ ok: false, problem: { code: 'internal', hint: 'The details are in the log.' } });
      expect(JSON.stringify(answer)).not.toContain('secret');
    }
    expect(faults).toHaveLength(2);
  });

  it('does not hand on an output that the contract does not know', async () => {
    const { call } = await start({ history: (async () => ({ everyMs: 'x' })) as never });
    await expect(call('history')).rejects.toThrow(/history/);
  });

  it.each<[string, (page: Awaited<ReturnType<typeof start>>['page']) => unknown]>([
    ['its window is destroyed', (page) => page.destroy()],
    ['its process ends', (page) => page.crash()],
    ['another page comes', (page) => page.contents.reload()],
  ])('is aborted when %s, without a fault', async (_how, end) => {
    const { call, page, faults } = await start({
      load: (_input, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('left')))),
    });
    const answer = call('load', { model: 'm' });
    end(page);
    expect(await answer).toMatchObject({ ok: false });
    expect(faults).toEqual([]);
  });

  it('leaves no listener behind, however many calls a page makes', async () => {
    const { call, page } = await start();
    await Promise.all(Array.from({ length: 50 }, () => call('history')));
    expect(page.emitter.listenerCount('destroyed') + page.emitter.listenerCount('did-navigate') + page.emitter.listenerCount('render-process-gone')).toBe(3);
  });

  it('is over when it has been answered: a page that goes later aborts nothing', async () => {
    const signals: AbortSignal[] = [];
    const { call, page } = await start({ history: async (_input, { signal }) => (signals.push(signal), { everyMs: 1, samples: [] }) });
    await call('history');
    page.destroy();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });

  it('begins aborted for a page that is gone already', async () => {
    const { call, page } = await start({ history: async (_input, { signal }) => { if (signal.aborted) throw new Error('left'); return { everyMs: 1, samples: [] }; } });
    page.destroy();
    expect(await call('history')).toMatchObject({ ok: false });
  });
});
