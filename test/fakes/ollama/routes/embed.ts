import type { Call, Context, Handler, Route } from '../context.ts';
import { countTokens } from '../engine.ts';
import type { Installed } from '../models.ts';
import { noEmbeddings, notFound, notFoundPull, runnerDied } from '../texts.ts';
import { bind, findModel, start, text } from './inference.ts';

export type Inputs = { ok: true; inputs: string[] } | { ok: false };

export function readInputs(raw: unknown): Inputs {
  if (raw === undefined || raw === null || raw === '') return { ok: true, inputs: [] };
  if (typeof raw === 'string') return { ok: true, inputs: [raw] };
  if (!Array.isArray(raw)) return { ok: false };
  return raw.every((each): each is string => typeof each === 'string') ? { ok: true, inputs: raw } : { ok: false };
}

export type Embedded =
  | { ok: true; vectors: number[][]; tokens: number; loadNs: number }
  | { ok: false; status: number; error: string };

/** Loads the model whatever it can do; only text needs one that embeds. An empty input never fails for want of a capability. */
export async function embedTexts(
  call: Call,
  context: Context,
  request: { model: Installed; keepAlive: bigint | undefined; options: unknown; inputs: string[] },
): Promise<Embedded> {
  const { model, inputs } = request;
  const started = await start(call, context, request);
  if (!started.ok) return { ok: false, status: started.status, error: started.error };
  if (inputs.length > 0 && context.version === '0.33' && !model.capabilities.includes('embedding')) {
    return { ok: false, status: 501, error: noEmbeddings };
  }
  if (inputs.length > 0) await context.clock.sleep(1, call.signal);
  if (started.use.runner.death.signal.aborted) return { ok: false, status: 500, error: runnerDied(context.version, false) };
  const tokens = inputs.reduce((sum, each) => sum + countTokens(each), 0);
  return { ok: true, vectors: inputs.map((each) => context.engine.embed(model, each)), tokens, loadNs: started.loadNs };
}

const embed: Handler = async (call, context) => {
  const began = process.hrtime.bigint();
  const bound = bind(call, 'EmbedRequest');
  if (!bound.ok) return call.reply.error(400, bound.error);
  const { body, keepAlive } = bound;
  const name = text(body['model']);
  const inputs = readInputs(body['input']);
  if (!inputs.ok) return call.reply.error(400, 'invalid input type');
  const found = findModel(context, name);
  if (!found.ok) {
    if (found.why === 'invalid') return call.reply.error(400, 'invalid model name');
    return call.reply.error(404, name === '' ? notFound(name) : notFoundPull(name));
  }
  const done = await embedTexts(call, context, { model: found.model, keepAlive, options: body['options'], inputs: inputs.inputs });
  if (!done.ok) return call.reply.error(done.status, done.error);
  if (inputs.inputs.length === 0) return call.reply.json(200, { model: name, embeddings: [] });
  call.reply.json(200, {
    model: name,
    embeddings: done.vectors,
    total_duration: Number(process.hrtime.bigint() - began),
    load_duration: done.loadNs,
    prompt_eval_count: done.tokens,
  });
};

/** The older form: one text, one vector. */
const embeddings: Handler = async (call, context) => {
  const bound = bind(call, 'EmbeddingRequest');
  if (!bound.ok) return call.reply.error(400, bound.error);
  const { body, keepAlive } = bound;
  const name = text(body['model']);
  const found = findModel(context, name);
  if (!found.ok) {
    if (found.why === 'invalid' || name === '') return call.reply.error(400, found.why === 'invalid' ? 'invalid model name' : 'model is required');
    return call.reply.error(404, notFoundPull(name));
  }
  const prompt = text(body['prompt']);
  const done = await embedTexts(call, context, { model: found.model, keepAlive, options: body['options'], inputs: prompt === '' ? [] : [prompt] });
  if (!done.ok) return call.reply.error(done.status === 501 ? 500 : done.status, done.error);
  call.reply.json(200, { embedding: done.vectors[0] ?? [] });
};

export const embedRoutes: Route[] = [
  { method: 'POST', path: '/api/embed', handle: embed },
  { method: 'POST', path: '/api/embeddings', handle: embeddings },
];
