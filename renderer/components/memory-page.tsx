import { useDashboard } from '../store/dashboard.tsx';
import { ActivityList } from './activity-list.tsx';
import { Banners } from './banners.tsx';
import { FirstRun } from './first-run.tsx';
import { Hero } from './hero.tsx';
import { InstalledList } from './installed-list.tsx';
import { LoadedList } from './loaded-list.tsx';
import { Samples } from './samples.tsx';
import { Sources } from './sources.tsx';
import { Suggestions } from './suggestions.tsx';

/** The one page: how much is free, what is in memory, what could be. */
export function MemoryPage() {
  const nothing = useDashboard((state) => state.models.length === 0 && (state.live?.loaded.length ?? 0) === 0);
  const making = useDashboard((state) => state.live?.samples.state === 'making');
  return (
    <main>
      <Banners />
      <Hero />
      <div className="mt-8 grid gap-8 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="grid min-w-0 content-start gap-8">
          <Suggestions />
          {nothing ? (
            <FirstRun />
          ) : (
            <>
              <LoadedList />
              {making && (
                <div className="card p-5">
                  <Samples />
                </div>
              )}
              <InstalledList />
            </>
          )}
        </div>
        <div className="grid min-w-0 content-start gap-8">
          {!nothing && <Sources />}
          <ActivityList />
        </div>
      </div>
    </main>
  );
}
