import type { ProgramUse } from '../../contract/index.ts';

/** What a process holds, in bytes. On Linux anon is RssAnon + RssShmem + VmSwap, file is RssFile. */
export interface Resident {
  anon: number;
  file: number;
  /** The part of `anon` that is swapped out: it takes no RAM now, so its end gives none back. Absent: none, or not known. */
  swapped?: number;
}

export interface VramReading {
  id: string;
  name: string;
  total: number;
  free: number;
}

/** One look at this computer's memory, in bytes. Where each figure comes from: docs/memory.md. */
export interface MemoryReading {
  /** Ms since the epoch. */
  at: number;
  total: number;
  /** What the OS, or the tightest cgroup above this process, would still give to a new program without swapping. */
  available: number;
  /** A cgroup's limit where that is below the machine's total. */
  cgroupLimit: number | null;
  /** Linux PSI avg10 in per cent; null elsewhere. */
  pressure: { some: number; full: number } | null;
  /** macOS's own word for how short it is; absent elsewhere, and where it does not tell. */
  level?: 'normal' | 'warning' | 'critical';
  /** By pid, for the pids asked for that could be read. A pid that is missing here has ended or may not be read. */
  processes: ReadonlyMap<number, Resident>;
  vram: VramReading[];
  /** When the devices were looked at, which is on refresh: mostly before `at`. Absent where there are none. */
  vramAt?: number;
  unified: boolean;
}

export interface MemoryReader {
  /** A cheap look: at most 100 µs of CPU on Linux with a handful of pids. Synchronous where the OS allows it; elsewhere the last reading, refreshed by `refresh`. */
  read(pids: readonly number[]): MemoryReading;
  /** Brings slow parts (VRAM, macOS, Windows) up to date. */
  refresh(pids: readonly number[]): Promise<void>;
  /** The programs that hold most RAM, largest first, without the pids given. Slow: for a refusal, not for a poll. */
  largestPrograms(count: number, except: readonly number[]): Promise<ProgramUse[]>;
  close(): void;
}

/** Remembers what models really take and how long they take to load. */
export interface LearnedStore {
  /** What this model took with this context and these settings, with what it has grown to and an unfaded correction after an out-of-memory failure. What was measured counts before what its server reported. */
  footprint(key: LearnKey): { ram: number; vram: Record<string, number>; source: KeptSource | 'estimated' } | null;
  recordFootprint(key: LearnKey, taken: { ram: number; vram: Record<string, number> }, source: KeptSource): void;
  /** The most that it was seen to take in one stay in memory. `sameStay`: a further figure of the stay that was recorded last. */
  recordStay(key: LearnKey, most: { ram: number; vram: Record<string, number> }, sameStay: boolean): void;
  /** True once: that its estimate was wrong has not been told yet. */
  tellOnce(key: LearnKey): boolean;
  /** After an out-of-memory failure: what it takes at least. Fades after a day. */
  recordCorrection(key: LearnKey, atLeast: { ram: number; vram: Record<string, number> }, at: number): void;
  /** What loading it (again) would most likely take, ms. */
  loadMs(weights: string): number | null;
  /** `again`: it has been in memory before since Airdock's start, so this is what it costs to have unloaded it. */
  recordLoad(weights: string, load: { ms: number; cold: boolean | null; again: boolean }): void;
  /** The context (tokens) that a model, by its id, was last used with where that was another than it would have had; null: not known. */
  context(model: string): number | null;
  recordContext(model: string, contextLength: number): void;
  /** Writes what has changed, atomically. */
  flush(): Promise<void>;
}

/** How a footprint that is remembered is known. */
export type KeptSource = 'measured' | 'reported';

export interface LearnKey {
  weights: string;
  contextLength: number | null;
  settings: string;
}
