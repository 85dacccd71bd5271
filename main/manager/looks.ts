import type { Observed } from '../core/events.ts';
import type { Remembered } from '../core/remembered.ts';
import type { CoreState } from '../core/types.ts';
import type { CatalogModel, Provider, ProviderReport, ProviderStatus } from '../providers/provider.ts';
import type { Library } from './catalog.ts';
import type { NewEvent } from './new-event.ts';

export interface LooksDeps {
  /** May change. */
  providers: readonly Provider[];
  state(): CoreState;
  library(): Library;
  dispatch(event: NewEvent): void;
  stopped(): boolean;
  /** Ends what is under way when the engine stops. */
  signal: AbortSignal;
  /** What an Airdock before this one had loaded there, asked with each report; it is told once. */
  remembered(provider: string, report: ProviderReport): readonly Remembered[];
  /** What is installed has changed. */
  onCatalog(): void;
  onFault(fault: unknown): void;
}

/** A provider that is slow at the start is not waited for longer than this. */
const FIRST_LOOK_MS = 3_000;

/** Asks providers what they have, and tells the core. */
export function createLooks(deps: LooksDeps) {
  const catalogs = new Map<string, readonly CatalogModel[]>();
  const statuses = new Map<string, ProviderStatus>();
  const pending = new Map<string, { catalog: boolean; done: Promise<void> }>();

  function poll(options: { catalog: boolean }): Promise<void> {
    const running = deps.providers.map((p) => {
      const look = pending.get(p.id);
      if (look && (look.catalog || !options.catalog)) return look.done;
      // A look at the catalogue waits for the small look under way: providers are asked one thing at a time.
      const done = (look?.done ?? Promise.resolve()).then(() => lookAt(p, options.catalog)).catch(deps.onFault);
      const entry = { catalog: options.catalog, done };
      pending.set(p.id, entry);
      void done.finally(() => {
        if (pending.get(p.id) === entry) pending.delete(p.id);
      });
      return done;
    });
    return Promise.all(running).then(() => undefined);
  }

  async function lookAt(p: Provider, catalog: boolean): Promise<void> {
    if (deps.stopped()) return;
    const asOf = deps.state().awake;
    const report = await p.poll({ catalog: catalog || !catalogs.has(p.id), signal: deps.signal });
    // What a provider says that has been taken off the list meanwhile counts no more.
    if (deps.stopped() || !deps.providers.includes(p)) return;
    take(p, report, asOf);
  }

  function take(p: Provider, report: ProviderReport, asOf: number): void {
    statuses.set(p.id, report.status);
    deps.dispatch({
      type: 'provider',
      provider: {
        id: p.id,
        label: p.label,
        status: report.status.status,
        problem: report.status.problem,
        domain: report.status.memory === 'host' ? 'host' : `own:${p.id}`,
        ownCapacity: report.status.ownCapacity,
        parallelLoads: p.parallelLoads,
        revivesStuck: p.revivesStuck,
        ownExpiry: p.kind === 'ollama',
        incarnation: report.status.incarnation,
        ...(report.status.canUnload === undefined ? {} : { canUnload: report.status.canUnload }),
      },
    });
    if (report.models) {
      const before = catalogs.get(p.id);
      catalogs.set(p.id, report.models);
      // Who has nothing new says the very same again; lists of online services are long.
      if (before !== report.models && (!before || JSON.stringify(before) !== JSON.stringify(report.models))) deps.onCatalog();
    }
    const remembered = deps.remembered(p.id, report);
    if (report.loaded) {
      const loaded = report.loaded.map((seen): Observed => {
        const known = seen.id ? deps.library().core.byId.get(seen.id) : deps.library().core.byWeights.get(seen.weights)?.[0];
        return {
          key: seen.weights,
          modelId: known?.id ?? seen.id ?? `${p.id}/${seen.name}`,
          name: known?.name ?? seen.name,
          footprint: seen.reported,
          contextLength: seen.contextLength,
          device: seen.device,
          pid: seen.pid,
          canEnd: seen.canEnd,
          expiresAt: seen.expiresAt,
          lastUsed: seen.lastUsed,
          busy: seen.busy,
        };
      });
      deps.dispatch({ type: 'observed', provider: p.id, asOf, loaded, ...(remembered.length > 0 ? { remembered } : {}) });
    }
  }

  let firstLook: Promise<void> | null = null;
  function whenLooked(): Promise<void> {
    firstLook ??= new Promise((resolve) => {
      const limit = setTimeout(resolve, FIRST_LOOK_MS);
      void poll({ catalog: true }).then(() => {
        clearTimeout(limit);
        resolve();
      });
    });
    return firstLook;
  }

  return {
    poll,
    whenLooked,
    /** A provider was taken off the list, or exchanged. */
    forget(id: string): void {
      catalogs.delete(id);
      statuses.delete(id);
      pending.delete(id);
    },
    statusOf: (id: string): ProviderStatus | null => statuses.get(id) ?? null,
    /** Everything that is installed, as last listed. */
    models: (): CatalogModel[] => deps.providers.flatMap((p) => catalogs.get(p.id) ?? []),
  };
}
