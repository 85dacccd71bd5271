import { describeStates } from './every-state.ts';
import { requestStates } from './states/requests.ts';

describeStates('programs and their requests', requestStates);
