import { memo } from 'react';
import { text } from '../../text/text.ts';
import { installedOrders } from '../../view/installed-order.ts';
import { sameData } from '../../view/same-data.ts';
import { Choice } from '../choice.tsx';
import { SearchField } from '../search-field.tsx';
import type { InstalledWish } from './use-installed.ts';

interface InstalledToolbarProps extends InstalledWish {
  /** Those that have models. */
  sources: readonly { id: string; label: string }[];
  onChange: (choice: InstalledWish) => void;
}

/** What is shown of the installed models, and in which order. */
function Toolbar({ query, order, source, sources, onChange }: InstalledToolbarProps) {
  const choice = { query, order, source };
  const all = { value: '', label: text.installed.allSources };
  return (
    <div className="mb-3 flex flex-wrap gap-2">
      <SearchField
        label={text.installed.search}
        hint={text.installed.searchHint}
        value={query}
        onChange={(next) => onChange({ ...choice, query: next })}
        className="flex-[1_1_14rem]"
      />
      <Choice
        label={text.installed.order}
        value={order}
        options={installedOrders.map((one) => ({ value: one, label: text.installed.orders[one] }))}
        onChange={(next) => onChange({ ...choice, order: next })}
        className="grow sm:grow-0"
      />
      {sources.length > 1 && (
        <Choice
          label={text.installed.source}
          value={source}
          options={[all, ...sources.map(({ id, label }) => ({ value: id, label }))]}
          onChange={(next) => onChange({ ...choice, source: next })}
          className="grow sm:grow-0"
        />
      )}
    </div>
  );
}

/** Drawn anew when somebody changes it, not with every reading of the memory. */
export const InstalledToolbar = memo(Toolbar, (before, next) => sameData({ ...before }, { ...next }));
