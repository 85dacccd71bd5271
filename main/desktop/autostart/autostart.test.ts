import { chmod, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFakeElectron } from '../../../test/fakes/electron/index.ts';
import { tempDir } from '../../../test/temp-dir.ts';
import { createAutostart } from './create-autostart.ts';
import { parseExec, readKey } from './desktop-entry.ts';
import { createLoginItem } from './login-item.ts';
import { autostartFile, createXdgAutostart } from './xdg-autostart.ts';

const fail = (fault: unknown): never => {
  throw fault;
};

async function linux(name = 'My $Apps/Air"dock 100%.AppImage') {
  const home = await tempDir();
  const executable = path.join(home, name);
  await mkdir(path.dirname(executable), { recursive: true });
  await writeFile(executable, '');
  const file = autostartFile({}, home);
  const autostart = createXdgAutostart({ file, executable, onFault: fail });
  const write = async (text: string): Promise<void> => {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  const text = () => readFile(file, 'utf8');
  const command = async () => parseExec(readKey(await text(), 'Exec') ?? '');
  return { home, executable, file, autostart, write, text, command };
}

const entry = (exec: string, more = '') => `[Desktop Entry]\nType=Application\nName=Airdock\nExec=${exec}\n${more}`;
const off = { supported: true, on: false, problem: null };
const on = { ...off, on: true };

describe('start at login on Linux', () => {
  it('lies where the session looks', () => {
    expect(autostartFile({ XDG_CONFIG_HOME: '/cfg' }, '/home/me')).toBe('/cfg/autostart/airdock.desktop');
    expect(autostartFile({ XDG_CONFIG_HOME: 'relative' }, '/home/me')).toBe('/home/me/.config/autostart/airdock.desktop');
  });

  it('goes on and off, and starts exactly this file without a window', async () => {
    const { autostart, command, executable, file } = await linux();
    expect(await autostart.read()).toEqual(off);
    expect((await autostart.set(true)).ok).toBe(true);
    expect(await autostart.read()).toEqual(on);
    expect(await command()).toEqual([executable, '--hidden']);
    expect((await stat(file)).mode & 0o133).toBe(0);
    expect(await readdir(path.dirname(file))).toEqual(['airdock.desktop']);
    expect((await autostart.set(false)).ok).toBe(true);
    expect((await autostart.set(false)).ok).toBe(true);
    expect(await autostart.read()).toEqual(off);
  });

  it.each(['Hidden=true', 'X-GNOME-Autostart-enabled=false', 'Hidden=True'])('stays off where the person switched it off elsewhere: %s', async (line) => {
    const { autostart, write, text } = await linux();
    const before = entry('/gone/airdock --hidden', `${line}\n`);
    await write(before);
    expect(await autostart.read()).toEqual(off);
    await autostart.repair();
    expect(await text()).toBe(before);
  });

  it('goes on again only by a click, and keeps what else was written there', async () => {
    const { autostart, write, text } = await linux();
    await write(entry('/gone/airdock', 'Hidden=true\nX-GNOME-Autostart-enabled=false\nX-GNOME-Autostart-Delay=5\n# slow disk\n'));
    await autostart.set(true);
    expect(await autostart.read()).toEqual(on);
    expect(await text()).toContain('X-GNOME-Autostart-Delay=5\n# slow disk');
  });

  it('follows an AppImage that was moved', async () => {
    const { autostart, write, command, executable, text } = await linux();
    await write(entry('"/gone/Airdock 0.1.AppImage" --hidden', 'X-GNOME-Autostart-Delay=5\n'));
    await autostart.repair();
    expect(await command()).toEqual([executable, '--hidden']);
    expect(await text()).toContain('X-GNOME-Autostart-Delay=5');
  });

  it.each(['sh --hidden', '/bin/sh --own-option'])('leaves a command alone that works: %s', async (exec) => {
    const { autostart, write, text } = await linux();
    await write(entry(exec));
    await autostart.repair();
    expect(await text()).toBe(entry(exec));
  });

  it('makes nothing at a start where there was nothing', async () => {
    const { autostart } = await linux();
    await autostart.repair();
    expect(await autostart.read()).toEqual(off);
  });

  it('says what is wrong', async () => {
    const { autostart, file } = await linux();
    await mkdir(file, { recursive: true });
    expect(await autostart.read()).toMatchObject({ supported: true, on: false, problem: { code: 'bad-folder' } });
    expect(await autostart.set(true)).toMatchObject({ ok: false, problem: { message: expect.stringContaining(file) } });
    expect(await autostart.set(false)).toMatchObject({ ok: false });
    await autostart.repair();
  });

  it('is not stopped by nonsense in the file', async () => {
    const { autostart, write, command, executable } = await linux();
    await write('\0\0 what is this');
    expect(await autostart.read()).toEqual(off);
    await autostart.set(true);
    expect(await command()).toEqual([executable, '--hidden']);
  });

  it('keeps a link that somebody made of it', async () => {
    const { autostart, file, home } = await linux();
    const target = path.join(home, 'dotfiles.desktop');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(target, entry('/gone/airdock'));
    await symlink(target, file);
    await chmod(target, 0o600);
    await autostart.repair();
    expect(await readFile(target, 'utf8')).toContain('AppImage');
    expect((await stat(target)).mode & 0o777).toBe(0o600);
  });
});

describe('start at login on macOS and Windows', () => {
  it('is the system’s own list', async () => {
    const fake = createFakeElectron({ platform: 'win32' });
    const item = createLoginItem(fake.electron.app, 'win32');
    expect(await item.read()).toEqual(off);
    expect((await item.set(true)).ok).toBe(true);
    expect(fake.loginItem.changes).toEqual([{ openAtLogin: true, args: ['--hidden'] }]);
    expect(await item.read()).toEqual(on);
    await item.repair();
    expect(fake.loginItem.changes).toHaveLength(1);
  });

  const system = (settings: object) => ({ getLoginItemSettings: () => ({ openAtLogin: true, ...settings }) as never, setLoginItemSettings: () => undefined });

  it('is off where the Task Manager switched it off', async () => {
    expect(await createLoginItem(system({ executableWillLaunchAtLogin: false }), 'win32').read()).toEqual(off);
  });

  it('says that macOS wants a yes', async () => {
    const item = createLoginItem(system({ status: 'requires-approval', openAtLogin: false }), 'darwin');
    expect(await item.read()).toMatchObject({ on: false, problem: { code: 'forbidden' } });
    expect(await item.set(true)).toMatchObject({ ok: false, problem: { hint: expect.stringContaining('Login Items') } });
  });

  it('answers with a problem where the system refuses', async () => {
    const refuse = (): never => {
      throw new Error('no registry');
    };
    const item = createLoginItem({ getLoginItemSettings: refuse, setLoginItemSettings: refuse }, 'win32');
    expect(await item.read()).toMatchObject({ on: false, problem: { message: 'no registry' } });
    expect(await item.set(true)).toMatchObject({ ok: false });
    expect(await createLoginItem(system({ openAtLogin: false }), 'darwin').set(true)).toMatchObject({ ok: false });
  });
});

describe('createAutostart', () => {
  const make = (isPackaged: boolean, env: NodeJS.ProcessEnv, home: string) => {
    const fake = createFakeElectron({ isPackaged });
    return createAutostart({ app: fake.electron.app, platform: 'linux', env, home, execPath: '/opt/airdock', onFault: fail });
  };

  it('is for installed apps', async () => {
    const autostart = make(false, {}, '/nowhere');
    expect(await autostart.read()).toMatchObject({ supported: false, on: false, problem: { code: 'forbidden' } });
    expect(await autostart.set(true)).toMatchObject({ ok: false });
    await autostart.repair();
  });

  it('starts the AppImage, not the folder that it is mounted at', async () => {
    const home = await tempDir();
    await make(true, { APPIMAGE: '/home/me/Airdock.AppImage', APPDIR: '/opt' }, home).set(true);
    expect(await readFile(autostartFile({}, home), 'utf8')).toContain('Exec=/home/me/Airdock.AppImage --hidden\n');
    await make(true, {}, home).set(true);
    expect(await readFile(autostartFile({}, home), 'utf8')).toContain('Exec=/opt/airdock --hidden\n');
    // What the AppImage of another program hands to everything that is started in it.
    await make(true, { APPIMAGE: '/home/me/Editor.AppImage', APPDIR: '/tmp/.mount_EditorX' }, home).set(true);
    expect(await readFile(autostartFile({}, home), 'utf8')).toContain('Exec=/opt/airdock --hidden\n');
  });
});
