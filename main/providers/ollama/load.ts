import { problem } from '../../../contract/index.ts';
import type { Footprint, FootprintSource, ProblemCode } from '../../../contract/index.ts';
import type { LoadOutcome, LoadRequest } from '../provider.ts';
import type { ApiResult, OllamaApi } from './api.ts';
import type { OllamaCatalog } from './catalog.ts';
import { loadLimitMs } from './estimate.ts';
import type { HttpFailure } from '../http.ts';
import { isEmbeddingOnly } from './model-facts.ts';
import type { Presence, Present } from './presence.ts';
import { failureWords, isBadFile, isKilled, isOutOfMemory, startAgain } from './problems.ts';
import type { Runner, RunnerFinder } from './runners.ts';
import { pause } from '../wait.ts';

export interface LoadDeps {
  api: OllamaApi;
  catalog: OllamaCatalog;
  presence: Presence;
  finder: RunnerFinder;
  now: () => number;
  url: string;
  /** A load may take this long; by default by the size of the file. */
  limitMs?: ((fileBytes: number) => number) | undefined;
  /** Share of the limit after which a load that has not begun is looked at for the scheduler's deadlock. */
  deadlockShare?: number | undefined;
}

const tickMs = 500;
const cleanUpMs = 5_000;
/** `keep_alive: 0` with an empty prompt is Ollama's way to say unload. */
const leastKeepAliveMs = 1_000;

/**
 * Loads a model by an empty prompt and waits until Ollama lists it. The request's signal, and the time limit, drop the connection, which is
 * what makes Ollama stop loading.
 */
export async function loadModel(deps: LoadDeps, request: LoadRequest): Promise<LoadOutcome> {
  const { api, catalog, presence, finder } = deps;
  const { model, signal } = request;
  const { weights, providerName: name } = model;
  const blobPath = catalog.factsOf(weights)?.blobPath ?? null;
  const keepAliveMs = Math.max(request.keepAliveMs, leastKeepAliveMs);
  const limit = (deps.limitMs ?? loadLimitMs)(model.sizeBytes);
  const killsBefore = finder.oomKills();
  const wasThere = presence.last(weights) !== null;
  const act = presence.beginOwnAct(weights, keepAliveMs);

  const drop = new AbortController();
  const done = new AbortController();
  const onCancel = () => drop.abort();
  signal.addEventListener('abort', onCancel, { once: true });
  if (signal.aborted) drop.abort();
  let deadlocked = false;
  const expected = model.estimate.ram;
  void watchLoad({ deps, weights, blobPath, limit, expected, onProgress: request.onProgress, done: done.signal }).then((verdict) => {
    if (verdict !== 'deadlocked') return;
    deadlocked = true;
    drop.abort();
  });

  const answer = await api.load({
    name,
    embedding: isEmbeddingOnly(model.capabilities),
    contextLength: request.contextLength,
    keepAliveMs,
    timeoutMs: limit,
    signal: drop.signal,
  });
  done.abort();
  signal.removeEventListener('abort', onCancel);

  if (answer.ok) return confirm(deps, request, await act.settle(), blobPath);
  const { failure } = answer;
  // Dropped in the very moment of its success it would stay loaded behind everybody's back.
  if (!wasThere && (failure.kind === 'aborted' || failure.kind === 'timeout')) await cleanUp(deps, weights, blobPath);
  act.drop();
  if (failure.kind === 'aborted') {
    return deadlocked ? deadlock(name) : { ok: false, kind: 'cancelled', problem: problem('cancelled', `Loading ${name} was cancelled.`) };
  }
  return explain(deps, name, failure, limit, killsBefore);
}

async function confirm(deps: LoadDeps, request: LoadRequest, look: ApiResult<Present | undefined>, blobPath: string | null): Promise<LoadOutcome> {
  const { providerName: name, estimate } = request.model;
  const present = look.ok ? look.value : undefined;
  if (look.ok && present === undefined) {
    const message = `Ollama said that ${name} was loaded, but no longer has it in memory.`;
    return { ok: false, kind: 'failed', problem: problem('load-failed', message, 'Another program may have unloaded it: load it again.') };
  }
  const runner = present?.runner ?? null;
  const reads = runner === null ? null : deps.finder.diskReads(runner.pid);
  request.onProgress(1);
  return {
    ok: true,
    pid: runner?.pid ?? null,
    contextLength: present?.observed.contextLength ?? request.contextLength,
    device: present?.observed.device ?? 'unknown',
    ...footprint(deps.finder, present, runner, estimate),
    // Most of the file through the disk means that the page cache did not have it.
    cold: reads === null || blobPath === null ? null : reads > request.model.sizeBytes / 2,
  };
}

/** What the process holds where it can be read; never less than Ollama says, because mapped weights count only once they are touched. */
function footprint(
  finder: RunnerFinder,
  present: Present | undefined,
  runner: Runner | null,
  estimate: Footprint,
): { footprint: Footprint; source: FootprintSource } {
  if (present === undefined) return { footprint: estimate, source: 'estimated' };
  const { reported } = present.observed;
  const resident = runner === null ? null : finder.resident(runner.pid);
  if (resident === null) return { footprint: reported, source: 'reported' };
  return { footprint: { ...reported, ram: Math.max(reported.ram, resident.anon + resident.file) }, source: 'measured' };
}

/** Waits until a dropped load has left no process, and unloads what was finished nevertheless. */
async function cleanUp(deps: LoadDeps, weights: string, blobPath: string | null): Promise<void> {
  const end = deps.now() + cleanUpMs;
  for (let wait = 50; deps.now() < end; wait = Math.min(wait * 2, 500)) {
    await pause(wait);
    const look = await deps.presence.look(AbortSignal.timeout(cleanUpMs));
    if (!look.ok) return;
    const present = look.value.find((one) => one.weights === weights);
    if (present !== undefined) {
      // Somebody else's by now if it was used since.
      if (present.use.lastUsed !== null || present.use.busy === true) return;
      await deps.api.unload(present.running.name);
    } else if (wait >= 200 && (blobPath === null || deps.finder.find(blobPath) === null)) return;
  }
}

interface WatchOptions {
  deps: LoadDeps;
  weights: string;
  blobPath: string | null;
  limit: number;
  expected: number;
  onProgress: (fraction: number) => void;
  done: AbortSignal;
}

/** Ollama tells nothing about a load in progress: its process does, where it can be seen, and so does its absence. */
async function watchLoad({ deps, weights, blobPath, limit, expected, onProgress, done }: WatchOptions): Promise<'done' | 'deadlocked'> {
  const { finder, now, presence } = deps;
  const suspectAt = now() + limit * (deps.deadlockShare ?? 0.5);
  let runner: Runner | null = null;
  let before: ReadonlyMap<string, number> | null = null;
  for (;;) {
    await pause(tickMs, done);
    if (done.aborted) return 'done';
    if (runner === null && blobPath !== null) runner = finder.find(blobPath);
    const resident = runner === null ? null : finder.resident(runner.pid);
    if (resident !== null) {
      onProgress(Math.min(0.99, (resident.anon + resident.file) / Math.max(expected, 1)));
      continue;
    }
    if (now() < suspectAt) continue;
    const look = await presence.look(done);
    if (!look.ok) continue;
    const expiries = new Map(look.value.map((one) => [one.weights, one.use.expiresAt]));
    if (before !== null && !expiries.has(weights) && isIdle(look.value, before) && !loadsAnother(finder, look.value)) return 'deadlocked';
    before = expiries;
  }
}

/** Two looks in a row found the same models, none of them in use. */
function isIdle(present: readonly Present[], before: ReadonlyMap<string, number>): boolean {
  if (present.length === 0 || present.length !== before.size) return false;
  return present.every((one) => one.use.busy !== true && before.get(one.weights) === one.use.expiresAt);
}

/** A process of this server for weights that it does not list yet: somebody else's load is ahead in the queue. */
function loadsAnother(finder: RunnerFinder, present: readonly Present[]): boolean {
  const server = present.find((one) => one.runner !== null)?.runner?.parent;
  const listed = new Set(present.map((one) => one.runner?.pid));
  return server !== undefined && finder.all().some((runner) => runner.parent === server && !listed.has(runner.pid));
}

function deadlock(name: string): LoadOutcome {
  const message = `Ollama has not begun to load ${name}, although nothing that it has in memory is in use: its queue is stuck.`;
  return { ok: false, kind: 'timeout', deadlocked: true, problem: problem('load-timeout', message, 'Unloading what is idle in Ollama frees it.') };
}

/** Whether a load ended because Ollama's own queue was stuck (its issue 17408): unload what is idle there, then try once more. */
export function looksDeadlocked(outcome: LoadOutcome): boolean {
  return !outcome.ok && outcome.deadlocked === true;
}

function explain(deps: LoadDeps, name: string, failure: HttpFailure, limit: number, killsBefore: number | null): LoadOutcome {
  const said = failureWords(failure);
  if (failure.kind === 'timeout') {
    const message = `Ollama did not load ${name} within ${Math.ceil(limit / 1000)} s.`;
    return { ok: false, kind: 'timeout', problem: problem('load-timeout', message, 'Its disk may be slow, or Ollama busy with another load: try again.') };
  }
  if (failure.kind === 'refused' || failure.kind === 'lost') {
    const message = `Ollama at ${deps.url} went away while it was to load ${name} (${said}).`;
    return { ok: false, kind: 'provider-down', problem: problem('provider-down', message, startAgain) };
  }
  const kills = deps.finder.oomKills();
  const killed = isKilled(said);
  const killedForMemory = killed && killsBefore !== null && kills !== null && kills > killsBefore;
  if (isOutOfMemory(said) || killedForMemory) {
    const message = `There was not enough memory to load ${name} in Ollama: ${said}.`;
    return { ok: false, kind: 'oom', problem: problem('out-of-memory', message, 'Unload another model, or close other programs.') };
  }
  const failed = (code: ProblemCode, message: string, hint: string): LoadOutcome => {
    return { ok: false, kind: 'failed', problem: problem(code, message, hint) };
  };
  if (failure.kind === 'status' && failure.status === 404) {
    return failed('unknown-model', `Ollama no longer has ${name}: ${said}.`, `Run "ollama pull ${name}".`);
  }
  if (isBadFile(said)) {
    return failed('bad-file', `Ollama cannot use the file of ${name}: ${said}.`, `Run "ollama pull ${name}" to get it anew, or update Ollama.`);
  }
  const hint = killed ? 'Something ended its process; if memory was short, unload another model first.' : "Ollama's log says more.";
  return failed('load-failed', `Ollama could not load ${name}: ${said}.`, hint);
}
