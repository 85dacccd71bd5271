import type { InstalledModel } from '../../contract/index.ts';
import type { InstalledStatus } from './installed-status.ts';

export const installedOrders = ['fit', 'name', 'size', 'used'] as const;
export type InstalledOrder = (typeof installedOrders)[number];

const fits: Record<InstalledModel['fit']['kind'], number> = { loaded: 0, fits: 1, evicts: 2, waits: 3, short: 4, blocked: 5, 'too-big': 6, served: 7, online: 8 };
/** What is in memory comes first, what cannot be had last; what lies between goes by how it fits. */
const standings: Partial<Record<InstalledStatus, number>> = { broken: 11, off: 10, absent: 9, unavailable: 9 };

/** Comparing through `localeCompare` costs ten times as much, and this runs with every change of the list. */
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

const byName = (a: InstalledModel, b: InstalledModel) => Number(a.sample) - Number(b.sample) || collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);

function need(model: InstalledModel): number {
  return Object.values(model.footprint.vram).reduce((sum, bytes) => sum + bytes, model.footprint.ram);
}

interface OrderFacts {
  status(model: InstalledModel): InstalledStatus;
  /** When it was last of use, ms since the epoch; null: not known. */
  lastUsed(model: InstalledModel): number | null;
}

/** Models in the order that was asked for. Each is weighed once: there may be hundreds, and this runs with every change of the list. */
export function inOrder(models: readonly InstalledModel[], order: InstalledOrder, { status, lastUsed }: OrderFacts): InstalledModel[] {
  const weigh: Record<InstalledOrder, (model: InstalledModel) => number> = {
    name: () => 0,
    size: need,
    fit(model) {
      const now = status(model);
      return now === 'none' ? fits[model.fit.kind] : (standings[now] ?? 0);
    },
    used: (model) => -(lastUsed(model) ?? 0),
  };
  return models
    .map((model) => ({ model, weight: weigh[order](model) }))
    .sort((a, b) => a.weight - b.weight || byName(a.model, b.model))
    .map(({ model }) => model);
}
