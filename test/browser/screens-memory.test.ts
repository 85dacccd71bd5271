import { describeStates } from './every-state.ts';
import { memoryStates } from './states/memory.ts';

describeStates('the memory page', memoryStates);
