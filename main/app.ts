import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { GIB, type Config, type Outcome, type Problem } from '../contract/index.ts';
import type { Airdock, AirdockOptions, CloseOptions, Leaving, StartOutcome } from './airdock.ts';
import { createConfigStore } from './config/config-store.ts';
import { createActivityLog } from './data/activity-log.ts';
import { dataDirectory, prepareDataDirectory } from './data/data-directory.ts';
import { takeLock, type HeldBy } from './data/lock.ts';
import { ensureToken } from './data/token.ts';
import { KEEP_ALIVE_GRACE_MS } from './core/limits.ts';
import { createEngine } from './manager/engine.ts';
import { createLocalManager } from './manager/local.ts';
import { resolveName } from './manager/names.ts';
import { createOperations } from './manager/operations.ts';
import { createSnapshotStore } from './manager/store.ts';
import { startTicker } from './manager/ticker.ts';
import { createLearnedStore } from './memory/learned.ts';
import { createMemoryReader } from './memory/reader.ts';
import { packageRoot } from './package-root.ts';
import { createLlamaCppProvider, createSampleMaker, samplesDirectory } from './providers/llama-cpp/index.ts';
import { createOllamaProvider } from './providers/ollama/index.ts';
import { createReplaceableProvider } from './providers/replaceable.ts';
import type { Provider } from './providers/provider.ts';
import { createSampleService } from './samples.ts';
import { version } from './version.ts';
import { createWebServer } from './web/server.ts';

/** Puts Airdock together and starts it: the owner of a data directory. Wiring only. */
export async function startAirdock(options: AirdockOptions = {}): Promise<StartOutcome> {
  const env = options.env ?? process.env;
  const onFault = options.onFault ?? (() => undefined);
  const now = Date.now;
  const dataDir = dataDirectory({ env, platform: process.platform, home: os.homedir(), override: options.dataDir });
  const failed = (problem: Problem, heldBy: HeldBy | null = null): StartOutcome => ({ ok: false, problem, heldBy, dataDir });

  const prepared = await prepareDataDirectory(dataDir);
  if (!prepared.ok) return failed(prepared.problem);
  const taken = await takeLock(dataDir, { instance: randomUUID() });
  if (!taken.ok) return failed(taken.problem, taken.heldBy);
  const { lock } = taken;
  const token = await ensureToken(dataDir);
  if (!token.ok) {
    lock.release();
    return failed(token.problem);
  }

  const config = createConfigStore({ file: path.join(dataDir, 'config.json'), onChange: () => onConfig() });
  const log = createActivityLog({ dir: dataDir, onProblem: (problem) => onFault(problem.message) });
  const learned = createLearnedStore({ file: path.join(dataDir, 'learned.json'), now, onProblem: (problem) => onFault(problem.message) });
  const memory = createMemoryReader();
  const settings = (): Config => config.current().config;
  const root = packageRoot();

  const contextLengthFor = (id: string): number => {
    const { overrides, context_length } = settings().models;
    for (const [name, override] of Object.entries(overrides)) {
      if (override.context_length === undefined) continue;
      const resolved = resolveName(engine.library.models, name);
      if (resolved.ok ? resolved.model.id === id : name === id) return override.context_length;
    }
    return context_length;
  };

  const llama = createLlamaCppProvider({
    dataDir,
    enabled: () => settings().providers['llama.cpp'].enabled,
    directories: () => settings().models.directories,
    contextLengthFor,
    device: () => {
      const { reading } = engine;
      if (!reading || settings().providers['llama.cpp'].gpu !== 'auto') return null;
      const gpu = reading.vram[0];
      if (gpu) return { id: gpu.id, free: gpu.free, unified: reading.unified };
      // Apple silicon lists no memory of the GPU's own: what it uses is RAM, and is counted as that.
      return reading.unified && process.platform === 'darwin' ? { id: 'metal', free: reading.available, unified: true } : null;
    },
    threads: () => settings().providers['llama.cpp'].threads,
    ...(options.forkChild ? { forkChild: options.forkChild } : {}),
    childEntry: path.join(root, 'dist/main/llama-child.js'),
    readResident: (pid) => memory.read([pid]).processes.get(pid) ?? null,
  });
  const makeOllama = (): Provider | null => {
    const { enabled, host, memory: whose, ram_gb } = settings().providers.ollama;
    if (!enabled) return null;
    return createOllamaProvider({
      host,
      memory: whose,
      ownRamBytes: ram_gb === null ? null : ram_gb * GIB,
      contextLengthFor,
      now,
      env,
      vramDevice: () => engine.reading?.vram[0]?.id ?? null,
    });
  };
  const ollama = createReplaceableProvider({ id: 'ollama', kind: 'ollama', label: 'Ollama', parallelLoads: 1, revivesStuck: true }, null);
  const providers: Provider[] = [ollama, llama];

  const engine = createEngine({
    providers,
    memory,
    learned,
    config: settings(),
    now,
    onActivity: (entry) => store.activity(log.append(entry)),
    onChange: () => {
      ticker.changed();
      store.changed();
    },
    onFault,
  });
  ollama.replace(makeOllama());

  const samples = createSampleService(createSampleMaker({ dir: samplesDirectory(dataDir) }), () => store.changed());
  const dismissed = new Set<string>();
  const store = createSnapshotStore({ engine, providers, folders: { view: () => llama.foldersView() }, samples, config, log, version, dismissed, now });
  const operations = createOperations({
    engine,
    store,
    memory,
    config,
    log,
    samples,
    dismiss: (id) => {
      dismissed.add(id);
      store.changed();
    },
    signInLink: () => web.createLoginUrl(),
    now,
  });

  const web = createWebServer({
    handlers: operations,
    changes: {
      subscribe: (listener) => {
        const unwatch = ticker.watch();
        const off = store.subscribe(listener);
        return () => {
          off();
          unwatch();
        };
      },
    },
    token: token.value,
    staticDir: path.join(root, 'dist/renderer'),
    host: settings().gateway.host,
    port: options.port ?? settings().gateway.port,
    version,
    instance: lock.instance,
    onFault,
  });

  const configListeners = new Set<(config: Config) => void>();
  let ollamaSettings = JSON.stringify(settings().providers.ollama);
  function onConfig(): void {
    const next = JSON.stringify(settings().providers.ollama);
    if (next !== ollamaSettings) {
      ollamaSettings = next;
      ollama.replace(makeOllama());
    }
    engine.setConfig(settings());
    // Folders and context sizes change what is installed and how large it would be.
    void engine.poll({ catalog: true }).catch(onFault);
    store.changed();
    for (const listener of configListeners) listener(settings());
  }

  const ticker = startTicker(engine, { now, refreshMemory: (pids) => memory.refresh(pids), onFault });
  let closing: Promise<void> | null = null;
  const close = (options: CloseOptions = {}): Promise<void> => (closing ??= end(options));

  async function end({ unload = false }: CloseOptions): Promise<void> {
    if (unload) await operations.unloadIdle({ idleForSeconds: 0, by: 'Airdock' }, { signal: new AbortController().signal, caller: 'Airdock' });
    ticker.stop();
    await boundKeepAlive();
    engine.stop();
    store.close();
    await web.close();
    await Promise.allSettled(providers.map((p) => p.stop()));
    await Promise.allSettled([learned.flush(), log.close(), config.close()]);
    memory.close();
    lock.release();
  }

  /** What Ollama was told to keep for ever would stay for ever: nobody is left to unload it. */
  async function boundKeepAlive(): Promise<void> {
    const forEver = [...engine.state.slots.values()].filter((slot) => slot.state === 'ready' && slot.armedMs === Infinity);
    const keepMs = settings().models.idle_timeout_seconds * 1000 + KEEP_ALIVE_GRACE_MS;
    const told = Promise.all(forEver.map((slot) => engine.provider(slot.provider)?.rearm(slot.key, keepMs)));
    await Promise.race([told, new Promise((resolve) => setTimeout(resolve, 2_000).unref())]);
  }

  const listening: Outcome<{ url: string; port: number }> = await web.listen();
  if (!listening.ok) {
    await close();
    return failed(listening.problem);
  }
  lock.setUrl(listening.value.url);
  engine.measure();
  // The first looks load an HTTP client and read folders: whoever started Airdock hears before that where it listens.
  setImmediate(() => {
    void samples.start().catch(onFault);
    void engine
      .whenLooked()
      .then(() => loadPinned())
      .catch(onFault);
  });

  /** What is kept in memory is loaded at the start, where there is room. */
  function loadPinned(): void {
    for (const name of settings().models.pinned) {
      const resolved = resolveName(engine.library.models, name);
      if (resolved.ok) engine.load({ modelId: resolved.model.id, force: false, tryOnce: false, contextLength: null, origin: 'auto', by: 'Airdock', lease: null });
    }
  }

  const manager = createLocalManager({ engine, store, operations, by: options.by ?? `script ${process.pid}`, close });
  const airdock: Airdock = {
    manager,
    operations,
    dataDir,
    url: listening.value.url,
    signInLink: () => web.createLoginUrl(),
    picture: { state: () => store.state(), models: () => store.models(), subscribe: (listener) => store.subscribe(listener), watch: () => ticker.watch() },
    config: {
      path: config.path,
      current: settings,
      subscribe(listener) {
        configListeners.add(listener);
        return () => void configListeners.delete(listener);
      },
    },
    async suspend() {
      if (settings().models.unload_before_sleep) await operations.unloadIdle({ idleForSeconds: 0, by: 'Airdock' }, { signal: new AbortController().signal, caller: 'Airdock' });
    },
    resume() {
      engine.measure();
      void engine.poll({ catalog: true }).catch(onFault);
    },
    leaving: (): Leaving => ({ inUse: [], ends: [], stays: [], programs: [] }),
    close,
  };
  return { ok: true, airdock };
}
