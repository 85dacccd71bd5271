import { AirdockError, formatStatus, type LoadOptions, type ManagerEvents, type ModelInUse, type ModelManager, type OperationHandlers } from '../../contract/index.ts';
import type { Engine } from './engine.ts';
import type { SnapshotStore } from './store.ts';

/** The ModelManager of the process that owns the models. */
export function createLocalManager(deps: { engine: Engine; store: SnapshotStore; operations: OperationHandlers; by: string; close(): Promise<void> }): ModelManager {
  const { engine, store, operations } = deps;
  const never = new AbortController().signal;
  const context = (signal: AbortSignal | undefined) => ({ signal: signal ?? never, caller: deps.by });

  return {
    canLoadModel: (name, options) => operations.plan({ model: name, ...options }, context(undefined)),
    loadModel: (name, options: LoadOptions = {}) => {
      const { signal, ...rest } = options;
      return operations.load({ model: name, ...rest }, context(signal));
    },
    unloadModel: (name, options) => operations.unload({ model: name, ...options }, context(undefined)),
    unloadIdleModels: (options) => operations.unloadIdle({ ...options }, context(undefined)),
    getAvailableRam: async () => {
      engine.measure();
      return Math.max(0, store.state().memory?.free ?? 0);
    },
    getLoadedModels: async () => store.state().loaded,
    getStatus: () => operations.snapshot({}, context(undefined)),
    printStatus: async (write = (text) => void process.stdout.write(text)) => write(`${formatStatus(await operations.snapshot({}, context(undefined)))}\n`),

    async use(name, fn, options = {}) {
      // Held inside this process: it lives as long as the function runs, and needs no renewal.
      const acquired = await operations.acquire({ model: name, force: options.force ?? false, holder: deps.by, ttlMs: 300_000 }, context(options.signal));
      if (!acquired.ok) throw new AirdockError(acquired.problem);
      const lease = acquired.value.id;
      const renewal = setInterval(() => void operations.renew({ lease }, context(undefined)), 60_000);
      renewal.unref();
      try {
        const model = store.state().loaded.find((m) => m.id === acquired.value.model);
        const inUse: ModelInUse = {
          id: acquired.value.model,
          name: model?.name ?? name,
          provider: model?.provider ?? '',
          contextLength: model?.contextLength ?? null,
          async generate(prompt, generation = {}) {
            const result = await operations.generate({ lease, prompt, maxTokens: generation.maxTokens ?? 128 }, context(generation.signal ?? options.signal));
            if (!result.ok) throw new AirdockError(result.problem);
            return result.value.text;
          },
        };
        return await fn(inUse);
      } finally {
        clearInterval(renewal);
        await operations.release({ lease }, context(undefined));
      }
    },

    on<E extends keyof ManagerEvents>(event: E, listener: ManagerEvents[E]) {
      return event === 'state'
        ? store.subscribe({ state: listener as ManagerEvents['state'] })
        : store.subscribe({ activity: (entries) => entries.forEach(listener as ManagerEvents['activity']) });
    },
    close: deps.close,
  };
}
