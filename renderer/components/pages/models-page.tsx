import { useDashboard } from '../../store/dashboard.tsx';
import { ChooseFiles } from '../files/choose-files.tsx';
import { FirstRun } from '../first-run.tsx';
import { DiskSpace } from '../library/disk-space.tsx';
import { GetModel } from '../library/get-model.tsx';
import { InstalledList } from '../models/installed-list.tsx';
import { Sources } from '../models/sources.tsx';

export { FilesPlace } from '../files/files-place.tsx';

/** What could be loaded, and where it comes from. */
export function ModelsPage() {
  const nothing = useDashboard((state) => state.models.length === 0);
  // A source in trouble is told about also where it leaves nothing to be listed.
  const trouble = useDashboard((state) => state.live?.providers.some(({ status, problem, lost }) => status === 'down' || problem !== null || lost.length > 0) ?? false);
  if (nothing && !trouble) return <FirstRun />;
  return (
    <div className="grid items-start gap-8 xl:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="grid min-w-0 gap-8">
        {nothing ? <FirstRun /> : <InstalledList />}
      </div>
      <div className="grid min-w-0 gap-8">
        {!nothing && (
          <>
            <GetModel />
            <ChooseFiles />
          </>
        )}
        <Sources />
        {!nothing && <DiskSpace />}
      </div>
    </div>
  );
}
