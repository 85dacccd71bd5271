import { useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { settingText } from '../../view/settings-words.ts';
import { EntryList } from './entry-list.tsx';
import { ModelPicker } from './model-picker.tsx';
import { SettingRow } from './setting-row.tsx';
import { useSetting } from './use-setting.ts';

/** Models that stay in memory. */
export function PinnedSetting() {
  const setting = useSetting('models.pinned');
  const models = useDashboard((state) => state.models);
  const names = setting.value as readonly string[];
  const modelOf = (entry: string) => models.find(({ id, name }) => id === entry || name === entry);
  const without = names.map((entry) => modelOf(entry)?.id ?? entry);
  return (
    <SettingRow setting={setting} labels="group" layout="below">
      {(ids) => (
        <div className="grid w-full gap-2">
          {names.length === 0 ? (
            <p className="text-sm text-muted">{settingText('models.pinned').none}</p>
          ) : (
            <EntryList
              label={setting.name}
              entries={names.map((entry) => {
                const name = modelOf(entry)?.name;
                return {
                  id: entry,
                  name: name ?? entry,
                  busy: setting.pending,
                  words: name ?? (
                    <>
                      {entry} <span className="text-muted">· {text.settings.lists.notInstalled}</span>
                    </>
                  ),
                };
              })}
              onRemove={(entry) => void setting.edit(({ models: { pinned } }) => ({ 'models.pinned': pinned.filter((one) => one !== entry) }))}
            />
          )}
          <ModelPicker
            label={`${text.settings.lists.addModel}: ${setting.name}`}
            described={ids.described}
            without={without}
            onPick={(id) => void setting.edit(({ models: { pinned } }) => ({ 'models.pinned': [...pinned, id] }))}
          />
        </div>
      )}
    </SettingRow>
  );
}
