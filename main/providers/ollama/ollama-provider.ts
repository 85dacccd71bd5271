import os from 'node:os';
import { problem } from '../../../contract/index.ts';
import type { Problem } from '../../../contract/index.ts';
import type { Provider, ProviderReport, ProviderStatus } from '../provider.ts';
import { promptCacheAdvice } from './advice.ts';
import { createAirdockBudget } from './airdock-budget.ts';
import { createOllamaApi } from './api.ts';
import type { TimeLimits } from './api.ts';
import { createCatalog } from './catalog.ts';
import { endRunnerProcess } from './end-runner.ts';
import { generateText } from './generate.ts';
import { createHealth } from './health.ts';
import { originOf, resolveHost } from './host.ts';
import { createJsonHttp } from '../http.ts';
import type { HttpFailure } from '../http.ts';
import { loadModel } from './load.ts';
import { whoseMemory } from './memory-rule.ts';
import { createOllamaLibrary } from './model-library.ts';
import { createPresence } from './presence.ts';
import type { Present } from './presence.ts';
import type { Asked } from './problems.ts';
import { createRunnerWatch } from './runner-watch.ts';
import { createNoRunnerFinder, createRunnerFinder } from './runners.ts';
import { rearmRunner } from './touch.ts';
import { unloadModel } from './unload.ts';

export interface OllamaProviderOptions {
  /** Default: ollama. */
  id?: string;
  /** The config's host; null: OLLAMA_HOST from `env`, else Ollama's default. */
  host: string | null;
  /** Whose memory its models take; auto: see memory-rule.ts. */
  memory: 'auto' | 'host' | 'own';
  /** Bytes of its own memory, where it has one and that is known. */
  ownRamBytes: number | null;
  /** Context size in tokens for a model, by catalog id. */
  contextLengthFor: (id: string) => number;
  /** Wall clock, ms since the epoch. */
  now: () => number;
  env: Readonly<Record<string, string | undefined>>;
  /** Default: /proc. */
  procRoot?: string;
  /** Default: process.platform. */
  platform?: NodeJS.Platform;
  /** The GPU (id as in main/memory) whose memory Ollama's VRAM figures are booked to; default: none, so that they count as RAM. */
  vramDevice?: () => string | null;
  /** Time that a load of so many bytes gets, ms; default: `loadLimitMs`. */
  loadLimitMs?: (fileBytes: number) => number;
  /** Share of that limit after which a load that has not begun is looked at for Ollama's deadlock; default 0.5. */
  deadlockShare?: number;
  /** Time limits of single requests, ms; default: `defaultLimits`. */
  timeLimits?: Partial<TimeLimits>;
  /** A further one, beside that of providers.ollama: what people call it, and the key that it wants (null: none) with the variable that holds it. */
  further?: { label: string; key: string | null; keyEnv: string | null };
  /** A header on every request by which an Airdock recognises its own, and refuses it with 508. */
  hop?: Readonly<Record<string, string>>;
}

/** How often a list that could not be had, or a model that it does not know, may make a look ask for the list although the caller did not. */
const unaskedCatalogMs = 10_000;
/** A list of running models that was seen this much later confirms a death. */
const deathConfirmedMs = 150;

/** Ollama, on this computer or another, through its HTTP API. Facts about that API are in the modules beside this one. */
export function createOllamaProvider(options: OllamaProviderOptions): Provider {
  const { id = 'ollama', now, env, procRoot = '/proc', platform = process.platform } = options;
  const host = resolveHost(options.host, env);
  const lifetime = new AbortController();
  const { further } = options;
  const server: Asked = { url: host.url, further: further ? id : null, from: options.host !== null ? 'setting' : env['OLLAMA_HOST'] ? 'environment' : 'default', keyEnv: further?.keyEnv ?? null };
  const keyHeaders: Readonly<Record<string, string>> = further?.key ? { authorization: `Bearer ${further.key}` } : {};
  const headers = { ...options.hop, ...keyHeaders };
  const http = createJsonHttp(host, now, headers);
  const api = createOllamaApi(http, options.timeLimits);
  const catalog = createCatalog({ api, providerId: id, further: further !== undefined, contextLengthFor: options.contextLengthFor, now, lifetime: lifetime.signal });
  // Processes of an Ollama elsewhere are not among this computer's.
  const local = platform === 'linux' && host.loopback && options.memory !== 'own';
  const finder = local ? createRunnerFinder(procRoot, process.getuid?.() ?? null) : createNoRunnerFinder();
  const presence = createPresence({
    api,
    catalog,
    watch: createRunnerWatch(finder, now),
    providerId: id,
    now,
    // This computer's graphics card has no part in a memory elsewhere.
    vramDevice: () => (ownMemory ? null : (options.vramDevice?.() ?? null)),
  });
  const health = createHealth(server, () => {
    presence.forgetAll();
    memory = null;
    suspects.clear();
  });
  if (host.loopback) http.onServerClosed(() => health.serverClosed());

  // Without a key nobody there tells.
  const budget = further?.key && options.ownRamBytes === null ? createAirdockBudget(http, now) : null;
  const crashListeners = new Set<(weights: string, problem: Problem) => void>();
  /** Models whose process is gone although they are listed, since when. */
  const suspects = new Map<string, { since: number; told: boolean }>();
  /** Ended by `endRunner`: no crash. */
  const endedByUs = new Set<string>();
  let memory: 'host' | 'own' | null = null;
  let ownMemory = options.memory === 'own' || (options.memory === 'auto' && !host.loopback);
  let capacity = options.ownRamBytes;
  let advice: ProviderStatus['advice'] = [];
  let catalogFailure: { failure: HttpFailure; asked: 'tags' | 'show' } | null = null;
  let incomplete = false;
  let catalogAskedAt = -Infinity;
  let pendingLoads = 0;

  async function report(models: ProviderReport['models'], loaded: ProviderReport['loaded'], told: Promise<number | null> | null = null): Promise<ProviderReport> {
    memory ??= await whoseMemory({ setting: options.memory, loopback: host.loopback, platform, procRoot });
    ownMemory = memory === 'own';
    if (told) capacity = await told;
    const status = { ...health.status(), url: host.url, memory, ownCapacity: ownMemory ? capacity : null, advice };
    return { status, models, loaded };
  }

  /** True: the list is fresh. */
  async function refreshCatalog(signal: AbortSignal): Promise<boolean> {
    catalogAskedAt = now();
    const refreshed = await catalog.refresh(signal);
    if (!refreshed.ok && refreshed.failure.kind === 'aborted') return false;
    catalogFailure = refreshed.ok ? null : refreshed;
    incomplete = refreshed.ok && !refreshed.complete;
    return refreshed.ok || refreshed.asked === 'show';
  }

  /** Tells of runners that died, and leaves them out: their memory is back, whatever Ollama lists. */
  function withoutDead(present: readonly Present[]): Present[] {
    for (const weights of suspects.keys()) {
      if (!present.some((one) => one.weights === weights && one.ghost)) suspects.delete(weights);
    }
    return present.filter((one) => {
      if (!one.ghost || presence.isUnloading(one.weights)) return true;
      const suspect = suspects.get(one.weights) ?? { since: now(), told: false };
      suspects.set(one.weights, suspect);
      // Ollama ends a runner's process a moment before it takes it off its list: only a second look tells a crash from that.
      if (now() - suspect.since < deathConfirmedMs) return true;
      if (!suspect.told && !endedByUs.delete(one.weights)) {
        const hint = 'Ollama starts it again with the next request; its log says why it ended.';
        const died = problem('load-failed', `The process of ${one.running.name} ended by itself.`, hint);
        for (const listener of crashListeners) listener(one.weights, died);
      }
      suspect.told = true;
      return false;
    });
  }

  return {
    id,
    kind: 'ollama',
    label: further?.label ?? 'Ollama',
    parallelLoads: 1,
    revivesStuck: true,

    async poll({ catalog: wanted, signal }) {
      const look = new AbortController();
      const giveUp = () => look.abort();
      const either = AbortSignal.any([signal, lifetime.signal]);
      either.addEventListener('abort', giveUp, { once: true });
      if (either.aborted) look.abort();
      try {
        const due = now() - catalogAskedAt >= unaskedCatalogMs && (catalogFailure !== null || incomplete);
        const told = budget && ownMemory ? budget.read(look.signal) : null;
        const psAnswer = presence.look(look.signal);
        const listing = wanted || due ? refreshCatalog(look.signal) : null;
        const version = await api.version(look.signal);
        if (!version.ok) {
          // Nobody home: no point in waiting for the slower routes.
          look.abort();
          await Promise.all([psAnswer, listing, told]);
          if (version.failure.kind !== 'aborted') health.failed(version.failure, 'version', null);
          return await report(null, null);
        }
        let fresh = (await listing) === true;
        let seen = await psAnswer;
        const isStranger = ({ running }: Present) => catalog.byName(running.name)?.digest !== running.digest;
        if (!fresh && seen.ok && now() - catalogAskedAt >= unaskedCatalogMs && seen.value.some(isStranger)) {
          fresh = await refreshCatalog(look.signal);
          // Their weights are known only now.
          if (fresh) seen = await presence.look(look.signal);
        } else if (fresh && seen.ok && seen.value.some((one) => one.weights !== catalog.weightsOf(one.running.digest))) {
          seen = await presence.look(look.signal);
        }
        if (signal.aborted || lifetime.signal.aborted) return await report(null, null);
        if (!seen.ok) health.failed(seen.failure, 'ps', version.value);
        else if (catalogFailure !== null) health.failed(catalogFailure.failure, catalogFailure.asked, version.value);
        else health.up(version.value);
        const present = seen.ok ? withoutDead(seen.value) : null;
        if (present !== null) advice = promptCacheAdvice(present, finder);
        return await report(fresh ? catalog.models() : null, present?.map((one) => one.observed) ?? null, told);
      } finally {
        either.removeEventListener('abort', giveUp);
      }
    },

    onCrash(listener) {
      crashListeners.add(listener);
      return () => void crashListeners.delete(listener);
    },

    async load(request) {
      pendingLoads++;
      try {
        const { loadLimitMs: limitMs, deadlockShare } = options;
        return await loadModel({ api, catalog, presence, finder, now, url: host.url, limitMs, deadlockShare }, request);
      } finally {
        pendingLoads--;
      }
    },

    filesOf(weights) {
      const blobPath = catalog.factsOf(weights)?.blobPath ?? null;
      return blobPath === null || !local || ownMemory ? [] : [blobPath];
    },

    unload: (request, signal) => unloadModel({ api, catalog, presence, finder, now, server }, request, AbortSignal.any([signal, lifetime.signal])),

    // A touch while a load waits can bring back the very model that it waits for, and then everything waits (Ollama's issue 17408).
    async rearm(weights, keepAliveMs) {
      return pendingLoads > 0 ? { ok: false } : rearmRunner({ api, catalog, presence, now }, weights, keepAliveMs);
    },

    async endRunner(weights) {
      const present = presence.last(weights);
      endedByUs.add(weights);
      const ended = await endRunnerProcess(present?.runner ?? null, present?.running.name ?? 'that model', finder);
      if (!ended.ok) endedByUs.delete(weights);
      return ended;
    },

    async generate({ id: modelId, prompt, maxTokens, signal }) {
      const model = modelId.startsWith(`${id}/`) ? catalog.byName(modelId.slice(id.length + 1)) : null;
      if (model === null) return { ok: false, problem: problem('unknown-model', `Ollama has no model ${modelId}.`) };
      const contextLength = presence.last(model.weights)?.observed.contextLength ?? options.contextLengthFor(modelId);
      return generateText(api, { model, prompt, maxTokens, contextLength, signal: AbortSignal.any([signal, lifetime.signal]) });
    },

    library: createOllamaLibrary({ host, catalog, contextLengthFor: options.contextLengthFor, providerId: id, now, headers, env, home: os.homedir(), lifetime: lifetime.signal }),

    ...(further ? { upstream: { url: originOf(host), base: host.prefix, headers: keyHeaders } } : {}),

    async stop() {
      lifetime.abort();
      http.close();
    },
  };
}
