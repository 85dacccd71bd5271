import type { OptimumOptions } from './optimum.ts';
import type { Request } from './trace.ts';

/** Rounds of bringing prices closer; each improves the bound less than the one before. */
const ROUNDS = 1500;
/** Rounds without a better bound after which smaller steps are taken. */
const PATIENCE = 20;

/**
 * Load seconds that every policy needs at least, for replays of any size; how far below the optimum it is is not known.
 *
 * Why no policy needs less: let each request of a model be a *turn*. Between two turns of a model it is either kept (x = 1), which saves its load, or not (x = 0). While the turn t of another
 * model runs, what is kept over it fits beside that model: Σ size · x ≤ room(t), and Σ x ≤ places(t). So a policy needs (all turns loaded) − Σ cost · x. For any prices p(t), q(t) ≥ 0
 *   Σ cost · x ≤ Σ cost · x + Σ p(t) · (room(t) − Σ size · x) + Σ q(t) · (places(t) − Σ x)
 *             ≤ Σ max(0, cost − size · Σ p(t) − Σ q(t)) + Σ p(t) · room(t) + Σ q(t) · places(t),
 * the inner sums over the turns between. The right side has no x any more, so it holds for every policy, whatever the prices; good prices only make it closer. They are
 * found by raising the price of turns at which more would be kept than fits and lowering the others (a subgradient).
 */
export function lowerBound(requests: readonly Request[], { catalog, budgetBytes, places }: OptimumOptions): number {
  const turns = requests.filter(({ model }, i) => model !== requests[i - 1]?.model).map(({ model }) => ({ model, ...catalog.get(model)! }));
  const count = turns.length;
  const largest = turns.reduce((most, { bytes }) => Math.max(most, bytes), 1);
  const room = Float64Array.from(turns, ({ bytes }) => (budgetBytes - bytes) / largest);
  const beside = places === null ? Infinity : places - 1;

  const lastTurn = new Map<string, number>();
  const keeps: { from: number; to: number; size: number; cost: number }[] = [];
  let all = 0;
  let first = 0;
  turns.forEach(({ model, bytes, reloadMs }, to) => {
    const from = lastTurn.get(model);
    if (from === undefined) first += reloadMs;
    else keeps.push({ from, to, size: bytes / largest, cost: reloadMs });
    all += reloadMs;
    lastTurn.set(model, to);
  });

  const prices = new Float64Array(count);
  const placePrices = new Float64Array(count);
  const sums = new Float64Array(count + 1);
  const placeSums = new Float64Array(count + 1);
  const left = new Float64Array(count);
  const placesLeft = new Float64Array(count);
  let least = Infinity;
  let scale = 1;
  let since = 0;
  for (let round = 0; round < ROUNDS && scale > 1e-4; round++) {
    let saved = 0;
    for (let t = 0; t < count; t++) {
      sums[t + 1] = sums[t]! + prices[t]!;
      placeSums[t + 1] = placeSums[t]! + placePrices[t]!;
      saved += prices[t]! * room[t]! + (beside === Infinity ? 0 : placePrices[t]! * beside);
    }
    left.fill(0);
    placesLeft.fill(0);
    let keptCost = 0;
    for (const { from, to, size, cost } of keeps) {
      const gain = cost - size * (sums[to]! - sums[from + 1]!) - (placeSums[to]! - placeSums[from + 1]!);
      if (gain <= 0) continue;
      saved += gain;
      keptCost += cost;
      left[from + 1]! += size;
      left[to]! -= size;
      placesLeft[from + 1]! += 1;
      placesLeft[to]! -= 1;
    }
    if (saved < least * (1 - 1e-6)) since = 0;
    else if (++since >= PATIENCE) {
      scale /= 2;
      since = 0;
    }
    least = Math.min(least, saved);
    let length = 0;
    let held = 0;
    let heldPlaces = 0;
    for (let t = 0; t < count; t++) {
      held += left[t]!;
      heldPlaces += placesLeft[t]!;
      left[t] = room[t]! - held;
      placesLeft[t] = beside === Infinity ? 0 : beside - heldPlaces;
      // What is free at no price cannot become cheaper.
      if (prices[t] === 0 && left[t]! > 0) left[t] = 0;
      if (placePrices[t] === 0 && placesLeft[t]! > 0) placesLeft[t] = 0;
      length += left[t]! ** 2 + placesLeft[t]! ** 2;
    }
    if (length === 0) break;
    const step = (scale * Math.max(saved - Math.min(least, keptCost) * 0.9, saved * 0.01)) / length;
    for (let t = 0; t < count; t++) {
      prices[t] = Math.max(0, prices[t]! - step * left[t]!);
      placePrices[t] = Math.max(0, placePrices[t]! - step * placesLeft[t]!);
    }
  }
  // A millisecond less: what was summed up in floating point may be off by that.
  return Math.max(first, Math.floor(all - least - 1)) / 1000;
}
