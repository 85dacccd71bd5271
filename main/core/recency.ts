/*
 * How many other models are used between two uses of the same one. It is counted for all models together, so it tells something of a model too that was
 * used only once, and of a round that is interrupted now and then. The figures behind the parameters are in docs/eviction.md.
 */

/** Models that are kept in the order of their last use; of what was used longer ago nothing is said here. */
export const MAX_LATEST = 32;
/** What is left of the counts after each use. */
export const RECENCY_FADE = 0.97;

export interface Recency {
  /** Numbers of the models used last, latest first. */
  readonly latest: readonly number[];
  /** By place in `latest`: how often the model that was used next had been there, faded. */
  readonly counts: readonly number[];
}

/** To begin with, what was used later is likelier to come back. The last model itself is not: that would be the same use. */
export const noRecency: Recency = { latest: [], counts: Array.from({ length: MAX_LATEST }, (_, place) => (place === 0 ? 0 : 1 / (place + 1))) };

export function recencyAfter({ latest, counts }: Recency, id: number): Recency {
  const place = latest.indexOf(id);
  return { latest: withLatest(latest, id), counts: counts.map((count, i) => count * RECENCY_FADE + (i === place ? 1 : 0)) };
}

/** `latest` once `id` is used. */
export function withLatest(latest: readonly number[], id: number): readonly number[] {
  return [id, ...latest.filter((other) => other !== id)].slice(0, MAX_LATEST);
}

/** Of `counts`, and one for what is not among the latest. */
function totalOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 1);
}

/** How likely `id` is used next. */
export function chanceOfReturn({ latest, counts }: Recency, id: number): number {
  const place = latest.indexOf(id);
  return place < 0 ? 0 : counts[place]! / totalOf(counts);
}

/**
 * How often the model of each place is used in the next steps, each step counting `stepWeight` of the one before: it comes to the front when it is used, falls behind by one when one
 * from behind it is, and stays where it is otherwise.
 */
export function returnsAhead(counts: readonly number[], steps: number, stepWeight: number): Float64Array {
  const total = totalOf(counts);
  const ahead = new Float64Array(counts.length + 1);
  for (let step = 0; step < steps; step++) {
    const front = ahead[0]!;
    let nearer = 0;
    for (let place = 0; place < counts.length; place++) {
      const chance = counts[place]! / total;
      ahead[place] = stepWeight * (chance * (1 + front) + nearer * ahead[place]! + (1 - nearer - chance) * ahead[place + 1]!);
      nearer += chance;
    }
  }
  return ahead;
}
