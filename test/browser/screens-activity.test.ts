import { describeStates } from './every-state.ts';
import { activityStates } from './states/activity.ts';

describeStates('the activity page', activityStates);
