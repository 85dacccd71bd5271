import type { FileFacts, LoadedModel, Recommendation, Standing, Suggestion } from '../../contract/index.ts';
import type { Decision } from './decide.ts';
import type { Sight } from './ports.ts';
import type { Candidate } from './rank.ts';
import { madeForIt, reasonFor } from './words.ts';

const SHOWN_ALTERNATIVES = 3;

/** What was decided about one file or task. */
export interface Answer {
  file: FileFacts | null;
  decision: Decision;
  ranked: readonly Candidate[];
  /** Those that would do as well, where files share a model. */
  accepts: readonly Candidate[];
  /** Id of the model that a model in memory chose. */
  judged: string | null;
}

/** What is said about one file; `chosen`: the model that it gets together with others. */
export function recommendationOf({ file, decision, ranked, judged }: Answer, chosen: string | null, sight: Sight): Recommendation {
  const { rule, key, none, notes } = decision;
  const unheeded = decision.unheeded === null ? {} : { unheeded: decision.unheeded };
  const first = ranked.find(({ model }) => model.id === chosen) ?? ranked[0];
  if (!first || rule === null) return { file, task: decision.task, model: null, alternatives: [], reason: none, chosenBy: null, notes: [...notes], ...unheeded };
  const suggest = (one: Candidate): Suggestion => suggestionOf(one, { decision, sight, judged });
  const model = suggest(first);
  const others = ranked.filter((one) => one !== first).slice(0, SHOWN_ALTERNATIVES);
  const together = first === ranked[0] ? [] : ['Chosen together with the other files, so that fewer models have to be loaded.'];
  const chosenBy = first.named && key !== null ? 'settings' : judged === first.model.id ? 'model' : 'rules';
  return { file, task: decision.task, model, alternatives: others.map(suggest), reason: model.reason, chosenBy, notes: [...notes, ...together], ...unheeded };
}

function suggestionOf(one: Candidate, { decision, sight, judged }: { decision: Decision; sight: Sight; judged: string | null }): Suggestion {
  const { model, plan, fit, loaded } = one;
  const unloads = standingsOf(plan, sight);
  const ready = fit.kind === 'loaded' || fit.kind === 'online' || fit.kind === 'served';
  const madeFor = decision.rule === null ? undefined : madeForIt(one, decision.rule);
  const reason = decision.rule === null ? '' : reasonFor(one, { rule: decision.rule, key: decision.key, unloads, judged: judged === model.id });
  return {
    id: model.id,
    name: model.name,
    reason,
    contextLength: one.contextLength,
    fit,
    canLoad: ready || (plan?.canLoad ?? false),
    plan: plan?.sentence ?? reason,
    loaded: loaded && standing(loaded, sight.at),
    unloads,
    blockers: (plan?.blockers ?? []).map(({ id, name, why }) => ({ ...(find(sight, id) ?? { id, name, idleMs: null, due: false }), why })),
    expectedLoadMs: plan?.expectedLoadMs ?? model.expectedLoadMs,
    ...(madeFor === undefined ? {} : { madeFor }),
    ...(model.online ? { online: true as const } : {}),
  };
}

/** Whom a plan would unload. */
export const standingsOf = (plan: Candidate['plan'], sight: Sight): Standing[] =>
  (plan?.unloads ?? []).map(({ id, name, idleMs, expired }) => ({ ...(find(sight, id) ?? { id, name }), idleMs, due: expired }));

function find({ loaded, at }: Sight, id: string): Standing | null {
  const model = loaded.find((one) => one.id === id);
  return model ? standing(model, at) : null;
}

function standing({ id, name, idleMs, inUse, unloadsAt, state }: LoadedModel, at: number): Standing {
  const idle = state === 'ready' && !inUse;
  return { id, name, idleMs: idle ? idleMs : null, due: idle && unloadsAt !== null && unloadsAt <= at };
}
