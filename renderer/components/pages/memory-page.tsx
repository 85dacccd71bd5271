import { lazy, Suspense } from 'react';
import { useDashboard } from '../../store/dashboard.tsx';
import { AbsentSources } from '../absent-sources.tsx';
import { Hero } from '../hero.tsx';
import { LoadedList } from '../loaded-list.tsx';
import { MemoryHistory } from '../memory-history.tsx';
import { PageMissing } from '../page-missing.tsx';
import { Samples } from '../samples.tsx';
import { SourceNotices } from '../source-notices.tsx';
import { Suggestions } from '../suggestions.tsx';
import { WaitingRequests } from '../waiting-requests.tsx';

/** Wanted once in a lifetime, by those who have no models yet: nobody else fetches it. */
const FirstRun = lazy(async () => ({ default: await import('../first-run.tsx').then((module) => module.FirstRun, () => PageMissing) }));

/** How much is free for models, what is in memory, who waits, and what has been. */
export function MemoryPage() {
  const nothing = useDashboard((state) => state.models.length === 0 && (state.live?.loaded.length ?? 0) === 0);
  const making = useDashboard((state) => state.live?.samples.state === 'making');
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6 sm:gap-8">
      <SourceNotices />
      <Hero />
      <Suggestions />
      {nothing ? (
        <Suspense>
          <FirstRun />
        </Suspense>
      ) : (
        <div>
          <LoadedList />
          <AbsentSources />
        </div>
      )}
      <WaitingRequests />
      {/* Where there are no models yet, there is no history of them either. */}
      {!nothing && <MemoryHistory />}
      {!nothing && making && (
        <div className="card p-5">
          <Samples />
        </div>
      )}
    </div>
  );
}
