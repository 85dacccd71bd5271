import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { InstalledRow } from './installed-row.tsx';
import { Section } from './section.tsx';

/** Fewer than this are seen at a glance. */
const searchFrom = 7;

/** Everything that could be loaded, by name. */
export function InstalledList() {
  const models = useDashboard((state) => state.models);
  const [query, setQuery] = useState('');
  const sorted = useMemo(() => models.toSorted((a, b) => Number(a.sample) - Number(b.sample) || a.name.localeCompare(b.name)), [models]);
  const searchable = sorted.length >= searchFrom;
  const wanted = searchable ? query.trim().toLowerCase() : '';
  const shown = sorted.filter((model) => `${model.name} ${model.id} ${model.family ?? ''}`.toLowerCase().includes(wanted));
  return (
    <Section
      title={text.installed.title}
      aside={String(models.length)}
      action={
        searchable && (
          <label className="relative block w-full sm:w-64">
            <span className="sr-only">{text.installed.search}</span>
            <Search className="pointer-events-none absolute top-2.5 left-3 size-4 text-muted" aria-hidden="true" />
            <input
              type="search"
              value={query}
              placeholder={text.installed.search}
              onChange={(event) => setQuery(event.target.value)}
              className="h-9 w-full rounded-lg border border-line-strong bg-surface pr-3 pl-9 text-sm placeholder:text-muted"
            />
          </label>
        )
      }
    >
      {shown.length === 0 ? (
        <p className="card px-5 py-8 text-center text-muted">{text.installed.none(query.trim())}</p>
      ) : (
        <ul className="card divide-y divide-line">
          {shown.map((model) => (
            <InstalledRow key={model.id} model={model} />
          ))}
        </ul>
      )}
    </Section>
  );
}
