import { expect, it } from 'vitest';
import { createFakeElectron } from './index.ts';

const ready = async (options: Parameters<typeof createFakeElectron>[0] = {}) => {
  const fake = createFakeElectron(options);
  await fake.electron.app.whenReady();
  return fake;
};

/** The names of the events of quitting, as they come. */
function logOf(fake: ReturnType<typeof createFakeElectron>): string[] {
  const log: string[] = [];
  const { app } = fake.electron;
  app.on('before-quit', () => log.push('before-quit'));
  app.on('will-quit', () => log.push('will-quit'));
  app.on('window-all-closed', () => log.push('window-all-closed'));
  app.on('quit', (_event, code) => log.push(`quit ${code}`));
  return log;
}

it('quit goes by the real order: before-quit, the windows, will-quit, quit', async () => {
  const fake = await ready();
  const log = logOf(fake);
  const window = new fake.electron.BrowserWindow();
  window.on('close', () => log.push('close'));
  window.on('closed', () => log.push('closed'));
  fake.electron.app.quit();
  expect(log).toEqual(['before-quit', 'close', 'closed', 'will-quit', 'quit 0']);
  expect(await fake.exited).toBe(0);
});

it.each(['before-quit', 'will-quit'] as const)('a prevented %s keeps the app running, and the next quit ends it', async (name) => {
  const fake = await ready();
  const { app } = fake.electron;
  app.once(name as 'will-quit', (event) => event.preventDefault());
  app.quit();
  expect(fake.hasExited()).toBe(false);
  app.quit();
  expect(fake.hasExited()).toBe(true);
});

it('a window that prevents its close ends the quitting', async () => {
  const fake = await ready();
  const log = logOf(fake);
  const window = new fake.electron.BrowserWindow();
  window.once('close', (event) => event.preventDefault());
  fake.electron.app.quit();
  expect(log).toEqual(['before-quit']);
  expect(fake.isQuitting()).toBe(false);
  fake.electron.app.quit();
  expect(log).toEqual(['before-quit', 'before-quit', 'will-quit', 'quit 0']);
});

it('exit asks nobody', async () => {
  const fake = await ready();
  const log = logOf(fake);
  const window = new fake.electron.BrowserWindow();
  window.on('close', (event) => event.preventDefault());
  fake.electron.app.exit(3);
  expect(log).toEqual(['quit 3']);
  expect(window.isDestroyed()).toBe(true);
});

it('the last window ends an app that does not listen, and not one that does', async () => {
  const careless = await ready();
  new careless.electron.BrowserWindow().destroy();
  expect(careless.hasExited()).toBe(true);
  const tray = await ready();
  tray.electron.app.on('window-all-closed', () => undefined);
  new tray.electron.BrowserWindow().destroy();
  expect(tray.hasExited()).toBe(false);
});

it('is ready once, after the main script, and tells late comers', async () => {
  const fake = createFakeElectron({ autoReady: false });
  expect(fake.electron.app.isReady()).toBe(false);
  fake.becomeReady();
  fake.becomeReady();
  await fake.electron.app.whenReady();
  expect(fake.electron.app.isReady()).toBe(true);
});

it('what needs a ready app throws before', () => {
  const { electron } = createFakeElectron({ autoReady: false });
  expect(() => new electron.BrowserWindow()).toThrow('Cannot create BrowserWindow before app is ready');
  expect(() => new electron.Tray(electron.nativeImage.createEmpty())).toThrow('before app is ready');
  expect(() => electron.screen.getAllDisplays()).toThrow("before the app 'ready' event");
  expect(() => electron.session.defaultSession).toThrow('when app is ready');
  expect(() => electron.dialog.showMessageBox({ message: 'x' })).toThrow('after app is ready');
});

it('schemes are registered before ready only', async () => {
  const fake = createFakeElectron({ autoReady: false });
  const schemes = [{ scheme: 'app', privileges: { standard: true } }];
  fake.electron.protocol.registerSchemesAsPrivileged(schemes);
  expect(fake.protocol.privileged.get('app')).toEqual({ standard: true });
  fake.becomeReady();
  expect(() => fake.electron.protocol.registerSchemesAsPrivileged(schemes)).toThrow('should be called before app is ready');
});

it('a second launch comes to the one with the lock', async () => {
  const fake = await ready();
  expect(() => fake.secondLaunch()).toThrow('no single-instance lock');
  expect(fake.electron.app.requestSingleInstanceLock()).toBe(true);
  const launches: string[][] = [];
  fake.electron.app.on('second-instance', (_event, argv) => launches.push(argv));
  fake.secondLaunch(['airdock', '--hidden']);
  expect(launches).toEqual([['airdock', '--hidden']]);
  expect((await ready({ lockHeld: true })).electron.app.requestSingleInstanceLock()).toBe(false);
});

it('login items are the system’s on macOS and Windows, and nothing on Linux', async () => {
  const linux = await ready();
  linux.electron.app.setLoginItemSettings({ openAtLogin: true });
  expect(linux.electron.app.getLoginItemSettings().openAtLogin).toBe(false);
  const mac = await ready({ platform: 'darwin' });
  mac.electron.app.setLoginItemSettings({ openAtLogin: true });
  expect(mac.electron.app.getLoginItemSettings().openAtLogin).toBe(true);
});

it('macOS says only from ready on that it started the app at login', () => {
  const mac = createFakeElectron({ platform: 'darwin', autoReady: false });
  mac.loginItem.wasOpenedAtLogin = true;
  expect(mac.electron.app.getLoginItemSettings().wasOpenedAtLogin).toBe(false);
  mac.becomeReady();
  expect(mac.electron.app.getLoginItemSettings().wasOpenedAtLogin).toBe(true);
});
