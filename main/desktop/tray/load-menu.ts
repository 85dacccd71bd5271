import type { MenuItemConstructorOptions } from 'electron';
import type { Fit, InstalledModel } from '../../../contract/index.ts';
import type { MenuContext } from './menu.ts';

/** A menu longer than this is no help: the dashboard has a search. */
const MOST = 15;

const order: readonly Fit['kind'][] = ['fits', 'evicts', 'waits', 'short', 'blocked', 'too-big'];

/** Installed models that are not in memory, those that fit first. */
export function loadItem(context: MenuContext): MenuItemConstructorOptions {
  const { models, state, text, actions, handsOff } = context;
  const models0 = (): void => actions.show({ page: 'models' });
  if (models.length === 0) return { id: 'load', label: text.tray.load, submenu: [{ id: 'load:none', label: text.tray.noneInstalled, click: models0 }] };
  const held = new Set(state.loaded.map(({ weights }) => weights));
  const offered = models.filter((model) => model.fit.kind !== 'loaded' && model.fit.kind !== 'online' && model.fit.kind !== 'served' && !held.has(model.weights)).sort(byUse);
  const rest = offered.length - MOST;
  const submenu: MenuItemConstructorOptions[] = offered.slice(0, MOST).map((model) => item(model, context));
  if (offered.length === 0) submenu.push({ id: 'load:all', label: text.tray.allLoaded, enabled: false });
  if (rest > 0) submenu.push({ type: 'separator' }, { id: 'load:more', label: text.tray.more(rest), click: models0 });
  return { id: 'load', label: text.tray.load, enabled: !handsOff && state.freeze === null, submenu };
}

function rank(model: InstalledModel): number {
  return model.problem === null ? order.indexOf(model.fit.kind) : order.length;
}

/** Among those that fit alike, whoever was in memory last is the likeliest to be wanted. */
function byUse(a: InstalledModel, b: InstalledModel): number {
  return rank(a) - rank(b) || (b.lastUnload?.at ?? 0) - (a.lastUnload?.at ?? 0) || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1);
}

function item(model: InstalledModel, context: MenuContext): MenuItemConstructorOptions {
  const { actions, nameOf } = context;
  const fits = model.problem === null && model.fit.kind === 'fits';
  return {
    id: `load:${model.id}`,
    label: `${nameOf(model.id)} · ${fitWords(model, context)}`,
    enabled: model.problem !== null || model.fit.kind !== 'too-big',
    // What would cost another model its place, or cannot be, is looked at first: the dashboard shows the preview.
    click: fits ? () => actions.load(model.id) : () => actions.show({ page: 'models', model: model.id }),
  };
}

function fitWords(model: InstalledModel, { text, nameOf }: MenuContext): string {
  const words = text.tray.fit;
  if (model.problem !== null) return words.broken;
  const { kind, missing, unload } = model.fit;
  switch (kind) {
    case 'loaded':
    case 'online':
    case 'served':
    case 'fits':
      return words.fits;
    case 'evicts':
      if (unload === undefined || unload.length === 0) return words.evictsUnknown;
      return unload.length > 2 ? words.evictsMany(unload.length) : words.evicts(unload.map(nameOf));
    case 'waits':
      return words.waits;
    case 'short':
      return missing === undefined ? words.shortUnknown : words.short(text.size(missing));
    case 'too-big':
      return words.tooBig;
    case 'blocked':
      return words.blocked;
  }
}
