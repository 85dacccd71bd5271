import { problem, type Fit, type InstalledModel, type LoadedModel, type Outcome, type Plan } from '../contract/index.ts';
import { installedModelFixture, loadedModelFixture } from './snapshot-fixture.ts';
import type { FileSample } from '../main/recommend/files/identify.ts';
import type { RecommendPort } from '../main/recommend/ports.ts';

/** A model as tests describe it: its name, and what of it is special. */
export interface ModelWish extends Partial<Omit<InstalledModel, 'fit' | 'name'>> {
  name: string;
  /** Default: it fits. `loaded` has it in memory too. */
  fit?: Fit['kind'];
  /** Names of models that go, with `evicts`, or stand in the way, with `blocked`. */
  others?: readonly string[];
  /** What a plan answers where that is not what the list says. */
  planned?: Fit['kind'];
  /** In memory: ms unused, and whether its time is over. */
  idleMs?: number;
  due?: boolean;
  inUse?: boolean;
  /** Context that it is in memory with. */
  loadedContext?: number;
}

const AT = 1_000_000;

export function modelFrom({ name, fit = 'fits', others: _others, planned: _planned, idleMs: _idle, due: _due, inUse: _inUse, loadedContext: _context, ...change }: ModelWish): InstalledModel {
  return installedModelFixture({ id: `p/${name}`, name, weights: `w:${name}`, provider: 'p', family: null, ...change, fit: { kind: fit } });
}

export function portFrom(wishes: readonly ModelWish[], { fileTypes = {}, withModel = false, onlineServers = [], ask }: { fileTypes?: Record<string, string>; withModel?: boolean; onlineServers?: string[]; ask?: RecommendPort['ask'] } = {}) {
  const models = wishes.map(modelFrom);
  const asked: { id: string; contextLength: number | null }[] = [];
  const loaded = wishes.flatMap((wish): LoadedModel[] => {
    const inTheWay = wishes.some(({ others }) => others?.includes(wish.name));
    if (wish.fit !== 'loaded' && !inTheWay) return [];
    const model = modelFrom(wish);
    return [loadedModelFixture({ id: model.id, name: model.name, weights: model.weights, idleMs: wish.idleMs ?? 0, inUse: wish.inUse ?? false, unloadsAt: wish.due ? AT - 1 : AT + 60_000, contextLength: wish.loadedContext ?? model.contextLength })];
  });
  const port: RecommendPort = {
    settings: async () => ({ fileTypes, withModel, onlineServers }),
    look: async () => ({ models, loaded, at: AT }),
    plan: async (id, contextLength) => {
      asked.push({ id, contextLength });
      const index = models.findIndex((model) => model.id === id);
      const [model, wish] = [models[index], wishes[index]];
      return model && wish ? { ok: true, value: planFrom(model, wish, contextLength, loaded) } : { ok: false, problem: problem('unknown-model', 'There is none.') };
    },
    ...(ask ? { ask } : {}),
  };
  return { port, asked, models };
}

function planFrom(model: InstalledModel, wish: ModelWish, contextLength: number | null, loaded: readonly LoadedModel[]): Plan {
  const listed = wish.planned ?? wish.fit ?? 'fits';
  const kind = listed === 'loaded' && contextLength !== null && contextLength > (wish.loadedContext ?? model.contextLength ?? 0) ? 'evicts' : listed;
  const others = (wish.others ?? []).map((name) => ({ id: `p/${name}`, name }));
  const about = (id: string): LoadedModel | undefined => loaded.find((one) => one.id === id);
  return {
    id: model.id, name: model.name, fit: { kind }, canLoad: kind === 'loaded' || kind === 'fits', footprint: model.footprint, footprintSource: 'measured', freeRam: 1,
    unloads: kind === 'evicts' ? others.map(({ id, name }) => ({ id, name, ram: 1, idleMs: about(id)?.idleMs ?? 0, expired: (about(id)?.unloadsAt ?? Infinity) < AT })) : [],
    because: kind === 'evicts' ? 'memory' : null,
    blockers: kind === 'blocked' ? others.map((one) => ({ ...one, why: 'in-use' as const })) : [],
    programs: [], helps: [], mayTryOnce: false, expectedLoadMs: model.expectedLoadMs, sentence: `Plan for ${model.name}.`, problem: null,
  };
}

/** A file by its type and size alone. */
export const fileOf = (mime: string, sizeBytes = 1_000, name: string | null = null): FileSample => ({ name, sizeBytes, mime, head: null });

export const valueOf = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
};
