import { text } from '../../text/text.ts';
import { installedOrders } from '../../view/installed-order.ts';
import { Choice } from '../choice.tsx';
import { SearchField } from '../search-field.tsx';
import type { InstalledWish } from './use-installed.ts';

interface InstalledToolbarProps {
  choice: InstalledWish;
  /** Those that have models. */
  sources: readonly { id: string; label: string }[];
  onChange: (choice: InstalledWish) => void;
}

/** What is shown of the installed models, and in which order. */
export function InstalledToolbar({ choice, sources, onChange }: InstalledToolbarProps) {
  const all = { value: '', label: text.installed.allSources };
  return (
    <div className="mb-3 flex flex-wrap gap-2">
      <SearchField
        label={text.installed.search}
        hint={text.installed.searchHint}
        value={choice.query}
        onChange={(query) => onChange({ ...choice, query })}
        className="flex-[1_1_14rem]"
      />
      <Choice
        label={text.installed.order}
        value={choice.order}
        options={installedOrders.map((order) => ({ value: order, label: text.installed.orders[order] }))}
        onChange={(order) => onChange({ ...choice, order })}
        className="grow sm:grow-0"
      />
      {sources.length > 1 && (
        <Choice
          label={text.installed.source}
          value={choice.source}
          options={[all, ...sources.map(({ id, label }) => ({ value: id, label }))]}
          onChange={(source) => onChange({ ...choice, source })}
          className="grow sm:grow-0"
        />
      )}
    </div>
  );
}
