import { problem, type Problem } from '../../contract/index.ts';
import { answerJob, nextSeq, patchJob, type Draft } from './draft.ts';
import { abandon } from './jobs.ts';
import { sameContext } from './plan.ts';
import { refusal } from './sentences.ts';
import type { CoreEvent, Job, KnownModel } from './types.ts';

export function request(draft: Draft, event: Extract<CoreEvent, { type: 'load-requested' }>): void {
  const waiter = { id: event.waiter, by: event.by, since: draft.now, lease: event.lease };
  const model = draft.catalog.byId.get(event.modelId);
  const refuse = (why: Problem) => draft.effects.push({ type: 'answer-load', waiter: event.waiter, answer: { ok: false, problem: why } });
  if (!model) {
    refuse(problem('unknown-model', `${event.modelId} is not installed.`));
    return;
  }
  const failure = draft.failures.get(model.weights);
  if (failure && event.origin !== 'person' && failure.untilAwake > draft.awake) {
    refuse(refusal.coolingDown(model.name, failure.untilAwake - draft.awake));
    return;
  }
  if (event.origin !== 'person' && draft.hold && !draft.jobs.has(model.weights) && !canBeUsed(draft, model, event.contextLength)) {
    refuse(refusal.held(model.name));
    return;
  }
  const job = draft.jobs.get(model.weights);
  const contextLength = event.contextLength === null ? null : Math.min(event.contextLength, model.maxContextLength ?? Infinity);
  // A load without a wish of its own has the model's usual context, or that of the model that it finds in memory.
  const coming = job?.contextLength ?? draft.slots.get(model.weights)?.contextLength ?? model.contextLength;
  const sameWish = job && (contextLength === null || coming === contextLength);
  if (job && sameWish) {
    patchJob(draft, job, { waiters: [...job.waiters, waiter], force: job.force || event.force, mayUnload: bothMayUnload(job, event), agreedBy: event.force && !job.force ? event.by : job.agreedBy, tryOnce: job.tryOnce || event.tryOnce });
    return;
  }
  if (job) {
    refuse(problem('in-use', `${model.name} is being loaded with another context size.`, 'Try again when that has finished.'));
    return;
  }
  draft.jobs.set(model.weights, {
    key: model.weights,
    modelId: model.id,
    seq: nextSeq(draft),
    since: draft.now,
    sinceAwake: draft.awake,
    state: 'waiting',
    waiters: [waiter],
    force: event.force,
    mayUnload: event.mayUnload && new Set(event.mayUnload),
    agreedBy: null,
    tryOnce: event.tryOnce,
    origin: event.origin,
    by: event.by,
    need: model.footprint,
    source: model.source,
    contextLength,
    unloaded: [],
    attempt: 1,
    firstProblem: null,
    startedAt: null,
  });
}

/** In memory as it is wanted, or on its way there: no load is needed. What is just leaving would be loaded anew. */
function canBeUsed(draft: Draft, model: KnownModel, asked: number | null): boolean {
  const slot = draft.slots.get(model.weights);
  if (slot?.state !== 'ready' && slot?.state !== 'loading') return false;
  return sameContext(slot, { contextLength: asked === null ? null : Math.min(asked, model.maxContextLength ?? Infinity), model });
}

/** Two wishes for the same load: together they agree to what either agreed to. */
function bothMayUnload(job: Job, event: Extract<CoreEvent, { type: 'load-requested' }>): Job['mayUnload'] {
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
