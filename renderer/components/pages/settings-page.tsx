import { useEffect, useState } from 'react';
import { useConnection, useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { aboutSection, basicSections } from '../../view/settings-layout.ts';
import { Button } from '../button.tsx';
import { SearchField } from '../search-field.tsx';
import { Advanced } from '../settings/advanced.tsx';
import { BrokenConfig } from '../settings/broken-config.tsx';
import { Found } from '../settings/found.tsx';
import { SettingsSection } from '../settings/settings-section.tsx';
import { useMended } from '../settings/use-mended.ts';

/** Everything that can be set: what people look for at once in sight, the rest one click or a word away. */
export function SettingsPage() {
  const known = useDashboard((state) => state.settings !== null);
  const gone = useDashboard((state) => state.connection === 'gone');
  const { readSettings } = useConnection();
  const [query, setQuery] = useState('');
  const [open, setOpen] = useState(false);
  const words = text.settings;
  useMended();

  // Which models are kept is told with the models, not as a change of settings.
  const kept = useDashboard((state) => state.models.filter(({ pinned }) => pinned).map(({ id }) => id).join());
  // The file can have been edited while no page was looking.
  useEffect(() => {
    const read = () => void readSettings();
    read();
    window.addEventListener('focus', read);
    return () => window.removeEventListener('focus', read);
  }, [readSettings, kept]);

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      <div className="flex flex-wrap items-center justify-between gap-3 px-1">
        <h2 tabIndex={-1} data-section-title className="text-xl font-semibold tracking-tight">
          {words.title}
        </h2>
        <SearchField label={words.search.label} hint={words.search.placeholder} value={query} onChange={setQuery} className="w-full sm:w-72" />
      </div>
      <BrokenConfig />
      {!known && (
        <div className="card flex flex-wrap items-center justify-between gap-3 p-5">
          <p className="text-muted">{gone ? words.unread : words.loading}</p>
          {gone && <Button onClick={() => void readSettings()}>{words.retry}</Button>}
        </div>
      )}
      {known && query.trim() !== '' && <Found query={query} />}
      {known && query.trim() === '' && (
        <>
          {basicSections.map((layout) => (
            <SettingsSection key={layout.id} layout={layout} />
          ))}
          <Advanced open={open} onOpenChange={setOpen} />
          <SettingsSection layout={aboutSection} />
        </>
      )}
    </div>
  );
}
