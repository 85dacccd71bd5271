import type { Problem } from '../../contract/index.ts';
import { createBoundedMap } from './bounded-map.ts';
import { type Amount, type ContextEntry, type FootprintEntry, LEARNED_VERSION, learnedFileSchema, type LearnedFile, type LoadEntry, type LoadKind, MAX_KEYS, MAX_LOADS, MAX_STAYS } from './learned-file.ts';
import type { LearnedStore, LearnKey } from './memory.ts';
import { openLearningFile } from './learning-file.ts';

const FADE_MS = 24 * 60 * 60 * 1000;
const WRITE_AFTER_MS = 2_000;
/** Long enough for who uses a model at weekends only, and an end to it: what is refused for its size cannot be measured anew. */
const STAY_FADE_MS = 7 * 24 * 60 * 60 * 1000;

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
 * A measurement replaces the one before, and what a server reports only what it reported before: it is taken right after a load, when models of
 * the same settings are alike. What a model grows to depends on what it is used for, so that counts at once where it is more, and falls
 * only when the last three stays in memory have all taken less: one short conversation says nothing about the next long one. It is forgotten
 * after a week without a stay. A correction without a measurement answers as an estimate.
 */
export function createLearnedStore({ file, now, onProblem = () => undefined }: LearnedStoreOptions): LearnedStore {
  const footprints = createBoundedMap<FootprintEntry>(MAX_KEYS);
  const loads = createBoundedMap<LoadEntry>(MAX_KEYS);
  const contexts = createBoundedMap<ContextEntry>(MAX_KEYS);
  const { content, writer } = openLearningFile<LearnedFile>({
    file,
    schema: learnedFileSchema,
    now,
    onProblem,
    words: { notRemembered: 'what models take is not remembered', anew: 'What models take had to be learned anew' },
    writeAfterMs: WRITE_AFTER_MS,
    next: () => ({ version: LEARNED_VERSION, footprints: footprints.values(), loads: loads.values(), contexts: contexts.values() }),
  });
  for (const entry of content?.footprints ?? []) footprints.set(keyOf(entry), entry);
  for (const entry of content?.loads ?? []) loads.set(entry.weights, entry);
  for (const entry of content?.contexts ?? []) contexts.set(entry.model, entry);

  const change = ({ weights, contextLength, settings }: LearnKey, part: Partial<FootprintEntry>) => {
    const key = keyOf({ weights, contextLength, settings });
    const old = footprints.get(key) ?? { weights, contextLength, settings, measured: null, reported: null, correction: null, stays: [], told: false };
    footprints.set(key, { ...old, ...part });
    writer.changed();
  };

  return {
    footprint(key) {
      const entry = footprints.get(keyOf(key));
      if (entry === undefined) return null;
      const correction = unfaded(entry, now());
      const grown = grownTo(entry, now());
      const measured = entry.measured ?? grown;
      if (measured !== null) return { ...larger(larger(measured, grown), correction), source: 'measured' };
      if (entry.reported !== null) return { ...larger(entry.reported, correction), source: 'reported' };
      return correction === null ? null : { ...larger(correction, null), source: 'estimated' };
    },
    recordFootprint(key, taken, source) {
      if (isAmount(taken)) change(key, { [source]: larger(taken, null) });
    },
    recordStay(key, most, sameStay) {
      if (!isAmount(most)) return;
      const stays = footprints.get(keyOf(key))?.stays ?? [];
      const before = sameStay ? stays.at(-1) : undefined;
      const stay = { most: larger(most, before?.most ?? null), at: now() };
      change(key, { stays: [...(before ? stays.slice(0, -1) : stays), stay].slice(-MAX_STAYS) });
    },
    tellOnce(key) {
      if (footprints.get(keyOf(key))?.told) return false;
      change(key, { told: true });
      return true;
    },
    recordCorrection(key, atLeast, at) {
      if (!isAmount(atLeast) || !Number.isFinite(at)) return;
      const old = footprints.get(keyOf(key));
      change(key, { correction: { atLeast: larger(atLeast, old === undefined ? null : unfaded(old, at)), at } });
    },
    loadMs(weights) {
      const entry = loads.get(weights);
      return entry === undefined ? null : median(entry[likeliest(entry)]);
    },
    recordLoad(weights, { ms, cold, again }) {
      if (!isSize(ms)) return;
      const kind: LoadKind = cold === null ? 'unknown' : cold ? 'cold' : 'warm';
      const old = loads.get(weights) ?? { weights, last: kind, cold: [], warm: [], unknown: [], reloads: [] };
      const reloads = again ? [...old.reloads, kind].slice(-MAX_LOADS) : old.reloads;
      loads.set(weights, { ...old, last: kind, reloads, [kind]: [...old[kind], Math.round(ms)].slice(-MAX_LOADS) });
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

function keyOf({ weights, contextLength, settings }: LearnKey): string {
  return JSON.stringify([weights, contextLength, settings]);
}

/** A correction from the future is one from before the clock was set back; it fades as well. */
function unfaded({ correction }: FootprintEntry, now: number): Amount | null {
  return correction !== null && Math.abs(now - correction.at) < FADE_MS ? correction.atLeast : null;
}

/** The most of its last stays in memory; null: none is known. */
function grownTo({ stays }: FootprintEntry, now: number): Amount | null {
  return stays.filter(({ at }) => Math.abs(now - at) < STAY_FADE_MS).reduce<Amount | null>((most, stay) => larger(stay.most, most), null);
}

/**
 * How it would be loaded next time: as most of its reloads were, at a tie as the later ones. The first load since a start is left out where
 * there are others: it is mostly cold, and says nothing of whether the file outlasts an unload in the page cache.
 */
function likeliest({ reloads, last }: LoadEntry): LoadKind {
  const count = (kind: LoadKind): number => reloads.filter((each) => each === kind).length;
  return reloads.reduce<LoadKind>((best, kind) => (count(kind) >= count(best) ? kind : best), reloads[0] ?? last);
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
