import { existsSync, readFileSync, renameSync } from 'node:fs';
import { type Problem, problem } from '../../contract/index.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { createBoundedMap } from './bounded-map.ts';
import { createDebouncedWriter } from './debounced-writer.ts';
import { type Amount, type ContextEntry, type FootprintEntry, LEARNED_VERSION, learnedFileSchema, type LearnedFile, type LoadEntry, MAX_KEYS, MAX_LOADS } from './learned-file.ts';
import type { LearnedStore, LearnKey } from './memory.ts';

const FADE_MS = 24 * 60 * 60 * 1000;
const WRITE_AFTER_MS = 2_000;

export interface LearnedStoreOptions {
  /** A JSON file in an existing folder. */
  file: string;
  /** Ms since the epoch. */
  now: () => number;
  /** A file that was set aside, or cannot be written. Called at most once per cause. */
  onProblem?: (problem: Problem) => void;
}

/**
 * Reads what was learned and keeps it on disk; changes are written after two seconds, and by `flush`, which never rejects.
 * A file that is damaged, or of a newer Airdock, is moved to `<file>.broken-<time>` and learning starts again.
 *
 * A measurement replaces the one before, and what a server reports only what it reported before: record the largest that was seen while the model was loaded, never a resident size
 * that fell (the kernel takes mapped weights back when RAM is short). A correction without a measurement answers as an estimate.
 */
export function createLearnedStore({ file, now, onProblem = () => undefined }: LearnedStoreOptions): LearnedStore {
  const footprints = createBoundedMap<FootprintEntry>(MAX_KEYS);
  const loads = createBoundedMap<LoadEntry>(MAX_KEYS);
  const contexts = createBoundedMap<ContextEntry>(MAX_KEYS);
  const { content, writable } = readLearned(file, now, onProblem);
  for (const entry of content.footprints) footprints.set(keyOf(entry), entry);
  for (const entry of content.loads) loads.set(entry.weights, entry);
  for (const entry of content.contexts) contexts.set(entry.model, entry);

  let lastCause: string | null = null;
  const write = async () => {
    const next: LearnedFile = { version: LEARNED_VERSION, footprints: footprints.values(), loads: loads.values(), contexts: contexts.values() };
    if (writable) await writeFileAtomic(file, JSON.stringify(next), { mode: 0o600 });
    lastCause = null;
  };
  const writer = createDebouncedWriter(write, WRITE_AFTER_MS, (error) => {
    const found = writeProblem(file, error);
    if (found.message !== lastCause) onProblem(found);
    lastCause = found.message;
  });

  const change = (key: LearnKey, part: Partial<Pick<FootprintEntry, 'measured' | 'reported' | 'correction'>>) => {
    const { weights, contextLength, settings } = key;
    const old = footprints.get(keyOf(key));
    footprints.set(keyOf(key), { weights, contextLength, settings, measured: old?.measured ?? null, reported: old?.reported ?? null, correction: old?.correction ?? null, ...part });
    writer.changed();
  };

  return {
    footprint(key) {
      const entry = footprints.get(keyOf(key));
      if (entry === undefined) return null;
      const correction = unfaded(entry, now());
      for (const source of ['measured', 'reported'] as const) {
        const taken = entry[source];
        if (taken !== null) return { ...larger(taken, correction), source };
      }
      return correction === null ? null : { ...larger(correction, null), source: 'estimated' };
    },
    recordFootprint(key, taken, source) {
      if (isAmount(taken)) change(key, { [source]: larger(taken, null) });
    },
    recordCorrection(key, atLeast, at) {
      if (!isAmount(atLeast) || !Number.isFinite(at)) return;
      const old = footprints.get(keyOf(key));
      change(key, { correction: { atLeast: larger(atLeast, old === undefined ? null : unfaded(old, at)), at } });
    },
    loadMs(weights) {
      const entry = loads.get(weights);
      return entry === undefined ? null : median(entry[entry.last]);
    },
    recordLoad(weights, ms, cold) {
      if (!isSize(ms)) return;
      const kind = cold === null ? 'unknown' : cold ? 'cold' : 'warm';
      const old = loads.get(weights) ?? { weights, last: kind, cold: [], warm: [], unknown: [] };
      loads.set(weights, { ...old, last: kind, [kind]: [...old[kind], Math.round(ms)].slice(-MAX_LOADS) });
      writer.changed();
    },
    context: (model) => contexts.get(model)?.contextLength ?? null,
    recordContext(model, contextLength) {
      if (!Number.isInteger(contextLength) || contextLength < 1 || contexts.get(model)?.contextLength === contextLength) return;
      contexts.set(model, { model, contextLength });
      writer.changed();
    },
    flush: () => writer.flush(),
  };
}

function readLearned(file: string, now: () => number, onProblem: (problem: Problem) => void): { content: LearnedFile; writable: boolean } {
  const empty: LearnedFile = { version: LEARNED_VERSION, footprints: [], loads: [], contexts: [] };
  try {
    return { content: learnedFileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), writable: true };
  } catch {
    if (!existsSync(file)) return { content: empty, writable: true };
  }
  const aside = `${file}.broken-${new Date(now()).toISOString().replace(/[-:.]/g, '')}`;
  try {
    renameSync(file, aside);
  } catch {
    // Rather learn nothing lasting than write over a file that could be neither read nor moved.
    onProblem(problem('bad-file', `${file} could not be read, so what models take is not remembered.`, 'Check the permissions of the file and its folder, then start Airdock again.'));
    return { content: empty, writable: false };
  }
  onProblem(problem('bad-file', `What models take had to be learned anew: ${file} was damaged.`, `The old file is kept as ${aside}.`));
  return { content: empty, writable: true };
}

function writeProblem(file: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOSPC' || code === 'EDQUOT') return problem('disk-full', `The disk is full: ${file} could not be written.`, 'Free some space; Airdock tries again with the next change.');
  return problem('internal', `${file} could not be written${typeof code === 'string' ? ` (${code})` : ''}.`, 'Check the permissions of the file and its folder.');
}

function keyOf({ weights, contextLength, settings }: LearnKey): string {
  return JSON.stringify([weights, contextLength, settings]);
}

/** A correction from the future is one from before the clock was set back; it fades as well. */
function unfaded({ correction }: FootprintEntry, now: number): Amount | null {
  return correction !== null && Math.abs(now - correction.at) < FADE_MS ? correction.atLeast : null;
}

/** The larger figure of each pool. */
function larger(a: Amount, b: Amount | null): Amount {
  const vram = { ...a.vram };
  for (const [device, size] of Object.entries(b?.vram ?? {})) vram[device] = Math.max(vram[device] ?? 0, size);
  return { ram: Math.max(a.ram, b?.ram ?? 0), vram };
}

function isAmount({ ram, vram }: Amount): boolean {
  return isSize(ram) && Object.values(vram).every(isSize);
}

function isSize(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)];
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  return high === undefined || low === undefined ? null : (low + high) / 2;
}
