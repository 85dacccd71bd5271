import { settingText } from '../../view/settings-words.ts';
import { SettingRow } from './setting-row.tsx';
import type { Setting } from './use-setting.ts';

/** Keys of anybody's choice with a text each: they are shown here, and edited in the file. */
export function PairsSetting({ setting }: { setting: Setting }) {
  const pairs = Object.entries(setting.value as Readonly<Record<string, string>>);
  return (
    <SettingRow setting={setting} labels="group" layout="below">
      {() =>
        pairs.length === 0 ? (
          <p className="text-sm text-muted">{settingText(setting.key).none}</p>
        ) : (
          <dl className="grid w-full grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
            {pairs.map(([key, value]) => (
              <div key={key} className="contents">
                <dt className="font-medium [overflow-wrap:anywhere]">{key}</dt>
                <dd className="text-muted [overflow-wrap:anywhere]">{value}</dd>
              </div>
            ))}
          </dl>
        )
      }
    </SettingRow>
  );
}
