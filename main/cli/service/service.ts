import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { problem, type Outcome, type Problem } from '../../../contract/index.ts';
import { configHome } from '../../data/config-home.ts';
import { describeFileError, errorCode } from '../../data/file-errors.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import { agentLabel, agentMark, agentText } from './launchd.ts';
import { unitMark, unitName, unitText } from './systemd.ts';

export interface ServiceDeps {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  home: string;
  /** The user's number, for launchd. */
  uid: number;
  /** What the service runs, with absolute paths. */
  command: readonly string[];
  dataDir: string;
  /** Runs a program of the system; null: it worked, else what it said. */
  tell(program: string, args: readonly string[]): Promise<string | null>;
}

export interface Service {
  /** Writes the file and starts the service; a second time it brings both up to date. */
  install(): Promise<Outcome<{ text: string }>>;
  /** Takes back what `install` did; where nothing is, that is fine. */
  remove(): Promise<Outcome<{ text: string }>>;
}

/** What a system has for programs that run with a user's session. */
interface Kind {
  file: string;
  mark: string;
  text: string;
  /** What may fail: before what runs already is started anew. */
  reset: readonly (readonly string[])[];
  /** Before the file goes. */
  stop: readonly (readonly string[])[];
  /** In this order, after the file was written. */
  start: readonly (readonly string[])[];
  /** After the file has gone. */
  forget: readonly (readonly string[])[];
  /** More to know once it runs. */
  hint: string;
  /** How it starts where it could not be started now. */
  later: string;
}

export function createService(deps: ServiceDeps): Outcome<Service> {
  const kind = deps.platform === 'linux' ? systemd(deps) : deps.platform === 'darwin' ? launchd(deps) : null;
  if (kind === null) {
    return no(problem('not-found', 'Airdock sets up no service on Windows.', 'Use the desktop app’s "Start at login", or a task of the Task Scheduler that runs "airdock serve --no-open" when you log on.'));
  }
  if (deps.command.some((part) => /[\0\r\n]/.test(part))) return no(problem('bad-folder', 'A path with a line break in it cannot be written into a service file.'));
  return yes({ install: () => guarded(kind, () => install(kind, deps)), remove: () => guarded(kind, () => remove(kind, deps)) });
}

async function install(kind: Kind, { tell }: ServiceDeps): Promise<Outcome<{ text: string }>> {
  const { file, mark, text } = kind;
  const before = await read(file);
  if (before !== null && !before.includes(mark)) return no(foreign(file));
  const changed = before !== text;
  if (changed) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFileAtomic(file, text);
  }
  const written = before === null ? `Written: ${file}` : changed ? `Brought up to date: ${file}` : `Already there: ${file}`;
  if (before !== null) for (const call of kind.reset) await tell(call[0] ?? '', call.slice(1));
  for (const call of kind.start) {
    const failed = await tell(call[0] ?? '', call.slice(1));
    if (failed !== null) return no(problem('not-found', `${written}\nBut it could not be started: ${call.join(' ')}: ${failed}`, `${kind.later}\n${kind.start.map((one) => `  ${one.join(' ')}`).join('\n')}`));
  }
  return yes({ text: `${written}\nAirdock runs as a service, and starts with your session.\n${kind.hint}` });
}

async function remove(kind: Kind, { tell }: ServiceDeps): Promise<Outcome<{ text: string }>> {
  const { file, mark } = kind;
  const before = await read(file);
  if (before === null) return yes({ text: `No service was there (${file}).` });
  if (!before.includes(mark)) return no(foreign(file));
  const failures: string[] = [];
  const tellAll = async (calls: Kind['stop']): Promise<void> => {
    for (const call of calls) {
      const failed = await tell(call[0] ?? '', call.slice(1));
      if (failed !== null) failures.push(`${call.join(' ')}: ${failed}`);
    }
  };
  await tellAll(kind.stop);
  await rm(file, { force: true });
  await tellAll(kind.forget);
  const unsure = failures.length === 0 ? '' : `\nThe system could not be told, so it may run until your session ends:\n${failures.map((one) => `  ${one}`).join('\n')}`;
  return yes({ text: `Removed: ${file}${unsure}` });
}

function systemd({ env, home, command }: ServiceDeps): Kind {
  const systemctl = (...args: string[]): string[] => ['systemctl', '--user', ...args];
  return {
    file: path.join(configHome(env, home), 'systemd', 'user', unitName),
    mark: unitMark,
    text: unitText(command),
    // restart: a changed file, or a new Node, counts at once.
    start: [systemctl('daemon-reload'), systemctl('enable', unitName), systemctl('restart', unitName)],
    reset: [],
    stop: [systemctl('disable', '--now', unitName)],
    forget: [systemctl('daemon-reload')],
    hint: 'To let it run also while you are not logged in: loginctl enable-linger\nWhat it says: journalctl --user -u airdock',
    later: 'In a session of yours that systemd runs, this starts it:',
  };
}

function launchd({ home, uid, command, dataDir }: ServiceDeps): Kind {
  const file = path.join(home, 'Library', 'LaunchAgents', `${agentLabel}.plist`);
  const domain = `gui/${uid}`;
  return {
    file,
    mark: agentMark,
    text: agentText(command, path.join(dataDir, 'service.log')),
    // bootstrap refuses what is there already.
    reset: [['launchctl', 'bootout', `${domain}/${agentLabel}`]],
    start: [['launchctl', 'bootstrap', domain, file]],
    stop: [['launchctl', 'bootout', `${domain}/${agentLabel}`]],
    forget: [],
    hint: `Its errors: ${path.join(dataDir, 'service.log')}`,
    later: 'It starts at your next login, or now with:',
  };
}

async function read(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function guarded<T>({ file }: Kind, work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    const { code, words } = describeFileError(error);
    return no(problem(code, `${file} cannot be changed: ${words}.`));
  }
}

function foreign(file: string): Problem {
  return problem('bad-file', `${file} is there already, and Airdock did not write it.`, 'It was left alone. Move it away first.');
}

const yes = <T>(value: T): Outcome<T> => ({ ok: true, value });
const no = (cause: Problem): { ok: false; problem: Problem } => ({ ok: false, problem: cause });
