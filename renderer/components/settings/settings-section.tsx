import { useId } from 'react';
import { text } from '../../text/text.ts';
import type { SectionLayout } from '../../view/settings-layout.ts';
import { RowOf } from './row-of.tsx';

/** What belongs together, under one title. */
export function SettingsSection({ layout }: { layout: SectionLayout }) {
  const heading = useId();
  const { title, about } = text.settings.sections[layout.id];
  return (
    <section aria-labelledby={heading} className="grid gap-x-8 gap-y-3 lg:grid-cols-[18rem_minmax(0,1fr)]">
      <div className="px-1 lg:pt-4">
        <h3 id={heading} className="font-semibold">
          {title}
        </h3>
        <p className="text-[13px] text-pretty text-muted">{about}</p>
      </div>
      <div className="card divide-y divide-line overflow-clip">
        {layout.rows.map((row) => (
          <RowOf key={row} id={row} />
        ))}
      </div>
    </section>
  );
}
