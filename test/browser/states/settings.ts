import { live, snapshot } from '../fixtures.ts';
import type { ScreenState } from './screen-state.ts';

export const settingsStates: readonly ScreenState[] = [{ name: 'settings', address: '#/settings', snapshot: () => snapshot(live()), shows: 'Settings' }];
