import { problem, type Download, type Outcome, type Problem } from '../../contract/index.ts';
import { createSpeed } from './speed.ts';

/** What a job tells while it runs. */
export interface JobReport {
  doneBytes: number;
  totalBytes: number | null;
  parts?: Download['parts'];
  checking?: boolean;
  fit?: Download['fit'];
}

export type JobEnd =
  | { ok: true; checksums?: Download['checksums'] }
  /** `kept`: what has come is still there, and the same job can go on. */
  | { ok: false; problem: Problem; kept: boolean };

export interface Job {
  kind: Download['kind'];
  /** One at a time of each. */
  source: string;
  /** The same thing, whoever asks for it. */
  key: string;
  /** What it writes; two that write the same would spoil each other's halves. */
  target: string;
  name: string;
  from: string;
  run(options: { signal: AbortSignal; report(report: JobReport): void }): Promise<JobEnd>;
  /** Removes what has been kept. */
  discard(): Promise<void>;
  /** What remains all the same, as a sentence. */
  leaves?: string;
}

export interface DownloadsDeps {
  now(): number;
  /** The picture has changed; called at most every `PUSH_MS` for progress alone. */
  onChange(): void;
  onEnd(download: Download, job: Job): void;
  onFault(fault: unknown): void;
}

const PUSH_MS = 250;
/** What has ended well, or failed, leaves the list by itself. */
const SHOWN_MS = 10 * 60_000;
const MOST_SHOWN = 50;

interface Entry {
  view: Download;
  job: Job;
  stop: AbortController | null;
  endedAt: number | null;
  ended: Promise<void> | null;
  /** What another has left where this one goes: removed before it begins. */
  instead: Job | null;
}

/** The one place where downloads run: a line for each source, progress, stopping, going on. */
export function createDownloads({ now, onChange, onEnd, onFault }: DownloadsDeps) {
  const entries = new Map<string, Entry>();
  let count = 0;
  let pushedAt = -Infinity;
  let closed = false;

  function change(entry: Entry, next: Partial<Download>): void {
    entry.view = { ...entry.view, ...next };
  }

  function start(entry: Entry): void {
    const stop = new AbortController();
    const speed = createSpeed();
    entry.stop = stop;
    change(entry, { state: 'running', problem: null, bytesPerSecond: null, msLeft: null });
    const report = ({ doneBytes, totalBytes, parts = null, checking = false, fit = null }: JobReport): void => {
      if (entry.stop !== stop || stop.signal.aborted) return;
      speed.add(now(), doneBytes);
      const bytesPerSecond = checking ? null : speed.bytesPerSecond();
      const left = totalBytes === null ? null : totalBytes - doneBytes;
      const changed = checking !== (entry.view.state === 'checking') || (fit === null) !== (entry.view.fit === null);
      change(entry, { state: checking ? 'checking' : 'running', doneBytes, totalBytes, parts, fit, bytesPerSecond, msLeft: left === null || !bytesPerSecond ? null : Math.round((left * 1000) / bytesPerSecond) });
      if (!changed && now() - pushedAt < PUSH_MS) return;
      pushedAt = now();
      onChange();
    };
    const { instead } = entry;
    entry.instead = null;
    const run = (): Promise<JobEnd> => entry.job.run({ signal: stop.signal, report });
    entry.ended = (instead === null ? run() : instead.discard().then(run))
      .catch((fault: unknown): JobEnd => {
        onFault(fault);
        return { ok: false, kept: false, problem: problem('internal', `Downloading ${entry.view.name} ended by a fault of Airdock.`) };
      })
      .then((end) => finish(entry, end));
  }

  function finish(entry: Entry, end: JobEnd): void {
    entry.stop = null;
    entry.endedAt = now();
    const over = { bytesPerSecond: null, msLeft: null, fit: null };
    if (end.ok) change(entry, { ...over, state: 'done', doneBytes: entry.view.totalBytes ?? entry.view.doneBytes, problem: null, checksums: end.checksums ?? [] });
    else change(entry, { ...over, state: end.kept || end.problem.code === 'cancelled' ? 'stopped' : 'failed', problem: end.problem.code === 'cancelled' ? null : end.problem });
    // Stopped with nothing kept is nothing to go on with.
    if (!end.ok && !end.kept && end.problem.code === 'cancelled') entries.delete(entry.view.id);
    onEnd(entry.view, entry.job);
    next();
    onChange();
  }

  /** Starts what is first in each line. */
  function next(): void {
    if (closed) return;
    const busy = new Set([...entries.values()].filter((entry) => entry.stop !== null).map((entry) => entry.job.source));
    for (const entry of entries.values()) {
      if (entry.view.state !== 'queued' || busy.has(entry.job.source)) continue;
      busy.add(entry.job.source);
      start(entry);
    }
  }

  /** Begins it, or goes on with the same one; who asks for what is under way gets that. */
  function add(job: Job, by: string, before?: { doneBytes: number; totalBytes: number | null }): Outcome<Download> {
    const all = [...entries.values()];
    const same = all.find((entry) => entry.job.key === job.key);
    if (same && (same.stop !== null || same.view.state === 'queued')) return { ok: true, value: same.view };
    const rivals = all.filter((entry) => entry !== same && entry.job.target === job.target);
    const under = rivals.find((entry) => entry.stop !== null || entry.view.state === 'queued');
    if (under) return { ok: false, problem: problem('bad-request', `Another ${job.name} is on its way, from ${under.view.from}.`, 'Let that one finish, or stop it first.') };
    // Who names another source means that one.
    const half = rivals.find((entry) => entry.view.state === 'stopped');
    if (half) entries.delete(half.view.id);
    // It goes to the end of the line.
    if (same) entries.delete(same.view.id);
    const view: Download = {
      id: same?.view.id ?? `d${++count}`,
      kind: job.kind,
      name: job.name,
      from: job.from,
      state: before ? 'stopped' : 'queued',
      doneBytes: before?.doneBytes ?? (same?.view.state === 'stopped' ? same.view.doneBytes : 0),
      totalBytes: before?.totalBytes ?? same?.view.totalBytes ?? null,
      bytesPerSecond: null,
      msLeft: null,
      parts: null,
      fit: null,
      checksums: [],
      problem: null,
      by,
      since: now(),
    };
    const entry: Entry = { view, job, stop: null, endedAt: before ? now() : null, ended: null, instead: half?.job ?? null };
    entries.set(view.id, entry);
    next();
    onChange();
    return { ok: true, value: entry.view };
  }

  function sweep(): void {
    const ended = [...entries.values()].filter((entry) => entry.endedAt !== null && entry.view.state !== 'stopped');
    for (const [index, entry] of ended.entries()) {
      if (now() - (entry.endedAt ?? 0) > SHOWN_MS || ended.length - index > MOST_SHOWN) entries.delete(entry.view.id);
    }
  }

  return {
    view(): Download[] {
      sweep();
      return [...entries.values()].map((entry) => entry.view);
    },

    add,

    /** One that was stopped, or has failed. */
    resume(id: string, by: string): Outcome<Download> {
      const entry = entries.get(id);
      if (!entry || entry.view.state === 'done') return { ok: false, problem: problem('not-found', 'That download is not there any more.') };
      return add(entry.job, by);
    },

    /** Resolves when it has stopped. */
    async stop(id: string, discard: boolean): Promise<Outcome<{ text: string }>> {
      const entry = entries.get(id);
      if (!entry) return { ok: false, problem: problem('not-found', 'That download is not there any more.') };
      const { name } = entry.view;
      const ran = entry.stop !== null;
      // It may be one that goes on, whose half lies there.
      if (entry.view.state === 'queued' && entry.view.doneBytes > 0) change(entry, { state: 'stopped' });
      else if (entry.view.state === 'queued') entries.delete(id);
      entry.stop?.abort();
      await entry.ended;
      const over = entry.view.state === 'done' || entry.view.state === 'failed';
      if (over && !ran) {
        entries.delete(id);
        onChange();
        return { ok: true, value: { text: `${name} left the list.` } };
      }
      if (over) return { ok: true, value: { text: entry.view.state === 'done' ? `${name} had just been downloaded.` : `Downloading ${name} had just failed.` } };
      if (discard) {
        entries.delete(id);
        await entry.job.discard();
      }
      next();
      onChange();
      const kept = !discard && entries.has(id);
      const remains = discard && entry.job.leaves !== undefined && entry.view.doneBytes > 0 ? ` ${entry.job.leaves}` : '';
      return { ok: true, value: { text: kept ? `Downloading ${name} was stopped. What has come is kept.` : `Downloading ${name} was stopped.${remains}` } };
    },

    async close(): Promise<void> {
      closed = true;
      for (const entry of entries.values()) entry.stop?.abort();
      await Promise.all([...entries.values()].map((entry) => entry.ended));
    },
  };
}
