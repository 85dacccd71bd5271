import type { LiveState } from '../../../contract/index.ts';

export const levels = [0, 1, 2, 3, 4] as const;
export type Level = (typeof levels)[number];
export const marks = ['frozen', 'kept', 'held'] as const;
export type Mark = (typeof marks)[number];

/** What the icon tells: how full the memory is, or that something is under way or wrong; and the mode that is on. */
export interface IconState {
  level: Level;
  sign: 'busy' | 'problem' | null;
  mark: Mark | null;
}

const STEP = 0.2;
/** The used share has to pass a border by this much, or the icon would flicker between two levels. */
const SLACK = 0.03;

/** `before` is what the icon tells now, null at the start. */
export function iconState(state: LiveState | null, before: IconState | null): IconState {
  if (state === null) return { level: before?.level ?? 0, sign: null, mark: null };
  return { level: levelOf(state, before?.level ?? null), sign: signOf(state), mark: markOf(state) };
}

/** The share of the memory that is not free for models, 0 to 1; null where it is not known. */
export function usedShare({ memory }: Pick<LiveState, 'memory'>): number | null {
  if (memory === null) return null;
  const whole = Math.min(memory.total, memory.limit?.bytes ?? Infinity);
  if (!(whole > 0)) return null;
  return Math.min(1, Math.max(0, 1 - memory.free / whole));
}

function levelOf(state: LiveState, before: Level | null): Level {
  const share = usedShare(state);
  if (share === null) return before ?? 0;
  const stays = before !== null && share >= before * STEP - SLACK && share < (before + 1) * STEP + SLACK;
  if (stays) return before;
  return levels[Math.min(levels.length - 1, Math.floor(share / STEP))] ?? 0;
}

function signOf(state: LiveState): IconState['sign'] {
  const wrong =
    state.configProblem !== null ||
    (state.memory?.overBudget ?? null) !== null ||
    state.loaded.some((model) => model.state === 'stuck') ||
    // `down`, not `absent`: what has never run is missed by nobody.
    state.providers.some((provider) => provider.status === 'down');
  if (wrong) return 'problem';
  return state.loaded.some((model) => model.state === 'reserved' || model.state === 'loading' || model.state === 'unloading') ? 'busy' : null;
}

/** The strongest one: what is frozen is kept anyway. */
function markOf(state: LiveState): Mark | null {
  return state.freeze ? 'frozen' : state.pause ? 'kept' : state.hold ? 'held' : null;
}
