import { ActivityList } from '../activity/activity-list.tsx';

/** What was decided, and why. */
export function ActivityPage() {
  return <ActivityList />;
}
