import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createFakeElectron } from '../../../test/fakes/electron/index.ts';
import { denyPermissions, isAllowed } from './permissions.ts';

const ours = 'app://airdock/';
/** Every name in the type of Electron's own check handler. */
const names = (() => {
  const types = readFileSync(path.join(import.meta.dirname, '../../../node_modules/electron/electron.d.ts'), 'utf8');
  const list = /setPermissionCheckHandler\(handler: \(\(webContents: [^,]*, permission: ([^,]*),/.exec(types)?.[1] ?? '';
  return [...list.matchAll(/'([^']+)'/g)].map(([, name = '']) => name);
})();

async function start() {
  const { electron, session, windows } = createFakeElectron();
  await electron.app.whenReady();
  await new electron.BrowserWindow({ show: false }).loadURL(ours);
  denyPermissions(session.defaultSession);
  return { electron, session, page: windows()[0]!.page.contents };
}

it('grants writing to the clipboard to our own page, and nothing else that Electron knows', async () => {
  const { session, page } = await start();
  expect(names.length).toBeGreaterThan(40);
  const granted = [];
  for (const name of [...names, 'something-new', 'toString', '__proto__']) {
    if (await session.requestPermission(page, name)) granted.push(`request ${name}`);
    if (session.checkPermission(page, name, ours)) granted.push(`check ${name}`);
  }
  expect(granted).toEqual(['request clipboard-sanitized-write', 'check clipboard-sanitized-write']);
});

it.each(['', 'null', 'https://evil.example/', 'app://evil/', 'app://airdock.evil/', 'https://airdock/', 'http://127.0.0.1:11500/', 'file:///'])('grants nothing to %j', async (address) => {
  const { session } = await start();
  expect(session.checkPermission(null, 'clipboard-sanitized-write', address)).toBe(false);
  expect(await session.requestPermission(null, 'clipboard-sanitized-write', { requestingUrl: address })).toBe(false);
});

it('grants nothing to a frame inside of the page', async () => {
  const { session, page } = await start();
  expect(await session.requestPermission(page, 'clipboard-sanitized-write', { isMainFrame: false })).toBe(false);
  expect(isAllowed('clipboard-sanitized-write', ours, false)).toBe(false);
});

it('has all four handlers set, as Electron grants what nobody answers', async () => {
  const { session } = await start();
  expect(session.handlers()).toEqual({ request: true, check: true, device: true, displayMedia: true });
});

it('stops downloads', async () => {
  const { session } = await start();
  let stopped = 0;
  session.defaultSession.emit('will-download', { preventDefault: () => (stopped += 1) });
  expect(stopped).toBe(1);
});
