import type { DashboardState } from '../store/state.ts';

const actions = ['unload', 'cancel', 'keep', 'idle'] as const;
export type ModelAction = (typeof actions)[number];

/** What this person is doing with a model right now. */
export interface ModelDoing {
  /** A load was asked for, and the engine has not answered. */
  asking: boolean;
  /** Actions on their way to the engine. */
  pending: readonly ModelAction[];
  /** There is an answer that needs a word: a preview, or a refusal. */
  answered: boolean;
}

type Doings = Pick<DashboardState, 'requests' | 'pending' | 'refusals'>;
const nothing: ModelDoing = { asking: false, pending: [], answered: false };

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}

/** For the rows of a long list, which had better not listen to the state one by one. */
export function modelDoing({ requests, pending, refusals }: Doings, id: string): ModelDoing {
  // Nearly always, and for every row of a long list with every change.
  if (requests[id] === undefined && isEmpty(pending) && isEmpty(refusals)) return nothing;
  const phase = requests[id]?.phase;
  const on = actions.filter((action) => pending[`${action}:${id}`]);
  const answered = phase === 'preview' || phase === 'refused' || actions.some((action) => refusals[`${action}:${id}`] !== undefined);
  const asking = phase === 'planning' || phase === 'loading';
  return asking || answered || on.length > 0 ? { asking, pending: on, answered } : nothing;
}
