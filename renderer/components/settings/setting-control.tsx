import { useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import type { SettingKey } from '../../../contract/setting-facts.ts';
import { factOf } from '../../view/settings-value.ts';
import { settingText } from '../../view/settings-words.ts';
import { ChoiceControl } from './choice-control.tsx';
import { IdleTimeSetting } from './idle-time-setting.tsx';
import { NumberSetting } from './number-setting.tsx';
import { PairsSetting } from './pairs-setting.tsx';
import { rememberFocus } from './refocus.ts';
import { ServersSetting } from './servers-setting.tsx';
import { SettingRow } from './setting-row.tsx';
import { SwitchControl } from './switch-control.tsx';
import { DurationSetting, TextSetting } from './text-setting.tsx';
import { TextListSetting } from './text-list-setting.tsx';
import { useSetting } from './use-setting.ts';

/** What makes a setting count for nothing just now; null: it counts. */
function useNote(key: SettingKey): string | null {
  const stays = useDashboard((state) => state.settings?.config.models.auto_unload_idle === false);
  const silent = useDashboard((state) => state.settings?.config.notifications.enabled === false);
  const sameMemory = useDashboard((state) => state.settings?.config.providers.ollama.memory === 'host');
  const words = text.settings.value;
  if (key === 'models.idle_timeout_seconds' && stays) return words.idleOff;
  if (key.startsWith('notifications.') && silent) return words.silent;
  return key === 'providers.ollama.ram_gb' && sameMemory ? words.sameMemory : null;
}

/** A setting with the control that its kind has. */
export function SettingControl({ settingKey }: { settingKey: SettingKey }) {
  const setting = useSetting(settingKey);
  const note = useNote(settingKey);
  const { kind } = factOf(settingKey);
  switch (kind.type) {
    case 'switch':
      return (
        <SettingRow setting={setting} note={note} layout="small">
          {(ids) => <SwitchControl ids={ids} on={setting.value === true} onChange={(on) => void setting.save(on)} />}
        </SettingRow>
      );
    case 'choice': {
      const choose = (value: string) => {
        if (settingKey === 'ui.language') rememberFocus(settingKey);
        void setting.save(value);
      };
      const options = Object.entries(settingText(settingKey).options ?? {}).map(([value, label]) => ({ value, label }));
      return (
        <SettingRow setting={setting} labels="group">
          {(ids) =>
            options.length === 1 ? (
              <p className="text-sm text-muted">{options[0]?.label}</p>
            ) : (
              <ChoiceControl name={settingKey} ids={ids} value={String(setting.value)} options={options} onChange={choose} />
            )
          }
        </SettingRow>
      );
    }
    case 'number':
      if (settingKey === 'models.idle_timeout_seconds') return <IdleTimeSetting note={note} />;
      if (kind.unit === 'seconds') return <DurationSetting setting={setting} note={note} />;
      return <NumberSetting setting={setting} steps={kind.unit === 'models'} note={note} />;
    case 'text':
      return <TextSetting setting={setting} />;
    case 'pairs':
      return <PairsSetting setting={setting} />;
    case 'list':
      return <TextListSetting setting={setting} />;
    case 'entries':
      return <ServersSetting setting={setting} />;
  }
}
