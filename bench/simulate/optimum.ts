import type { Catalog, Request } from './trace.ts';

export const MAX_MODELS = 16;

export interface OptimumOptions {
  catalog: Catalog;
  budgetBytes: number;
  places: number | null;
}

/**
 * The fewest load seconds that any policy could have needed, with all requests known beforehand: a dynamic programme over the sets of models in
 * memory. Exact. At a miss only sets of victims are tried that are minimal (unloading more never helps: it can be done later), and models that are
 * never requested again go for nothing. Null where there are more than `MAX_MODELS` models.
 */
export function optimum(requests: readonly Request[], { catalog, budgetBytes, places }: OptimumOptions): number | null {
  const models = [...new Set(requests.map(({ model }) => model))];
  if (models.length > MAX_MODELS) return null;
  const index = new Map(models.map((model, i) => [model, i]));
  const bytes = models.map((model) => catalog.get(model)!.bytes);
  const cost = models.map((model) => catalog.get(model)!.reloadMs);
  const runs = requests.map(({ model }) => index.get(model)!).filter((m, i, all) => m !== all[i - 1]);
  const lastRun = models.map((_, m) => runs.lastIndexOf(m));
  const heldBy = sums(bytes);
  const limit = places ?? Infinity;

  let states = new Map<number, number>([[0, 0]]);
  runs.forEach((m, at) => {
    const bit = 1 << m;
    let needed = 0;
    for (let i = 0; i < models.length; i++) if (lastRun[i]! > at) needed |= 1 << i;
    const next = new Map<number, number>();
    const reach = (set: number, ms: number): void => {
      const kept = set & needed;
      if (ms < (next.get(kept) ?? Infinity)) next.set(kept, ms);
    };
    for (const [set, ms] of states) {
      if (set & bit) {
        reach(set, ms);
        continue;
      }
      const fits = (rest: number): boolean => heldBy(rest) + bytes[m]! <= budgetBytes && countOf(rest) + 1 <= limit;
      for (const rest of maximal(set, fits)) reach(rest | bit, ms + cost[m]!);
    }
    states = next;
  });
  return Math.round(Math.min(...states.values())) / 1000;
}

/** The largest subsets that fit: those to which nothing of `set` could be added. */
function maximal(set: number, fits: (rest: number) => boolean): number[] {
  if (fits(set)) return [set];
  const found: number[] = [];
  for (let rest = (set - 1) & set; ; rest = (rest - 1) & set) {
    if (fits(rest)) {
      let more = false;
      for (let left = set & ~rest; left !== 0 && !more; left &= left - 1) more = fits(rest | (left & -left));
      if (!more) found.push(rest);
    }
    if (rest === 0) return found;
  }
}

function sums(bytes: readonly number[]): (set: number) => number {
  const known = new Float64Array(2 ** bytes.length);
  for (let set = 1; set < known.length; set++) {
    const low = 31 - Math.clz32(set & -set);
    known[set] = known[set & (set - 1)]! + bytes[low]!;
  }
  return (set) => known[set]!;
}

function countOf(set: number): number {
  let count = 0;
  for (let left = set; left !== 0; left &= left - 1) count++;
  return count;
}
