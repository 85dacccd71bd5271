import { domainOf, freeRam, ramHeld, reservedIn, slotsIn } from '../core/room.ts';
import type { CoreState, Job, WeightsKey } from '../core/types.ts';
import { readAhead, type ReadAhead } from '../providers/read-ahead.ts';

export interface PrefetchDeps {
  /** The settings want it, and this system is one where it helps. */
  enabled(): boolean;
  state(): CoreState;
  /** Files of a model that can be read here; none: nothing is read. */
  filesOf(provider: string, weights: WeightsKey): readonly string[];
  read?: typeof readAhead;
}

interface Reading {
  /** Number of the job that it is read for: a later one is another load. */
  seq: number;
  stop: AbortController;
  ahead: ReadAhead;
}

/**
 * Reads the file of a model that is to be loaded into the page cache: from when its room is booked and others begin to leave, until they have left and its load begins. What
 * is read ahead changes nothing of what is decided, so the core does not know of it: this follows the core's state.
 */
export function createPrefetch({ enabled, state, filesOf, read = readAhead }: PrefetchDeps) {
  /** By weights, for as long as their job is there: no file is read twice for one load. */
  const readings = new Map<WeightsKey, Reading>();

  function begin(job: Job, provider: string): void {
    const files = filesOf(provider, job.key);
    const stop = new AbortController();
    const none: ReadAhead = { done: Promise.resolve('unreadable'), fromDisk: () => null };
    const ahead = files.length === 0 ? none : read({ files, signal: stop.signal, room: () => roomFor(state(), job.key) });
    readings.set(job.key, { seq: job.seq, stop, ahead });
  }

  return {
    /** After each change of the state. */
    see(now: CoreState): void {
      if (readings.size === 0 && now.jobs.size === 0) return;
      const on = enabled();
      for (const [key, { seq, stop }] of readings) {
        const job = now.jobs.get(key);
        // As soon as its own process starts, both would want the same disk, and the same cores: measured, that costs what it saves.
        if (!on || job?.seq !== seq || job.state !== 'reserved') stop.abort();
        if (job?.seq !== seq) readings.delete(key);
      }
      if (!on || [...readings.values()].some(({ stop }) => !stop.signal.aborted)) return;
      const next = [...now.jobs.values()].filter((job) => !readings.has(job.key) && isDue(now, job)).sort((a, b) => a.seq - b.seq)[0];
      const model = next && now.catalog.byId.get(next.modelId);
      if (next && model) begin(next, model.provider);
    },
    /** Bytes of a model's file that were read from a disk ahead of its load in progress; null: none, or not known. */
    fromDisk: (key: WeightsKey): number | null => readings.get(key)?.ahead.fromDisk() ?? null,
    stop(): void {
      for (const { stop } of readings.values()) stop.abort();
    },
  };
}

/** Its room is booked, and somebody leaves for it. What is loaded anew with another context is in the page cache already. */
function isDue(state: CoreState, job: Job): boolean {
  const model = state.catalog.byId.get(job.modelId);
  if (job.state !== 'reserved' || job.tryOnce || !model || domainOf(state, model.provider) !== 'host' || state.slots.has(job.key)) return false;
  const slots = slotsIn(state, 'host');
  // A load in progress has the disk to itself.
  return slots.some((slot) => slot.state === 'unloading') && !slots.some((slot) => slot.state === 'loading');
}

/**
 * Bytes of its file that fit beside what is there: the free room for models, in which mapped weights count in full although the kernel would give them
 * away. Of those who leave, the mapped part may go at once.
 */
export function roomFor(state: CoreState, key: WeightsKey): number {
  let room = freeRam(state, 'host') ?? 0;
  for (const job of reservedIn(state, 'host')) if (job.key !== key) room -= job.need.ram;
  for (const slot of slotsIn(state, 'host')) {
    const resident = state.memory?.resident.get(slot.key);
    if (slot.state === 'unloading' && resident) room += ramHeld(state, slot) - resident.anon;
  }
  return room;
}
