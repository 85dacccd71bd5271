import { GIB, problem, type Footprint, type Problem } from '../../../../contract/index.ts';
import type { HttpFailure } from '../../http.ts';
import type { CatalogModel, LoadOutcome, LoadRequest, ObservedModel, Provider, ProviderReport, ProviderStatus, UnloadOutcome, UnloadRequest } from '../../provider.ts';
import { pause } from '../../wait.ts';
import { generate } from '../generate.ts';
import { failureWords, noList, serverProblem } from '../problems.ts';
import { catalogModel, upstreamOf, type OpenAiOptions, type Server } from '../server.ts';
import { findKind } from './find-kind.ts';
import type { LocalKind, SeenModel } from './kind.ts';

/** Beside its weights a model takes room for its context and the engine's own: no server tells how much before it is loaded. */
const OVERHEAD = 1.1;
const OVERHEAD_BYTES = 256 * 1024 * 1024;
/** The slowest disk from which models are loaded, bytes per second. */
const SLOWEST_DISK = 30 * 1024 * 1024;
/** What was broken off is cleaned up behind for so long. */
const CLEAN_UP_MS = 5_000;

/** A server of this computer: what it has in memory counts, and where it can be told to, it loads and unloads. */
export function createLocalProvider(server: Server, { vramDevice, contextLengthFor }: Pick<OpenAiOptions, 'vramDevice' | 'contextLengthFor'>): Provider {
  const { name, times, settings } = server;
  const lifetime = new AbortController();
  let kind: LocalKind | null = null;
  let everUp = false;
  let starts = 0;
  let up = false;
  /** A key that was refused is not shown again every second; what listens there may lock it out. */
  let refusedUntil = -Infinity;
  let current: Pick<ProviderStatus, 'status' | 'problem'> = { status: 'starting', problem: null };

  const both = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, lifetime.signal]);

  function footprintOf({ sizeBytes, onGpu }: SeenModel): Footprint {
    const bytes = sizeBytes === null ? (settings.ram_gb ?? 0) * GIB : Math.round(sizeBytes * OVERHEAD) + OVERHEAD_BYTES;
    const device = onGpu ? vramDevice() : null;
    return device === null ? { ram: bytes, vram: {} } : { ram: 0, vram: { [device]: bytes } };
  }

  function inCatalog(seen: SeenModel): CatalogModel {
    const chosen = kind?.choosesContext ? contextLengthFor(`${server.id}/${seen.name}`) : null;
    const contextLength = chosen === null ? null : Math.min(chosen, seen.about.maxContextLength ?? Infinity);
    const here = seen.memory === 'unknown' || (kind?.load === undefined && seen.memory === 'out');
    return catalogModel(server, seen.name, { ...seen.about, sizeBytes: seen.sizeBytes ?? 0, estimate: footprintOf(seen), contextLength, ...(here ? { elsewhere: 'here' } : {}) });
  }

  function inMemory(seen: SeenModel): ObservedModel {
    const { id, weights } = catalogModel(server, seen.name);
    const device = seen.onGpu ? 'gpu' : 'unknown';
    return { weights, id, name: seen.name, reported: footprintOf(seen), contextLength: seen.contextLength, device, pid: null, canEnd: false, expiresAt: null, lastUsed: null, busy: null };
  }

  async function look(signal: AbortSignal): Promise<SeenModel[] | HttpFailure | 'no-list'> {
    if (kind === null) {
      const found = await findKind(server, signal);
      if (!found.ok) return found.failure;
      ({ kind } = found);
    }
    const looked = await kind.look(signal);
    return looked.ok ? looked.models : looked.failure;
  }

  function report(models: ProviderReport['models'], loaded: ProviderReport['loaded']): ProviderReport {
    const status: ProviderStatus = {
      ...current,
      version: kind?.label ?? null,
      url: server.url,
      memory: 'host',
      ownCapacity: null,
      advice: [],
      incarnation: starts === 0 ? null : String(starts),
      canUnload: kind === null || kind.unload !== undefined,
    };
    return { status, models, loaded };
  }

  async function poll(signal: AbortSignal): Promise<ProviderReport> {
    if (server.now() < refusedUntil) return report(null, null);
    const seen = await look(signal);
    if (Array.isArray(seen)) {
      if (!up) starts++;
      up = everUp = true;
      current = { status: 'up', problem: null };
      return report(seen.map(inCatalog), seen.filter(({ memory }) => memory === 'in').map(inMemory));
    }
    if (seen === 'no-list') {
      kind = null;
      current = { status: 'down', problem: noList(server) };
      return report(null, null);
    }
    if (seen.kind === 'aborted') return report(null, null);
    if (seen.kind === 'refused') {
      up = false;
      kind = null;
      current = { status: everUp ? 'down' : 'absent', problem: serverProblem(seen, server) };
      // Nobody listens there any more: what it held has gone with it.
      return report(null, []);
    }
    // Another program may answer there now.
    if (seen.kind === 'status') kind = null;
    if (seen.kind === 'status' && (seen.status === 401 || seen.status === 403)) refusedUntil = server.now() + times.afterRefusal;
    current = { status: 'down', problem: serverProblem(seen, server) };
    return report(null, null);
  }

  /** One model as it is now; null: it is not listed, or the server does not answer. */
  async function seenNow(modelName: string, signal: AbortSignal): Promise<SeenModel | null> {
    const seen = await look(signal);
    return Array.isArray(seen) ? (seen.find((one) => one.name === modelName) ?? null) : null;
  }

  async function load({ model, contextLength, signal: wanted }: LoadRequest): Promise<LoadOutcome> {
    const { providerName } = model;
    const tellLoad = kind?.load;
    if (tellLoad === undefined) return { ok: false, kind: 'provider-down', problem: current.problem ?? problem('provider-down', `${name} cannot be told to load a model.`) };
    const limitMs = times.load + (model.sizeBytes / SLOWEST_DISK) * 1000;
    const late = AbortSignal.timeout(Math.ceil(limitMs));
    const signal = AbortSignal.any([both(wanted), late]);
    const told = await tellLoad(providerName, contextLength, limitMs, signal);
    const alreadyThere = !told.ok && told.failure.kind === 'status' && told.failure.status === 400 && (await seenNow(providerName, signal))?.memory === 'in';
    if (told.ok || alreadyThere) {
      let begun = false;
      for (;;) {
        const seen = await seenNow(providerName, signal);
        if (seen?.memory === 'in') return { ok: true, pid: null, contextLength: seen.contextLength ?? contextLength, device: seen.onGpu ? 'gpu' : 'unknown', footprint: footprintOf(seen), source: 'estimated', cold: null };
        if (seen?.memory === 'loading') begun = true;
        else if (seen && (begun || seen.failed)) return { ok: false, kind: 'failed', problem: problem('load-failed', `${name} did not load ${providerName}.`, `The log of ${name} says why.`) };
        if (signal.aborted) break;
        await pause(times.watch, signal);
      }
    }
    if (signal.aborted) {
      await leaveNothing(providerName);
      if (wanted.aborted || lifetime.signal.aborted) return { ok: false, kind: 'cancelled', problem: problem('cancelled', 'The load was cancelled.') };
      return { ok: false, kind: 'timeout', problem: problem('load-timeout', `${name} did not load ${providerName} within ${Math.round(limitMs / 1000)} s.`, `The log of ${name} says more.`) };
    }
    return told.ok ? { ok: false, kind: 'failed', problem: problem('load-failed', `${name} did not load ${providerName}.`) } : loadFailed(providerName, told.failure);
  }

  function loadFailed(modelName: string, failure: HttpFailure): LoadOutcome {
    const words = failureWords(failure, server.key);
    const down = failure.kind === 'refused' || failure.kind === 'lost';
    const oom = failure.kind === 'status' && /out of memory|not enough memory|failed to allocate|insufficient (?:memory|resources)/i.test(failure.message ?? '');
    const why: Problem = problem(oom ? 'out-of-memory' : down ? 'provider-down' : 'load-failed', `${name} did not load ${modelName}${words}.`, `The log of ${name} says more.`);
    return { ok: false, kind: oom ? 'oom' : down ? 'provider-down' : 'failed', problem: why };
  }

  /** A load that nobody wants any more may go on over there. */
  async function leaveNothing(modelName: string): Promise<void> {
    const signal = AbortSignal.timeout(CLEAN_UP_MS);
    while (!signal.aborted) {
      const seen = await seenNow(modelName, signal);
      if (seen?.memory !== 'in' && seen?.memory !== 'loading') return;
      await kind?.unload?.(modelName, signal);
      await pause(times.watch, signal);
    }
  }

  async function unload({ weights, ifUnusedSince }: UnloadRequest, signal: AbortSignal): Promise<UnloadOutcome> {
    const modelName = weights.slice(`openai:${server.id}:`.length);
    const first = await seenNow(modelName, signal);
    if (first !== null && first.memory === 'out') return { kind: 'gone' };
    const tellUnload = kind?.unload;
    if (tellUnload === undefined) return { kind: 'failed', problem: current.problem ?? problem('unload-failed', `${name} cannot be told to unload ${modelName}.`, `Unload it in ${name} itself.`) };
    // Programs that talk to it directly are not seen otherwise.
    if (ifUnusedSince !== null && (await kind?.isBusy?.(modelName, signal))) return { kind: 'in-use', lastUsed: null };
    const told = await tellUnload(modelName, signal);
    if (!told.ok) {
      if (told.failure.kind === 'refused') return { kind: 'gone' };
      return { kind: 'failed', problem: problem('unload-failed', `${name} did not unload ${modelName}${failureWords(told.failure, server.key)}.`, `Unload it in ${name} itself.`) };
    }
    for (;;) {
      const seen = await look(signal);
      if (Array.isArray(seen) && (seen.find((one) => one.name === modelName)?.memory ?? 'out') === 'out') return { kind: 'gone' };
      if (!Array.isArray(seen) && seen !== 'no-list' && seen.kind === 'refused') return { kind: 'gone' };
      if (signal.aborted) return { kind: 'failed', problem: problem('cancelled', 'The unload was broken off.') };
      await pause(times.watch, signal);
    }
  }

  const noEnd = problem('unload-failed', `${name} keeps its processes to itself.`, `Restart ${name} to free the memory.`);
  return {
    id: server.id,
    kind: 'openai',
    label: name,
    parallelLoads: 1,
    revivesStuck: false,
    poll: ({ signal }) => poll(both(signal)),
    onCrash: () => () => undefined,
    load,
    unload: (request, signal) => unload(request, both(signal)),
    rearm: () => Promise.resolve({ ok: false }),
    endRunner: () => Promise.resolve({ ok: false, problem: noEnd }),
    generate: (request) => generate(server, { ...request, signal: both(request.signal) }),
    upstream: upstreamOf(server),
    async stop() {
      lifetime.abort();
      server.http.close();
    },
  };
}
