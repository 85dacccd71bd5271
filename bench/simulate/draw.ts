import { GB, type Catalog, type Cost } from './trace.ts';

export const costModels = ['nvme', 'mixed', 'backend', 'equal'] as const;
export type CostModel = (typeof costModels)[number];

const SIZES_GB = [0.3, 0.6, 1, 1.3, 2, 2.5, 3.3, 4.7, 4.9, 5.2, 6.1, 8.5, 9, 9.3, 13, 14, 19, 20, 24, 40];
const LARGEST_SHARE = 0.8;
const FAST = 2;
const DISKS_GB_PER_S = [0.15, 0.5, 2, 2];
const STARTS_S = [0.5, 0.5, 5, 30];
const EQUAL_GB = 4;
const EQUAL_MS = 5000;

/**
 * A catalogue for the models of a trace, in the order of their names: the generator is mulberry32, begun with the seed. Each model takes one number for its size
 * and one for its disk or start, whether its cost model asks for that or not, so that the same seed gives the same sizes with each. Only with `equal` nothing is drawn.
 */
export function drawCatalog(models: readonly string[], seed: number, costs: CostModel, budgetBytes: number): Catalog {
  const random = mulberry32(seed);
  const sizes = SIZES_GB.filter((size) => size * GB <= LARGEST_SHARE * budgetBytes);
  const catalog = new Map<string, Cost>();
  for (const model of [...models].sort()) {
    const size = pick(random, sizes.length > 0 ? sizes : [SIZES_GB[0]!]);
    const turn = random();
    if (costs === 'equal') {
      catalog.set(model, { bytes: EQUAL_GB * GB, reloadMs: EQUAL_MS });
      continue;
    }
    const seconds = { nvme: () => 1 + size / FAST, mixed: () => 1 + size / at(DISKS_GB_PER_S, turn), backend: () => at(STARTS_S, turn) + size / FAST }[costs]();
    catalog.set(model, { bytes: Math.round(size * GB), reloadMs: Math.round(seconds * 1000) });
  }
  return catalog;
}

function pick(random: () => number, list: readonly number[]): number {
  return at(list, random());
}

function at(list: readonly number[], turn: number): number {
  return list[Math.floor(turn * list.length)]!;
}

export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
