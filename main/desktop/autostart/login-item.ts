import { problem, toProblem } from '../../../contract/index.ts';
import type { ElectronParts, Platform } from '../parts.ts';
import { hiddenSwitch, type Autostart } from './autostart.ts';

/** Start at login on macOS and Windows, by the system's own list. */
export function createLoginItem(app: Pick<ElectronParts['app'], 'getLoginItemSettings' | 'setLoginItemSettings'>, platform: Platform): Autostart {
  // Windows looks for the entry by its arguments too; macOS passes none, and tells at the start that it was at login.
  const args = platform === 'win32' ? { args: [hiddenSwitch] } : {};
  const needsApproval = problem('forbidden', 'macOS wants your yes before Airdock starts at login.', 'System Settings, General, Login Items: allow Airdock.');

  const read: Autostart['read'] = async () => {
    try {
      const { openAtLogin, executableWillLaunchAtLogin, status } = app.getLoginItemSettings(args);
      // The Task Manager switches an entry off without removing it.
      const on = openAtLogin && (platform !== 'win32' || executableWillLaunchAtLogin);
      return { supported: true, on, problem: platform === 'darwin' && status === 'requires-approval' ? needsApproval : null };
    } catch (error) {
      return { supported: true, on: false, problem: toProblem(error) };
    }
  };

  return {
    read,
    async set(on) {
      try {
        app.setLoginItemSettings({ openAtLogin: on, ...args });
      } catch (error) {
        return { ok: false, problem: toProblem(error) };
      }
      const now = await read();
      if (now.problem && on) return { ok: false, problem: now.problem };
      if (now.on !== on) return { ok: false, problem: problem('forbidden', 'The system did not take it.', 'It may be managed by an administrator, or switched off in the system’s own list.') };
      return { ok: true, value: { text: on ? 'Airdock starts at login, without a window.' : 'Airdock no longer starts at login.' } };
    },
    repair: () => Promise.resolve(),
  };
}
