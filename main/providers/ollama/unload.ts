import { problem } from '../../../contract/index.ts';
import type { UnloadOutcome, UnloadRequest } from '../provider.ts';
import type { OllamaApi } from './api.ts';
import type { OllamaCatalog } from './catalog.ts';
import type { Presence, Present } from './presence.ts';
import { failureWords, providerProblem, type Asked } from './problems.ts';
import type { Runner, RunnerFinder } from './runners.ts';
import { pause } from '../wait.ts';

export interface UnloadDeps {
  api: OllamaApi;
  catalog: OllamaCatalog;
  presence: Presence;
  finder: RunnerFinder;
  now: () => number;
  server: Asked;
}

/** Looks come so close that what has gone is noticed little later than it could be: somebody waits for the room. */
const firstWaitMs = 15;
const longestWaitMs = 500;
const waitShare = 0.15;
/** An expiry this much later than the unload was set by somebody who used the model after it. */
const revivedAfterMs = 1_000;
/** So long after the order it is asked whether its name still led to these weights: an order for newer ones is accepted and does nothing here. */
const namesAfterMs = 1_000;
/** A killed runner stays listed; its memory is back all the same. */
const ghostAfterMs = 2_000;

/**
 * Asks Ollama to unload, then looks until the model is off its list and its process has ended. Ollama lets a running answer finish first,
 * and forgets the unload where a request with its own keep-alive comes in between: that counts as in use.
 */
export async function unloadModel(deps: UnloadDeps, request: UnloadRequest, signal: AbortSignal): Promise<UnloadOutcome> {
  const { presence, now } = deps;
  const { weights, ifUnusedSince } = request;
  const look = await lookIdle(deps, request, signal);
  if (!look.ok) return { kind: 'failed', problem: providerProblem(look.failure, deps.server, 'ps') };
  const present = look.value.find((one) => one.weights === weights);
  if (present === undefined) return { kind: 'gone' };
  const { lastUsed, busy } = present.observed;
  if (ifUnusedSince !== null && (busy === true || (lastUsed !== null && lastUsed > ifUnusedSince))) return { kind: 'in-use', lastUsed };

  presence.setUnloading(weights, true);
  try {
    const asked = await ask(deps, present, signal);
    if (asked !== null) return asked;
    return await untilGone(deps, present, now(), signal);
  } finally {
    presence.setUnloading(weights, false);
  }
}

/** A look, and more where it shows the model busy with what may still be the end of the use that is known. */
async function lookIdle({ presence, now }: UnloadDeps, { weights, ifUnusedSince }: UnloadRequest, signal: AbortSignal): ReturnType<Presence['look']> {
  for (let wait = firstWaitMs; ; wait *= 2) {
    const look = await presence.look(signal);
    const busy = look.ok && look.value.find((one) => one.weights === weights)?.observed.busy === true;
    if (!busy || ifUnusedSince === null || signal.aborted || now() >= ifUnusedSince) return look;
    await pause(wait, signal);
  }
}

/** Tells Ollama, by a name that still leads to these weights. null: it was told. */
async function ask(deps: UnloadDeps, present: Present, signal: AbortSignal): Promise<UnloadOutcome | null> {
  const { api, catalog } = deps;
  const { running } = present;
  if (catalog.byName(running.name)?.digest !== running.digest) await catalog.refresh(signal);
  for (const name of namesFor(catalog, present)) {
    const answer = await api.unload(name, signal);
    if (answer.ok) return null;
    const { failure } = answer;
    if (failure.kind === 'status' && failure.status === 404) continue;
    // The order may have arrived: the list will tell.
    if (failure.kind === 'lost' || failure.kind === 'timeout' || failure.kind === 'refused') return null;
    if (failure.kind === 'aborted') return cancelled(running.name);
    const message = `Ollama could not unload ${running.name}: ${failureWords(failure)}.`;
    return { kind: 'failed', problem: problem('unload-failed', message, 'Try again, or restart Ollama.') };
  }
  return nameless(present);
}

/** The name it was loaded by may be deleted, or lead to newer weights by now; any other name of the same blob does as well. */
function namesFor(catalog: OllamaCatalog, { weights, running }: Present): string[] {
  const names = catalog.named(weights).map(({ name }) => name);
  const own = catalog.byName(running.name) === null || names.includes(running.name) ? [running.name] : [];
  return [...new Set([...own, ...names])];
}

function nameless(present: Present): UnloadOutcome {
  const { name } = present.running;
  const until = present.observed.expiresAt === null ? 'until Ollama is restarted' : 'until it expires there';
  const message = `${name} was deleted or replaced while it was in memory, so Ollama cannot be asked to unload it: it stays ${until}.`;
  return { kind: 'failed', problem: problem('unload-failed', message, 'Restart Ollama to get its memory back now.') };
}

async function untilGone(deps: UnloadDeps, before: Present, askedAt: number, signal: AbortSignal): Promise<UnloadOutcome> {
  const { presence, finder, now } = deps;
  const isAlive = (runner: Runner | null) => runner !== null && finder.isAlive(runner);
  const began = performance.now();
  let deadSince: number | null = null;
  let checkedNames = false;
  while (!signal.aborted) {
    const look = await presence.look(signal);
    if (look.ok) {
      const present = look.value.find((one) => one.weights === before.weights);
      if (present === undefined && !isAlive(before.runner)) return { kind: 'gone' };
      if (present !== undefined && isRevived(before, present, askedAt)) return { kind: 'in-use', lastUsed: present.observed.lastUsed };
      deadSince = present?.ghost === true ? (deadSince ?? now()) : null;
      if (deadSince !== null && now() - deadSince >= ghostAfterMs) return { kind: 'gone' };
      if (present !== undefined && !checkedNames && now() - askedAt >= namesAfterMs) {
        checkedNames = true;
        const refreshed = await deps.catalog.refresh(signal);
        if (refreshed.ok && deps.catalog.named(before.weights).length === 0) return nameless(present);
      }
    } else if (before.runner !== null && !isAlive(before.runner) && look.failure.kind === 'refused') {
      return { kind: 'gone' };
    }
    const wait = (performance.now() - began) * waitShare;
    await pause(Math.min(Math.max(wait, firstWaitMs), longestWaitMs), signal);
  }
  return cancelled(before.running.name);
}

function isRevived(before: Present, present: Present, askedAt: number): boolean {
  if (present.running.expires_at === before.running.expires_at || present.expiresAt === null) return false;
  return present.expiresAt > askedAt + revivedAfterMs + 2 * present.slackMs;
}

function cancelled(name: string): UnloadOutcome {
  return { kind: 'failed', problem: problem('cancelled', `Waiting for ${name} to leave memory was given up.`) };
}
