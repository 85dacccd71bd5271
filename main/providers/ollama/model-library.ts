import { access } from 'node:fs/promises';
import path from 'node:path';
import { problem } from '../../../contract/index.ts';
import type { Problem } from '../../../contract/index.ts';
import type { HttpFailure } from '../http.ts';
import type { ModelLibrary } from '../model-library.ts';
import type { Installed, OllamaCatalog } from './catalog.ts';
import { bytesPerToken, estimateBytes } from './estimate.ts';
import type { OllamaHost } from './host.ts';
import { isEmbeddingOnly, unknownShape } from './model-facts.ts';
import { isOwnComputer, listedName, parseModelName } from './model-name.ts';
import type { ModelName } from './model-name.ts';
import { failureWords, startAgain } from './problems.ts';
import { createPullReader } from './pull.ts';
import { originOf, usualHost } from './manifests.ts';
import { fetchManifest, namesSameLayers } from './registry.ts';
import { callStream } from './stream-call.ts';

export interface OllamaLibraryDeps {
  host: OllamaHost;
  catalog: OllamaCatalog;
  /** Context in tokens that a model would have, by the id that it would get. */
  contextLengthFor(id: string): number;
  providerId: string;
  now(): number;
  /** On every request. */
  headers: Readonly<Record<string, string>>;
  env: Readonly<Record<string, string | undefined>>;
  home: string;
  lifetime: AbortSignal;
}

/** Ollama looks through 40 GB in some minutes, and says nothing meanwhile. */
const pullSilenceMs = 30 * 60_000;
const lookMs = 15_000;
const deleteMs = 60_000;
const contextSizes = [2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072];

/** Pulling, deleting and looking at models of an Ollama, through its own HTTP API. */
export function createOllamaLibrary({ host, catalog, contextLengthFor, providerId, now, headers, env, home, lifetime }: OllamaLibraryDeps): ModelLibrary {
  const either = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, lifetime]);
  const find = (name: string): Installed | null => catalog.byName(name) ?? catalog.byName(`${name}:latest`);
  const pullBody = (name: ModelName): object => ({ model: listedName(name), stream: true, ...(isOwnComputer(name) ? { insecure: true } : {}) });

  /** What Ollama itself tells in its first lines: the pull is begun, and dropped at the first size. */
  async function peek(name: ModelName, signal: AbortSignal): Promise<{ ok: true; bytes: number | null } | { ok: false; problem: Problem }> {
    const reader = createPullReader();
    const limit = AbortSignal.any([either(signal), AbortSignal.timeout(lookMs)]);
    const result = await callStream(host, headers, { method: 'POST', path: '/api/pull', body: pullBody(name), signal: limit, silenceMs: lookMs, onLine: (line) => reader.read(line).totalBytes === null && !reader.succeeded() });
    if (!result.ok) return { ok: false, problem: pullProblem(name, result.failure, host.url) };
    const first = [...reader.layers().values()][0];
    return { ok: true, bytes: first?.total ?? null };
  }

  /** Its store on this computer. */
  async function store(): Promise<string | null> {
    if (!host.loopback) return null;
    const blob = catalog.installed().find(({ facts }) => facts.blobPath !== null)?.facts.blobPath;
    const isThere = (file: string): Promise<boolean> => access(file).then(() => true, () => false);
    // The path is the server's own: in a container it means another place than here.
    if (blob !== null && blob !== undefined && (await isThere(blob))) return path.dirname(path.dirname(blob));
    for (const candidate of [env['OLLAMA_MODELS'], path.join(home, '.ollama', 'models')]) {
      if (candidate !== undefined && candidate !== '' && (await isThere(candidate))) return candidate;
    }
    return null;
  }

  /** What a model without a host in its name comes from, where the store tells; nothing names it otherwise. */
  async function hostFor(name: ModelName): Promise<string | null> {
    if (name.host !== null) return name.host;
    const folder = await store();
    return folder === null ? null : usualHost(folder, catalog.installed());
  }

  const needsOf = (name: ModelName, weightBytes: number | null): number | null =>
    weightBytes === null || weightBytes === 0 ? null : estimateBytes(weightBytes, unknownShape, contextLengthFor(`${providerId}/${listedName(name)}`));

  return {
    directory: store,

    async pull({ name, signal, onProgress }) {
      const wanted = parseModelName(name);
      if (wanted === null) return { ok: false, problem: badName(name) };
      const reader = createPullReader();
      const onLine = (line: unknown): void => {
        const far = reader.read(line);
        // The weights are the largest layer, and by far.
        onProgress({ ...far, needs: needsOf(wanted, Math.max(0, ...[...reader.layers().values()].map(({ total }) => total))) });
      };
      const result = await callStream(host, headers, { method: 'POST', path: '/api/pull', body: pullBody(wanted), signal: either(signal), silenceMs: pullSilenceMs, onLine });
      if (!result.ok) return { ok: false, problem: pullProblem(wanted, result.failure, host.url) };
      if (!reader.succeeded()) return { ok: false, problem: problem('download-failed', `Ollama stopped downloading ${listedName(wanted)} without saying why.`, 'Try again: it goes on where it was.') };
      return { ok: true };
    },

    async look(name, signal) {
      const wanted = parseModelName(name);
      if (wanted === null) return { ok: false, problem: badName(name) };
      const told = (bytes: number | null, weightBytes: number | null) => ({ ok: true as const, remote: { bytes, weightBytes, needs: needsOf(wanted, weightBytes) } });
      const from = await hostFor(wanted);
      if (from !== null) {
        const found = await fetchManifest({ ...wanted, host: from }, either(signal), now);
        if (found.ok) return told(found.manifest.totalBytes, found.manifest.weightBytes);
        if (found.problem.code === 'unknown-model') return found;
        // It may want to be asked in a way that only Ollama knows.
      }
      const seen = await peek(wanted, signal);
      return seen.ok ? told(seen.bytes, seen.bytes) : seen;
    },

    async latest(name, signal) {
      const wanted = parseModelName(name);
      if (wanted === null) return { ok: false, problem: badName(name) };
      const own = find(name)?.digest ?? null;
      const folder = await store();
      const origin = folder === null || own === null ? null : await originOf(folder, wanted, own);
      const from = wanted.host ?? origin?.host ?? null;
      if (from === null) return { ok: true, digest: null };
      const found = await fetchManifest({ ...wanted, host: from }, either(signal), now);
      if (!found.ok) return found;
      return { ok: true, digest: own !== null && origin !== null && namesSameLayers(found.manifest, origin.text) ? own.replace(/^sha256:/, '') : found.manifest.digest };
    },

    async delete(name) {
      const result = await callStream(host, headers, { method: 'DELETE', path: '/api/delete', body: { model: name }, signal: either(AbortSignal.timeout(deleteMs)), silenceMs: deleteMs });
      if (result.ok) return { ok: true };
      if (result.failure.kind === 'status' && result.failure.status === 404) return { ok: false, problem: problem('unknown-model', `Ollama has no model ${name} any more.`) };
      return { ok: false, problem: problem('delete-failed', `Ollama did not delete ${name}: ${failureWords(result.failure)}.`, result.failure.kind === 'refused' ? startAgain : 'Its log says more.') };
    },

    async details(name) {
      const model = find(name);
      if (model === null) return { ok: false, problem: problem('unknown-model', `Ollama has no model ${name}.`) };
      const { facts, sizeBytes, digest } = model;
      const { shape } = facts;
      const most = shape.maxContextLength;
      const sizes = isEmbeddingOnly(facts.capabilities) ? [] : contextSizes.filter((size) => most === null || size <= most);
      return {
        ok: true,
        details: {
          architecture: facts.family,
          parameterSize: facts.parameterSize,
          quantization: facts.quantization,
          maxContextLength: most,
          kvBytesPerToken: isEmbeddingOnly(facts.capabilities) ? null : bytesPerToken(sizeBytes, shape),
          contexts: sizes.map((contextLength) => ({ contextLength, ram: estimateBytes(sizeBytes, shape, contextLength) })),
          files: [],
          projector: null,
          license: null,
          digest,
          deletable: true,
          keptBecause: null,
        },
      };
    },
  };
}

function badName(name: string): Problem {
  return problem('bad-request', `"${name}" is no name that Ollama takes.`, 'Names look like llama3.2, llama3.2:3b or somebody/model:tag; a GGUF file is named by its whole address.');
}

function pullProblem(name: ModelName, failure: HttpFailure, url: string): Problem {
  const called = listedName(name);
  const words = failureWords(failure);
  switch (failure.kind) {
    case 'aborted':
      return problem('cancelled', `Downloading ${called} was stopped.`);
    case 'refused':
      return problem('provider-down', `Nothing answers at ${url}, so ${called} was not downloaded.`, startAgain);
    case 'status':
      if (/file does not exist|not found|manifest unknown/i.test(words)) return problem('unknown-model', `There is no model ${called} to download.`, 'Check the name and what stands behind the colon.');
      if (/no space left|disk full|not enough space/i.test(words)) return problem('disk-full', `The disk became full while ${called} was downloaded.`, 'Free some disk space and try again: it goes on where it was.');
      if (/pull model manifest.*(?:dial|lookup|no such host|timeout|refused)/i.test(words)) return problem('download-failed', `Ollama does not reach the place that ${called} comes from: ${words}.`, 'Check the connection to the internet, and the name.');
      return problem('download-failed', `Ollama could not download ${called}: ${words}.`, 'Try again: it goes on where it was.');
    default:
      return problem('download-failed', `Downloading ${called} broke off: ${words}.`, 'Try again: it goes on where it was.');
  }
}
