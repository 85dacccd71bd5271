import { live, snapshot } from '../fixtures.ts';
import type { ScreenState } from './screen-state.ts';

export const activityStates: readonly ScreenState[] = [
  { name: 'activity', address: '#/activity', snapshot: () => snapshot(live()), shows: /^Loaded llama3.2/ },
];
