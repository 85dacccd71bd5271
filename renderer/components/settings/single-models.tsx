import { useState } from 'react';
import { useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { Row } from './setting-row.tsx';
import { ModelPicker } from './model-picker.tsx';
import { SingleModel } from './single-model.tsx';

/** Models with settings of their own, and a way to give one to another. */
export function SingleModels() {
  const overrides = useDashboard((state) => state.settings?.config.models.overrides);
  const models = useDashboard((state) => state.models);
  // Also one for which nothing is set yet, or not any more: what somebody works on does not go away under the pointer.
  const [ids, setIds] = useState<readonly string[]>([]);
  const more = Object.keys(overrides ?? {}).filter((id) => !ids.includes(id));
  if (more.length > 0) setIds([...ids, ...more]);
  const modelOf = (entry: string) => models.find(({ id, name }) => id === entry || name === entry);
  return (
    <>
      {ids.map((id) => (
        <SingleModel key={id} id={id} name={modelOf(id)?.name ?? id} installed={modelOf(id) !== undefined} onClose={() => setIds((before) => before.filter((one) => one !== id))} />
      ))}
      <Row id="single" name={text.settings.single.add} meaning={ids.length === 0 ? text.settings.single.none : text.settings.sections.single.about} labels="group">
        {(row) => (
          <ModelPicker
            label={`${text.settings.lists.addModel}: ${text.settings.single.add}`}
            described={row.described}
            without={ids.map((id) => modelOf(id)?.id ?? id)}
            onPick={(id) => setIds([...ids, id])}
          />
        )}
      </Row>
    </>
  );
}
