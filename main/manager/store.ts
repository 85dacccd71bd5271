import { entriesInSnapshot } from '../../contract/activity-count.ts';
import type { Activity, InstalledModel, LiveState, Snapshot } from '../../contract/index.ts';
import { adviceFrom } from './advice.ts';
import type { Engine } from './engine.ts';
import { createLastUnloads } from './last-unloads.ts';
import { createRepeats } from './repeats.ts';
import type { ActivityLog, ConfigStore, FolderService, SampleService } from './services.ts';
import { installedView, loadedView, memoryView, providerView } from './view.ts';
import type { Provider } from '../providers/provider.ts';

/** At most one push of the live state in this time, so that a burst of events costs one. */
const PUSH_EVERY_MS = 100;
/** Two models that push each other out leave four entries a minute, and others may be busy as well. */
const ADVICE_ENTRIES = 200;
/** Fits are worked out anew at most this often. */
const MODELS_EVERY_MS = 1_000;

export interface SnapshotStore {
  state(): LiveState;
  models(): InstalledModel[];
  snapshot(): Snapshot;
  /** Something has changed: listeners hear of it soon. */
  changed(): void;
  /** Writes it into the activity list and tells everybody; a refusal that is there already is not told again. */
  note(entry: Omit<Activity, 'id'>): void;
  subscribe(listener: StoreListener): () => void;
  close(): void;
}

export interface StoreListener {
  state?(state: LiveState): void;
  models?(models: InstalledModel[]): void;
  activity?(entries: Activity[]): void;
}

export interface StoreDeps {
  engine: Engine;
  providers: readonly Provider[];
  folders: FolderService;
  samples: SampleService;
  config: ConfigStore;
  log: ActivityLog;
  version: string;
  dismissed: ReadonlySet<string>;
  /** What programs ask for through the gateway right now. */
  requests(): Pick<LiveState, 'requests' | 'moreRequests'>;
  /** Models on their way to this computer; absent where none are downloaded. */
  downloads?(): LiveState['downloads'];
  now(): number;
}

/** The one picture that every surface shows, and its changes. */
export function createSnapshotStore(deps: StoreDeps): SnapshotStore {
  const listeners = new Set<StoreListener>();
  const lastUnloads = createLastUnloads(deps.log);
  const isRepeat = createRepeats();
  const since = new Map<string, { status: string; at: number }>();
  let stateTimer: NodeJS.Timeout | null = null;
  let modelsTimer: NodeJS.Timeout | null = null;
  let lastModels = '';

  function state(): LiveState {
    const { engine } = deps;
    const core = engine.state;
    const config = deps.config.current();
    return {
      at: deps.now(),
      version: deps.version,
      owner: true,
      memory: memoryView(core, engine.reading),
      loaded: loadedView(core, engine.library),
      limit: core.config.limit,
      providers: deps.providers.map((p) => {
        const status = engine.statusOf(p.id);
        const known = since.get(p.id);
        const word = status?.status ?? 'starting';
        if (known?.status !== word) since.set(p.id, { status: word, at: deps.now() });
        return providerView(core, engine.library, p, status, since.get(p.id)!.at);
      }),
      folders: deps.folders.view(),
      samples: deps.samples.view(),
      downloads: deps.downloads?.() ?? [],
      freeze: core.freeze,
      pause: core.pause,
      hold: core.hold,
      ...deps.requests(),
      advice: adviceFrom(core, config.config, deps.log.query({ limit: ADVICE_ENTRIES }), deps.now()).filter((a) => !deps.dismissed.has(a.id)),
      configProblem: config.problem,
      configWarnings: config.warnings,
    };
  }

  function models(): InstalledModel[] {
    return installedView(deps.engine.state, deps.engine.library, lastUnloads.get);
  }

  function wanted(what: keyof StoreListener): boolean {
    for (const listener of listeners) if (listener[what]) return true;
    return false;
  }

  function pushModels(): void {
    const list = models();
    const text = JSON.stringify(list);
    if (text === lastModels) return;
    lastModels = text;
    for (const listener of listeners) listener.models?.(list);
  }

  return {
    state,
    models,
    snapshot: () => ({ state: state(), models: models(), activity: deps.log.query({ limit: entriesInSnapshot }) }),
    changed() {
      // Nothing is worked out for those who listen to something else.
      if (wanted('state')) stateTimer ??= setTimeout(() => {
        stateTimer = null;
        if (!wanted('state')) return;
        const next = state();
        for (const listener of listeners) listener.state?.(next);
      }, PUSH_EVERY_MS).unref();
      if (wanted('models')) modelsTimer ??= setTimeout(() => {
        modelsTimer = null;
        if (wanted('models')) pushModels();
      }, MODELS_EVERY_MS).unref();
    },
    note(entry) {
      if (isRepeat(entry)) return;
      const written = deps.log.append(entry);
      lastUnloads.see(written);
      for (const listener of listeners) listener.activity?.([written]);
    },
    subscribe(listener) {
      listeners.add(listener);
      // A newcomer has a picture of its own: what was pushed before is no measure for it.
      lastModels = '';
      return () => listeners.delete(listener);
    },
    close() {
      if (stateTimer) clearTimeout(stateTimer);
      if (modelsTimer) clearTimeout(modelsTimer);
      listeners.clear();
    },
  };
}
