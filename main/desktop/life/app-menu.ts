import type { ElectronParts, Platform } from '../parts.ts';
import type { DesktopText } from '../text/text.ts';

/** None, which spares its memory. macOS takes copy, paste and quit by keyboard from the menu, so there it has just these. */
export function setAppMenu(Menu: ElectronParts['Menu'], platform: Platform, text: () => DesktopText): void {
  if (platform !== 'darwin') return Menu.setApplicationMenu(null);
  const { menu } = text();
  const line = { type: 'separator' } as const;
  // Electron's own labels are English, whatever the person speaks.
  const item = (role: keyof DesktopText['menu']['items']) => ({ role, label: menu.items[role] });
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { role: 'appMenu', submenu: [item('about'), line, item('services'), line, item('hide'), item('hideOthers'), item('unhide'), line, item('quit')] },
      { role: 'editMenu', label: menu.edit, submenu: [item('undo'), item('redo'), line, item('cut'), item('copy'), item('paste'), item('delete'), item('selectAll')] },
      { role: 'windowMenu', label: menu.window, submenu: [item('minimize'), item('zoom'), line, item('front')] },
    ]),
  );
}
