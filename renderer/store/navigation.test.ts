import { expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { startNavigation } from './navigation.ts';
import { type DashboardState, initialState } from './state.ts';

/** As much of a window as an address needs; a change of the fragment is told later, as browsers do. */
function browser(hash: string) {
  const events = new EventTarget();
  const location = {
    now: hash,
    get hash() {
      return this.now;
    },
    set hash(next: string) {
      this.now = next;
      queueMicrotask(() => events.dispatchEvent(new Event('hashchange')));
    },
  };
  const window = { location, addEventListener: events.addEventListener.bind(events) } as unknown as Window;
  const store = createStore<DashboardState>(() => initialState);
  return { location, store, navigation: startNavigation({ store, window }) };
}

it('begins where the address says, and at the memory where that names no page', () => {
  expect(browser('#/activity').store.getState().page).toBe('activity');
  for (const hash of ['', '#code=abc', '#/nowhere']) expect(browser(hash).store.getState().page).toBe('memory');
});

it('follows the address, and writes it', async () => {
  const { location, store, navigation } = browser('');
  navigation.open('models');
  expect([location.hash, store.getState().page]).toEqual(['#/models', 'models']);
  location.hash = '#/settings';
  await Promise.resolve();
  expect(store.getState().page).toBe('settings');
});

it('leaves a page’s answers behind, however the page is left, and not those of the next one', async () => {
  const { location, store, navigation } = browser('#/models');
  const answers = () => Object.keys({ ...store.getState().refusals, ...store.getState().requests });
  const answer = () => store.setState({ refusals: { addFolder: { code: 'bad-folder', message: 'no' } }, requests: { a: { phase: 'refused', problem: { code: 'no-room', message: 'no' }, plan: null } } });
  answer();
  navigation.open('settings');
  expect(answers()).toEqual([]);
  // Asked for on the new page before the browser tells of its address.
  navigation.show({ page: 'models', activity: null, model: 'b' });
  answer();
  await Promise.resolve();
  expect(answers()).toEqual(['addFolder', 'a']);
  location.hash = '#/memory';
  await Promise.resolve();
  expect([store.getState().page, answers()]).toEqual(['memory', []]);
});

it('leaves what a page wrote behind its own name', () => {
  const { location, navigation } = browser('#/settings/models.pinned');
  navigation.open('settings');
  expect(location.hash).toBe('#/settings/models.pinned');
});

it('shows the same place once more when asked once more, and forgets it on arrival', () => {
  const { store, navigation } = browser('');
  const target = { page: 'activity', activity: 7, model: null } as const;
  navigation.show(target);
  const first = store.getState().target;
  navigation.show(target);
  expect(store.getState()).toMatchObject({ page: 'activity', target });
  expect(store.getState().target).not.toBe(first);
  navigation.arrived();
  expect(store.getState().target).toBeNull();
  navigation.show({ page: 'models', activity: null, model: null });
  expect(store.getState().target).toBeNull();
});
