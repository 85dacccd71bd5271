import type { StoreApi } from 'zustand/vanilla';
import type { DashboardPage, ShowTarget } from '../../contract/index.ts';
import { addressOf, pageIn } from '../view/page-address.ts';
import { answersAfterLeaving } from './stale-answers.ts';
import type { DashboardState } from './state.ts';

export interface Navigation {
  /** Shows a page; the focus goes there too. */
  open(page: DashboardPage): void;
  /** Shows a page and, on it, one model or one entry of the activity list: see useShownTarget. */
  show(target: ShowTarget): void;
  /** What was to be shown is in sight, or is not there. */
  arrived(): void;
}

/** Which page is shown follows the address, so that links, Back and a bookmark work. */
export function startNavigation({ store, window }: { store: StoreApi<DashboardState>; window: Window }): Navigation {
  const fromAddress = () => pageIn(window.location.hash) ?? 'memory';
  store.setState({ page: fromAddress() });
  window.addEventListener('hashchange', () => turnTo(fromAddress()));

  /** What a page has answered stays behind with it. The browser tells of a new address later: by then the next page may have answers of its own. */
  function turnTo(page: DashboardPage) {
    store.setState((state) => (state.page === page ? state : { page, ...answersAfterLeaving(state.page, state) }));
  }

  function open(page: DashboardPage) {
    turnTo(page);
    if (pageIn(window.location.hash) !== page) window.location.hash = addressOf(page);
  }

  return {
    open,
    show(target) {
      // A new object also for the same place: it is brought into sight again.
      store.setState({ target: target.model === null && target.activity === null ? null : { ...target } });
      open(target.page);
    },
    arrived: () => store.setState({ target: null }),
  };
}
