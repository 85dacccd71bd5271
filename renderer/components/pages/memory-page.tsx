import { useDashboard } from '../../store/dashboard.tsx';
import { FirstRun } from '../first-run.tsx';
import { Hero } from '../hero.tsx';
import { LoadedList } from '../loaded-list.tsx';
import { Samples } from '../samples.tsx';
import { SourceNotices } from '../source-notices.tsx';
import { Suggestions } from '../suggestions.tsx';
import { WaitingRequests } from '../waiting-requests.tsx';

/** How much is free for models, what has been, and what is in memory. */
export function MemoryPage() {
  const nothing = useDashboard((state) => state.models.length === 0 && (state.live?.loaded.length ?? 0) === 0);
  const making = useDashboard((state) => state.live?.samples.state === 'making');
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      <SourceNotices />
      {/* Where there are no models yet, there is no history of them either. */}
      <Hero history={!nothing} />
      <Suggestions />
      {nothing ? <FirstRun /> : <LoadedList />}
      <WaitingRequests />
      {!nothing && making && (
        <div className="card p-5">
          <Samples />
        </div>
      )}
    </div>
  );
}
