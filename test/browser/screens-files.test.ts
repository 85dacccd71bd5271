import { describeStates } from './every-state.ts';
import { filesStates } from './states/files.ts';

describeStates('files and their models', filesStates);
