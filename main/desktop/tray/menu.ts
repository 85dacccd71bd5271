import type { MenuItemConstructorOptions } from 'electron';
import type { InstalledModel, Language, LiveState, ShowTarget, UpdateState } from '../../../contract/index.ts';
import type { Platform } from '../parts.ts';
import { desktopText, type DesktopText } from '../text/text.ts';
import { createClock } from './clock.ts';
import { label, menuNames } from './labels.ts';
import { loadItem } from './load-menu.ts';
import { loadedItems } from './loaded-menu.ts';
import { freeMemoryItem, modeItems } from './mode-menu.ts';
import { notices } from './notices.ts';
import { updateItem } from './update-menu.ts';

/** What the menu can do. None of these throws, and none waits. */
export interface TrayActions {
  load(model: string): void;
  cancelLoad(model: string): void;
  unload(model: string): void;
  pin(model: string, pinned: boolean): void;
  freeMemory(on: boolean): void;
  /** `forSeconds` null: until it is ended. */
  pause(on: boolean, forSeconds: number | null): void;
  freeze(on: boolean, forSeconds: number | null): void;
  /** Opens the dashboard there. */
  show(target: Partial<ShowTarget>): void;
  checkForUpdates(): void;
  installUpdate(): void;
  quit(): void;
}

/** What the tray shows. `state` is null until Airdock runs. */
export interface TrayPicture {
  state: LiveState | null;
  models: readonly InstalledModel[];
  updates: UpdateState | null;
  /** What keeps Airdock from running, in a sentence. */
  trouble: string | null;
}

export interface TrayMenuInput extends TrayPicture {
  platform: Platform;
  language: Language;
  /** Ms since the epoch. */
  now: number;
  /** countdown: "unloads in 3:12", true at this moment · clock: "unloads at 14:32", true for longer. */
  times: 'countdown' | 'clock';
  timeZone?: string | undefined;
  actions: TrayActions;
}

/** What the parts of the menu need. */
export interface MenuContext extends TrayMenuInput {
  state: LiveState;
  text: DesktopText;
  /** The name of a model, ready for a label. */
  nameOf(id: string): string;
  clock(at: number): string;
  /** Nobody here may change what is loaded. */
  handsOff: boolean;
}

const line: MenuItemConstructorOptions = { type: 'separator' };

/** The whole menu. Pure: the same input gives the same menu. */
export function trayMenu(input: TrayMenuInput): MenuItemConstructorOptions[] {
  const text = desktopText(input.language);
  const { actions, state } = input;
  const end: MenuItemConstructorOptions[] = [
    { id: 'open', label: text.tray.open, click: () => actions.show({}) },
    { id: 'settings', label: text.tray.settings, click: () => actions.show({ page: 'settings' }) },
    ...updateItem(input.updates, text, actions),
    line,
    { id: 'quit', label: text.tray.quit, click: () => actions.quit() },
  ];
  const first: MenuItemConstructorOptions = { id: 'headline', label: label(headline(input)), enabled: false };
  if (state === null) return [first, line, ...end];

  const names = menuNames(everyModel(input.models, state));
  const context: MenuContext = {
    ...input,
    state,
    text,
    nameOf: (id) => label(names.get(id) ?? id),
    clock: createClock(input.now, input.language, input.timeZone),
    handsOff: !state.owner,
  };
  const loaded = loadedItems(context);
  return [first, ...notices(context), line, ...loaded, ...(loaded.length > 0 ? [line] : []), loadItem(context), freeMemoryItem(context), ...modeItems(context), line, ...end];
}

/** "9.3 GB free · 2 models": the first line of the menu, and what the icon says when it is pointed at. */
export function headline({ state, trouble, language }: Pick<TrayMenuInput, 'state' | 'trouble' | 'language'>): string {
  const text = desktopText(language);
  if (state === null) return trouble ?? text.tray.starting;
  const count = state.loaded.length;
  if (state.memory === null) return text.tray.reading;
  const { overBudget, free } = state.memory;
  return overBudget ? text.tray.over(text.size(overBudget.bytes), count) : text.tray.free(text.size(Math.max(0, free)), count);
}

/** Those in memory may be installed no more, or never have been. */
function everyModel(models: readonly InstalledModel[], state: LiveState): { id: string; name: string }[] {
  const known = new Set(models.map(({ id }) => id));
  return [...models, ...state.loaded.filter(({ id }) => !known.has(id))];
}
