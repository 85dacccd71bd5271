import type { DashboardPage, InstalledModel, LoadedModel, Problem, ProblemCode } from '../../contract/index.ts';
import type { DashboardState, LoadRequest } from './state.ts';

/*
 * Answers to a click stay on the page until they are put aside, tried again, or no longer true. The last is decided here, by
 * comparing the state of before with the one that has come.
 */

type Answers = Pick<DashboardState, 'requests' | 'refusals'>;

/** Refusals of a load that say nothing but what the model's fit says too. */
const aboutFit: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['frozen', 'no-room', 'needs-room', 'too-big', 'limit-reached', 'over-budget', 'in-use', 'provider-down', 'model-disabled']);
const refusing: ReadonlySet<InstalledModel['fit']['kind']> = new Set<InstalledModel['fit']['kind']>(['short', 'too-big', 'blocked']);
/** What is asked for a model because of how it stands in memory. */
const aboutStanding: readonly string[] = ['unload', 'cancel', 'end'];

const byId = <T extends { id: string }>(list: readonly T[] | undefined, id: string): T | undefined => list?.find((one) => one.id === id);

/** Keys are an action and what it is about: "unload:ollama/llama3.2:latest", "mode:freeze", "addFolder". */
const actionOf = (key: string): string => key.split(':', 1)[0] ?? key;

/** The cause that this code names is over: the freeze, or that memory was set free or overbooked. */
function causeEnded({ code }: Problem, before: DashboardState, after: DashboardState): boolean {
  const ended = (lasts: (state: DashboardState) => unknown) => Boolean(lasts(before)) && !lasts(after);
  if (code === 'frozen') return ended(({ live }) => live?.freeze);
  if (code === 'over-budget') return ended(({ live }) => live?.hold) || ended(({ live }) => live?.memory?.overBudget);
  return false;
}

function requestIsStale(id: string, request: LoadRequest, before: DashboardState, after: DashboardState): boolean {
  if (request.phase !== 'preview' && request.phase !== 'refused') return false;
  if (request.phase === 'refused' && causeEnded(request.problem, before, after)) return true;
  const [was, is] = [byId(before.models, id), byId(after.models, id)];
  if (was === undefined) return false;
  if (is === undefined) return true;
  const inMemory = ({ live }: DashboardState) => live?.loaded.some(({ weights }) => weights === is.weights) ?? false;
  if (inMemory(after) && !inMemory(before)) return true;
  if (request.phase === 'preview') return was.fit.kind !== is.fit.kind && is.fit.kind === 'fits';
  return aboutFit.has(request.problem.code) && refusing.has(was.fit.kind) && !refusing.has(is.fit.kind);
}

/** The obstacle is gone, or what was asked has no meaning for the model as it stands now. */
function rowChanged(action: string, { code }: Problem, was: LoadedModel | undefined, is: LoadedModel | undefined): boolean {
  if (!aboutStanding.includes(action)) return false;
  if (was === undefined || is === undefined) return was !== is;
  if (action === 'cancel') return was.state !== is.state;
  if (action === 'end') return was.state === 'stuck' && is.state !== 'stuck';
  if (code === 'pinned') return was.pinned && !is.pinned;
  return code === 'in-use' && was.inUse && !is.inUse;
}

function refusalIsStale(key: string, problem: Problem, before: DashboardState, after: DashboardState): boolean {
  if (causeEnded(problem, before, after)) return true;
  const action = actionOf(key);
  const about = key.slice(action.length + 1);
  if (action === 'mode' && (about === 'freeze' || about === 'pause' || about === 'hold')) return Boolean(before.live?.[about]) !== Boolean(after.live?.[about]);
  if (action === 'lost') return (byId(before.live?.providers, about)?.lost.length ?? 0) > 0 && byId(after.live?.providers, about)?.lost.length === 0;
  return rowChanged(action, problem, byId(before.live?.loaded, about), byId(after.live?.loaded, about));
}

function keep<T>(record: Readonly<Record<string, T>>, wanted: (key: string, value: T) => boolean): Readonly<Record<string, T>> {
  const all = Object.entries(record);
  const kept = all.filter(([key, value]) => wanted(key, value));
  return kept.length === all.length ? record : Object.fromEntries(kept);
}

/** The answers that still hold after the engine told something new. What stays is the same object. */
export function answersStillTrue(before: DashboardState, after: DashboardState): Answers {
  return {
    requests: keep(after.requests, (id, request) => !requestIsStale(id, request, before, after)),
    refusals: keep(after.refusals, (key, problem) => !refusalIsStale(key, problem, before, after)),
  };
}

/** Which refusals a page shows, and so has told when it is left. */
const toldOn: Record<DashboardPage, (action: string) => boolean> = {
  memory: (action) => action !== 'setting',
  models: (action) => action !== 'setting',
  activity: (action) => action === 'keep' || action === 'idle',
  settings: (action) => ['setting', 'addFolder', 'folder'].includes(action),
};

/** The answers that are left when a page is: what it has told stays behind, what nobody has seen yet does not. */
export function answersAfterLeaving(page: DashboardPage, { requests, refusals }: Answers): Answers {
  const told = page === 'models' || page === 'activity';
  return {
    requests: keep(requests, (_id, { phase }) => !told || phase === 'planning' || phase === 'loading'),
    refusals: keep(refusals, (key) => !toldOn[page](actionOf(key))),
  };
}
