import { InstalledList } from '../installed-list.tsx';
import { Sources } from '../sources.tsx';

/** What could be loaded, and where it comes from. */
export function ModelsPage() {
  return (
    <div className="grid gap-8 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <InstalledList />
      <Sources />
    </div>
  );
}
