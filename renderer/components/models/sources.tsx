import { useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { FolderForm } from './folder-form.tsx';
import { FolderRow } from './folder-row.tsx';
import { Section } from '../section.tsx';
import { SourceRow } from './source-row.tsx';

/** Where models come from: servers that run here, and folders of files. */
export function Sources() {
  const providers = useDashboard((state) => state.live?.providers);
  const folders = useDashboard((state) => state.live?.folders);
  if (providers === undefined || folders === undefined) return null;
  return (
    <Section title={text.sources.title}>
      <div className="card divide-y divide-line">
        <ul className="divide-y divide-line">
          {providers.map((provider) => (
            <SourceRow key={provider.id} provider={provider} />
          ))}
        </ul>
        <div className="p-4 sm:px-5">
          <h3 className="text-sm font-semibold">{text.sources.folders}</h3>
          {folders.length > 0 && (
            <ul className="mt-3 grid gap-3">
              {folders.map((folder) => (
                <FolderRow key={folder.path} folder={folder} />
              ))}
            </ul>
          )}
          <div className="mt-4">
            <FolderForm />
          </div>
        </div>
      </div>
    </Section>
  );
}
