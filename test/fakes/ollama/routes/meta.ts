import { formatTime, nsPerMs } from '../clock.ts';
import type { Context, Handler, Route } from '../context.ts';
import type { Installed } from '../models.ts';

const root: Handler = ({ reply }) => reply.text(200, 'Ollama is running');
const version: Handler = ({ reply }, { versionString }) => reply.json(200, { version: versionString });
const status: Handler = ({ reply }) => reply.json(200, { cloud: { disabled: true, source: 'env' } });

export function printTime(context: Context, iso: string): string {
  if (context.zoneMinutes === 0) return iso;
  const fraction = /\.(\d+)/.exec(iso)?.[1] ?? '';
  const ms = BigInt(Math.floor(Date.parse(iso) / 1000)) * 1000n;
  return formatTime(ms * nsPerMs + BigInt(fraction.slice(0, 9).padEnd(9, '0')), context.zoneMinutes);
}

/** Details in the order in which the server prints them. Only newer lists tell the parent's blob and the context's length. */
export function details(model: Installed, options: { parent?: boolean; lengths?: boolean } = {}): Record<string, unknown> {
  return {
    parent_model: options.parent === true ? `/models/blobs/sha256-${model.blobDigest}` : '',
    format: 'gguf',
    family: model.family,
    families: model.families,
    parameter_size: model.parameterSize,
    quantization_level: model.quantization,
    ...(options.lengths === true ? { context_length: model.contextLength, embedding_length: model.embeddingLength } : {}),
  };
}

const tags: Handler = ({ reply }, context) => {
  const full = context.version === '0.33';
  const models = context.library.list().map((model) => ({
    name: model.label,
    model: model.label,
    ...(model.remote === undefined ? {} : { remote_model: model.remote.model, remote_host: model.remote.host }),
    modified_at: printTime(context, model.modifiedAt),
    size: model.sizeBytes,
    digest: model.digest,
    details: details(model, { parent: full, lengths: full }),
    ...(full ? { capabilities: model.capabilities } : {}),
  }));
  reply.json(200, { models });
};

const ps: Handler = async ({ reply }, context) => {
  // Newer servers take the scheduler's lock here, so that a runner on its way out is waited for; older ones read without it.
  if (context.version === '0.33') await context.scheduler.unlocked();
  const now = context.clock.now();
  const models = context.scheduler
    .list()
    .map((runner) => ({ runner, at: runner.expiresAt ?? now + runner.keepAlive }))
    .sort((a, b) => Number(b.at / 1_000_000_000n - a.at / 1_000_000_000n))
    .map(({ runner, at }) => ({
      name: runner.model.label,
      model: runner.model.label,
      size: runner.sizeBytes,
      digest: runner.model.digest,
      details: details(runner.model),
      expires_at: formatTime(at, context.zoneMinutes),
      size_vram: Math.round(runner.sizeBytes * runner.model.gpuShare),
      context_length: runner.contextLength,
    }));
  reply.json(200, { models });
};

export const metaRoutes: Route[] = [
  { method: 'GET', path: '/', handle: root },
  { method: 'HEAD', path: '/', handle: root },
  { method: 'GET', path: '/api/version', handle: version },
  { method: 'HEAD', path: '/api/version', handle: version },
  { method: 'GET', path: '/api/status', handle: status, since: '0.24' },
  { method: 'GET', path: '/api/tags', handle: tags },
  { method: 'HEAD', path: '/api/tags', handle: tags },
  { method: 'GET', path: '/api/ps', handle: ps },
];
