import { parseKeepAlive, type KeepAlive } from '../keep-alive.ts';
import { formatTime } from '../clock.ts';
import type { Call, Context } from '../context.ts';
import { parseGoJson } from '../go-json.ts';
import type { Installed } from '../models.ts';
import { parseName } from '../names.ts';
import type { Use } from '../scheduler.ts';

export type Bound = { ok: true; body: Record<string, unknown>; keepAlive: (KeepAlive & { ok: true })['value'] } | { ok: false; error: string };

/** Reads the body as the server binds it: whatever is wrong with it comes before any look at the model. */
export function bind(call: Call, request: string): Bound {
  const parsed = parseGoJson(call.body, request);
  if (!parsed.ok) return parsed;
  const keepAlive = parseKeepAlive(parsed.value['keep_alive']);
  return keepAlive.ok ? { ok: true, body: parsed.value, keepAlive: keepAlive.value } : keepAlive;
}

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export function limitOf(options: unknown): number | undefined {
  const limit = record(options)['num_predict'];
  return typeof limit === 'number' ? limit : undefined;
}

export type Found = { ok: true; model: Installed } | { ok: false; why: 'invalid' | 'missing' };

export function findModel(context: Context, name: string): Found {
  const model = context.library.find(name);
  if (model !== undefined) return { ok: true, model };
  return { ok: false, why: name === '' || parseName(name) !== null ? 'missing' : 'invalid' };
}

const integerOptions = ['num_ctx', 'num_batch', 'num_gpu', 'num_thread', 'num_predict', 'main_gpu'];

export type Started = { ok: true; use: Use; loadNs: number } | { ok: false; status: number; error: string };

/** Gets a runner for this call and gives it back when the answer has been sent or the client has left. */
export async function start(
  call: Call,
  context: Context,
  request: { model: Installed; keepAlive: bigint | undefined; options: unknown },
): Promise<Started> {
  const asked = record(request.options);
  const misfit = integerOptions.find((key) => asked[key] !== undefined && typeof asked[key] !== 'number');
  if (misfit !== undefined) return { ok: false, status: 500, error: `option "${misfit}" must be of type integer` };
  const began = process.hrtime.bigint();
  const acquired = await context.scheduler.acquire({
    model: request.model,
    keepAlive: request.keepAlive,
    options: asked,
    signal: call.signal,
  });
  if (!acquired.ok) return { ok: false, status: acquired.error.status, error: acquired.error.text };
  const { use } = acquired;
  const { res } = call.reply;
  if (res.destroyed || res.writableFinished) use.release();
  else res.once('close', use.release);
  return { ok: true, use, loadNs: Number(process.hrtime.bigint() - began) };
}

export const createdAt = (context: Context): string => formatTime(context.clock.now());

/** llama-server's own error, which the server passes on as a text. */
export const noVision = JSON.stringify({
  error: { code: 400, message: 'Multimodal data provided, but model does not support multimodal requests.', type: 'invalid_request_error' },
});
