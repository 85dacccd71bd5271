import type { OllamaApi } from './api.ts';
import type { OllamaCatalog } from './catalog.ts';
import { isEmbeddingOnly } from './model-facts.ts';
import type { Presence } from './presence.ts';

/** Too close to its end: the touch could arrive after it and load the model again. */
const leastLeftMs = 3_000;

/**
 * Sets the keep-alive of an idle runner by an empty prompt with the options that it has, so that nothing is loaded anew, and remembers that
 * as no use. Not for a model that is busy or leaving: a touch would bring it back (Ollama's issue 17408).
 */
export async function rearmRunner(
  deps: { api: OllamaApi; catalog: OllamaCatalog; presence: Presence; now: () => number },
  weights: string,
  keepAliveMs: number,
): Promise<{ ok: boolean }> {
  const { api, catalog, presence, now } = deps;
  const look = await presence.look();
  const present = look.ok ? look.value.find((one) => one.weights === weights) : undefined;
  if (present === undefined || present.ghost || present.observed.busy === true || presence.isUnloading(weights)) return { ok: false };
  if (present.expiresAt !== null && present.expiresAt - now() < leastLeftMs + present.slackMs) return { ok: false };
  const others = catalog.named(weights).map(({ name }) => name);
  const names = others.includes(present.running.name) ? [present.running.name, ...others] : others;
  const embedding = isEmbeddingOnly(catalog.factsOf(weights)?.capabilities ?? []);
  const contextLength = present.observed.contextLength;
  // Without the context size the touch would be a reload at another one.
  if (!embedding && contextLength === null) return { ok: false };
  const act = presence.beginOwnAct(weights, keepAliveMs);
  for (const name of new Set(names)) {
    const answer = await api.load({ name, embedding, contextLength, keepAliveMs: Math.max(keepAliveMs, 1_000) });
    if (answer.ok) {
      await act.settle();
      return { ok: true };
    }
    if (answer.failure.kind !== 'status' || answer.failure.status !== 404) break;
  }
  act.drop();
  return { ok: false };
}
