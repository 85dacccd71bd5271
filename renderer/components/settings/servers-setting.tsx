import type { OpenAiServer } from '../../../contract/index.ts';
import { text } from '../../text/text.ts';
import { settingText } from '../../view/settings-words.ts';
import { SettingRow } from './setting-row.tsx';
import type { Setting } from './use-setting.ts';

function facts({ base_url, enabled, local, key_env, keychain, models }: OpenAiServer): string {
  const words = text.settings.servers;
  return [base_url, enabled ? null : words.off, local ? words.local : words.online, key_env === null ? null : words.key(key_env), keychain ? words.keychain : null, models === 'list' ? null : words.models(models.length)]
    .filter((fact) => fact !== null)
    .join(' · ');
}

/** Servers that speak OpenAI's language: they are shown here, and edited in the file. */
export function ServersSetting({ setting }: { setting: Setting }) {
  const servers = setting.value as readonly OpenAiServer[];
  return (
    <SettingRow setting={setting} labels="group" layout="below">
      {() => (
        <div className="grid w-full gap-2 text-sm">
          {servers.length === 0 ? (
            <p className="text-muted">{settingText(setting.key).none}</p>
          ) : (
            <ul aria-label={setting.name} className="w-full divide-y divide-line rounded-lg border border-line">
              {servers.map((server) => (
                <li key={server.id} className="px-3 py-2">
                  <p className="font-medium [overflow-wrap:anywhere]">{server.label ?? server.id}</p>
                  <p className="text-[13px] text-muted [overflow-wrap:anywhere]">{facts(server)}</p>
                </li>
              ))}
            </ul>
          )}
          <p className="text-[13px] text-muted">{text.settings.servers.edit}</p>
        </div>
      )}
    </SettingRow>
  );
}
