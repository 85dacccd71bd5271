import type { LoadedModel } from '../../contract/index.ts';

const start = (model: LoadedModel) => model.loadedAt ?? model.since;

/** Ids in the order of the rows: those shown keep their place, new ones follow by the time they came. Nothing moves under the pointer. */
export function keepOrder(shown: readonly string[], models: readonly LoadedModel[]): string[] {
  const present = new Set(models.map((model) => model.id));
  const known = new Set(shown);
  const fresh = models.filter((model) => !known.has(model.id)).sort((a, b) => start(a) - start(b) || a.id.localeCompare(b.id));
  return [...shown.filter((id) => present.has(id)), ...fresh.map((model) => model.id)];
}
