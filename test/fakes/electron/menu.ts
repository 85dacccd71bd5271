import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { isImage } from './native-image.ts';

type Template = (Electron.MenuItemConstructorOptions | Electron.MenuItem)[];

const types = ['normal', 'separator', 'submenu', 'checkbox', 'radio', 'header', 'palette'];
const roles = new Set(
  'undo redo cut copy paste pasteandmatchstyle delete selectall reload forcereload toggledevtools resetzoom zoomin zoomout togglespellchecker togglefullscreen window minimize close help about services hide hideothers unhide quit startspeaking stopspeaking zoom front appmenu filemenu editmenu viewmenu recentdocuments clearrecentdocuments windowmenu sharemenu'.split(' '),
);

/** A menu as a test reads it. */
export interface ShownItem {
  label: string;
  type: string;
  enabled: boolean;
  checked: boolean;
  items: ShownItem[];
}

export function createMenuClass() {
  const applicationMenu: { menu: Electron.Menu | null | undefined } = { menu: undefined };
  let lastCommand = 0;

  function createItem(options: Electron.MenuItemConstructorOptions): Electron.MenuItem {
    for (const key of ['label', 'sublabel', 'toolTip', 'id'] as const) {
      if (options[key] !== undefined && typeof options[key] !== 'string') throw new TypeError(`Error processing argument at index 1, conversion failure from ${String(options[key])}`);
    }
    if (options.role !== undefined && !roles.has(options.role.toLowerCase())) throw new Error(`Unknown menu item role: ${options.role}`);
    if (options.icon !== undefined && typeof options.icon !== 'string' && !isImage(options.icon)) throw new TypeError('Error processing argument at index 1, conversion failure from icon');
    const submenu = Array.isArray(options.submenu) ? FakeMenu.buildFromTemplate(options.submenu) : options.submenu;
    const type = options.type ?? (submenu ? 'submenu' : 'normal');
    if (!types.includes(type)) throw new Error(`Unknown menu item type: ${type}`);
    if (type === 'submenu' && !(submenu instanceof FakeMenu)) throw new Error('Invalid submenu');
    const item = {
      ...options,
      type,
      submenu: submenu as Electron.Menu | undefined,
      label: options.label ?? options.role ?? '',
      sublabel: options.sublabel ?? '',
      toolTip: options.toolTip ?? '',
      enabled: options.enabled ?? true,
      visible: options.visible ?? true,
      checked: options.checked ?? false,
      commandId: ++lastCommand,
      // A click by the system: what cannot be clicked does nothing, and a check mark changes first.
      click() {
        if (!item.enabled || !item.visible || type === 'separator' || type === 'submenu') return;
        if (type === 'checkbox') item.checked = !item.checked;
        if (type === 'radio') item.checked = true;
        options.click?.(item as unknown as Electron.MenuItem, undefined, {} as Electron.KeyboardEvent);
      },
    };
    return item as unknown as Electron.MenuItem;
  }

  class FakeMenu extends EventEmitter {
    items: Electron.MenuItem[] = [];

    static buildFromTemplate(template: Template): FakeMenu {
      if (!Array.isArray(template)) throw new TypeError('Invalid template for Menu: Menu template must be an array');
      const valid = (item: Template[number]) => item != null && typeof item === 'object' && ('label' in item || 'role' in item || item.type === 'separator' || 'type' in item);
      if (!template.every(valid)) throw new TypeError('Invalid template for MenuItem: must have at least one of label, role or type');
      const menu = new FakeMenu();
      for (const item of withoutExtraSeparators(template)) menu.items.push(createItem(item as Electron.MenuItemConstructorOptions));
      return menu;
    }
    static setApplicationMenu(menu: Electron.Menu | null): void {
      applicationMenu.menu = menu;
    }
    static getApplicationMenu(): Electron.Menu | null {
      return applicationMenu.menu ?? null;
    }
    append(item: Electron.MenuItem): void {
      this.items.push(item);
    }
    getMenuItemById(id: string): Electron.MenuItem | null {
      for (const item of this.items) {
        const found = item.id === id ? item : (item.submenu?.getMenuItemById(id) ?? null);
        if (found) return found;
      }
      return null;
    }
    popup(): void {
      this.emit('menu-will-show', {});
    }
    closePopup(): void {
      this.emit('menu-will-close', {});
    }
  }

  return { Menu: FakeMenu as unknown as typeof Electron.Menu, applicationMenu };
}

/** Electron shows no separator at either end, and no two in a row. */
function withoutExtraSeparators(template: Template): Template {
  const visible = (item: Template[number]) => item.visible !== false;
  const separator = (item: Template[number]) => item.type === 'separator';
  const first = template.filter((item, at) => !visible(item) || !separator(item) || (at > 0 && !separator(template[at - 1] as Template[number])));
  const last = first.findLastIndex((item) => visible(item) && !separator(item));
  return first.filter((item, at) => !separator(item) || at < last);
}

/** What a person would read in this menu. */
export function shown(menu: Electron.Menu): ShownItem[] {
  return menu.items
    .filter((item) => item.visible)
    .map((item) => ({ label: item.label, type: item.type, enabled: item.enabled, checked: item.checked, items: item.submenu ? shown(item.submenu) : [] }));
}

/** The item at the end of a path of labels; a pattern takes the first that fits. */
export function itemAt(menu: Electron.Menu, path: readonly (string | RegExp)[]): Electron.MenuItem {
  const [wanted, ...rest] = path;
  const item = menu.items.find((one) => one.visible && (typeof wanted === 'string' ? one.label === wanted : wanted?.test(one.label)));
  if (!item) throw new Error(`The menu has no item ${String(wanted)}; it has: ${menu.items.map((one) => one.label || '—').join(' | ')}`);
  if (rest.length === 0) return item;
  if (!item.submenu) throw new Error(`${item.label} has no submenu`);
  return itemAt(item.submenu, rest);
}

/** What a person's click does; throws where nobody could click. */
export function click(menu: Electron.Menu, path: readonly (string | RegExp)[]): void {
  const item = itemAt(menu, path);
  if (!item.enabled) throw new Error(`${item.label} cannot be clicked: it is disabled`);
  (item.click as () => void)();
}
