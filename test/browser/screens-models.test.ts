import { describeStates } from './every-state.ts';
import { modelsStates } from './states/models.ts';

describeStates('the models page', modelsStates);
