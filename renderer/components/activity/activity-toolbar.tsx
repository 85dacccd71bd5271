import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import { text } from '../../text/text.ts';
import { activityGroups, type ActivityFilter } from '../../view/activity-groups.ts';
import { actorWords } from '../../view/entry-actor.ts';
import { Choice } from '../choice.tsx';
import { SearchField } from '../search-field.tsx';

interface ActivityToolbarProps {
  filter: ActivityFilter;
  /** Models that entries are about. */
  models: readonly { id: string; name: string }[];
  /** Who was behind any of them. */
  actors: readonly string[];
  onChange: (filter: ActivityFilter) => void;
}

/** Which entries are shown: of some kinds, about one model, by somebody, with some words. */
export function ActivityToolbar({ filter, models, actors, onChange }: ActivityToolbarProps) {
  return (
    <div className="mb-3 grid gap-2">
      <div className="flex flex-wrap gap-2">
        <SearchField
          label={text.activity.search}
          hint={text.activity.searchHint}
          value={filter.query}
          onChange={(query) => onChange({ ...filter, query })}
          className="flex-[1_1_12rem]"
        />
        {models.length > 0 && (
          <Choice
            label={text.activity.model}
            value={filter.model ?? ''}
            options={[{ value: '', label: text.activity.allModels }, ...models.map(({ id, name }) => ({ value: id, label: name }))]}
            onChange={(model) => onChange({ ...filter, model: model === '' ? null : model })}
            className="max-w-full grow sm:max-w-72 sm:grow-0"
          />
        )}
        {(actors.length > 1 || filter.actor !== null) && (
          <Choice
            label={text.activity.who}
            value={filter.actor ?? ''}
            options={[{ value: '', label: text.activity.anybody }, ...actors.map((actor) => ({ value: actor, label: actorWords(actor) }))]}
            onChange={(actor) => onChange({ ...filter, actor: actor === '' ? null : actor })}
            className="max-w-full grow sm:max-w-64 sm:grow-0"
          />
        )}
      </div>
      <ToggleGroup
        multiple
        aria-label={text.activity.groupsLabel}
        value={filter.groups}
        onValueChange={(groups) => onChange({ ...filter, groups })}
        className="flex flex-wrap gap-1.5"
      >
        {activityGroups.map((group) => (
          <Toggle
            key={group}
            value={group}
            className="min-h-8 rounded-full border border-line-strong bg-surface px-3 text-[13px] hover:bg-sunken data-pressed:border-accent data-pressed:bg-accent-soft data-pressed:text-accent"
          >
            {text.activity.groups[group]}
          </Toggle>
        ))}
      </ToggleGroup>
    </div>
  );
}
