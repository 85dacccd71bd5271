import { withLimit } from './limit.ts';
import type { Provider } from './providers/provider.ts';

/** A server that could not be told (it was busy just then) is asked again. */
const TELL_AGAIN_MS = 200;

/** A model of ours at a server. */
export interface KeptModel {
  key: string;
  /** The server was told to keep it for ever; else only its own list tells whether it does. */
  told: boolean;
}

/** Sets a finite time for what a server would keep for ever: nobody is left to unload it. Looks first what is there. Returns the keys that it could not be told about. */
export async function setFiniteKeepAlive(provider: Provider, kept: readonly KeptModel[], keepMs: number, limitMs: number): Promise<ReadonlySet<string>> {
  const deadline = performance.now() + limitMs;
  if (kept.length === 0) return new Set();
  const listed = await whatIsThere(provider, limitMs / 2);
  const untold = new Set(kept.filter(({ key, told }) => (listed ? listed.has(key) && (told || listed.get(key) === null) : told)).map(({ key }) => key));
  const tell = async (key: string): Promise<void> => {
    for (;;) {
      const { ok } = await provider.rearm(key, keepMs);
      if (ok) return void untold.delete(key);
      if (performance.now() + TELL_AGAIN_MS > deadline) return;
      await new Promise((resolve) => setTimeout(resolve, TELL_AGAIN_MS));
    }
  };
  await withLimit(Promise.allSettled([...untold].map(tell)), deadline - performance.now());
  return new Set(untold);
}

/** Expiry of each model in memory; null: the server does not say. */
async function whatIsThere(provider: Provider, limitMs: number): Promise<ReadonlyMap<string, number | null> | null> {
  let listed: ReadonlyMap<string, number | null> | null = null;
  const look = provider.poll({ catalog: false, signal: AbortSignal.timeout(Math.ceil(limitMs)) }).then(({ loaded }) => {
    if (loaded) listed = new Map(loaded.map((model) => [model.weights, model.expiresAt]));
  });
  await withLimit(look.catch(() => undefined), limitMs);
  return listed;
}
