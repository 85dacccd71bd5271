import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { problem } from '../../../contract/index.ts';
import { createFakeElectron } from '../../../test/fakes/electron/index.ts';
import { tempDir } from '../../../test/temp-dir.ts';
import { desktopText } from '../text/text.ts';
import { createShellChannels } from './shell-channels.ts';

async function start() {
  const fake = createFakeElectron();
  await fake.electron.app.whenReady();
  const dir = await tempDir();
  const calls: string[] = [];
  const done = (name: string) => async () => {
    calls.push(name);
    return { ok: true as const, value: { text: name } };
  };
  const channels = createShellChannels({
    desktop: { read: async () => ({ version: '1' }) as never, changed: () => calls.push('changed') },
    autostart: { read: async () => ({ supported: true, on: false, problem: null }), set: async (on) => (on ? { ok: false, problem: problem('disk-full', 'The disk is full.') } : { ok: true, value: { text: 'off' } }), repair: async () => undefined },
    updates: { state: () => ({}) as never, check: done('check'), download: done('download'), install: done('install'), close: () => undefined },
    openLink: async () => ({ ok: true, value: { text: 'link' } }),
    shell: fake.electron.shell,
    dialog: fake.electron.dialog,
    window: { browserWindow: () => null },
    configFile: path.join(dir, 'config.json'),
    logFolder: dir,
    text: () => desktopText('en'),
    quit: () => calls.push('quit'),
  });
  return { fake, dir, calls, channels };
}
const page = {} as never;

it('opens the settings file, made where there is none, and the log', async () => {
  const { channels, fake, dir } = await start();
  const file = path.join(dir, 'config.json');
  expect(await channels.openConfigFile({}, page)).toMatchObject({ ok: true });
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({});
  await writeFile(file, '// mine\n{}');
  await channels.openConfigFile({}, page);
  expect(await readFile(file, 'utf8')).toBe('// mine\n{}');
  expect(await channels.openLogFolder({}, page)).toMatchObject({ ok: true });
  expect(fake.opened.paths).toEqual([file, file, dir]);
  fake.shellFailure.path = 'No application found';
  expect(await channels.openLogFolder({}, page)).toMatchObject({ ok: false, problem: { hint: 'No application found' } });
});

it('tells what became of the wish to start at login, and looks anew', async () => {
  const { channels, calls } = await start();
  expect(await channels.setStartAtLogin({ on: true }, page)).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
  expect(await channels.setStartAtLogin({ on: false }, page)).toMatchObject({ ok: true });
  expect(calls).toEqual(['changed', 'changed']);
  expect(await channels.desktopState({}, page)).toEqual({ ok: true, value: { version: '1' } });
});

it('lets a folder be chosen, or put aside', async () => {
  const { channels, fake } = await start();
  fake.dialogs.willAnswer(['/models']);
  expect(await channels.chooseFolder({}, page)).toEqual({ ok: true, value: { path: '/models' } });
  fake.dialogs.willAnswer(null);
  expect(await channels.chooseFolder({}, page)).toEqual({ ok: true, value: { path: null } });
  expect(fake.dialogs.asked[0]?.options.properties).toContain('openDirectory');
});

it('passes on the rest, and answers before it quits', async () => {
  const { channels, calls } = await start();
  for (const name of ['checkForUpdates', 'downloadUpdate', 'installUpdate'] as const) await channels[name]({}, page);
  expect(await channels.openLink({ url: 'https://example.org' }, page)).toMatchObject({ ok: true });
  expect(channels.quit({}, page)).toMatchObject({ ok: true });
  expect(calls).toEqual(['check', 'download', 'install']);
  await expect.poll(() => calls).toContain('quit');
});
