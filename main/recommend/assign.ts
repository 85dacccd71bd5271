/** Up to so many models every set of them is tried: 4,096 sets. Beyond, the one that helps most files is taken next. */
const MOST_TRIED = 12;

export interface Acceptable {
  /** Ids of models that are right for the file, the best first. */
  accepts: readonly string[];
}

/**
 * A model for each file, so that the fewest have to be loaded for all of them; among such choices the one in which files
 * get the model that they want most, then the one with the fewest models. null: none is right. Pure.
 */
export function assign(files: readonly Acceptable[], isLoaded: (id: string) => boolean): (string | null)[] {
  const wishes = alike(files);
  const ids = [...new Set(files.flatMap(({ accepts }) => accepts))];
  const chosen = ids.length <= MOST_TRIED ? bestSet(ids, wishes, isLoaded) : greedySet(ids, wishes, isLoaded);
  return files.map(({ accepts }) => accepts.find((id) => chosen.has(id)) ?? null);
}

interface WishOf {
  accepts: readonly string[];
  /** How many files wish that. */
  count: number;
}

function alike(files: readonly Acceptable[]): WishOf[] {
  const found = new Map<string, WishOf>();
  for (const { accepts } of files) {
    if (accepts.length === 0) continue;
    const key = JSON.stringify(accepts);
    const known = found.get(key);
    if (known) known.count += 1;
    else found.set(key, { accepts, count: 1 });
  }
  return [...found.values()];
}

function bestSet(ids: readonly string[], wishes: readonly WishOf[], isLoaded: (id: string) => boolean): ReadonlySet<string> {
  let best: { set: ReadonlySet<string>; cost: readonly number[] } | null = null;
  for (let bits = 0; bits < 2 ** ids.length; bits++) {
    const set = new Set(ids.filter((_, index) => (bits >> index) & 1));
    const places = wishes.map(({ accepts }) => accepts.findIndex((id) => set.has(id)));
    if (places.includes(-1)) continue;
    const loads = [...set].filter((id) => !isLoaded(id)).length;
    const cost = [loads, places.reduce((sum, place, index) => sum + place * (wishes[index]?.count ?? 0), 0), set.size];
    if (best === null || isLess(cost, best.cost)) best = { set, cost };
  }
  return best?.set ?? new Set();
}

const isLess = (a: readonly number[], b: readonly number[]): boolean => {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at !== -1 && (a[at] ?? 0) < (b[at] ?? 0);
};

function greedySet(ids: readonly string[], wishes: readonly WishOf[], isLoaded: (id: string) => boolean): ReadonlySet<string> {
  const set = new Set(ids.filter(isLoaded));
  let open = wishes.filter(({ accepts }) => !accepts.some((id) => set.has(id)));
  while (open.length > 0) {
    const helps = new Map<string, number>();
    for (const { accepts, count } of open) accepts.forEach((id, place) => helps.set(id, (helps.get(id) ?? 0) + count - place / (accepts.length + 1) / 2));
    const [next] = [...helps].sort(([, a], [, b]) => b - a)[0] ?? [];
    if (next === undefined) break;
    set.add(next);
    open = open.filter(({ accepts }) => !accepts.includes(next));
  }
  return set;
}
