import { formatBytes, formatDuration, formatList, problem, type Plan, type PlanVictim, type Problem, type Wanted } from '../../contract/index.ts';
import type { Blocker } from './standing.ts';
import type { Shortage } from './yield-state.ts';

const blockerWords: Record<Blocker, string> = {
  'in-use': 'is in use',
  pinned: 'is kept in memory',
  loading: 'is being loaded',
  foreign: 'was loaded by another program',
  stuck: 'is not letting go of its memory',
  'provider-down': 'cannot be reached',
};

interface Named {
  name: string;
  why: Blocker;
}

function listBlockers(blockers: readonly Named[]): string {
  return formatList(blockers.map((b) => `${b.name} ${blockerWords[b.why]}`));
}

/** “unused for 4 min”; of what was used a moment ago that would be an odd thing to say. */
export function unusedFor(ms: number): string {
  return ms < 2_000 ? 'just used' : `unused for ${formatDuration(ms)}`;
}

/** “2 uses in 6 h, 9 s to reload” */
export function wantedWords({ uses, more, withinMs, reloadMs }: Wanted): string {
  const often = uses === 0 ? 'no use known' : `${uses}${more ? ' or more' : ''} ${uses === 1 ? 'use' : 'uses'}${withinMs === null ? ' so far' : ` in ${formatDuration(withinMs)}`}`;
  return reloadMs === null ? often : `${often}, ${formatDuration(reloadMs)} to reload`;
}

function unused(v: PlanVictim): string {
  return `${v.name} (${formatBytes(v.ram)}, ${unusedFor(v.idleMs)}${v.wanted === undefined ? '' : `: ${wantedWords(v.wanted)}`})`;
}

/** What to do about a freeze, by the name of the button. */
export const endFreeze = 'End the freeze first: “End freeze” at the top of the dashboard.';

/** Why a load is refused, each as one sentence with what can be done. A preview says them too, so none speaks as if it had been tried. */
export const refusal = {
  disabled: (name: string): Problem => problem('model-disabled', `${name} is switched off in the settings.`, 'Set "enabled" to true under models.overrides.'),
  providerDown: (provider: string): Problem => problem('provider-down', `${provider} is not running.`, 'Start it, then try again.'),
  frozen: (name: string): Problem => problem('frozen', `Models are frozen, so ${name} is not loaded.`, endFreeze),
  coolingDown: (name: string, ms: number): Problem =>
    problem('cooling-down', `${name} failed to load several times in a row and is left alone for ${formatDuration(ms)}.`, 'Loading it by hand tries at once.'),
  held: (name: string): Problem => problem('over-budget', `Memory was set free, so ${name} is not loaded for programs for now.`, 'Load it by hand, or end this in the dashboard.'),
  tooBig: (name: string, need: number, largest: number): Problem =>
    problem(
      'too-big',
      `${name} needs ${formatBytes(need)}, which is ${formatBytes(need - largest)} more than this computer can give to models.`,
      'A smaller context or a smaller quantisation needs less.',
    ),
  noRoom: (name: string, need: number, missing: number, blockers: readonly Named[], over: boolean): Problem => {
    const who = blockers.length > 0 ? `; ${listBlockers(blockers)}` : '';
    const what = missing > 0 ? `needs ${formatBytes(missing)} more than can be made free` : 'does not fit the graphics memory that can be made free';
    return problem(
      over ? 'over-budget' : 'no-room',
      `${name} (${formatBytes(need)}) ${what}${who}.`,
      blockers.some((b) => b.why === 'in-use') ? 'Try again when the models in use have finished, or close other programs.' : 'Close other programs, or unload what you do not need.',
    );
  },
  limit: (name: string, limit: number, blockers: readonly Named[]): Problem =>
    problem(
      'limit-reached',
      `There is no place for ${name}: the limit of ${limit} ${limit === 1 ? 'model' : 'models'} in memory is reached${blockers.length > 0 ? ` and ${listBlockers(blockers)}` : ''}.`,
      'Wait until one is free, unload one, or allow more in the settings (models.max_concurrent_loaded).',
    ),
  needsRoom: (sentence: string): Problem => problem('needs-room', sentence, 'Confirm to unload and load.'),
  nothingToLoad: (name: string, where: 'online' | 'here'): Problem =>
    problem(
      'bad-request',
      where === 'online' ? `${name} is online: there is nothing to load.` : `There is nothing to load: the server of ${name} does that by itself.`,
      'Send requests for it to Airdock’s address (/v1/chat/completions).',
    ),
  busyReplace: (name: string, why: Blocker): Problem =>
    problem('in-use', `${name} is in memory with another context size and ${blockerWords[why]}.`, 'Try again when it is unused.'),
};

export interface PlanFacts {
  name: string;
  ram: number;
  kind: Plan['fit']['kind'];
  unloads: readonly PlanVictim[];
  problem: Problem | null;
  because: Plan['because'];
  limit: number;
  free: number | null;
}

export function planSentence(p: PlanFacts): string {
  const size = formatBytes(p.ram);
  if (p.problem) return p.problem.message;
  if (p.kind === 'loaded') return `${p.name} is in memory.`;
  if (p.kind === 'waits') return `${p.name} (${size}) can be loaded once what is under way has finished.`;
  if (p.unloads.length === 0) return `${p.name} (${size}) fits now.`;
  return `Loading ${p.name} (${size}) unloads ${formatList(p.unloads.map(unused))}: ${whyUnload(p)}.`;
}

function whyUnload({ because, limit, free }: PlanFacts): string {
  if (because === 'limit') return `at most ${limit} ${limit === 1 ? 'model is' : 'models are'} kept in memory`;
  if (because === 'context') return 'it is in memory with another context size';
  return free === null || free <= 0 ? 'there is no room beside it' : `only ${formatBytes(free)} is free`;
}

/** More is promised than there is. What the settings keep free can be all of it: then nobody holds too much. */
export function overSentence(bytes: number, reserve: number): string {
  if (reserve >= bytes) return `You keep ${formatBytes(reserve)} free for other programs, and ${formatBytes(bytes)} of that is in use: lower that setting (memory.reserve_gb).`;
  return `Models and other programs hold ${formatBytes(bytes)} more than this computer has.`;
}

/** What other programs need, and the figure that shows it. */
export function shortageWords({ sign, figure }: Shortage): string {
  switch (sign) {
    case 'available':
      return `Other programs need memory (${formatBytes(figure)} left)`;
    case 'stalls':
      return `Other programs need memory (they waited for it ${Math.round(figure)} % of the time)`;
    case 'system':
      return `Other programs need memory (the system says that it is short, ${formatBytes(figure)} left)`;
    case 'vram':
      return `Other programs need graphics memory (${formatBytes(figure)} left)`;
    case 'over':
      return `Other programs need memory (${formatBytes(figure)} more was in use than there is)`;
  }
}
