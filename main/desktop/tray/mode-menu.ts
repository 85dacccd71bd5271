import type { MenuItemConstructorOptions } from 'electron';
import type { LiveState } from '../../../contract/index.ts';
import type { MenuContext } from './menu.ts';

const HOUR_S = 3600;

export function freeMemoryItem({ state, text, actions, handsOff }: MenuContext): MenuItemConstructorOptions {
  const unused = state.loaded.some((model) => model.state === 'ready' && !model.inUse && model.uses.length === 0 && !model.pinned);
  return { id: 'free-memory', label: text.tray.freeMemory, enabled: unused && !handsOff && state.freeze === null, click: () => actions.freeMemory(true) };
}

/** Each mode: a choice of times while it is off, a tick to take away while it is on. */
export function modeItems(context: MenuContext): MenuItemConstructorOptions[] {
  const { state, text, actions, handsOff } = context;
  const until = (mode: NonNullable<LiveState['freeze']>): string | null => (mode.until === null ? null : context.clock(mode.until));
  const off = (id: string, words: string, set: (on: boolean, forSeconds: number | null) => void): MenuItemConstructorOptions => ({
    id,
    label: words,
    enabled: !handsOff,
    submenu: [
      { id: `${id}:hour`, label: text.tray.forAnHour, click: () => set(true, HOUR_S) },
      { id: `${id}:on`, label: text.tray.untilEnded, click: () => set(true, null) },
    ],
  });
  const on = (id: string, words: string, end: () => void): MenuItemConstructorOptions => ({ id, label: words, type: 'checkbox', checked: true, enabled: !handsOff, click: end });
  return [
    state.pause ? on('pause', text.tray.paused(until(state.pause)), () => actions.pause(false, null)) : off('pause', text.tray.pause, actions.pause),
    state.freeze ? on('freeze', text.tray.frozen(until(state.freeze)), () => actions.freeze(false, null)) : off('freeze', text.tray.freeze, actions.freeze),
    ...(state.hold ? [on('hold', text.tray.held(until(state.hold)), () => actions.freeMemory(false))] : []),
  ];
}
