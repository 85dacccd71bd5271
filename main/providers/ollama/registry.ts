import { createHash } from 'node:crypto';
import { z } from 'zod';
import { problem } from '../../../contract/index.ts';
import type { Problem } from '../../../contract/index.ts';
import { createJsonHttp } from '../http.ts';
import { isOwnComputer } from './model-name.ts';
import type { ModelName } from './model-name.ts';
import { failureWords } from './problems.ts';

const bytes = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const manifestSchema = z.object({
  layers: z.array(z.object({ mediaType: z.string().max(200), digest: z.string().max(200), size: bytes })).max(10_000),
  config: z.object({ size: bytes }).optional(),
});

export interface Manifest {
  /** sha256 of its text: what Ollama lists as the model's digest. */
  digest: string;
  totalBytes: number;
  /** The weights and what is loaded beside them. */
  weightBytes: number;
  layers: readonly { digest: string; size: number }[];
}

/** The same layers, however the two texts are written: Ollama writes down anew what a registry tells. */
export function namesSameLayers(manifest: Manifest, text: string): boolean {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return false;
  }
  const parsed = manifestSchema.safeParse(value);
  const digests = (layers: readonly { digest: string }[]): string => layers.map(({ digest }) => digest).sort().join();
  return parsed.success && digests(parsed.data.layers) === digests(manifest.layers);
}

const accepted = 'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json';
const limitMs = 10_000;

/** Asks a registry for a model's manifest (`GET /v2/<namespace>/<name>/manifests/<tag>`). Only names that carry a host are asked for: where else they come from, Ollama alone knows. */
export async function fetchManifest(name: ModelName & { host: string }, signal: AbortSignal, now: () => number): Promise<{ ok: true; manifest: Manifest } | { ok: false; problem: Problem }> {
  const url = new URL(`${isOwnComputer(name) ? 'http' : 'https'}://${name.host}`);
  const protocol = url.protocol === 'https:' ? 'https:' : 'http:';
  const http = createJsonHttp({ protocol, hostname: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || (protocol === 'https:' ? 443 : 80), prefix: '' }, now, { accept: accepted });
  try {
    const path = `/v2/${encodeURIComponent(name.namespace)}/${encodeURIComponent(name.model)}/manifests/${encodeURIComponent(name.tag)}`;
    const result = await http.request({ method: 'GET', path, timeoutMs: limitMs, signal, ownConnection: true });
    if (!result.ok) {
      const { failure } = result;
      if (failure.kind === 'status' && failure.status === 404) return { ok: false, problem: problem('unknown-model', `${name.host} has no model ${name.namespace}/${name.model}:${name.tag}.`, 'Check the name and what stands behind the colon.') };
      return { ok: false, problem: problem('download-failed', `${name.host} does not tell what ${name.model} holds: ${failureWords(failure)}.`) };
    }
    return readManifest(result.body, name);
  } finally {
    http.close();
  }
}

function readManifest(body: string, name: ModelName): { ok: true; manifest: Manifest } | { ok: false; problem: Problem } {
  const unusable = { ok: false as const, problem: problem('download-failed', `What ${name.host ?? 'the registry'} tells of ${name.model} makes no sense.`, 'Check the name: it may not be a registry of models.') };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return unusable;
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) return unusable;
  const { layers, config } = parsed.data;
  const sum = (sizes: readonly { size: number }[]): number => sizes.reduce((total, { size }) => total + size, 0);
  const totalBytes = sum(layers) + (config?.size ?? 0);
  if (!Number.isSafeInteger(totalBytes)) return unusable;
  const weights = layers.filter(({ mediaType }) => /\.(?:model|projector|adapter|tensor)$/.test(mediaType));
  const manifest = { digest: createHash('sha256').update(body).digest('hex'), totalBytes, weightBytes: sum(weights), layers };
  return { ok: true, manifest };
}
