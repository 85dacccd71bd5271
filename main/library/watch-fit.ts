import type { Download, Plan } from '../../contract/index.ts';
import type { PullProgress } from '../providers/model-library.ts';
import type { Provider } from '../providers/provider.ts';
import { diskProblem, type FreeDisk } from './disk.ts';

export interface WatchFitDeps {
  plan(provider: string, name: string, ram: number): Plan | null;
  freeDisk: FreeDisk;
  now(): number;
}

/** What fits changes while a model comes; a plan each time that bytes come would be work for nothing. */
const ANEW_MS = 3_000;
/** What could not be told, because Airdock had just been started, say, soon can be. */
const SOON_MS = 300;

/** Whether a model that is under way will fit, by what its server has told of it so far: known with the first size. */
export function watchFit({ plan, freeDisk, now }: WatchFitDeps, provider: Provider, name: string): (progress: PullProgress) => Download['fit'] {
  let free: number | null = null;
  let last: NonNullable<Download['fit']> | null = null;
  let at = -Infinity;
  const lookAtDisk = async (): Promise<void> => {
    const folder = (await provider.library?.directory()) ?? null;
    free = folder === null ? null : await freeDisk(folder);
  };
  void lookAtDisk();
  return ({ needs, doneBytes, totalBytes }) => {
    if (needs === null) return null;
    const told = last?.fit != null && last.fit.kind !== 'blocked';
    if (last !== null && last.needs === needs && now() - at < (told ? ANEW_MS : SOON_MS)) return last;
    at = now();
    const planned = plan(provider.id, name, needs);
    const diskShort = totalBytes !== null && diskProblem(name, totalBytes - doneBytes, free) !== null ? free : null;
    const fit = planned?.fit ?? null;
    last = { needs, fit, unloads: planned?.unloads.map((one) => one.name) ?? [], diskShort, warns: fit?.kind === 'too-big' || fit?.kind === 'short' || diskShort !== null };
    void lookAtDisk();
    return last;
  };
}
