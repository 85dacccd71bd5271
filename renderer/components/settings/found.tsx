import { text } from '../../text/text.ts';
import { aboutSection, advancedSections, basicSections, countSettings } from '../../view/settings-layout.ts';
import { isMeant } from '../../view/settings-search.ts';
import { rowTexts } from '../../view/settings-words.ts';
import { FullRows } from './setting-row.tsx';
import { SettingsSection } from './settings-section.tsx';

/** The rows that are meant by what somebody looks for, wherever they stand. */
export function Found({ query }: { query: string }) {
  const sections = [...basicSections, ...advancedSections, aboutSection]
    .map(({ id, rows }) => ({ id, rows: rows.filter((row) => isMeant(query, [...rowTexts(row), text.settings.sections[id].title])) }))
    .filter(({ rows }) => rows.length > 0);
  const words = text.settings.search;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      <p role="status" className="px-1 text-sm text-muted">
        {sections.length === 0 ? words.none(query.trim()) : words.found(countSettings(sections))}
      </p>
      <FullRows value={true}>
        {sections.map((layout) => (
          <SettingsSection key={layout.id} layout={layout} />
        ))}
      </FullRows>
    </div>
  );
}
