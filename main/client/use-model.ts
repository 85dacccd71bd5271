import { AirdockError, problem, type ModelInUse } from '../../contract/index.ts';
import type { Call } from './connect-manager.ts';

export interface UseRequest {
  model: string;
  holder: string;
  leaseMs: number;
  force?: boolean;
  signal?: AbortSignal;
}

/**
 * Holds a model of another Airdock while `fn` runs: acquires it, renews three times per lease, and lets it go whatever happens.
 * Rejects with an `AirdockError`: what `acquire` refused, `lease-gone` as soon as the other side no longer holds the model (or could
 * not be reached for a whole lease), `cancelled`; or with what `fn` throws.
 */
export async function useModel<T>(call: Call, request: UseRequest, fn: (model: ModelInUse) => T | Promise<T>): Promise<T> {
  const { model, holder, leaseMs, force, signal } = request;
  const acquired = await call('acquire', { model, holder, ttlMs: leaseMs, ...(force === undefined ? {} : { force }) }, { signal });
  if (!acquired.ok) throw new AirdockError(acquired.problem);
  const lease = acquired.value.id;
  const ended = new AbortController();
  const renewal = keepRenewing(call, lease, acquired.value.ttlMs ?? leaseMs, ended);
  const onAbort = (): void => ended.abort(new AirdockError(problem('cancelled', `The use of ${model} was cancelled.`)));
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const inUse = await describe(call, acquired.value.model, model, lease, ended.signal);
    return await Promise.race([rejectWhenEnded(ended.signal), fn(inUse)]);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    renewal.stop();
    // Where this fails the lease ends by itself.
    await call('release', { lease }).catch(() => undefined);
  }
}

function keepRenewing(call: Call, lease: string, ttlMs: number, ended: AbortController): { stop(): void } {
  let renewedAt = performance.now();
  let pending = false;
  const gone = (message: string): void => ended.abort(new AirdockError(problem('lease-gone', message, 'Ask for the model again.')));
  const timer = setInterval(() => {
    if (pending) return;
    pending = true;
    // The moment of asking counts: from then on the other side has the time of the lease to run.
    const asked = performance.now();
    call('renew', { lease }, { signal: AbortSignal.timeout(ttlMs / 2) })
      .then(
        (renewed) => {
          if (renewed.ok) renewedAt = asked;
          else gone('The model is no longer held: it was not renewed in time, or Airdock was started anew.');
        },
        () => {
          if (performance.now() - renewedAt > ttlMs) gone('Airdock could not be reached for so long that it no longer holds the model.');
        },
      )
      .finally(() => (pending = false));
  }, ttlMs / 3);
  return { stop: () => clearInterval(timer) };
}

async function describe(call: Call, id: string, asked: string, lease: string, ended: AbortSignal): Promise<ModelInUse> {
  const { state } = await call('snapshot', {}, { signal: ended });
  const loaded = state.loaded.find((one) => one.id === id || one.aliases.includes(id));
  return {
    id,
    name: loaded?.name ?? asked,
    provider: loaded?.provider ?? id.slice(0, Math.max(0, id.indexOf('/'))),
    contextLength: loaded?.contextLength ?? null,
    async generate(prompt, { maxTokens, signal } = {}) {
      const either = signal ? AbortSignal.any([signal, ended]) : ended;
      const generated = await call('generate', { lease, prompt, ...(maxTokens === undefined ? {} : { maxTokens }) }, { signal: either }).catch((error: unknown) => {
        throw ended.aborted ? ended.reason : error;
      });
      if (!generated.ok) throw new AirdockError(generated.problem);
      return generated.value.text;
    },
  };
}

function rejectWhenEnded(ended: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (ended.aborted) reject(ended.reason);
    ended.addEventListener('abort', () => reject(ended.reason), { once: true });
  });
}
