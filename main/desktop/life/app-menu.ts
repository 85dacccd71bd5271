import type { ElectronParts, Platform } from '../parts.ts';

/** None, which spares its memory. macOS takes copy, paste and quit by keyboard from the menu, so there it has just these. */
export function setAppMenu(Menu: ElectronParts['Menu'], platform: Platform): void {
  if (platform !== 'darwin') return Menu.setApplicationMenu(null);
  Menu.setApplicationMenu(Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]));
}
