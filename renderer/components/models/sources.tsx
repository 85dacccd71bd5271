import { useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { Disclosure } from '../disclosure.tsx';
import { Samples } from '../samples.tsx';
import { Section } from '../section.tsx';
import { FolderForm } from './folder-form.tsx';
import { FolderRow } from './folder-row.tsx';
import { SourceRow } from './source-row.tsx';

/** The offer of sample models, folded away where real ones are installed; their making is shown at once. */
function SamplesPart() {
  const state = useDashboard((dashboard) => dashboard.live?.samples.state ?? 'none');
  if (state === 'ready') return null;
  return (
    <div className="p-4 sm:px-5">
      {state === 'none' ? (
        <Disclosure title={text.samples.title}>
          <div className="pt-2">
            <Samples />
          </div>
        </Disclosure>
      ) : (
        <>
          <h3 className="mb-2 text-sm font-semibold">{text.samples.title}</h3>
          <Samples />
        </>
      )}
    </div>
  );
}

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
          <div className="mt-3">
            <FolderForm />
          </div>
        </div>
        <SamplesPart />
      </div>
    </Section>
  );
}
