import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { type Config, type Outcome, type Problem } from '../contract/index.ts';
import type { Airdock, AirdockOptions, CloseOptions, StartOutcome } from './airdock.ts';
import { createConfigStore } from './config/config-store.ts';
import { createSeenContexts } from './manager/seen-contexts.ts';
import { createSettingsNotes } from './config/settings-notes.ts';
import { createActivityLog } from './data/activity-log.ts';
import { openAppsKey } from './data/apps-key.ts';
import { dataDirectory, prepareDataDirectory } from './data/data-directory.ts';
import { takeLock, type HeldBy } from './data/lock.ts';
import { ensureToken } from './data/token.ts';
import { boundKeepAlive, createTimeLeft, endingModels, endlessLoads, endLoads, endUses, keepWithoutAirdockMs, lastEntries, unloadWhatStays } from './ending.ts';
import { leavingView } from './leaving.ts';
import { createEngine } from './manager/engine.ts';
import { gather } from './gather.ts';
import { createGatewayPorts } from './gateway-ports.ts';
import { createGateway } from './gateway/gateway.ts';
import { createHistory } from './manager/history.ts';
import { createLibrary } from './model-library.ts';
import { createDemandKeeper, demandOf } from './manager/kept-demand.ts';
import { createLoadedKeeper } from './manager/kept-loaded.ts';
import { createLocalManager } from './manager/local.ts';
import { resolveName } from './manager/names.ts';
import { systemKeychain } from './keychain/keychain.ts';
import { createOperations } from './manager/operations.ts';
import { withAuthor } from './manager/settings-author.ts';
import { createSnapshotStore } from './manager/store.ts';
import { startTicker } from './manager/ticker.ts';
import { createDemandStore } from './memory/demand-store.ts';
import { createLearnedStore } from './memory/learned.ts';
import { createLoadedStore } from './memory/loaded-store.ts';
import { createMemoryReader } from './memory/reader.ts';
import { packageRoot } from './package-root.ts';
import { unloadBeforeSleep } from './power.ts';
import { createProviderSet } from './provider-set.ts';
import { createSampleMaker, samplesDirectory } from './providers/llama-cpp/index.ts';
import { createSampleService } from './samples.ts';
import { version } from './version.ts';
import { createWebServer } from './web/server.ts';

/** A program that has not called for so long is not told to lose anything. */
const RECENT_CALLER_MS = 10 * 60_000;

/** Providers get so long to clean up behind loads that the end cuts off. */
const LOADS_LIMIT_MS = 3_000;
/** A server that cannot be told how long to keep models is not asked longer; its own process may be busy. */
const TELL_LIMIT_MS = 2_000;
/** What a program downloads is judged in this time, or not at all. */
const PULL_LOOK_MS = 20_000;
/** What closing everything takes, of the time that a short ending has. */
const LAST_MS = 500;

const GATHER_MS = 5;

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
  const appsKey = await openAppsKey(dataDir);
  if (!appsKey.ok) {
    lock.release();
    return failed(appsKey.problem);
  }
  const { file: appsKeyFile } = appsKey.value;

  const configFile = createConfigStore({ file: path.join(dataDir, 'config.json'), onChange: () => onConfig() });
  const config = withAuthor(configFile);
  const log = createActivityLog({ dir: dataDir, onProblem: (problem) => onFault(problem.message) });
  const learned = createLearnedStore({ file: path.join(dataDir, 'learned.json'), now, onProblem: (problem) => onFault(problem.message) });
  const demandStore = createDemandStore({ file: path.join(dataDir, 'demand.json'), now, onProblem: (problem) => onFault(problem.message) });
  const known = demandOf(demandStore.saved);
  const demand = createDemandKeeper(demandStore, known);
  const loaded = createLoadedKeeper({
    store: createLoadedStore({ file: path.join(dataDir, 'loaded.json'), now, onProblem: (problem) => onFault(problem.message) }),
    now,
    urlOf: (id) => engine.statusOf(id)?.url ?? null,
  });
  const memory = createMemoryReader();
  const settings = (): Config => config.current().config;
  const root = packageRoot();

  const seenContext = (id: string): number | null => (settings().gateway.guards.keep_context ? learned.context(id) : null);
  const providers = createProviderSet({ settings, engine: () => engine, memory, dataDir, root, env, keychain: systemKeychain(env), now, instance: lock.instance, seenContext, forkChild: options.forkChild });
  const history = createHistory(now);
  const contexts = createSeenContexts((id, contextLength) => {
    learned.recordContext(id, contextLength);
    // What it would take has changed with it.
    void engine.poll({ catalog: true }).catch(onFault);
  });
  const engine = createEngine({
    providers: providers.all,
    memory,
    learned,
    demand: known,
    remembered: loaded.take,
    config: settings(),
    now,
    onActivity: (entry) => store.note(entry),
    // Busy programs change the state a thousand times a second; those who watch it need not hear of each use.
    onChange: gather(() => {
      ticker.changed();
      store.changed();
      history.see(engine.state);
      contexts.see(engine.state);
      demand.see(engine.state.demand);
      loaded.see(engine.state);
    }, GATHER_MS),
    onFault,
  });
  providers.applySettings();

  const samples = createSampleService(createSampleMaker({ dir: samplesDirectory(dataDir) }), () => store.changed());
  const library = createLibrary({ engine: () => engine, providers: providers.all, contextLength: () => settings().models.context_length, dataDir, now, note: (entry) => store.note(entry), onChange: () => store.changed(), onFault });
  const dismissed = new Set<string>();
  const store = createSnapshotStore({ engine, providers: providers.all, folders: providers.folders, samples, config, log, version, dismissed, requests: () => gateway.requests(), downloads: () => library.view(), now });
  const operations = createOperations({
    engine,
    store,
    memory,
    config,
    log,
    samples,
    history,
    dismiss: (id) => {
      dismissed.add(id);
      store.changed();
    },
    keyChanged: (id) => {
      providers.forget(id);
      providers.applySettings();
    },
    signInLink: () => web.createLoginUrl(),
    library,
    access: {
      appsKey: () => ({ key: appsKey.value.current(), file: appsKeyFile }),
      newAppsKey: () => appsKey.value.renew(),
      pairingUrls: () => web.createPairingUrls(),
    },
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
    appsKey: appsKey.value.current,
    allowed: () => ({ hosts: settings().gateway.allowed_hosts, origins: settings().gateway.allowed_origins }),
    lan: options.lan ?? settings().gateway.lan,
    docker: settings().gateway.docker,
    staticDir: path.join(root, 'dist/renderer'),
    host: settings().gateway.host,
    port: options.port ?? settings().gateway.port,
    version,
    instance: lock.instance,
    onFault,
  });

  const gateway = createGateway(createGatewayPorts({ engine, store, providers: providers.all, hasKey: (headers) => web.hasKey(headers), seenContext: learned.context, usualContext: () => settings().models.context_length, pullBegins: (name, holder) => void library.announced(name, holder, AbortSignal.timeout(PULL_LOOK_MS)).catch(onFault), now, onFault }), () => settings().gateway, {
    version,
    onChange: () => store.changed(),
  });
  web.attach(gateway.route);

  const configListeners = new Set<(config: Config) => void>();
  const noteSettings = createSettingsNotes({ settings, author: config.author, now, note: (entry) => store.note(entry) });
  function onConfig(): void {
    noteSettings();
    providers.applySettings();
    engine.setConfig(settings(), config.author());
    // Folders and context sizes change what is installed and how large it would be.
    void engine.poll({ catalog: true }).catch(onFault);
    store.changed();
    for (const listener of configListeners) {
      try {
        listener(settings());
      } catch (fault) {
        onFault(fault);
      }
    }
  }

  const ticker = startTicker(engine, { now, refreshMemory: (pids) => memory.refresh(pids), onFault });
  let closing: Promise<void> | null = null;
  const hurry = new AbortController();
  const time = createTimeLeft();
  const close = (options: CloseOptions = {}): Promise<void> => {
    // Who asks again does not want to wait any longer.
    if (closing && !options.graceMs) hurry.abort();
    if (closing && options.limitMs !== undefined) time.shorten(options.limitMs);
    return (closing ??= end(options));
  };

  async function end({ unload = false, graceMs = 0, limitMs }: CloseOptions): Promise<void> {
    const loads = endlessLoads(engine.state);
    await endUses(engine, graceMs, hurry.signal);
    if (limitMs !== undefined) time.shorten(limitMs);
    loads.push(...endlessLoads(engine.state));
    // Before their loads are cancelled: nobody has cancelled them.
    gateway.endWaiting();
    await endLoads(engine, Math.min(LOADS_LIMIT_MS, time.ms() / 4), time.less());
    if (unload && !time.isShort()) await unloadWhatStays(engine, undefined, time.less());
    ticker.stop();
    const keepMs = keepWithoutAirdockMs(settings());
    const untold = await boundKeepAlive(engine, loads, keepMs, Math.min(TELL_LIMIT_MS, time.ms() / 3));
    const flushLoaded = (): Promise<void> => loaded.end(engine.state, keepMs, new Set(untold.map(({ key }) => key)));
    for (const entry of lastEntries(endingModels(engine.state), untold, now())) log.append(entry);
    // Whoever ends the process may do so at any moment now.
    await Promise.allSettled([learned.flush(), demandStore.flush(), flushLoaded(), log.flush(), configFile.close()]);
    if (unload && time.isShort()) await unloadWhatStays(engine, time.ms() - LAST_MS);
    engine.stop();
    await library.close();
    gateway.close();
    store.close();
    await web.close(time.isShort() ? LAST_MS / 2 : undefined);
    await providers.stop();
    await Promise.allSettled([learned.flush(), demandStore.flush(), flushLoaded(), log.close(), configFile.close()]);
    memory.close();
    lock.release();
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
    void library.start().catch(onFault);
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
    addresses: () => web.addresses(),
    appsKeyFile,
    secrets: () => [token.value, appsKey.value.current()],
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
    suspend: () => unloadBeforeSleep(engine, settings()),
    resume: () => ticker.woke(),
    leaving: () => leavingView(engine.state, web.callers(RECENT_CALLER_MS)),
    close,
  };
  return { ok: true, airdock };
}
