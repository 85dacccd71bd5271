import { execFile } from 'node:child_process';

const LIMIT_MS = 2_000;
const name = 'org.kde.StatusNotifierWatcher';
const property = 'IsStatusNotifierHostRegistered';

/** Three programs that can ask the session bus; hardly a desktop has none of them. */
const questions: readonly [command: string, ...args: string[]][] = [
  ['gdbus', 'call', '--session', '--dest', name, '--object-path', '/StatusNotifierWatcher', '--method', 'org.freedesktop.DBus.Properties.Get', name, property],
  ['busctl', '--user', 'get-property', name, '/StatusNotifierWatcher', name, property],
  ['dbus-send', '--session', '--print-reply=literal', `--dest=${name}`, '/StatusNotifierWatcher', 'org.freedesktop.DBus.Properties.Get', `string:${name}`, `string:${property}`],
];

export interface TrayHostDeps {
  env: NodeJS.ProcessEnv;
  limitMs?: number;
}

/**
 * Whether this Linux desktop shows tray icons at this moment: one may come later than Airdock does at login, so ask when the answer
 * is needed. Where the bus does not tell, only GNOME is taken to have none: the others all bring their own.
 */
export async function trayHostPresent({ env, limitMs = LIMIT_MS }: TrayHostDeps): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  for (const [command, ...args] of questions) {
    const left = deadline - performance.now();
    if (left <= 0) break;
    const answer = await ask(command, args, env, left);
    if (answer !== null) return answer;
  }
  return !(env['XDG_CURRENT_DESKTOP'] ?? '').toUpperCase().split(':').includes('GNOME');
}

/** null: it could not be found out this way. */
function ask(command: string, args: readonly string[], env: NodeJS.ProcessEnv, timeout: number): Promise<boolean | null> {
  return new Promise((resolve) => {
    try {
      const options = { env: { ...env, LC_ALL: 'C' }, timeout, killSignal: 'SIGKILL', maxBuffer: 64 * 1024, windowsHide: true } as const;
      execFile(command, args, options, (error, stdout, stderr) => resolve(read(error === null, String(stdout), String(stderr))));
    } catch {
      // Not even started: out of processes, or an environment that cannot be passed on.
      resolve(null);
    }
  });
}

function read(worked: boolean, stdout: string, stderr: string): boolean | null {
  if (worked) return /\btrue\b/.test(stdout) ? true : /\bfalse\b/.test(stdout) ? false : null;
  // The bus is there, and nobody on it has to do with tray icons.
  return /ServiceUnknown|NameHasNoOwner|was not provided by any|has no owner/i.test(stderr) ? false : null;
}
