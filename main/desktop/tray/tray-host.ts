import { execFile } from 'node:child_process';

const LIMIT_MS = 2_000;
const name = 'org.kde.StatusNotifierWatcher';
const property = 'IsStatusNotifierHostRegistered';

/** Three programs that can ask the session bus; hardly a desktop has none of them. The first one gets all there is to know by one question. */
const questions: readonly [command: string, ...args: string[]][] = [
  ['gdbus', 'call', '--session', '--dest', name, '--object-path', '/StatusNotifierWatcher', '--method', 'org.freedesktop.DBus.Properties.GetAll', name],
  ['busctl', '--user', 'get-property', name, '/StatusNotifierWatcher', name, property],
  ['dbus-send', '--session', '--print-reply=literal', `--dest=${name}`, '/StatusNotifierWatcher', 'org.freedesktop.DBus.Properties.Get', `string:${name}`, `string:${property}`],
];

export interface TrayHostDeps {
  env: NodeJS.ProcessEnv;
  /** Whose icon is looked for. */
  pid?: number;
  limitMs?: number;
}

export interface TrayHost {
  /** Whether the desktop shows tray icons at all. */
  present: boolean;
  /** Whether it knows of ours; null: it does not say. */
  ours: boolean | null;
}

/**
 * Whether this Linux desktop shows tray icons at this moment: one may come later than Airdock does at login, so ask when the answer
 * is needed. Where the bus does not tell, only GNOME is taken to have none: the others all bring their own.
 */
export async function findTrayHost({ env, pid = process.pid, limitMs = LIMIT_MS }: TrayHostDeps): Promise<TrayHost> {
  const deadline = performance.now() + limitMs;
  for (const [command, ...args] of questions) {
    const left = deadline - performance.now();
    if (left <= 0) break;
    const answer = await ask(command, args, env, Math.ceil(left), pid);
    if (answer !== null) return answer;
  }
  return { present: !(env['XDG_CURRENT_DESKTOP'] ?? '').toUpperCase().split(':').includes('GNOME'), ours: null };
}

/** null: it could not be found out this way. */
function ask(command: string, args: readonly string[], env: NodeJS.ProcessEnv, timeout: number, pid: number): Promise<TrayHost | null> {
  return new Promise((resolve) => {
    try {
      const options = { env: { ...env, LC_ALL: 'C' }, timeout, killSignal: 'SIGKILL', maxBuffer: 64 * 1024, windowsHide: true } as const;
      execFile(command, args, options, (error, stdout, stderr) => resolve(read(error === null, String(stdout), String(stderr), pid)));
    } catch {
      // Not even started: out of processes, or an environment that cannot be passed on.
      resolve(null);
    }
  });
}

function read(worked: boolean, stdout: string, stderr: string, pid: number): TrayHost | null {
  if (worked) {
    const said = new RegExp(`'${property}': <(true|false)>`).exec(stdout)?.[1] ?? /^\W*(?:b|variant\s+boolean) (true|false)\b/.exec(stdout)?.[1];
    return said === undefined ? null : { present: said === 'true', ours: oursIn(stdout, pid) };
  }
  // The bus is there, and nobody on it has to do with tray icons.
  return /ServiceUnknown|NameHasNoOwner|was not provided by any|has no owner/i.test(stderr) ? { present: false, ours: false } : null;
}

/** An icon goes by the process that has it, or by a name of the bus that tells nobody whose it is: so only an empty list is a no. */
function oursIn(stdout: string, pid: number): boolean | null {
  const items = /'RegisteredStatusNotifierItems': <(?:@as )?\[([^\]]*)\]>/.exec(stdout)?.[1];
  if (items === undefined) return null;
  if (items.trim() === '') return false;
  return items.includes(`StatusNotifierItem-${pid}-`) ? true : null;
}
