import { appendFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { problem, type Activity, type Problem } from '../../contract/index.ts';
import { readActivityFile } from './activity-file.ts';
import { describeFileError, errorCode } from './file-errors.ts';

export interface ActivityQuery {
  /** Only entries older than this id. */
  before?: number | undefined;
  /** Default 100. */
  limit?: number | undefined;
  /** Only entries about this model (its id), also as the one that another made room for. */
  model?: string | undefined;
}

export interface ActivityLog {
  /** Adds an entry and returns it with its id. Never waits for the disk: it is written within `batchMs`. */
  append(entry: Omit<Activity, 'id'>): Activity;
  /** Newest first. */
  query(query?: ActivityQuery): Activity[];
  /** The last entries about a model, newest first. However old: rotation carries some of every model along. */
  forModel(model: string, limit?: number): Activity[];
  /** Resolves when everything so far is on disk, or could not be put there. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface ActivityLogOptions {
  dir: string;
  /** Entries per file; two files are kept, and at most four times as many entries in memory. */
  keep?: number;
  batchMs?: number;
  now?: () => number;
  /** Told once when entries cannot be written (they stay in memory and are tried again), and again after that was over. */
  onProblem?: (problem: Problem) => void;
}

/** Of every model this many entries outlive rotation, so that "why is it not loaded?" keeps its answer; of so many models. */
const CARRIED_PER_MODEL = 3;
const CARRIED_MODELS = 300;
const RETRY_MS = 5000;

/**
 * The activity list as one JSON line per entry in `activity.jsonl`; a full file becomes `activity.1.jsonl`. Reads both at the start
 * (synchronously, some ms). Ids rise across restarts, and because they follow the clock also across entries that a crash lost.
 */
export function createActivityLog(options: ActivityLogOptions): ActivityLog {
  const { dir, keep = 2000, batchMs = 50, now = Date.now, onProblem } = options;
  const file = path.join(dir, 'activity.jsonl');
  const older = path.join(dir, 'activity.1.jsonl');

  const current = readActivityFile(file);
  let entries = inOrder([...readActivityFile(older).entries, ...current.entries]);
  let lastId = entries.at(-1)?.id ?? 0;
  let lines = current.lines;
  let oldestHere = current.entries[0]?.id ?? Infinity;
  let endsWhole = current.endsWhole;
  let pending: Activity[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let failing = false;

  async function writePending(): Promise<void> {
    while (pending.length > 0) {
      const batch = pending;
      pending = [];
      try {
        if (lines >= keep) await rotate();
        // A line that was cut off must not swallow the first of these.
        const text = `${endsWhole ? '' : '\n'}${serialize(batch)}`;
        endsWhole = false;
        await appendFile(file, text, { mode: 0o600 });
        endsWhole = true;
        lines += batch.length;
        oldestHere = Math.min(oldestHere, batch[0]?.id ?? Infinity);
        failing = false;
      } catch (error) {
        pending = [...batch, ...pending].slice(-keep);
        if (!failing) {
          failing = true;
          const { code, words } = describeFileError(error);
          onProblem?.(problem(code, `The activity list cannot be written to ${file}: ${words}.`, 'It is kept in memory meanwhile.'));
        }
        return;
      }
    }
  }

  /** What would vanish with the older file and is still of use goes to the end of this one first, so that a crash in between loses nothing. */
  async function rotate(): Promise<void> {
    const carried = lastOfEveryModel(entries, keep).filter((entry) => entry.id < oldestHere);
    if (carried.length > 0) await appendFile(file, `${endsWhole ? '' : '\n'}${serialize(carried)}`);
    await rename(file, older).catch((error: unknown) => {
      // Somebody removed it: nothing to keep.
      if (errorCode(error) !== 'ENOENT') throw error;
    });
    lines = 0;
    oldestHere = Infinity;
    endsWhole = true;
  }

  function schedule(): void {
    timer ??= setTimeout(() => void flush(), failing ? RETRY_MS : batchMs);
    timer.unref();
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing ??= writePending().finally(() => {
      writing = undefined;
      if (pending.length > 0) schedule();
    });
    return writing;
  }

  return {
    append(entry) {
      const stamped: Activity = { ...entry, id: Math.max(lastId + 1, Math.floor(now())) };
      lastId = stamped.id;
      entries.push(stamped);
      if (entries.length > 4 * keep) entries = compact(entries, keep);
      pending.push(stamped);
      if (pending.length > keep) pending.shift();
      schedule();
      return stamped;
    },
    query({ before = Infinity, limit = 100, model } = {}) {
      return newestFirst(entries, limit, (entry) => entry.id < before && (model === undefined || isAbout(entry, model)));
    },
    forModel: (model, limit = 10) => newestFirst(entries, limit, (entry) => isAbout(entry, model)),
    flush,
    async close() {
      await flush();
      await flush();
      clearTimeout(timer);
    },
  };
}

const isAbout = (entry: Activity, model: string): boolean => entry.model === model || entry.forModel === model;

function newestFirst(entries: readonly Activity[], limit: number, wanted: (entry: Activity) => boolean): Activity[] {
  const found: Activity[] = [];
  for (let index = entries.length - 1; index >= 0 && found.length < limit; index -= 1) {
    const entry = entries[index];
    if (entry && wanted(entry)) found.push(entry);
  }
  return found;
}

function inOrder(entries: readonly Activity[]): Activity[] {
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()].sort((a, b) => a.id - b.id);
}

function compact(entries: readonly Activity[], keep: number): Activity[] {
  return inOrder([...lastOfEveryModel(entries, keep), ...entries.slice(-2 * keep)]);
}

function lastOfEveryModel(entries: readonly Activity[], keep: number): Activity[] {
  const byModel = new Map<string, Activity[]>();
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (!entry?.model) continue;
    const last = byModel.get(entry.model);
    if (!last && byModel.size < Math.min(CARRIED_MODELS, keep)) byModel.set(entry.model, [entry]);
    else if (last && last.length < CARRIED_PER_MODEL) last.push(entry);
  }
  return inOrder([...byModel.values()].flat());
}

function serialize(entries: readonly Activity[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}
