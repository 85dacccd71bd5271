import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../../../test/temp-dir.ts';
import { findTrayHost } from './tray-host.ts';

/** A PATH with these programs alone: the lines of a shell script each. */
async function desktop(programs: Record<string, string>, env: NodeJS.ProcessEnv = {}): Promise<NodeJS.ProcessEnv> {
  const dir = await tempDir();
  for (const [name, script] of Object.entries(programs)) {
    const file = path.join(dir, name);
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
  }
  return { PATH: dir, ...env };
}

const trayHostPresent = async (deps: Parameters<typeof findTrayHost>[0]) => (await findTrayHost(deps)).present;
/** As gdbus writes all properties of the watcher. */
const all = (host: boolean, items: string) => `/bin/cat <<'END'\n({'IsStatusNotifierHostRegistered': <${host}>, 'ProtocolVersion': <0>, 'RegisteredStatusNotifierItems': <${items}>},)\nEND`;
const unknown = 'echo "GDBus.Error:org.freedesktop.DBus.Error.ServiceUnknown: The name is not activatable" >&2; exit 1';
const noBus = 'echo "Cannot autolaunch D-Bus without X11 \\$DISPLAY" >&2; exit 1';
const gnome = { XDG_CURRENT_DESKTOP: 'ubuntu:GNOME' };

describe.skipIf(process.platform === 'win32')('whether the desktop shows tray icons', () => {
  it.each([
    ['gdbus', all(true, '@as []'), true],
    ['gdbus', all(false, '@as []'), false],
    ['gdbus', unknown, false],
    ['busctl', 'echo "b true"', true],
    ['busctl', 'echo "b false"', false],
    ['busctl', 'echo "Failed to get property: The name org.kde.StatusNotifierWatcher was not provided by any .service files" >&2; exit 1', false],
    ['dbus-send', 'echo "   variant       boolean true"', true],
    ['dbus-send', 'echo "   variant       boolean false"', false],
    ['dbus-send', 'echo "Error org.freedesktop.DBus.Error.ServiceUnknown: The name was not provided" >&2; exit 1', false],
  ])('%s: %s', async (name, script, shown) => {
    expect(await trayHostPresent({ env: await desktop({ [name]: script }) })).toBe(shown);
  });

  it('asks the session bus for the host itself', async () => {
    const env = await desktop({ gdbus: `case "$*" in *--session*--dest\\ org.kde.StatusNotifierWatcher*GetAll\\ org.kde.StatusNotifierWatcher) echo "({'IsStatusNotifierHostRegistered': <true>},)";; esac`, busctl: 'echo "b false"' });
    expect(await trayHostPresent({ env })).toBe(true);
  });

  it.each([
    ["['org.freedesktop.StatusNotifierItem-4711-1/StatusNotifierItem', ':1.5/x']", true],
    ["['org.freedesktop.StatusNotifierItem-47110-1/StatusNotifierItem']", null],
    ["[':1.93/org/ayatana/NotificationItem/x']", null],
    ['@as []', false],
  ])('knows whether ours is among %s', async (items, ours) => {
    expect(await findTrayHost({ env: await desktop({ gdbus: all(true, items) }), pid: 4711 })).toEqual({ present: true, ours });
  });

  it('asks the next program where one could not find out', async () => {
    expect(await trayHostPresent({ env: await desktop({ gdbus: noBus, busctl: 'echo "b false"' }) })).toBe(false);
    expect(await trayHostPresent({ env: await desktop({ gdbus: 'echo what?', 'dbus-send': 'echo "variant boolean true"' }, gnome) })).toBe(true);
  });

  it('takes only GNOME to have none where nobody knows', async () => {
    expect(await trayHostPresent({ env: await desktop({}) })).toBe(true);
    expect(await trayHostPresent({ env: await desktop({}, { XDG_CURRENT_DESKTOP: 'KDE' }) })).toBe(true);
    expect(await trayHostPresent({ env: await desktop({}, { XDG_CURRENT_DESKTOP: 'not-quite-GNOME' }) })).toBe(true);
    expect(await trayHostPresent({ env: await desktop({}, gnome) })).toBe(false);
    expect(await trayHostPresent({ env: await desktop({ gdbus: noBus }, gnome) })).toBe(false);
  });

  it('does not wait for a bus that hangs', async () => {
    const hangs = 'while :; do :; done';
    const began = Date.now();
    expect(await trayHostPresent({ env: await desktop({ gdbus: hangs, busctl: hangs, 'dbus-send': hangs }, gnome), limitMs: 300 })).toBe(false);
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});
