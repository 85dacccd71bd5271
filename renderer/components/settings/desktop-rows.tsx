import { text } from '../../text/text.ts';
import { ProblemLine } from '../problem-text.tsx';
import { Row, SettingRow } from './setting-row.tsx';
import { SwitchControl } from './switch-control.tsx';
import { useDesktop, useDesktopCommand } from './use-desktop.ts';
import { useSetting } from './use-setting.ts';

/** Only the desktop app can be started by the system; in a browser there is a sentence in its place. */
export function StartAtLoginRow() {
  const { bridge, state } = useDesktop();
  const words = text.settings.startAtLogin;
  const on = state?.startAtLogin.on ?? false;
  const change = useDesktopCommand(async () => (bridge === null ? { ok: true as const, value: null } : bridge.setStartAtLogin({ on: !on })));
  if (bridge === null) return <Row id="startAtLogin" name={words.name} meaning={words.inBrowser} labels="group" />;
  const problem = change.problem ?? state?.startAtLogin.problem ?? null;
  const supported = state?.startAtLogin.supported ?? true;
  return (
    <Row
      id="startAtLogin"
      name={words.name}
      meaning={supported ? words.meaning : words.unsupported}
      fault={problem && <ProblemLine problem={problem} />}
      pending={change.busy}
      layout="small"
    >
      {(ids) => <SwitchControl ids={ids} on={on} disabled={state === null || !supported} onChange={() => void change.run()} />}
    </Row>
  );
}

export function NotificationsSetting() {
  const setting = useSetting('notifications.enabled');
  const { state } = useDesktop();
  const unsupported = state !== null && !state.notifications.supported;
  return (
    <SettingRow setting={setting} note={unsupported ? text.settings.notifications.unsupported : null} layout="small">
      {(ids) => <SwitchControl ids={ids} on={setting.value === true} onChange={(on) => void setting.save(on)} />}
    </SettingRow>
  );
}
