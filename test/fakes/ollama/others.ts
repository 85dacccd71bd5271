import { msToNs } from './clock.ts';
import type { Context } from './context.ts';
import type { Acquired } from './scheduler.ts';
import type { FakeOllama, Hold, OtherLoadOptions } from './types.ts';

/** Requests of programs that do not go through the code under test: same scheduler, not in the request log. */
export function otherPrograms(current: () => Context): Pick<FakeOllama, 'hold' | 'loadByOther' | 'use' | 'unloadByOther'> {
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
  const hold = async (name: string, options: OtherLoadOptions = {}): Promise<Hold> => {
    const acquired = await acquire(current(), name, options);
    if (acquired.ok) return { error: null, end: acquired.use.release };
    return { error: acquired.error.text, end: () => undefined };
  };
  const use = async (name: string, ms: number, options: OtherLoadOptions = {}): Promise<string | null> => {
    const context = current();
    const held = await hold(name, options);
    if (held.error === null && ms > 0) await context.clock.sleep(ms, context.down);
    held.end();
    return held.error;
  };
  return {
    hold,
    use,
    loadByOther: (name, options) => use(name, 0, options),
    unloadByOther: (name) => {
      const context = current();
      const model = context.library.find(name);
      if (model !== undefined) context.scheduler.expire(model.blobDigest);
    },
  };
}
