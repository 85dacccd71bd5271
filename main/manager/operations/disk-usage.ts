import { UNUSED_DAYS, type DiskUsage } from '../../../contract/index.ts';
import { usesOf } from '../../core/demand.ts';
import type { CatalogModel } from '../../providers/provider.ts';
import type { Engine } from '../engine.ts';

const UNUSED_MS = UNUSED_DAYS * 24 * 60 * 60 * 1000;

/** What the models whose files Airdock looks after take on the disks, and what of that nobody has used for long. */
export async function diskUsage(engine: Pick<Engine, 'library' | 'provider' | 'state'>, freeDisk: (folder: string) => Promise<number | null>, now: number): Promise<DiskUsage> {
  const byWeights = new Map<string, CatalogModel[]>();
  for (const model of engine.library.models) {
    if (model.elsewhere !== undefined || engine.provider(model.provider)?.library === undefined) continue;
    byWeights.set(model.weights, [...(byWeights.get(model.weights) ?? []), model]);
  }
  const placed = new Map<string, { provider: string; folder: string | null; bytes: number }>();
  const models = [...byWeights.values()].map((names) => {
    const [first, ...others] = names as [CatalogModel, ...CatalogModel[]];
    const name = ({ id }: CatalogModel): string => engine.library.names.get(id) ?? id;
    const at = usesOf(engine.state.demand, first.weights)?.at ?? null;
    // What is in memory is no candidate, however long ago its last use was.
    const unused = at !== null && now - at >= UNUSED_MS && !engine.state.slots.has(first.weights);
    const bytes = Math.max(...names.map(({ sizeBytes }) => sizeBytes));
    const folder = engine.provider(first.provider)?.library?.folderOf?.(first.providerName) ?? null;
    const place = placed.get(`${first.provider}\0${folder}`) ?? { provider: first.provider, folder, bytes: 0 };
    placed.set(`${first.provider}\0${folder}`, { ...place, bytes: place.bytes + bytes });
    return { id: first.id, name: name(first), also: others.map(name), provider: first.provider, bytes, lastUsed: at, unused };
  });
  models.sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  const sum = (some: readonly { bytes: number }[]): number => some.reduce((total, { bytes }) => total + bytes, 0);
  const places = await Promise.all(
    [...placed.values()].sort((a, b) => b.bytes - a.bytes).map(async ({ provider, folder: found, bytes }) => {
      const folder = found ?? (await engine.provider(provider)?.library?.directory()) ?? null;
      return { provider, folder, bytes, free: folder === null ? null : await freeDisk(folder) };
    }),
  );
  return { models, totalBytes: sum(models), unusedBytes: sum(models.filter(({ unused }) => unused)), neverBytes: sum(models.filter(({ lastUsed }) => lastUsed === null)), places };
}
