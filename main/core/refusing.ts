import { formatList, type Problem, problem } from '../../contract/index.ts';
import { answerJob, note, type Draft } from './draft.ts';
import { toPlan, type Decision, type Wish } from './plan.ts';
import { refusal } from './sentences.ts';
import type { Job } from './types.ts';

/** No: with the plan that the answer rests on. */
export function refuseWith(draft: Draft, job: Job, wish: Wish, decision: Decision): void {
  const plan = toPlan(draft, wish, decision);
  const why = plan.problem ?? problem('no-room', plan.sentence);
  // The second attempt after running out of memory fails with the provider's words: they say more than a plan.
  const told = job.firstProblem ?? withUnloaded(why, job);
  answerJob(draft, job, { ok: false, problem: told, plan });
  draft.jobs.delete(job.key);
  if (why.code !== 'needs-room') noteRefused(draft, job, told);
}

/** Nobody asked for it, so nobody is told. */
export function giveUp(draft: Draft, job: Job, wish: Wish, decision: Decision): void {
  answerJob(draft, job, { ok: false, problem: refusal.needsRoom(toPlan(draft, wish, decision).sentence) });
  draft.jobs.delete(job.key);
}

/** A refusal says whether it cost anything. */
function withUnloaded(why: Problem, job: Job): Problem {
  if (job.unloaded.length > 0) return { ...why, message: `${why.message} ${formatList(job.unloaded.map((u) => u.name))} had been unloaded for it.` };
  return why.code === 'no-room' || why.code === 'over-budget' ? { ...why, message: `${why.message} Nothing was unloaded.` } : why;
}

/** No, for a reason that no plan explains. */
export function refuse(draft: Draft, job: Job, why: Problem): void {
  answerJob(draft, job, { ok: false, problem: why });
  draft.jobs.delete(job.key);
  noteRefused(draft, job, why);
}

function noteRefused(draft: Draft, job: Job, why: Problem): void {
  const model = draft.catalog.byId.get(job.modelId);
  note(draft, {
    kind: job.firstProblem ? 'failed' : 'refused',
    reason: 'asked',
    model: job.modelId,
    name: model?.name ?? job.modelId,
    provider: model?.provider ?? null,
    by: job.by,
    code: why.code,
    text: why.message,
  });
}

