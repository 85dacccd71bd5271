import type { Activity, LiveState, ServerEvent } from '../../contract/index.ts';
import { assignColours } from '../view/colours.ts';
import { keepOrder } from '../view/keep-order.ts';
import type { DashboardState } from './state.ts';

function newestFirst(...lists: (readonly Activity[])[]): Activity[] {
  const byId = new Map(lists.flat().map((entry) => [entry.id, entry]));
  return [...byId.values()].sort((a, b) => b.at - a.at || b.id - a.id);
}

function applyLive(state: DashboardState, live: LiveState, now: number): Partial<DashboardState> {
  const order = keepOrder(state.order, live.loaded);
  return { live, order, colours: assignColours(state.colours, order), clockOffset: live.at - now };
}

/** What one event of the engine changes. `now` is the browser's clock, ms since the epoch. */
export function applyEvent(state: DashboardState, event: ServerEvent, now: number): Partial<DashboardState> {
  const heard = { connection: 'live', heardAt: now } as const;
  switch (event.type) {
    case 'snapshot':
      return {
        ...heard,
        ...applyLive(state, event.snapshot.state, now),
        models: event.snapshot.models,
        activity: newestFirst(event.snapshot.activity),
        older: 'unknown',
      };
    case 'state':
      return { ...heard, ...applyLive(state, event.state, now) };
    case 'models':
      return { ...heard, models: event.models };
    case 'activity':
      return { ...heard, activity: newestFirst(state.activity, event.entries) };
  }
}

/** Older entries below those that are shown. */
export function addOlder(state: DashboardState, entries: readonly Activity[]): Partial<DashboardState> {
  const activity = newestFirst(state.activity, entries);
  return { activity, older: activity.length === state.activity.length ? 'end' : 'unknown' };
}
