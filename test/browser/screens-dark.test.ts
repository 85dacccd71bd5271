import { describeStates } from './every-state.ts';

describeStates('dark');
