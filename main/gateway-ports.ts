import type { IncomingHttpHeaders } from 'node:http';
import type { Activity } from '../contract/index.ts';
import type { Backend, GatewayPorts, ManagerFigures } from './gateway/ports.ts';
import type { Engine } from './manager/engine.ts';
import { resolveForProgram } from './manager/names.ts';
import { createProgramUses } from './manager/program-uses.ts';
import type { SnapshotStore } from './manager/store.ts';
import { loadedView, memoryView } from './manager/view.ts';
import type { CatalogModel, Provider } from './providers/provider.ts';

export interface GatewayPortsDeps {
  engine: Engine;
  store: SnapshotStore;
  providers: readonly Provider[];
  hasKey(headers: IncomingHttpHeaders): boolean;
  /** The context that a model, by its id, was last really used with (main/memory). */
  seenContext(id: string): number | null;
  /** `models.context_length` */
  usualContext(): number;
  /** A download of a program begins (main/library). */
  pullBegins?(name: string, holder: string): void;
  now(): number;
  onFault(fault: unknown): void;
}

const MOST_NAMES = 2_000;

/** The manager as the gateway knows it (main/gateway/ports.ts). */
export function createGatewayPorts({ engine, store, providers, hasKey, seenContext, usualContext, pullBegins, now, onFault }: GatewayPortsDeps): GatewayPorts {
  const figures = createFigures();
  store.subscribe({ activity: (entries) => entries.forEach(figures.see) });
  const installed = onceFor(({ models, core }: Engine['library']) => {
    // What is switched off of a server elsewhere is not there for programs; what is here stays in the lists, and is refused with its reason.
    const offered = models.filter(({ id, elsewhere }) => elsewhere !== 'online' || core.byId.get(id)?.enabled !== false);
    return offered.sort((a, b) => a.id.localeCompare(b.id));
  });
  // A name is looked up with each request, and the list changes seldom.
  const resolved = onceFor((models: readonly CatalogModel[]) => {
    const known = new Map<string, ReturnType<typeof resolveForProgram<CatalogModel>>>();
    return (name: string) => {
      const before = known.get(name);
      if (before) return before;
      const found = resolveForProgram(models, name);
      if (found.ok) known.set(name, found);
      // Names in every spelling lead to the same models.
      if (known.size > MOST_NAMES) known.clear();
      return found;
    };
  });

  return {
    models: {
      installed: () => installed(engine.library),
      loaded: () => loadedView(engine.state, engine.library),
      nameOf: (id) => engine.library.names.get(id) ?? id,
      resolve: (name) => resolved(engine.library.models)(name),
      serverContext({ id, contextLength, maxContextLength }) {
        const seen = seenContext(id);
        // A size of its own is the user's wish for it, and tells nothing of what its server does.
        const usual = contextLength === Math.min(usualContext(), maxContextLength ?? Infinity);
        return seen ?? (usual ? contextLength : null);
      },
      whenKnown: () => engine.whenLooked(),
      backendOf(id) {
        const provider = providers.find((p) => p.id === id);
        return provider ? backendOf(provider, engine) : null;
      },
      ollama() {
        const provider = providers.find((p) => p.kind === 'ollama');
        const status = provider && engine.statusOf(provider.id);
        if (!provider || !status || status.status === 'off' || status.url === null) return null;
        return { provider: provider.id, url: status.url, up: status.status === 'up' };
      },
      lookAgain: () => engine.poll({ catalog: true }).catch(onFault),
    },
    uses: createProgramUses(engine, now),
    figures: {
      figures: () => {
        const memory = memoryView(engine.state, engine.reading);
        return {
          ...figures.counted(),
          models: loadedView(engine.state, engine.library).map((m) => ({ name: m.name, provider: m.provider, ram: m.ramUsed ?? m.footprint.ram, vram: Object.values(m.footprint.vram).reduce((sum, bytes) => sum + bytes, 0) })),
          memory: memory && { capacity: memory.capacity, free: memory.free },
        };
      },
    },
    note: (entry) => void store.note({ at: now(), model: null, name: null, provider: null, forModel: null, by: null, code: null, ram: null, tookMs: null, ...entry }),
    hasKey,
    ...(pullBegins ? { pullBegins } : {}),
    now,
    onFault,
  };
}

/** Without a server at present its address is still the one that was set: whoever sends there hears that nobody answers. */
function backendOf(provider: Provider, engine: Engine): Backend | null {
  if (provider.upstream && provider.kind !== 'llama.cpp') return { kind: 'server', dialect: provider.kind, ...provider.upstream };
  if (provider.inference) return { kind: 'embedded', inference: provider.inference };
  const url = engine.statusOf(provider.id)?.url ?? null;
  if (url === null || provider.kind === 'llama.cpp') return null;
  return { kind: 'server', dialect: provider.kind, url, headers: {} };
}

/** Counts what has happened since the start, from what the activity list is told. */
export function createFigures() {
  const loads = { done: 0, failed: 0, seconds: 0 };
  const unloads: Record<string, number> = {};
  return {
    see({ kind, reason, tookMs }: Pick<Activity, 'kind' | 'reason' | 'tookMs'>): void {
      if (kind === 'loaded') {
        loads.done += 1;
        loads.seconds += (tookMs ?? 0) / 1000;
      } else if (kind === 'failed' && tookMs === null) loads.failed += 1;
      else if (kind === 'unloaded') unloads[reason] = (unloads[reason] ?? 0) + 1;
    },
    counted: (): Pick<ManagerFigures, 'loads' | 'unloads'> => ({ loads: { ...loads }, unloads: { ...unloads } }),
  };
}

/** What was made of the last argument, made anew only for another one. */
function onceFor<A extends object, B>(make: (from: A) => B): (from: A) => B {
  let last: { from: A; made: B } | null = null;
  return (from) => {
    if (last?.from !== from) last = { from, made: make(from) };
    return last.made;
  };
}
