import type { MenuItemConstructorOptions } from 'electron';
import { formatCountdown, type LoadedModel } from '../../../contract/index.ts';
import { label } from './labels.ts';
import type { MenuContext } from './menu.ts';

/** One submenu for each model that holds memory. */
export function loadedItems(context: MenuContext): MenuItemConstructorOptions[] {
  const { state, text } = context;
  if (state.loaded.length === 0) return state.memory === null ? [] : [{ id: 'none', label: text.tray.none, enabled: false }];
  return state.loaded.map((model) => ({
    id: `model:${model.id}`,
    label: `${context.nameOf(model.id)} · ${label(stateWords(model, context))}`,
    submenu: [{ id: `size:${model.id}`, label: text.tray.takes(text.size(model.ramUsed)), enabled: false }, ...deeds(model, context)],
  }));
}

/** Whether something in its line changes by the passing of time alone. */
export function countsDown(model: LoadedModel): boolean {
  return model.state === 'ready' && !model.inUse && model.uses.length === 0 && !model.pinned && model.unloadsAt !== null;
}

function stateWords(model: LoadedModel, { text, now, times, clock }: MenuContext): string {
  const words = text.tray.state;
  switch (model.state) {
    case 'reserved':
      return words.reserved;
    case 'loading':
      return model.progress === null ? words.loading : words.loadingPercent(Math.round(model.progress * 100));
    case 'unloading':
      return words.unloading;
    case 'stuck':
      return words.stuck;
    case 'ready': {
      if (model.inUse || model.uses.length > 0) return usedBy(model, words);
      if (model.pinned) return words.kept;
      if (model.unloadsAt === null) return model.autoIdle ? words.staysForRoom : words.stays;
      if (model.unloadsAt <= now) return words.unloadsNow;
      return times === 'clock' ? words.unloadsAt(clock(model.unloadsAt)) : words.unloadsIn(formatCountdown(model.unloadsAt - now));
    }
  }
}

function usedBy(model: LoadedModel, words: MenuContext['text']['tray']['state']): string {
  const holders = [...new Set(model.uses.map(({ holder }) => holder))];
  if (holders.length === 0) return words.inUse;
  return holders.length > 2 ? words.inUseByMany(holders.length) : words.inUseBy(holders.map((holder) => holder.slice(0, 40)));
}

function deeds(model: LoadedModel, context: MenuContext): MenuItemConstructorOptions[] {
  const { text, actions, state, handsOff } = context;
  const { id } = model;
  const there = (): void => actions.show({ page: 'memory', model: id });
  const show: MenuItemConstructorOptions = { id: `show:${id}`, label: text.tray.show, click: there };
  if (model.state === 'reserved' || model.state === 'loading') {
    return [{ id: `cancel:${id}`, label: text.tray.cancelLoad, enabled: !handsOff, click: () => actions.cancelLoad(id) }, show];
  }
  if (model.state === 'unloading') return [show];
  // Ending a process is not for a stray click in a menu.
  if (model.state === 'stuck') return model.canEnd && !handsOff ? [{ id: `end:${id}`, label: text.tray.end, click: there }, show] : [show];
  const used = model.inUse || model.uses.length > 0;
  // What was asked to stay, or is frozen, goes only after a yes: the dashboard asks for it.
  const asks = model.pinned || state.freeze !== null;
  return [
    { id: `unload:${id}`, label: asks ? text.tray.unloadAsk : text.tray.unload, enabled: !used && !handsOff, click: asks ? there : () => actions.unload(id) },
    { id: `keep:${id}`, label: text.tray.keep, type: 'checkbox', checked: model.pinned, enabled: !handsOff, click: () => actions.pin(id, !model.pinned) },
    show,
  ];
}
