import { type Activity, configSchema, GIB, type MemorySample, type ServerEvent, type Snapshot } from '../contract/index.ts';
import { createEngine, type Engine } from '../main/manager/engine.ts';
import type { ActivityLog } from '../main/manager/services.ts';
import { createSnapshotStore } from '../main/manager/store.ts';
import { startTicker } from '../main/manager/ticker.ts';
import type { CatalogModel, Provider } from '../main/providers/provider.ts';
import { createFixedLearned, createScriptedProvider, observedModel, upStatus } from '../test/scripted-provider.ts';
import { createRandom, type Random } from '../test/simulation/random.ts';
import { breathingMemory } from './breathing-memory.ts';

const TOTAL = 64 * GIB;
/** With these and the models in memory some 4 GB are free: little, so that what fits is a question. */
const OTHERS = 28 * GIB;
const EACH = 2 * GIB;
const minute = 60_000;
const SEED = 7;

export interface CrowdedPage {
  snapshot(): Snapshot;
  history: MemorySample[];
  /** From now on the engine looks and tells, as it does while a dashboard is open. Returns how to end that. */
  watch(tell: (event: ServerEvent) => void): () => void;
}

/**
 * What a dashboard is told on a machine where much is going on, by the engine, the ticker and the store themselves: only the
 * sources of models and the figures of the memory are made up. A tenth of what is installed fits, half would make others
 * leave, and more than a third is short of memory. Of what is in memory every fourth is in use; nothing loads or leaves.
 */
export async function crowdedPage({ inMemory, models }: { inMemory: number; models: number }): Promise<CrowdedPage> {
  const now = Date.now;
  const memory = breathingMemory({ total: TOTAL, others: OTHERS, now });
  const random = createRandom(SEED);
  const catalog = Array.from({ length: models }, (_, index) => catalogModel(index, inMemory, random));
  const providers = ['ollama', 'llama.cpp'].map((id) => obliging(id, catalog.filter((model) => model.provider === id), memory.hold));
  const log = activityLog();
  const config = configSchema.parse({
    models: { max_concurrent_loaded: inMemory + 4, idle_timeout_seconds: 1_800, pinned: catalog.slice(0, inMemory).filter((_, index) => index % 8 === 2).map(({ id }) => id) },
  });
  const engine = createEngine({
    providers,
    memory: memory.reader,
    learned: createFixedLearned().store,
    config,
    now,
    onActivity: (entry) => store.note(entry),
    onChange: () => {
      ticker.changed();
      store.changed();
    },
    onFault,
  });
  const store = createSnapshotStore({
    engine,
    providers,
    folders: { view: () => [] },
    samples: { view: () => ({ state: 'none', doneBytes: 0, totalBytes: 0, current: null, problem: null }), make: () => Promise.reject(new Error('Nobody asks for samples.')), cancel: () => undefined },
    config: { path: 'config.json', current: () => ({ config, problem: null, warnings: [] }), set: () => Promise.reject(new Error('Nobody changes settings.')) },
    log,
    version: '0.1.0',
    dismissed: new Set(),
    requests: () => ({ requests: [], moreRequests: 0 }),
    now,
  });
  const ticker = startTicker(engine, { now, refreshMemory: () => Promise.resolve(), onFault });
  await engine.whenLooked();
  await loadAll(engine, catalog.slice(0, inMemory));
  return {
    snapshot: () => store.snapshot(),
    history: memory.past(now(), inMemory * EACH),
    watch(tell) {
      const off = store.subscribe({
        state: (state) => tell({ type: 'state', state }),
        models: (list) => tell({ type: 'models', models: list }),
        activity: (entries) => tell({ type: 'activity', entries }),
      });
      const unwatch = ticker.watch();
      return () => {
        unwatch();
        off();
        ticker.stop();
        engine.stop();
        store.close();
      };
    },
  };
}

function onFault(fault: unknown): never {
  throw fault;
}

/** Sizes lie anywhere between half a GB and 40; one in 25 is larger than the machine. */
function catalogModel(index: number, inMemory: number, random: Random): CatalogModel {
  const provider = index % 5 === 4 ? 'llama.cpp' : 'ollama';
  const name = `family-${index % 40}-model-${index}:${(index % 9) + 1}b`;
  const size = index < inMemory ? EACH : index % 25 === 0 ? 70 * GIB : Math.round(random.between(0.5, 40) * GIB);
  return {
    id: `${provider}/${name}`,
    provider,
    providerName: name,
    weights: `${provider}:${name}`,
    sizeBytes: Math.round(size * 0.88),
    estimate: { ram: size, vram: {} },
    contextLength: 4_096,
    kvBytesPerToken: 131_072,
    maxContextLength: 131_072,
    family: 'llama',
    parameterSize: `${(index % 9) + 1}B`,
    quantization: 'Q4_K_M',
    capabilities: index % 3 === 0 ? ['completion', 'tools'] : ['completion'],
    sample: false,
    settings: 'cpu',
    problem: null,
  };
}

/** A source that loads at once whatever it is asked for, into a process of its own. */
function obliging(id: string, models: CatalogModel[], hold: (pid: number, held: { anon: number; file: number }) => void): Provider {
  const { provider, script } = createScriptedProvider(id, models);
  script.status = { ...upStatus, version: '0.33.0', url: id === 'ollama' ? 'http://127.0.0.1:11434' : null };
  let pid = id === 'ollama' ? 4_000 : 5_000;
  return {
    ...provider,
    label: id === 'ollama' ? 'Ollama' : 'GGUF files',
    load: ({ model, contextLength }) => {
      pid += 1;
      hold(pid, { anon: model.estimate.ram / 8, file: (model.estimate.ram * 7) / 8 });
      script.loaded.set(model.weights, observedModel(model, { pid, canEnd: true }));
      return Promise.resolve({ ok: true, pid, contextLength, device: 'cpu', footprint: model.estimate, source: 'measured', cold: false });
    },
  };
}

async function loadAll(engine: Engine, models: readonly CatalogModel[]): Promise<void> {
  for (const [index, model] of models.entries()) {
    const lease = index % 4 === 0 ? { holder: 'notes-script', ttlMs: 60 * minute } : null;
    const answer = await engine.load({ modelId: model.id, force: false, tryOnce: false, contextLength: null, origin: 'client', by: 'notes-script', lease }).answer;
    if (!answer.ok) throw new Error(`${model.id} was not loaded: ${answer.problem.message}`);
  }
}

function activityLog(): ActivityLog {
  const entries: Activity[] = [];
  return {
    append(entry) {
      const noted = { ...entry, id: entries.length + 1 };
      entries.unshift(noted);
      return noted;
    },
    query: ({ before = Infinity, limit = Infinity, model }) => entries.filter((entry) => entry.id < before && (model === undefined || entry.model === model)).slice(0, limit),
  };
}
