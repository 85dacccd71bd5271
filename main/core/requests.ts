import { problem, type Problem } from '../../contract/index.ts';
import { answerJob, nextSeq, patchJob, type Draft } from './draft.ts';
import { contextToLoad } from './plan.ts';
import { refusal } from './sentences.ts';
import { sameContext, standsInTheWay } from './standing.ts';
import type { CoreEvent } from './events.ts';
import type { Job, KnownModel, Waiter } from './types.ts';
import { noteUse } from './uses.ts';
import { abandon, answerReady, lookAfter } from './waiters.ts';

type Request = Extract<CoreEvent, { type: 'load-requested' }>;

export function request(draft: Draft, event: Request): void {
  const queued = event.queued ?? false;
  const atLeast = isAtLeast(event);
  const waiter = { id: event.waiter, by: event.by, since: draft.now, lease: event.lease, queued };
  const model = draft.catalog.byId.get(event.modelId);
  const refuse = (why: Problem) => draft.effects.push({ type: 'answer-load', waiter: event.waiter, answer: { ok: false, problem: why } });
  if (!model) {
    refuse(problem('unknown-model', `${event.modelId} is not installed.`));
    return;
  }
  if (model.elsewhere !== undefined) {
    refuse(refusal.nothingToLoad(model.name, model.elsewhere));
    return;
  }
  const contextLength = event.contextLength === null ? null : Math.min(event.contextLength, model.maxContextLength ?? Infinity);
  const slot = draft.slots.get(model.weights);
  const ready = slot?.state === 'ready' && sameContext(slot, { contextLength, atLeast });
  // What is in memory is used past those who wait for room, or for another context.
  if (queued && ready && !standsInTheWay(draft, slot.key, Infinity)) {
    answerReady(draft, waiter, slot, { already: true, unloaded: [] });
    if (event.origin !== 'auto') noteUse(draft, slot.key);
    lookAfter(draft, slot, event.by);
    return;
  }
  const failure = draft.failures.get(model.weights);
  if (failure && event.origin !== 'person' && failure.untilAwake > draft.awake) {
    refuse(refusal.coolingDown(model.name, failure.untilAwake - draft.awake));
    return;
  }
  if (event.origin !== 'person' && draft.hold && !draft.jobs.has(model.weights) && !ready && slot?.state !== 'loading') {
    refuse(refusal.held(model.name));
    return;
  }
  const job = draft.jobs.get(model.weights);
  if (job && !join(draft, job, waiter, event, contextLength, model)) {
    refuse(problem('in-use', `${model.name} is being loaded with another context size.`, 'Try again when that has finished.'));
  }
  if (job) return;
  draft.jobs.set(model.weights, {
    key: model.weights,
    modelId: model.id,
    seq: nextSeq(draft),
    since: draft.now,
    sinceAwake: draft.awake,
    state: 'waiting',
    waiters: [waiter],
    force: event.force,
    // Nobody is asked on behalf of a program that waits in line.
    consent: event.origin === 'person' || (event.force && !queued),
    mayUnload: event.mayUnload && new Set(event.mayUnload),
    agreedBy: null,
    tryOnce: event.tryOnce,
    origin: event.origin,
    by: event.by,
    need: model.footprint,
    source: model.source,
    contextLength,
    atLeast,
    inLine: false,
    inItsWay: null,
    unloaded: [],
    attempt: 1,
    firstProblem: null,
    startedAt: null,
  });
}

/** Whether more context than it asks for serves as well. */
function isAtLeast({ queued = false, exact = false }: Request): boolean {
  return queued && !exact;
}

/** Takes part in a load that is wanted already; false: it wants another context than that will have. */
function join(draft: Draft, job: Job, waiter: Waiter, event: Request, contextLength: number | null, model: KnownModel): boolean {
  // A load without a wish of its own has the model's usual context, or that of the model that it finds in memory.
  const coming = contextToLoad(model, job.contextLength, job.atLeast) ?? draft.slots.get(job.key)?.contextLength ?? model.contextLength;
  const atLeast = isAtLeast(event);
  const larger = atLeast && job.atLeast && job.state === 'waiting' && contextLength !== null && (coming === null || contextLength > coming);
  if (!larger && !sameContext({ contextLength: coming }, { contextLength, atLeast })) return false;
  patchJob(draft, job, {
    waiters: [...job.waiters, waiter],
    force: job.force || event.force,
    consent: job.consent || event.origin === 'person' || (event.force && !waiter.queued),
    mayUnload: bothMayUnload(job, event),
    agreedBy: event.force && !job.force ? event.by : job.agreedBy,
    tryOnce: job.tryOnce || event.tryOnce,
    // What Airdock wanted by itself is somebody's wish from now on, and their use.
    ...(job.origin === 'auto' && event.origin !== 'auto' ? { origin: event.origin, by: event.by } : {}),
    ...(larger || (!atLeast && contextLength !== null) ? { contextLength } : {}),
    // What a newcomer who does not wait in line has agreed to may change everything.
    inLine: job.inLine && waiter.queued && !larger,
    atLeast: job.atLeast && (atLeast || contextLength === null),
  });
  return true;
}

/** Two wishes for the same load: together they agree to what either agreed to. */
function bothMayUnload(job: Job, event: Request): Job['mayUnload'] {
  if (!event.force) return job.mayUnload;
  if (event.mayUnload === null || (job.force && job.mayUnload === null)) return null;
  return new Set([...(job.force ? (job.mayUnload ?? []) : []), ...event.mayUnload]);
}

/** A person's cancel: everybody's interest in the load ends. */
export function cancel(draft: Draft, key: string): void {
  const job = draft.jobs.get(key);
  if (!job) return;
  answerJob(draft, job, { ok: false, problem: problem('cancelled', 'The load was cancelled.') });
  abandon(draft, { ...job, waiters: [] });
}
