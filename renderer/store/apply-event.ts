import type { Activity, InstalledModel, LiveState, ServerEvent } from '../../contract/index.ts';
import { entriesInSnapshot } from '../../contract/activity-count.ts';
import { assignColours } from '../view/colours.ts';
import { keepOrder } from '../view/keep-order.ts';
import { addReading } from './history.ts';
import { updateRows } from './rows.ts';
import { share } from './share.ts';
import type { DashboardState } from './state.ts';
import { updateVisits } from './visits.ts';

function newestFirst(...lists: (readonly Activity[])[]): Activity[] {
  const byId = new Map(lists.flat().map((entry) => [entry.id, entry]));
  return [...byId.values()].sort((a, b) => b.at - a.at || b.id - a.id);
}

/** Below this, two clocks are as far apart as before: the way of an event takes sometimes a little longer. */
const jitterMs = 500;

function applyLive(state: DashboardState, told: LiveState, models: readonly InstalledModel[], now: number): Partial<DashboardState> {
  const live = share(state.live, told);
  const order = share(state.order, keepOrder(state.order, live.loaded));
  const offset = live.at - now;
  return {
    live,
    order,
    rows: updateRows(state.rows, live),
    visits: updateVisits(state.visits, live, models),
    colours: order === state.order ? state.colours : assignColours(state.colours, order),
    history: addReading(state.history, live.memory),
    clockOffset: Math.abs(offset - state.clockOffset) < jitterMs ? state.clockOffset : offset,
  };
}

/** What one event of the engine changes. What it tells once more stays the same object. `now` is the browser's clock, ms since the epoch. */
export function applyEvent(state: DashboardState, event: ServerEvent, now: number): Partial<DashboardState> {
  const heard = { connection: 'live', heardAt: now } as const;
  switch (event.type) {
    case 'snapshot': {
      const models = share(state.models, event.snapshot.models);
      return {
        ...heard,
        ...applyLive(state, event.snapshot.state, models, now),
        models,
        activity: newestFirst(event.snapshot.activity),
        older: event.snapshot.activity.length < entriesInSnapshot ? 'end' : 'unknown',
      };
    }
    case 'state':
      return { ...heard, ...applyLive(state, event.state, state.models, now) };
    case 'models':
      return { ...heard, models: share(state.models, event.models) };
    case 'activity':
      return { ...heard, activity: newestFirst(state.activity, event.entries) };
  }
}

/** Older entries below those that are shown, of which `asked` were asked for: fewer is all there is. */
export function addOlder(state: DashboardState, entries: readonly Activity[], asked: number): Partial<DashboardState> {
  return { activity: newestFirst(state.activity, entries), older: entries.length < asked ? 'end' : 'unknown' };
}
