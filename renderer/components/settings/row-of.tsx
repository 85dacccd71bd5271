import type { RowId } from '../../view/settings-layout.ts';
import { AddressRow, ScriptKeyRow } from './address-rows.tsx';
import { AppsKeyRow, PairingRow } from './apps-rows.tsx';
import { NotificationsSetting, StartAtLoginRow } from './desktop-rows.tsx';
import { ConfigFileRow, LogFolderRow } from './files-rows.tsx';
import { FoldersSetting } from './folders-setting.tsx';
import { PinnedSetting } from './pinned-setting.tsx';
import { PresetSetting } from './preset-setting.tsx';
import { SettingControl } from './setting-control.tsx';
import { SingleModels } from './single-models.tsx';
import { VersionRow } from './version-row.tsx';

/** The row of that name. Most settings need nothing but their kind. */
export function RowOf({ id }: { id: RowId }) {
  switch (id) {
    case 'models.preset':
      return <PresetSetting />;
    case 'models.pinned':
      return <PinnedSetting />;
    case 'models.directories':
      return <FoldersSetting />;
    case 'notifications.enabled':
      return <NotificationsSetting />;
    case 'address':
      return <AddressRow />;
    case 'key':
      return <AppsKeyRow />;
    case 'pairing':
      return <PairingRow />;
    case 'scriptKey':
      return <ScriptKeyRow />;
    case 'startAtLogin':
      return <StartAtLoginRow />;
    case 'single':
      return <SingleModels />;
    case 'configFile':
      return <ConfigFileRow />;
    case 'logFolder':
      return <LogFolderRow />;
    case 'version':
      return <VersionRow />;
    default:
      return <SettingControl settingKey={id} />;
  }
}
