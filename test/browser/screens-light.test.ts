import { describeStates } from './every-state.ts';

describeStates('light');
