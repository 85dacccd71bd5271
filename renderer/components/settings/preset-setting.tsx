import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import type { PresetName } from '../../../contract/presets.ts';
import { presets } from '../../../contract/presets.ts';
import { useDashboard } from '../../store/dashboard.tsx';
import { language } from '../../text/language.ts';
import { text } from '../../text/text.ts';
import { formatSeconds } from '../../view/settings-duration.ts';
import { choosePreset, presetState } from '../../view/settings-preset.ts';
import { Button } from '../button.tsx';
import { SettingRow } from './setting-row.tsx';
import { useSetting } from './use-setting.ts';

/** Three ways to share the memory, and whether the one that was chosen still holds in full. */
export function PresetSetting() {
  const setting = useSetting('models.preset');
  const changed = useDashboard((state) => state.settings !== null && presetState(state.settings.config).changed);
  const chosen = useDashboard((state) => (state.settings === null ? 'balanced' : presetState(state.settings.config).name));
  const words = text.settings.preset;
  const choose = (name: PresetName) => void setting.edit(() => choosePreset(name));
  return (
    <SettingRow setting={setting} labels="group" layout="below">
      {(ids) => (
        <div className="grid w-full gap-3">
          <RadioGroup
            aria-labelledby={ids.label}
            aria-describedby={ids.described}
            value={chosen}
            onValueChange={(name) => choose(name as PresetName)}
            className="grid gap-2 sm:grid-cols-3"
          >
            {presets.map(({ name, values }) => (
              <Radio.Root
                key={name}
                value={name}
                className="group flex cursor-pointer items-start gap-2.5 rounded-xl border border-line-strong p-3 text-left transition-colors hover:bg-sunken data-checked:border-accent data-checked:bg-accent-soft"
              >
                <span className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border border-line-strong bg-surface group-data-checked:border-accent group-data-checked:bg-accent">
                  <Radio.Indicator className="size-1.5 rounded-full bg-on-accent" />
                </span>
                <span className="min-w-0">
                  <span className="block text-sm font-medium">{changed && name === chosen ? words.changed(words.names[name]) : words.names[name]}</span>
                  <span className="mt-0.5 block text-[13px] text-pretty text-muted">
                    {words.meaning(values.max_concurrent_loaded, values.auto_unload_idle ? formatSeconds(values.idle_timeout_seconds, language).replaceAll(' ', '\u00a0') : null)}
                  </span>
                </span>
              </Radio.Root>
            ))}
          </RadioGroup>
          {changed && (
            <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
              <p className="text-[13px] text-muted">{words.changedLong(words.names[chosen])}</p>
              <Button busy={setting.pending} onClick={() => choose(chosen)}>
                {words.back(words.names[chosen])}
              </Button>
            </div>
          )}
        </div>
      )}
    </SettingRow>
  );
}
