import { describe, expect, it } from 'vitest';
import { channelPrefix, channels, problem, requestChannels, type DesktopState, type RequestChannel } from '../../../contract/index.ts';
import { createFakeElectron } from '../../../test/fakes/electron/index.ts';
import { createIpcRouter, type ChannelHandlers } from './router.ts';

const done = (): { ok: true; value: { text: string } } => ({ ok: true, value: { text: 'done' } });
const desktopState: DesktopState = {
  platform: 'linux',
  version: '1.0.0',
  tray: true,
  startAtLogin: { supported: true, on: false, problem: null },
  notifications: { supported: true },
  updates: { status: 'off', version: null, progress: null, waitsFor: null, problem: null },
  configFile: '/config.json',
  logFolder: '/logs',
};
const inputs: { readonly [C in RequestChannel]?: unknown } = {
  call: { operation: 'snapshot', input: {} },
  setStartAtLogin: { on: true },
  openLink: { url: 'https://ollama.com' },
};

async function start(change: Partial<ChannelHandlers> = {}, isTrusted: () => boolean = () => true) {
  const fake = createFakeElectron();
  await fake.electron.app.whenReady();
  const window = new fake.electron.BrowserWindow({ show: false });
  const page = fake.windows()[0]!.page;
  await window.loadURL('app://airdock/');
  const faults: unknown[] = [];
  const called: string[] = [];
  const plain = Object.fromEntries(requestChannels.map((name) => [name, () => (called.push(name), done())]));
  const handlers = {
    ...(plain as unknown as ChannelHandlers),
    call: () => (called.push('call'), { ok: true as const, value: { any: 'thing' } }),
    desktopState: () => (called.push('desktopState'), { ok: true as const, value: desktopState }),
    chooseFolder: () => (called.push('chooseFolder'), { ok: true as const, value: { path: null } }),
    ...change,
  } satisfies ChannelHandlers;
  const router = createIpcRouter({ ipcMain: fake.electron.ipcMain, handlers, isTrusted, onFault: (fault) => faults.push(fault) });
  const ask = (name: RequestChannel, ...args: unknown[]) => fake.invoke(page, channelPrefix + name, ...(args.length > 0 ? args : [inputs[name] ?? {}]));
  return { fake, page, router, faults, called, ask };
}

it('opens a channel for each name of the contract, and no other', async () => {
  const { fake, router } = await start();
  expect(fake.channels().sort()).toEqual(requestChannels.map((name) => channelPrefix + name).sort());
  expect(Object.keys(channels).sort()).toEqual([...requestChannels].sort());
  router.close();
  expect(fake.channels()).toEqual([]);
});

it('has a handler answer on every channel, in the shape of the contract', async () => {
  const { ask, called } = await start();
  for (const name of requestChannels) {
    const answer = await ask(name);
    expect([name, channels[name].output.safeParse(answer).success]).toEqual([name, true]);
    expect([name, (answer as { ok: boolean }).ok]).toEqual([name, true]);
  }
  expect(called.sort()).toEqual([...requestChannels].sort());
});

it('has no handler run for a sender that is not trusted, on any channel', async () => {
  const { ask, called, faults } = await start({}, () => false);
  for (const name of requestChannels) expect([name, await ask(name)]).toMatchObject([name, { ok: false, problem: { code: 'forbidden' } }]);
  expect(called).toEqual([]);
  expect(faults).toHaveLength(requestChannels.length);
});

it('answers a wrong shape with a problem that names what is wrong, on every channel', async () => {
  const { ask, called } = await start();
  for (const name of requestChannels) {
    for (const wrong of [null, undefined, 'x', [], { surplus: 1 }]) {
      expect([name, await ask(name, wrong)]).toMatchObject([name, { ok: false, problem: { code: 'bad-request' } }]);
    }
  }
  expect(await ask('call', { operation: '__proto__', input: {} })).toMatchObject({ ok: false, problem: { code: 'bad-request', message: expect.stringContaining('operation') } });
  expect(await ask('openLink', { url: 7 })).toMatchObject({ problem: { message: expect.stringContaining('url') } });
  expect(called).toEqual([]);
});

describe('a handler that fails', () => {
  it.each<[string, ChannelHandlers['quit']]>([
    ['throws', () => { throw new Error('/secret/path'); }],
    ['rejects', () => Promise.reject(new Error('/secret/path'))],
    ['throws no error', () => Promise.reject('a word')],
  ])('%s: the page gets a value without the details, the log gets them', async (_how, quit) => {
    const { ask, faults } = await start({ quit });
    const answer = await ask('quit');
    expect(answer).toMatchObject({ ok: false, problem: { code: 'internal' } });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(faults).toHaveLength(1);
  });

  it('answers what the contract does not know: the page does not get it', async () => {
    const { ask, faults } = await start({ openLogFolder: () => ({ ok: true, value: {} }) as never, openConfigFile: () => undefined as never });
    expect(await ask('openLogFolder')).toMatchObject({ ok: false, problem: { code: 'internal' } });
    expect(await ask('openConfigFile')).toMatchObject({ ok: false, problem: { code: 'internal' } });
    expect(faults).toHaveLength(2);
  });

  it('keeps its refusals as they are, and drops what the contract does not name', async () => {
    const refusal = problem('in-use', 'planner is in use.', 'Wait.');
    const { ask } = await start({ quit: () => ({ ok: false, problem: refusal, stack: 'secret' }) as never });
    expect(await ask('quit')).toEqual({ ok: false, problem: refusal });
  });
});

it('tells a handler which page asks', async () => {
  const seen: unknown[] = [];
  const { ask, page } = await start({ subscribe: (_input, contents) => (seen.push(contents), done()) });
  await ask('subscribe');
  expect(seen).toEqual([page.contents]);
});

it('says no where the check of the sender itself fails', async () => {
  const { ask, called } = await start({}, () => {
    throw new Error('Render frame was disposed before WebFrameMain could be accessed');
  });
  expect(await ask('quit')).toMatchObject({ ok: false, problem: { code: 'internal' } });
  expect(called).toEqual([]);
});
