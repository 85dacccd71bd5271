import type { MenuItemConstructorOptions } from 'electron';
import type { UpdateState } from '../../../contract/index.ts';
import type { DesktopText } from '../text/text.ts';
import { label } from './labels.ts';
import type { TrayActions } from './menu.ts';

/** One line about updates, where this kind of installation has any. */
export function updateItem(updates: UpdateState | null, text: DesktopText, actions: TrayActions): MenuItemConstructorOptions[] {
  const words = text.tray.updates;
  const id = 'updates';
  const there = (): void => actions.show({ page: 'settings' });
  const version = label(updates?.version ?? '');
  switch (updates?.status) {
    case undefined:
    case 'off':
      return [];
    case 'checking':
      return [{ id, label: words.checking, enabled: false }];
    case 'available':
      return [{ id, label: words.available(version), click: there }];
    case 'downloading':
      return [{ id, label: words.downloading(updates?.progress == null ? null : Math.round(updates.progress * 100)), enabled: false }];
    case 'ready':
      return [{ id, label: words.ready(version), click: () => actions.installUpdate() }];
    case 'waiting':
      return [{ id, label: words.waiting, enabled: false }];
    case 'idle':
    case 'current':
    case 'failed':
      // Its answer is told on the settings page.
      return [{ id, label: words.check, click: () => (actions.checkForUpdates(), there()) }];
  }
}
