import { configSchema, type Activity } from '../contract/index.ts';
import { createEngine, type Engine } from '../main/manager/engine.ts';
import { createMemoryReader } from '../main/memory/reader.ts';
import type { CatalogModel, Provider } from '../main/providers/provider.ts';
import { type MemoryChild, startMemoryChild } from './memory-child.ts';
import { createFixedLearned, observedModel, upStatus } from './scripted-provider.ts';

const MIB = 1024 * 1024;
const MODEL_MIB = 300;
/** Below what counts as short in a box of 1.6 GB (256 MiB), and above what one model's end makes enough (512 MiB). */
const LEFT_MIB = 235;

export interface YieldStory {
  limit: number | null;
  loaded: string[];
  /** What was unloaded before any other program took something, and after each step. */
  before: string[];
  whileShort: string[];
  later: string[];
  /** What was available when the other program held most, when it was enough again, and once it had ended; bytes. */
  availableShort: number;
  availableAfter: number;
  back: string[];
  texts: string[];
  faults: string[];
}

function model(name: string): CatalogModel {
  return {
    id: `box/${name}`, provider: 'box', providerName: name, weights: `box/${name}`, sizeBytes: MODEL_MIB * MIB, estimate: { ram: (MODEL_MIB + 60) * MIB, vram: {} }, contextLength: 2048,
    maxContextLength: null, family: null, parameterSize: null, quantization: null, capabilities: [], sample: false, settings: '', problem: null,
  };
}

/** Models that are processes, each with as much memory as its size says: what is unloaded is really given back. */
function processProvider(models: CatalogModel[]): Provider {
  const running = new Map<string, MemoryChild>();
  return {
    id: 'box', kind: 'llama.cpp', label: 'Box', parallelLoads: 1, revivesStuck: false,
    poll: async ({ catalog }) => ({
      status: upStatus,
      models: catalog ? models : null,
      loaded: models.flatMap((one) => (running.has(one.weights) ? [observedModel(one, { pid: running.get(one.weights)!.pid })] : [])),
    }),
    onCrash: () => () => undefined,
    async load({ model: wanted, contextLength }) {
      const child = await startMemoryChild();
      await child.allocate(wanted.sizeBytes);
      running.set(wanted.weights, child);
      return { ok: true, pid: child.pid, contextLength, device: 'cpu', footprint: wanted.estimate, source: 'measured', cold: false };
    },
    async unload({ weights }) {
      await running.get(weights)?.stop();
      running.delete(weights);
      return { kind: 'gone' };
    },
    rearm: async () => ({ ok: true }),
    endRunner: async () => ({ ok: true }),
    generate: async () => ({ ok: true, text: '', tokens: 0 }),
    stop: async () => void (await Promise.all([...running.values()].map((child) => child.stop()))),
  };
}

/**
 * Runs an engine with the real reader inside whatever cgroup this process is in, beside models and another program that are real processes. Only time is
 * made: seconds pass as fast as they are worked through.
 */
export async function probe(): Promise<YieldStory> {
  const models = ['a', 'b'].map(model);
  const provider = processProvider(models);
  const clock = { now: Date.now() };
  const memory = createMemoryReader({ now: () => clock.now });
  const entries: Omit<Activity, 'id'>[] = [];
  const faults: string[] = [];
  const engine: Engine = createEngine({
    providers: [provider], memory, learned: createFixedLearned().store, config: configSchema.parse({ memory: { yield_restore: true } }), now: () => clock.now,
    onActivity: (entry) => void entries.push(entry), onChange: () => undefined, onFault: (fault) => void faults.push(String(fault)),
  });
  const unloaded = () => entries.filter(({ kind }) => kind === 'unloaded').map(({ model: id }) => id ?? '');
  const settled = (): Promise<boolean> => engine.until((state) => [...state.slots.values()].every((slot) => slot.state === 'ready'), 20_000);
  const pass = async (seconds: number): Promise<void> => {
    for (let i = 0; i < seconds; i++) {
      clock.now += 1_000;
      engine.measure();
      engine.tick();
      await settled();
    }
  };
  const other = await startMemoryChild();
  try {
    await engine.poll({ catalog: true });
    for (const { id } of models) {
      await engine.load({ modelId: id, force: true, tryOnce: false, contextLength: null, origin: 'client', by: 'test', lease: null }).answer;
      await pass(2);
    }
    await pass(25);
    const loaded = [...engine.state.slots.keys()];
    const before = unloaded();
    const limit = engine.reading?.cgroupLimit ?? null;

    await other.allocate(engine.reading!.available - LEFT_MIB * MIB);
    await pass(1);
    const availableShort = engine.reading!.available;
    await pass(15);
    const whileShort = unloaded();
    const availableAfter = engine.reading!.available;
    await pass(120);
    const later = unloaded();

    await other.stop();
    await pass(90);
    const back = [...engine.state.slots.keys()];
    return { limit, loaded, before, whileShort, later, availableShort, availableAfter, back, texts: entries.map(({ text }) => text), faults };
  } finally {
    engine.stop();
    await other.stop();
    await provider.stop();
    memory.close();
  }
}
