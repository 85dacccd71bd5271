import { activityStates } from './activity.ts';
import { memoryStates } from './memory.ts';
import { modelsStates } from './models.ts';
import type { ScreenState } from './screen-state.ts';
import { settingsStates } from './settings.ts';

export const states: readonly ScreenState[] = [...memoryStates, ...modelsStates, ...activityStates, ...settingsStates];
