import { randomUUID } from 'node:crypto';
import type { Server } from 'node:net';
import { problem, type Problem } from '../../contract/index.ts';
import { askAlive, listenAlive, aliveSocketPath } from './alive-socket.ts';
import { describeFileError } from './file-errors.ts';
import { isOneMachineOnly } from './file-system.ts';
import { findTop, generationPath, makeCandidate, nameCandidate, readFloor, readHolder, removeFolder, removeGeneration, sweep, writeFloor, writeHolder, type Holder } from './lock-files.ts';
import { identifySelf, judgeProcess, type ProcessIdentity } from './process-identity.ts';

/*
 * One owner per data directory. Node has no flock, a pid file alone is fooled by reused pids, a heartbeat by a laptop that
 * sleeps, and "delete the stale file, create mine" by two takers that do it at the same time. So nothing stale is ever
 * replaced; there are generations instead, folders `lock.1`, `lock.2`, … and the owner is the holder of the highest one.
 *
 *  - A generation comes into being complete, with its holder's identity inside, and only if its number is free (nameCandidate).
 *  - Whoever wants the lock looks for the highest generation N. Its holder runs: the lock is held. Its holder has ended or
 *    let go, which both stay true for ever: create N + 1. Of those who do this at the same time one succeeds.
 *  - Letting go is a mark inside the generation, not its removal: the highest generation always exists.
 *
 * Old generations must go some day, and then a taker that slept between looking and creating could create a number that was
 * used and removed. Therefore the owner of G, before it removes anything below G, writes G into `lock.floor`. A taker reads
 * the floor after it has created N + 1. If that number had been in use before, it had been removed, so a floor above it had
 * been written: the taker sees it and gives way. If not, it is the first and only holder of N + 1, nobody can have
 * gone beyond it, and nobody will as long as it lives. A crash at any point leaves a dead holder, a lower floor or a
 * nameless folder, all harmless. (Removing these files by hand under a running Airdock is the one way around it.)
 */

export interface Lock {
  /** Names this ownership; a later Airdock on the same directory has another. */
  instance: string;
  since: number;
  /** Tells others where this Airdock answers. */
  setUrl(url: string | null): void;
  /** Lets go; synchronous, so that it works in an exit handler. Does nothing the second time. */
  release(): void;
}

export interface HeldBy {
  pid: number;
  since: number;
  url: string | null;
  host: string;
  instance: string;
}

export type TakeOutcome = { ok: true; lock: Lock } | { ok: false; problem: Problem; heldBy: HeldBy | null };

export interface TakeOptions {
  instance?: string;
  now?: () => number;
  /** Awaited between looking and creating; tests hold a taker up here. */
  beforeCreate?: () => Promise<void>;
}

const MAX_ATTEMPTS = 200;

/**
 * Takes the lock of a data directory for this process, until `release` or its end, whatever ends it. Fails with
 * `already-running` and the holder where another Airdock has it, with `bad-folder` or `disk-full` where files cannot be written.
 */
export async function takeLock(dir: string, options: TakeOptions = {}): Promise<TakeOutcome> {
  const now = options.now ?? Date.now;
  const self = await identifySelf();
  try {
    // Every further attempt is owed to somebody else who got ahead, so this ends as soon as one of them stays.
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const { top, next } = findTop(dir);
      if (top !== null) {
        const held = await readAndJudge(dir, top, self);
        if (held === 'changed') continue;
        if (held !== 'free') return { ok: false, ...refusal(dir, top, held.holder, held.certain) };
      }
      await options.beforeCreate?.();
      const holder: Holder = { format: 1, process: self, instance: options.instance ?? randomUUID(), since: now(), url: null, released: false };
      const taken = await create(dir, next, holder);
      if (taken) return { ok: true, lock: taken };
    }
    return { ok: false, heldBy: null, problem: problem('already-running', 'Too many Airdocks start in this data folder at once.', 'Try again.') };
  } catch (error) {
    const { code, words } = describeFileError(error);
    return { ok: false, heldBy: null, problem: problem(code, `Airdock cannot lock its data folder ${dir}: ${words}.`) };
  }
}

/** Who has the lock now, without taking it; null: nobody. Where it cannot be told whether the holder runs, it counts as running. */
export async function findHolder(dir: string): Promise<HeldBy | null> {
  try {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const { top } = findTop(dir);
      if (top === null) return null;
      const held = await readAndJudge(dir, top, await identifySelf());
      if (held === 'changed') continue;
      return held === 'free' ? null : heldBy(held.holder);
    }
  } catch {
    return null;
  }
  return null;
}

async function create(dir: string, generation: number, holder: Holder): Promise<Lock | null> {
  const candidate = makeCandidate(dir, holder);
  const socket = holder.process.platform === 'linux' ? await listenAlive(aliveSocketPath(candidate)) : null;
  const give = (): null => {
    socket?.close();
    return null;
  };
  if (!nameCandidate(dir, candidate, generation)) {
    removeFolder(candidate);
    return give();
  }
  if (readFloor(dir) > generation) {
    removeGeneration(dir, generation);
    return give();
  }
  try {
    writeFloor(dir, generation);
    sweep(dir, generation);
  } catch {
    // A full disk, say: the old generations stay for the next owner to remove.
  }
  return ownership(dir, generation, holder, socket);
}

function ownership(dir: string, generation: number, initial: Holder, socket: Server | null): Lock {
  let holder = initial;
  const update = (change: Partial<Holder>): void => {
    if (holder.released) return;
    holder = { ...holder, ...change };
    try {
      writeHolder(dir, generation, holder);
    } catch {
      // Without the mark the lock frees itself when this process ends.
    }
  };
  return {
    instance: holder.instance,
    since: holder.since,
    setUrl: (url) => update({ url }),
    release: () => {
      update({ released: true, url: null });
      socket?.close();
    },
  };
}

type Judged = 'free' | 'changed' | { holder: Holder; certain: boolean };

async function readAndJudge(dir: string, generation: number, self: ProcessIdentity): Promise<Judged> {
  const read = readHolder(dir, generation);
  if (read.kind === 'missing') return 'changed';
  // Holders are written whole, so only a power cut or a disk error leaves one that cannot be read: its writer is gone.
  if (read.kind === 'unreadable') return 'free';
  const { holder } = read;
  if (holder.released) return 'free';
  const verdict = await judgeProcess(holder.process, self);
  if (verdict === 'gone') return 'free';
  if (verdict === 'earlier-boot') return isOneMachineOnly(dir) ? 'free' : { holder, certain: false };
  if (verdict === 'elsewhere') {
    const answer = await askAlive(aliveSocketPath(generationPath(dir, generation)));
    return answer === 'gone' ? 'free' : { holder, certain: answer === 'alive' };
  }
  return { holder, certain: verdict === 'alive' };
}

function heldBy(holder: Holder): HeldBy {
  return { pid: holder.process.pid, since: holder.since, url: holder.url, host: holder.process.host, instance: holder.instance };
}

function refusal(dir: string, generation: number, holder: Holder, certain: boolean): { problem: Problem; heldBy: HeldBy } {
  const { pid, host } = holder.process;
  const message = certain
    ? `Airdock already runs with this data folder (process ${pid}).`
    : `This data folder belongs to an Airdock on ${host} (process ${pid}), and it cannot be told from here whether that still runs.`;
  const hint = certain
    ? 'Use that one, or start this one with another --data-dir.'
    : `If it has ended, remove ${generationPath(dir, generation)} and start again; otherwise choose another --data-dir.`;
  return { problem: problem('already-running', message, hint), heldBy: heldBy(holder) };
}
