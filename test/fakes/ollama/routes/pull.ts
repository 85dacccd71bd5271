import { createHash } from 'node:crypto';
import { formatTime } from '../clock.ts';
import type { Call, Context, Handler, Route } from '../context.ts';
import { goJson } from '../go-json.ts';
import { createLibrary, type Installed } from '../models.ts';
import { displayName, parseName, type ModelName } from '../names.ts';
import { ndjson } from '../reply.ts';
import { bind, text } from './inference.ts';

const tickMs = 10;

interface Found {
  model: Installed;
  layers: { digest: string; total: number; url: string | null }[];
}

/** What has come of a layer before its pull was stopped: a later one goes on from there. */
const kept = new WeakMap<Context, Map<string, number>>();

/** Looks for the model: in the fake's own registry, or, where the name carries a host, in the registry at that address. */
async function manifest(context: Context, name: ModelName): Promise<({ ok: true } & Found) | { ok: false; error: string }> {
  const model = context.registry.find(displayName(name));
  if (model !== undefined) {
    const layers = [
      { digest: `sha256:${model.blobDigest}`, total: model.sizeBytes, url: null },
      { digest: `sha256:${model.digest}`, total: 412, url: null },
    ];
    return { ok: true, model, layers };
  }
  const missing = { ok: false as const, error: 'pull model manifest: file does not exist' };
  if (!/^127\.0\.0\.1:\d+$/.test(name.host)) return missing;
  const url = `http://${name.host}/v2/${name.namespace}/${name.model}`;
  const answer = await fetch(`${url}/manifests/${name.tag}`).catch(() => null);
  if (answer === null) return { ok: false, error: `pull model manifest: Get "${url}/manifests/${name.tag}": dial tcp ${name.host}: connect: connection refused` };
  if (!answer.ok) return missing;
  const text = await answer.text();
  let told: { layers: { digest: string; size: number }[]; config: { digest: string; size: number } };
  try {
    told = JSON.parse(text) as typeof told;
  } catch {
    return missing;
  }
  if (told.config === undefined || !Array.isArray(told.layers)) return missing;
  const layers = [...told.layers, told.config].map(({ digest, size }) => ({ digest, total: size, url: `${url}/blobs/${digest}` }));
  const sizeBytes = layers.reduce((sum, { total }) => sum + total, 0);
  const digest = createHash('sha256').update(text).digest('hex');
  const installed = createLibrary([{ name: displayName(name), blob: layers[0]?.digest ?? '', sizeBytes, digest }]).find(displayName(name))!;
  return { ok: true, model: installed, layers };
}

/** The weights' layer and a small one, told in steps. Leaving cancels the pull. */
async function download(call: Call, context: Context, { layers }: Found, tell: (line: Record<string, unknown>) => void): Promise<boolean> {
  const step = Math.max(1, Math.round((context.pullBytesPerSecond * tickMs) / 1000));
  const partial = kept.get(context) ?? new Map<string, number>();
  kept.set(context, partial);
  for (const { digest, total, url } of layers) {
    const status = `pulling ${digest.slice(7, 19)}`;
    const from = url === null ? 0 : (partial.get(digest) ?? 0);
    tell({ status, digest, total, ...(from > 0 ? { completed: from } : {}) });
    for await (const completed of url === null ? ticks(call, context, total, step) : bytesOf(url, from, call.signal)) {
      partial.set(digest, completed);
      if (call.signal.aborted) return false;
      tell({ status, digest, total, completed });
    }
    if (call.signal.aborted) return false;
  }
  return true;
}

async function* ticks(call: Call, context: Context, total: number, step: number): AsyncGenerator<number> {
  for (let completed = 0; completed < total; ) {
    await context.clock.sleep(tickMs, call.signal);
    completed = Math.min(total, completed + step);
    yield completed;
  }
}

async function* bytesOf(url: string, from: number, signal: AbortSignal): AsyncGenerator<number> {
  const answer = await fetch(url, { headers: { range: `bytes=${from}-` }, signal }).catch(() => null);
  let done = from;
  try {
    for await (const piece of answer?.body ?? []) yield (done += (piece as Uint8Array).length);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

const pull: Handler = async (call, context) => {
  const bound = bind(call, 'PullRequest');
  if (!bound.ok) return call.reply.error(400, bound.error);
  const name = parseName(text(bound.body['model']) || text(bound.body['name']));
  if (name === null) return call.reply.error(400, 'invalid model name');

  const stream = bound.body['stream'] === false ? null : call.reply.stream(ndjson);
  const tell = (line: Record<string, unknown>): void => stream?.write(`${goJson(line)}\n`);
  const fail = (error: string): void => {
    if (stream === null) return call.reply.json(500, { error }, { type: 'application/json' });
    tell({ error });
    stream.end();
  };
  tell({ status: 'pulling manifest' });
  const found = await manifest(context, name);
  if (!found.ok) return fail(found.error);
  if (!(await download(call, context, found, tell))) return;
  tell({ status: 'verifying sha256 digest' });
  tell({ status: 'writing manifest' });
  context.library.copy(found.model, name, formatTime(context.clock.now()));
  tell({ status: 'success' });
  if (stream === null) return call.reply.json(200, { status: 'success' });
  stream.end();
};

export const pullRoutes: Route[] = [{ method: 'POST', path: '/api/pull', handle: pull }];
