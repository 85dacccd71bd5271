import { describeStates } from './every-state.ts';
import { settingsStates } from './states/settings.ts';

describeStates('the settings page', settingsStates);
