import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { blobName } from './model-facts.ts';

/** A process that holds one model for Ollama on this computer. */
export interface Runner {
  pid: number;
  /** Clock ticks since boot: with the pid it names one process for ever. */
  startTime: string;
  /** It runs as this user. */
  own: boolean;
  /** Its private HTTP port, where it is llama-server, which answers `/slots` there. */
  slotsPort: number | null;
  /** The Ollama server that started it. */
  parent: number;
  /** The weights that it was started with. */
  blobPath: string;
}

export interface ResidentBytes {
  anon: number;
  file: number;
}

export interface RunnerFinder {
  /** The one that has these weights, by path as the server sees it; null where there is none, or several. Walks all processes: not for every poll. */
  find(blobPath: string): Runner | null;
  /** Every runner on this computer. */
  all(): Runner[];
  /** Still the same process, and not a zombie. */
  isAlive(runner: Pick<Runner, 'pid' | 'startTime'>): boolean;
  /** RssAnon (with VmSwap) and RssFile. */
  resident(pid: number): ResidentBytes | null;
  /** Bytes that it has had read from a disk; null where that may not be seen. */
  diskReads(pid: number): number | null;
  /** How many processes the kernel has ended for want of memory since boot. */
  oomKills(): number | null;
  /** Whether the process belongs to a systemd unit of Ollama. */
  isSystemService(pid: number): boolean;
}

/** Reads /proc (Linux; see proc(5)). Elsewhere, or where /proc is hidden, everything is simply not found. */
export function createRunnerFinder(procRoot: string, uid: number | null): RunnerFinder {
  const read = (...parts: string[]): string | null => {
    try {
      return readFileSync(path.join(procRoot, ...parts), 'utf8');
    } catch {
      return null;
    }
  };

  function stat(pid: number): { state: string; parent: number; startTime: string } | null {
    const text = read(String(pid), 'stat');
    // The command in parentheses may itself hold blanks and parentheses.
    const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
    const state = fields?.[0];
    const startTime = fields?.[19];
    if (fields === undefined || state === undefined || startTime === undefined) return null;
    return { state, parent: Number(fields[1]), startTime };
  }

  function owner(pid: number): number | null {
    const uids = /^Uid:\s+(\d+)/m.exec(read(String(pid), 'status') ?? '')?.[1];
    return uids === undefined ? null : Number(uids);
  }

  /** `needle`: what the command line must contain, so that the other processes cost one small read each. */
  function scan(needle: string): Runner[] {
    let pids: string[];
    try {
      pids = readdirSync(procRoot).filter((name) => /^\d+$/.test(name));
    } catch {
      return [];
    }
    return pids.flatMap((name) => {
      const commandLine = read(name, 'cmdline');
      if (commandLine === null || !commandLine.includes(needle)) return [];
      const program = runnerProgram(commandLine.split('\0'));
      const pid = Number(name);
      const status = program === null ? null : stat(pid);
      if (program === null || status === null || isDead(status.state)) return [];
      return [{ pid, startTime: status.startTime, own: uid !== null && owner(pid) === uid, parent: status.parent, ...program }];
    });
  }

  return {
    find(blobPath) {
      const name = blobName(blobPath);
      const found = name === null ? [] : scan(name).filter((runner) => runner.blobPath === blobPath);
      return found.length === 1 ? (found[0] ?? null) : null;
    },
    all: () => scan('--model'),
    isAlive(runner) {
      const status = stat(runner.pid);
      return status !== null && status.startTime === runner.startTime && !isDead(status.state);
    },
    resident(pid) {
      const text = read(String(pid), 'status');
      if (text === null || !text.includes('RssAnon')) return null;
      const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
      return { anon: (kib('RssAnon') + kib('VmSwap')) * 1024, file: kib('RssFile') * 1024 };
    },
    diskReads(pid) {
      const bytes = /^read_bytes: (\d+)/m.exec(read(String(pid), 'io') ?? '')?.[1];
      return bytes === undefined ? null : Number(bytes);
    },
    oomKills() {
      const kills = /^oom_kill (\d+)/m.exec(read('vmstat') ?? '')?.[1];
      return kills === undefined ? null : Number(kills);
    },
    isSystemService: (pid) => /\/ollama\.service(?:\/|$)/m.test(read(String(pid), 'cgroup') ?? ''),
  };
}

export function createNoRunnerFinder(): RunnerFinder {
  const none = () => null;
  return { find: none, all: () => [], isAlive: () => false, resident: none, diskReads: none, oomKills: none, isSystemService: () => false };
}

/**
 * `…/llama-server --model <blob> … --port N` (0.30 and later) or `ollama runner … --model <blob> --port N`; another program with that file
 * on its command line is neither.
 */
function runnerProgram(args: readonly string[]): Pick<Runner, 'slotsPort' | 'blobPath'> | null {
  const program = path.basename(args[0] ?? '');
  const isServer = program === 'llama-server';
  if (!isServer && !(program === 'ollama' && args.includes('runner'))) return null;
  const blobPath = valueOf(args, '--model');
  if (blobPath === null || blobName(blobPath) === null) return null;
  const port = Number(valueOf(args, '--port') ?? NaN);
  return { blobPath, slotsPort: isServer && Number.isInteger(port) && port > 0 && port < 65536 ? port : null };
}

function valueOf(args: readonly string[], flag: string): string | null {
  const index = args.indexOf(flag);
  return index === -1 ? null : (args[index + 1] ?? null);
}

function isDead(state: string): boolean {
  return state === 'Z' || state === 'X';
}
