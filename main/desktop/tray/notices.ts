import type { MenuItemConstructorOptions } from 'electron';
import { label } from './labels.ts';
import type { MenuContext } from './menu.ts';

/** What is out of the ordinary, each with the place where more is said about it. */
export function notices({ state, text, clock, actions }: MenuContext): MenuItemConstructorOptions[] {
  const items: MenuItemConstructorOptions[] = [];
  if (!state.owner) items.push({ id: 'watching', label: text.tray.watching, enabled: false });
  if (state.memory?.overBudget) items.push({ id: 'over', label: text.tray.overHint, click: () => actions.show({ page: 'memory' }) });
  for (const provider of state.providers) {
    if (provider.status !== 'down') continue;
    items.push({ id: `down:${provider.id}`, label: label(text.tray.down(provider.label, clock(provider.since))), click: () => actions.show({ page: 'memory' }) });
  }
  if (state.configProblem) items.push({ id: 'config', label: text.tray.badConfig, click: () => actions.show({ page: 'settings' }) });
  if (state.advice.length > 0) items.push({ id: 'advice', label: text.tray.suggestions(state.advice.length), click: () => actions.show({ page: 'memory' }) });
  return items;
}
