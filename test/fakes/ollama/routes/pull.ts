import { createConnection } from 'node:net';
import { formatTime } from '../clock.ts';
import type { Call, Context, Handler, Route } from '../context.ts';
import { goJson } from '../go-json.ts';
import type { Installed } from '../models.ts';
import { displayName, parseName, type ModelName } from '../names.ts';
import { ndjson } from '../reply.ts';
import { bind, text } from './inference.ts';

const tickMs = 10;

/** Looks for the model: in the fake's own registry, or, where the name carries a host, at that host's port. */
async function manifest(context: Context, name: ModelName): Promise<{ ok: true; model: Installed } | { ok: false; error: string }> {
  const model = context.registry.find(displayName(name));
  if (model !== undefined) return { ok: true, model };
  const address = /^(127\.0\.0\.1):(\d+)$/.exec(name.host);
  if (address === null) return { ok: false, error: 'pull model manifest: file does not exist' };
  const [, host = '', port = ''] = address;
  const url = `http://${name.host}/v2/${name.namespace}/${name.model}/manifests/${name.tag}`;
  const open = await answers(host, Number(port));
  if (open) return { ok: false, error: 'pull model manifest: file does not exist' };
  return { ok: false, error: `pull model manifest: Get "${url}": dial tcp ${host}:${port}: connect: connection refused` };
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** The weights' layer and a small one, told in steps. Leaving cancels the pull. */
async function download(call: Call, context: Context, model: Installed, tell: (line: Record<string, unknown>) => void): Promise<boolean> {
  const layers = [
    { digest: `sha256:${model.blobDigest}`, total: model.sizeBytes },
    { digest: `sha256:${model.digest}`, total: 412 },
  ];
  const step = Math.max(1, Math.round((context.pullBytesPerSecond * tickMs) / 1000));
  for (const { digest, total } of layers) {
    const status = `pulling ${digest.slice(7, 19)}`;
    tell({ status, digest, total });
    for (let completed = 0; completed < total; ) {
      await context.clock.sleep(tickMs, call.signal);
      if (call.signal.aborted) return false;
      completed = Math.min(total, completed + step);
      tell({ status, digest, total, completed });
    }
  }
  return true;
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
  if (!(await download(call, context, found.model, tell))) return;
  tell({ status: 'verifying sha256 digest' });
  tell({ status: 'writing manifest' });
  context.library.copy(found.model, name, formatTime(context.clock.now()));
  tell({ status: 'success' });
  if (stream === null) return call.reply.json(200, { status: 'success' });
  stream.end();
};

export const pullRoutes: Route[] = [{ method: 'POST', path: '/api/pull', handle: pull }];
