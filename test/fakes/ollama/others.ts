import { msToNs } from './clock.ts';
import type { Context } from './context.ts';
import type { Acquired } from './scheduler.ts';
import type { FakeOllama, OtherLoadOptions } from './types.ts';

/** Requests of programs that do not go through the code under test: same scheduler, not in the request log. */
export function otherPrograms(current: () => Context): Pick<FakeOllama, 'loadByOther' | 'use' | 'unloadByOther'> {
  const acquire = async (context: Context, name: string, options: OtherLoadOptions): Promise<Acquired> => {
    const model = context.library.find(name);
    if (model === undefined) return { ok: false, error: { status: 404, text: `model '${name}' not found` } };
    return context.scheduler.acquire({
      model,
      keepAlive: options.keepAliveMs === undefined ? undefined : msToNs(options.keepAliveMs),
      options: options.numCtx === undefined ? {} : { num_ctx: options.numCtx },
      signal: context.down,
    });
  };
  const hold = async (name: string, ms: number, options: OtherLoadOptions): Promise<string | null> => {
    const context = current();
    const acquired = await acquire(context, name, options);
    if (!acquired.ok) return acquired.error.text;
    if (ms > 0) await context.clock.sleep(ms, AbortSignal.any([acquired.use.runner.death.signal, context.down]));
    acquired.use.release();
    return null;
  };
  return {
    loadByOther: (name, options = {}) => hold(name, 0, options),
    use: (name, ms, options = {}) => hold(name, ms, options),
    unloadByOther: (name) => {
      const context = current();
      const model = context.library.find(name);
      if (model !== undefined) context.scheduler.expire(model.blobDigest);
    },
  };
}
