import { problem } from '../../../contract/index.ts';
import type { Problem } from '../../../contract/index.ts';
import type { CatalogModel } from '../provider.ts';
import type { OllamaApi } from './api.ts';
import { bytesPerToken, estimateBytes } from './estimate.ts';
import type { HttpFailure } from '../http.ts';
import { isEmbeddingOnly, readFacts, unknownShape } from './model-facts.ts';
import type { ModelFacts } from './model-facts.ts';
import type { TaggedModel } from './wire.ts';

/** One installed name. */
export interface Installed {
  name: string;
  digest: string;
  sizeBytes: number;
  facts: ModelFacts;
  weights: string;
  problem: Problem | null;
}

export interface OllamaCatalog {
  /** Lists what is installed, and asks about every digest that is new. Models that could not be described in `patienceMs` come with a later call. */
  refresh(signal: AbortSignal): Promise<{ ok: true; complete: boolean } | { ok: false; failure: HttpFailure; asked: 'tags' | 'show' }>;
  installed(): readonly Installed[];
  /** By the name that `/api/ps` and the user's ids have. */
  byName(name: string): Installed | null;
  /** Every installed name of these weights. */
  named(weights: string): Installed[];
  /** Identity in memory of a manifest digest, also where its last name was deleted. */
  weightsOf(digest: string): string;
  factsOf(weights: string): ModelFacts | null;
  models(): CatalogModel[];
}

const parallelShows = 2;
/** Describing a model takes Ollama milliseconds; a first look at hundreds of them is spread over several polls. */
const patienceMs = 5_000;
const retryMs = 30_000;
/** A cloud model's manifest has no weights. */
const stubBytes = 64 * 1024;

const unknownFacts: ModelFacts = {
  blob: null,
  blobPath: null,
  shape: unknownShape,
  capabilities: [],
  family: null,
  parameterSize: null,
  quantization: null,
};

export function createCatalog(deps: {
  api: OllamaApi;
  providerId: string;
  /** Its models' short names mean the first server's where both have them. */
  further: boolean;
  contextLengthFor: (id: string) => number;
  now: () => number;
  /** Ends what a poll has left running. */
  lifetime: AbortSignal;
}): OllamaCatalog {
  const { api, providerId, now, lifetime } = deps;
  const facts = new Map<string, ModelFacts>();
  /** Digests that could not be described, until when. */
  const failed = new Map<string, { until: number; problem: Problem | null; failure: HttpFailure }>();
  let tagged: TaggedModel[] = [];
  let list: Installed[] = [];
  let describing: Promise<void> | null = null;

  /** Asks about what is new, two at a time, for as long as it takes: a poll that is no longer waiting does not stop it. */
  function describe(): Promise<void> {
    describing ??= (async () => {
      const tried = new Set<string>();
      const worker = async () => {
        for (;;) {
          const next = tagged.find(({ digest }) => !tried.has(digest) && isMissing(digest));
          if (next === undefined || lifetime.aborted) return;
          tried.add(next.digest);
          const shown = await api.show(next.name, lifetime);
          if (shown.ok) {
            facts.set(next.digest, readFacts(shown.value));
            failed.delete(next.digest);
          } else {
            failed.set(next.digest, { until: now() + retryMs, failure: shown.failure, problem: describeFailure(next.name, shown.failure) });
          }
        }
      };
      await Promise.all(Array.from({ length: parallelShows }, worker));
      describing = null;
    })();
    return describing;
  }

  function isMissing(digest: string): boolean {
    return !facts.has(digest) && (failed.get(digest)?.until ?? 0) <= now();
  }

  function rebuild(): void {
    list = tagged.flatMap((model) => {
      const { name, digest, size: sizeBytes } = model;
      const failure = failed.get(digest);
      const known = facts.get(digest) ?? (failure === undefined ? null : fallbackFacts(model));
      if (known === null) return [];
      const trouble = facts.has(digest) ? cannotLoad(name, known) : (failure?.problem ?? null);
      return [{ name, digest, sizeBytes, facts: known, weights: weightsOf(digest), problem: trouble }];
    });
  }

  function weightsOf(digest: string): string {
    return `${providerId}:${facts.get(digest)?.blob ?? digest}`;
  }

  return {
    async refresh(signal) {
      const tags = await api.tags(signal);
      if (!tags.ok) return { ...tags, asked: 'tags' };
      tagged = tags.value.filter((model) => !isCloud(model));
      const patience = patient(patienceMs, signal);
      await Promise.race([describe(), patience.over]);
      patience.stop();
      rebuild();
      // A broken route is the server's trouble; one model that it cannot describe is only that model's.
      const broken = tagged.map(({ digest }) => failed.get(digest)).find((one) => one !== undefined && one.problem === null);
      if (broken !== undefined) return { ok: false, failure: broken.failure, asked: 'show' };
      return { ok: true, complete: list.length === tagged.length };
    },
    installed: () => list,
    byName: (name) => list.find((model) => model.name === name) ?? null,
    named: (weights) => list.filter((model) => model.weights === weights),
    weightsOf,
    factsOf(weights) {
      const installed = list.find((model) => model.weights === weights)?.facts;
      return installed ?? [...facts].find(([digest]) => weightsOf(digest) === weights)?.[1] ?? null;
    },
    models: () => list.map((model) => ({ ...toCatalogModel(model, providerId, deps.contextLengthFor), ...(deps.further ? { further: true as const } : {}) })),
  };
}

function toCatalogModel(model: Installed, provider: string, contextLengthFor: (id: string) => number): CatalogModel {
  const id = `${provider}/${model.name}`;
  const { shape, capabilities } = model.facts;
  const { maxContextLength } = shape;
  // Ollama lowers what is above the training context in silence; the plan should know.
  const contextLength = isEmbeddingOnly(capabilities) ? null : Math.min(contextLengthFor(id), maxContextLength ?? Infinity);
  return {
    id,
    provider,
    providerName: model.name,
    weights: model.weights,
    sizeBytes: model.sizeBytes,
    estimate: { ram: estimateBytes(model.sizeBytes, shape, contextLength), vram: {} },
    contextLength,
    kvBytesPerToken: contextLength === null ? null : bytesPerToken(model.sizeBytes, shape),
    maxContextLength,
    family: model.facts.family,
    parameterSize: model.facts.parameterSize,
    quantization: model.facts.quantization,
    capabilities,
    sample: false,
    settings: 'ollama',
    problem: model.problem,
  };
}

/** Cloud models run elsewhere and take no memory here. */
function isCloud(model: TaggedModel): boolean {
  if (Boolean(model.remote_model) || Boolean(model.remote_host)) return true;
  return model.size < stubBytes && /[:-]cloud$/.test(model.name);
}

function fallbackFacts(model: TaggedModel): ModelFacts {
  const details = model.details;
  return {
    ...unknownFacts,
    shape: { ...unknownShape, maxContextLength: details?.context_length ?? null },
    capabilities: model.capabilities ?? ['completion'],
    family: details?.family ?? null,
    parameterSize: details?.parameter_size ?? null,
    quantization: details?.quantization_level ?? null,
  };
}

/** A problem of this one model, or null where the server as a whole is to blame. */
function describeFailure(name: string, failure: HttpFailure): Problem | null {
  if (failure.kind !== 'status' || failure.message === null) return null;
  return problem('bad-file', `Ollama cannot describe ${name}: ${failure.message}.`, `Run "ollama pull ${name}" to repair it, or remove it.`);
}

function cannotLoad(name: string, facts: ModelFacts): Problem | null {
  const able = facts.capabilities.includes('completion') || facts.capabilities.includes('embedding') || facts.capabilities.length === 0;
  return able ? null : problem('load-failed', `${name} makes ${facts.capabilities.join(' and ')}, which Ollama cannot load ahead of a request.`);
}

function patient(ms: number, signal: AbortSignal): { over: Promise<void>; stop: () => void } {
  let stop = () => {};
  const over = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    const onAbort = () => resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
  });
  return { over, stop };
}
