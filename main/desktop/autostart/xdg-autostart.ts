import { access, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { problem, type Outcome, type Problem } from '../../../contract/index.ts';
import { configHome } from '../../data/config-home.ts';
import { describeFileError } from '../../data/file-errors.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import { hiddenSwitch, type Autostart } from './autostart.ts';
import { execCommand, parseExec, readKey, writeKey } from './desktop-entry.ts';

export interface XdgAutostartOptions {
  /** `$XDG_CONFIG_HOME/autostart/airdock.desktop` */
  file: string;
  /** The AppImage, or the executable. */
  executable: string;
  onFault(fault: unknown): void;
}

/** Where a session looks for what it starts. */
export function autostartFile(env: NodeJS.ProcessEnv, home: string): string {
  return path.join(configHome(env, home), 'autostart', 'airdock.desktop');
}

/** Start at login on Linux, by the XDG autostart specification: Electron's own login items do nothing there. */
export function createXdgAutostart({ file, executable, onFault }: XdgAutostartOptions): Autostart {
  const command = execCommand([executable, hiddenSwitch]);
  const fresh = ['[Desktop Entry]', 'Type=Application', 'Name=Airdock', 'Comment=Keeps the right local AI models in memory', 'Icon=airdock', 'Terminal=false', ''].join('\n');

  /** Null: there is none. */
  async function load(): Promise<Outcome<string | null>> {
    try {
      return { ok: true, value: await readFile(file, 'utf8') };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { ok: true, value: null };
      return { ok: false, problem: cannot('read', error) };
    }
  }

  function cannot(verb: string, error: unknown): Problem {
    const { code, words } = describeFileError(error);
    return problem(code, `Airdock cannot ${verb} ${file}: ${words}.`, 'Airdock can also be added by hand, in the system’s own list of startup programs.');
  }

  async function set(on: boolean): Promise<Outcome<{ text: string }>> {
    try {
      if (!on) {
        await rm(file, { force: true });
        return { ok: true, value: { text: 'Airdock no longer starts at login.' } };
      }
      const loaded = await load();
      const before = loaded.ok && loaded.value?.includes('[Desktop Entry]') ? loaded.value : fresh;
      // What switched it off is taken back: this person wants it now.
      const after = writeKey(writeKey(writeKey(before, 'Hidden', null), 'X-GNOME-Autostart-enabled', 'true'), 'Exec', command);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFileAtomic(file, after);
      return { ok: true, value: { text: 'Airdock starts at login, without a window.' } };
    } catch (error) {
      return { ok: false, problem: cannot('write', error) };
    }
  }

  async function repair(): Promise<void> {
    const loaded = await load();
    if (!loaded.ok || loaded.value === null || !isOn(loaded.value)) return;
    const [program] = parseExec(readKey(loaded.value, 'Exec') ?? '');
    // One that is there may be another installation of Airdock: the person has chosen it.
    if (program !== undefined && (!path.isAbsolute(program) || (await exists(program)))) return;
    try {
      await writeFileAtomic(file, writeKey(loaded.value, 'Exec', command));
    } catch (error) {
      onFault(new Error(cannot('write', error).message));
    }
  }

  return {
    async read() {
      const loaded = await load();
      return loaded.ok
        ? { supported: true, on: loaded.value !== null && isOn(loaded.value), problem: null }
        : { supported: true, on: false, problem: loaded.problem };
    },
    set,
    repair,
  };
}

/** Desktops switch an entry off in two ways: as the specification has it, and as GNOME does. */
function isOn(text: string): boolean {
  return readKey(text, 'Exec') !== null && readKey(text, 'Hidden')?.toLowerCase() !== 'true' && readKey(text, 'X-GNOME-Autostart-enabled')?.toLowerCase() !== 'false';
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
