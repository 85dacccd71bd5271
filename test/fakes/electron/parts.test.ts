import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { tempDir } from '../../temp-dir.ts';
import { createFakeElectron } from './index.ts';

async function ready(options: Parameters<typeof createFakeElectron>[0] = {}) {
  const fake = createFakeElectron(options);
  onTestFinished(() => fake.dispose());
  await fake.electron.app.whenReady();
  fake.electron.app.on('window-all-closed', () => undefined);
  return fake;
}

/** The smallest PNG header with a size. */
function png(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(33);
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).copy(bytes);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

it('a destroyed window throws, and so does its page; asking whether it is destroyed does not', async () => {
  const { electron, windows } = await ready();
  const window = new electron.BrowserWindow({ show: false });
  const { webContents } = window;
  const log: string[] = [];
  window.on('closed', () => log.push('closed'));
  webContents.on('destroyed', () => log.push('destroyed'));
  window.destroy();
  window.destroy();
  expect(log).toEqual(['destroyed', 'closed']);
  expect(() => window.show()).toThrow('Object has been destroyed');
  expect(() => window.getBounds()).toThrow('Object has been destroyed');
  expect(() => window.webContents).toThrow('Object has been destroyed');
  expect(() => webContents.send('x')).toThrow('Object has been destroyed');
  expect([window.isDestroyed(), webContents.isDestroyed()]).toEqual([true, true]);
  expect(electron.BrowserWindow.getAllWindows()).toEqual([]);
  expect(windows()).toHaveLength(1);
});

it('a window tells of being shown, moved and closed, and each once', async () => {
  const { electron, openWindows } = await ready();
  const window = new electron.BrowserWindow({ show: false, width: 500, height: 400 });
  const log: string[] = [];
  for (const name of ['show', 'hide', 'focus', 'blur', 'move', 'resize', 'maximize', 'close', 'closed', 'ready-to-show']) window.on(name as 'show', () => log.push(name));
  const loading = window.loadURL('app://airdock/');
  expect(log).toEqual([]);
  await loading;
  window.show();
  window.show();
  openWindows()[0]?.moveTo({ x: 7 });
  window.setBounds({ width: 600 });
  window.maximize();
  expect([window.isMaximized(), window.getNormalBounds().width]).toEqual([true, 600]);
  window.close();
  expect(log).toEqual(['ready-to-show', 'show', 'focus', 'move', 'resize', 'maximize', 'close', 'closed']);
});

it('a window that is destroyed while its page loads fails the load', async () => {
  const { electron } = await ready();
  const window = new electron.BrowserWindow({ show: false });
  const loading = window.loadURL('app://airdock/');
  window.destroy();
  await expect(loading).rejects.toThrow('ERR_ABORTED');
});

it('IPC carries copies, names the sender, and keeps only the message of an error', async () => {
  const fake = await ready();
  const { ipcMain, BrowserWindow } = fake.electron;
  const window = new BrowserWindow({ show: false });
  await window.loadURL('app://airdock/index.html');
  const page = fake.openWindows()[0]?.page;
  if (!page) throw new Error('no page');
  const given = { list: [1], when: new Date(5) };
  let got: unknown;
  ipcMain.handle('echo', (event, value) => {
    got = value;
    return { value, origin: event.senderFrame?.origin, top: event.senderFrame?.parent === null, mine: event.sender === window.webContents };
  });
  expect(await fake.invoke(page, 'echo', given)).toEqual({ value: given, origin: 'app://airdock', top: true, mine: true });
  expect(got).toEqual(given);
  expect(got).not.toBe(given);
  await expect(fake.invoke(page, 'echo', () => 1)).rejects.toThrow('An object could not be cloned.');
  ipcMain.handle('bad', () => () => 1);
  await expect(fake.invoke(page, 'bad')).rejects.toThrow("Error invoking remote method 'bad': Error: An object could not be cloned.");
  ipcMain.handle('throws', () => {
    throw Object.assign(new TypeError('no'), { code: 'E', secret: 1 });
  });
  const error = await fake.invoke(page, 'throws').catch((reason: unknown) => reason);
  expect(error).toEqual(new Error("Error invoking remote method 'throws': TypeError: no"));
  expect(Object.keys(error as object)).toEqual([]);
  expect(() => ipcMain.handle('echo', () => 1)).toThrow("second handler for 'echo'");
  ipcMain.removeHandler('echo');
  await expect(fake.invoke(page, 'echo')).rejects.toThrow("No handler registered for 'echo'");
});

it('a page gets what was sent as a copy; a page that crashed has no frame', async () => {
  const received: unknown[] = [];
  const fake = await ready({ openPage: () => ({ loaded: Promise.resolve(), receive: (channel, args) => void received.push([channel, ...args]), close: () => void received.push('closed') }) });
  const window = new fake.electron.BrowserWindow({ show: false });
  await window.loadURL('app://airdock/');
  const sent = { a: 1 };
  window.webContents.send('news', sent);
  sent.a = 2;
  expect(received).toEqual([['news', { a: 1 }]]);
  expect(() => window.webContents.send('news', () => 1)).toThrow('could not be cloned');
  const page = fake.openWindows()[0]?.page;
  const gone = vi.fn();
  window.webContents.on('render-process-gone', (_event, details) => gone(details.reason));
  page?.crash('oom');
  expect(gone).toHaveBeenCalledWith('oom');
  expect([page?.frame(), window.webContents.isCrashed(), received.at(-1)]).toEqual([null, true, 'closed']);
  window.webContents.reload();
  await expect.poll(() => window.webContents.isCrashed() || page?.frame() === null).toBe(false);
});

it('navigation and new windows are what the app’s guards say; without guards everything is allowed', async () => {
  const fake = await ready();
  const window = new fake.electron.BrowserWindow({ show: false });
  await window.loadURL('app://airdock/');
  const page = fake.openWindows()[0]?.page;
  expect([page?.navigate('https://example.org'), page?.openWindow('https://example.org').action]).toEqual([true, 'allow']);
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  expect([page?.navigate('https://example.org'), page?.openWindow('https://example.org').action]).toEqual([false, 'deny']);
});

it('permissions: granted without handlers, then as they say', async () => {
  const { electron, session } = await ready();
  expect([await session.requestPermission(null, 'media'), session.checkPermission(null, 'media')]).toEqual([true, true]);
  electron.session.defaultSession.setPermissionRequestHandler((_contents, permission, callback) => callback(permission === 'fullscreen'));
  electron.session.defaultSession.setPermissionCheckHandler(() => false);
  expect([await session.requestPermission(null, 'media'), await session.requestPermission(null, 'fullscreen'), session.checkPermission(null, 'media')]).toEqual([false, true, false]);
});

it('the protocol answers from its handler, once per scheme', async () => {
  const { electron, protocol } = await ready();
  await expect(protocol.fetch(new Request('app://airdock/a'))).rejects.toThrow('ERR_UNKNOWN_URL_SCHEME');
  electron.protocol.handle('app', (request) => new Response(new URL(request.url).pathname));
  expect(await (await protocol.fetch(new Request('app://airdock/a'))).text()).toBe('/a');
  expect(() => electron.session.defaultSession.protocol.handle('app', () => new Response(''))).toThrow('has been registered');
});

it('a menu refuses what Electron refuses', async () => {
  const { Menu } = (await ready()).electron;
  const build = (item: object) => () => Menu.buildFromTemplate([item as never]);
  expect(build({})).toThrow('must have at least one of label, role or type');
  expect(build({ type: 'button', label: 'x' })).toThrow('Unknown menu item type: button');
  expect(build({ type: 'submenu', label: 'x' })).toThrow('Invalid submenu');
  expect(build({ label: 5 })).toThrow('conversion failure');
  expect(() => Menu.buildFromTemplate({} as never)).toThrow('must be an array');
});

it('a tray shows its menu; what is disabled or hidden cannot be clicked; separators stand only between items', async () => {
  const fake = await ready();
  const { Menu, Tray, nativeImage } = fake.electron;
  const tray = new Tray(nativeImage.createEmpty());
  const clicked: string[] = [];
  const item = (label: string, more: object = {}) => ({ label, click: () => void clicked.push(label), ...more });
  const separator = { type: 'separator' as const };
  tray.setContextMenu(
    Menu.buildFromTemplate([separator, item('Open'), separator, separator, item('Off', { enabled: false }), item('Gone', { visible: false }), { label: 'More', submenu: [item('Deep')] }, item('On', { type: 'checkbox' }), separator]),
  );
  const shown = fake.tray();
  expect(shown.items().map(({ label, type }) => label || type)).toEqual(['Open', 'separator', 'Off', 'More', 'On']);
  shown.click('Open');
  shown.click('More', /^De/);
  shown.click('On');
  expect(clicked).toEqual(['Open', 'Deep', 'On']);
  expect(shown.items().find(({ label }) => label === 'On')?.checked).toBe(true);
  expect(() => shown.click('Off')).toThrow('disabled');
  expect(() => shown.click('Gone')).toThrow('no item Gone');
  tray.destroy();
  expect(() => tray.setToolTip('x')).toThrow('Tray is destroyed');
  expect(() => fake.tray()).toThrow('There are 0 tray icons');
  expect(() => new Tray('/nowhere.png')).toThrow("Failed to load image from path '/nowhere.png'");
});

it('images are read from real files; what is no picture is empty', async () => {
  const { nativeImage } = (await ready()).electron;
  const dir = await tempDir();
  await writeFile(path.join(dir, 'iconTemplate.png'), png(18, 18));
  await writeFile(path.join(dir, 'iconTemplate@2x.png'), png(36, 36));
  await writeFile(path.join(dir, 'text.png'), 'no picture');
  const image = nativeImage.createFromPath(path.join(dir, 'iconTemplate.png'));
  expect([image.isEmpty(), image.getSize(), image.getScaleFactors(), image.isTemplateImage()]).toEqual([false, { width: 18, height: 18 }, [1, 2], true]);
  expect([nativeImage.createFromPath(path.join(dir, 'text.png')).isEmpty(), nativeImage.createFromPath('/nowhere.png').isEmpty()]).toEqual([true, true]);
  const built = nativeImage.createEmpty();
  built.addRepresentation({ scaleFactor: 2, buffer: png(44, 44) });
  expect([built.isEmpty(), built.getSize()]).toEqual([false, { width: 22, height: 22 }]);
});

it('notifications are shown, clicked, and closed; where there are none, nothing happens; where they fail, it says so', async () => {
  const fake = await ready();
  const notification = new fake.electron.Notification({ title: 'a', body: 'b' });
  const log: string[] = [];
  for (const name of ['show', 'click', 'close']) notification.on(name as 'show', () => log.push(name));
  expect(() => fake.notifications()[0]?.click()).toThrow('nobody can click it');
  notification.show();
  await expect.poll(() => log).toEqual(['show']);
  fake.shownNotifications()[0]?.click();
  expect(log).toEqual(['show', 'click', 'close']);
  fake.notificationSystem.fails = 'not signed';
  const failing = new fake.electron.Notification({ title: 'a' });
  const failed = new Promise((resolve) => failing.on('failed', (_event, reason) => resolve(reason)));
  failing.show();
  expect(await failed).toBe('not signed');
  fake.notificationSystem.supported = false;
  expect(fake.electron.Notification.isSupported()).toBe(false);
});

it.each([['linux', 0], ['darwin', 1]] as const)('a message box without a window goes with its signal, but on macOS: %s', async (platform, open) => {
  const fake = await ready({ platform });
  const closing = new AbortController();
  const answer = fake.electron.dialog.showMessageBox({ message: 'Quit?', buttons: ['Quit', 'Cancel'], cancelId: 1, signal: closing.signal });
  closing.abort();
  expect(fake.dialogs.open).toHaveLength(open);
  for (const question of fake.dialogs.open) question.answer('Cancel');
  expect(await answer).toEqual({ response: 1, checkboxChecked: false });
});

it('dialogs wait for an answer by the words of a button', async () => {
  const fake = await ready();
  const answer = fake.electron.dialog.showMessageBox({ message: 'Quit?', buttons: ['Cancel', 'Quit'] });
  const question = await fake.dialogs.next();
  expect(() => question.answer('Maybe')).toThrow('no button Maybe; it has: Cancel | Quit');
  await expect(answer).rejects.toThrow();
  fake.dialogs.willAnswer('Quit', true);
  expect(await fake.electron.dialog.showMessageBox({ message: 'Quit?', buttons: ['Cancel', 'Quit'] })).toEqual({ response: 1, checkboxChecked: true });
  fake.dialogs.willAnswer(null);
  expect(await fake.electron.dialog.showOpenDialog({})).toEqual({ canceled: true, filePaths: [] });
  fake.dialogs.willAnswer(['/a']);
  expect(await fake.electron.dialog.showOpenDialog({})).toEqual({ canceled: false, filePaths: ['/a'] });
});

it('a window finds a screen also where there is none', async () => {
  const side = { id: 2, bounds: { x: 1920, y: 0, width: 800, height: 600 }, workArea: { x: 1920, y: 0, width: 800, height: 600 }, scaleFactor: 2 };
  const main = { id: 1, bounds: { x: 0, y: 0, width: 1920, height: 1080 }, workArea: { x: 0, y: 0, width: 1920, height: 1080 }, scaleFactor: 1 };
  const fake = await ready({ displays: [main, side] });
  const { screen } = fake.electron;
  const there = { x: 2000, y: 10, width: 300, height: 300 };
  expect(screen.getDisplayMatching(there).id).toBe(2);
  const removed = vi.fn();
  screen.on('display-removed', (_event, display) => removed(display.id));
  fake.setDisplays([main]);
  expect(removed).toHaveBeenCalledWith(2);
  expect(screen.getDisplayMatching(there).id).toBe(1);
});

it('what is opened outside is recorded; what cannot be, says so', async () => {
  const fake = await ready();
  await fake.electron.shell.openExternal('https://example.org/');
  await expect(fake.electron.shell.openExternal('nonsense')).rejects.toThrow('Invalid URL');
  expect(await fake.electron.shell.openPath('/nowhere')).not.toBe('');
  expect(fake.opened).toEqual({ external: ['https://example.org/'], paths: [], shownInFolder: [] });
});

it('themes: the person’s choice before the system’s, and each change is told', async () => {
  const fake = await ready();
  const { nativeTheme } = fake.electron;
  const told = vi.fn();
  nativeTheme.on('updated', told);
  fake.setSystemDark(true);
  expect(nativeTheme.shouldUseDarkColors).toBe(true);
  nativeTheme.themeSource = 'light';
  nativeTheme.themeSource = 'light';
  expect([nativeTheme.shouldUseDarkColors, told.mock.calls.length]).toEqual([false, 2]);
});
