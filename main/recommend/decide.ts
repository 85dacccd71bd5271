import type { FileFacts, InstalledModel, ModelTask, Outcome, Plan, Recommendation } from '../../contract/index.ts';
import { findNamed, namedFor } from './file-types.ts';
import { candidatesFor, rank, type Candidate } from './rank.ts';
import type { RecommendPort, RecommendSettings, Sight } from './ports.ts';
import { kindRules, taskRules, type TaskRule } from './rules.ts';

/** So many are planned for: enough to choose and to show alternatives, and not a plan for each of thousands. */
const PLANNED = 8;
/** Where plans turn out worse than the list had it, the next ones are planned; so many in all. */
const MOST_PLANNED = 64;
/** Files of about one length are one question. */
const TOKEN_STEP = 1_024;

export interface Subject {
  /** null: a task alone. */
  file: FileFacts | null;
  task: ModelTask | null;
}

export interface Decision {
  task: ModelTask | null;
  rule: TaskRule | null;
  /** Best first, each with its plan. */
  ranked: readonly Candidate[];
  /** The entry of the settings that counts. */
  key: string | null;
  /** Why there is none. */
  none: string;
  notes: readonly string[];
  /** Whom the settings name, where somebody else stands first. */
  unheeded: Unheeded | null;
}
type Unheeded = NonNullable<Recommendation['unheeded']>;

/** Answers for as long as one look at the models lasts; subjects that are alike are decided once. */
export function createDeciding({ port, sight, settings, allowOnline, heldOnly }: { port: Pick<RecommendPort, 'plan'>; sight: Sight; settings: RecommendSettings; allowOnline: boolean; heldOnly: boolean }) {
  const plans = new Map<string, Promise<Outcome<Plan>>>();
  const rankings = new Map<string, Promise<readonly Candidate[]>>();
  const mayLeave = ({ provider }: Pick<InstalledModel, 'provider'>): boolean => allowOnline || settings.onlineServers.includes(provider);

  function planFor(id: string, contextLength: number | null): Promise<Outcome<Plan>> {
    const key = `${contextLength}@${id}`;
    const made = plans.get(key) ?? port.plan(id, contextLength);
    plans.set(key, made);
    return made;
  }

  async function withPlan(one: Candidate): Promise<Candidate> {
    if (one.fit.kind === 'online' || one.fit.kind === 'served') return one;
    const planned = await planFor(one.model.id, one.contextLength);
    return planned.ok ? { ...one, fit: planned.value.fit, plan: planned.value } : { ...one, fit: { kind: 'blocked' } };
  }

  async function rankWithPlans(candidates: readonly Candidate[]): Promise<readonly Candidate[]> {
    const planned = new Map<string, Candidate>();
    let ranked = rank(candidates);
    while (planned.size < MOST_PLANNED) {
      const next = ranked.slice(0, PLANNED).filter(({ model }) => !planned.has(model.id));
      if (next.length === 0) break;
      for (const one of await Promise.all(next.map(withPlan))) planned.set(one.model.id, one);
      ranked = rank(candidates.map((one) => planned.get(one.model.id) ?? one));
    }
    return ranked.filter(({ model }) => planned.has(model.id)).slice(0, PLANNED);
  }

  function ranking(task: ModelTask, tokens: number | null, named: string | null): Promise<readonly Candidate[]> {
    const rounded = tokens === null ? null : Math.ceil(tokens / TOKEN_STEP) * TOKEN_STEP;
    const key = JSON.stringify([task, rounded, named]);
    const made = rankings.get(key) ?? rankWithPlans(candidatesFor(sight, { rule: taskRules[task], tokens: rounded, named, mayLeave, heldOnly }));
    rankings.set(key, made);
    return made;
  }

  /** The model that the settings name for a file, and what is wrong with that. */
  function wishOf(file: FileFacts | null): { key: string | null; id: string | null; notes: string[]; unheeded: Unheeded | null } {
    const named = file && namedFor(settings.fileTypes, file);
    if (!named) return { key: null, id: null, notes: [], unheeded: null };
    const model = findNamed(sight.models, named.model);
    const not = (why: Unheeded['why'], words: string) => ({ key: null, id: null, notes: [`The settings name ${named.model} for ${named.key}${words}`], unheeded: { ...named, why } });
    if (model === null) return not('missing', ', but no such model is installed.');
    if (model.problem !== null) return not('unusable', `. ${model.problem.message}`);
    if (model.online && !mayLeave(model)) return not('online', ', but that is online, and online models were not asked for.');
    return { key: named.key, id: model.id, notes: [], unheeded: null };
  }

  async function decide({ file, task: wanted }: Subject): Promise<Decision> {
    const { key, id, notes, unheeded } = wishOf(file);
    const ruled = file === null || wanted !== null ? null : kindRules[file.kind];
    // Whom the settings name also gets what nothing else is known about.
    const task = wanted ?? ruled?.task ?? (id === null ? null : 'chat');
    if (task === null) return { task, rule: null, ranked: [], key, none: ruled !== null && 'why' in ruled ? ruled.why : 'Neither a file nor a task was named.', notes, unheeded };
    const decision = (of: ModelTask, ranked: readonly Candidate[], more: string | undefined): Decision => {
      const over = passedOver(ranked, id, key);
      return {
        task: of,
        rule: taskRules[of],
        ranked,
        key,
        none: taskRules[task].none,
        unheeded: unheeded ?? over,
        notes: [
          ...notes,
          ...(over === null ? [] : [`The settings name ${over.model} for ${over.key}, but ${over.why === 'too-big' ? 'it is too big for this computer' : 'this is longer than its context'}.`]),
          ...(more !== undefined && ranked.length > 0 ? [more] : []),
          ...(ranked[0]?.enough === false ? ['It is longer than the context of every model that is right for it: it has to be given in parts.'] : []),
        ],
      };
    };
    const tokens = file?.tokens ?? null;
    const ranked = await ranking(task, tokens, id);
    const rule = ruled !== null && 'note' in ruled ? ruled : null;
    if (ranked.length > 0 || ruled === null || !('or' in ruled) || ruled.or === undefined) return decision(task, ranked, ranked[0]?.named ? undefined : rule?.note);
    return decision(ruled.or, await ranking(ruled.or, tokens, id), ruled.orNote);
  }

  return { decide, planFor };
}

/** Why somebody's own choice does not stand first. */
function passedOver(ranked: readonly Candidate[], id: string | null, key: string | null): Unheeded | null {
  const wished = ranked.find(({ model }) => model.id === id);
  if (!wished || key === null || wished === ranked[0]) return null;
  return { model: wished.model.name, key, why: wished.enough ? 'too-big' : 'too-long' };
}
