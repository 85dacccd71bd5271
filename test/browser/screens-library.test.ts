import { describeStates } from './every-state.ts';
import { libraryStates } from './states/library.ts';

describeStates('the library', libraryStates);
