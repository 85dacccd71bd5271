import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import type * as Electron from 'electron';
import { click, itemAt, shown, type ShownItem } from './menu.ts';
import { fileOf, isImage } from './native-image.ts';
import type { World } from './world.ts';

/** A tray icon as a test sees it. */
export interface TrayControls {
  readonly tray: Electron.Tray;
  readonly images: readonly (Electron.NativeImage | string)[];
  isDestroyed(): boolean;
  toolTip(): string;
  title(): string;
  /** The file of the picture that shows now. */
  imageFile(): string | null;
  image(): Electron.NativeImage | string;
  menu(): Electron.Menu | null;
  /** How often a menu was set. */
  menusSet(): number;
  /** What a person reads when the menu is open. */
  items(): ShownItem[];
  /** Opens the menu and clicks. */
  click(...path: (string | RegExp)[]): void;
}

export function createTrayClass(world: World, fails: () => boolean) {
  const all: TrayControls[] = [];

  function checked(image: Electron.NativeImage | string): Electron.NativeImage | string {
    if (typeof image === 'string') {
      if (!existsSync(image)) throw new Error(`Failed to load image from path '${image}'`);
    } else if (!isImage(image)) throw new TypeError('Error processing argument at index 0, conversion failure');
    return image;
  }

  class FakeTray extends EventEmitter {
    constructor(first: Electron.NativeImage | string, guid?: string) {
      super();
      world.needReady('Cannot create Tray before app is ready');
      if (fails()) throw new Error('Failed to create the tray icon');
      const images = [checked(first)];
      let toolTip = '';
      let title = '';
      let menu: Electron.Menu | null = null;
      let menusSet = 0;
      let destroyed = false;
      const alive = (): void => {
        if (destroyed) throw new Error('Tray is destroyed');
      };
      const methods = {
        isDestroyed: () => destroyed,
        destroy: () => void (destroyed = true),
        setImage: (image) => (alive(), void images.push(checked(image))),
        setPressedImage: (image) => (alive(), void checked(image)),
        setToolTip: (text) => (alive(), void (toolTip = text)),
        setTitle: (text) => (alive(), void (title = text)),
        getTitle: () => (alive(), title),
        getGUID: () => guid ?? null,
        setContextMenu(next) {
          alive();
          menu = next;
          menusSet += 1;
        },
        popUpContextMenu: () => alive(),
        closeContextMenu: () => alive(),
        setIgnoreDoubleClickEvents: () => alive(),
        // On Linux there is no telling where the icon is.
        getBounds: () => (alive(), world.platform === 'linux' ? { x: 0, y: 0, width: 0, height: 0 } : { x: 1800, y: 0, width: 24, height: 24 }),
      } satisfies Partial<Electron.Tray>;
      Object.assign(this, methods);
      const pointAt = () => this.emit('mouse-enter', {}, { x: 0, y: 0 });
      const current = () => images.at(-1) as Electron.NativeImage | string;
      all.push({
        tray: this as unknown as Electron.Tray,
        images,
        isDestroyed: () => destroyed,
        toolTip: () => toolTip,
        title: () => title,
        imageFile: () => fileOf(current()),
        image: current,
        menu: () => menu,
        menusSet: () => menusSet,
        items: () => (menu ? shown(menu) : []),
        click(...path) {
          alive();
          if (!menu) throw new Error('The tray has no menu');
          // Linux tells neither of the pointer nor of the menu. A click is handled after its menu has closed.
          const tells = world.platform !== 'linux';
          if (tells) pointAt();
          const opened = menu;
          if (tells) opened.emit('menu-will-show', {});
          itemAt(opened, path);
          if (tells) opened.emit('menu-will-close', {});
          click(opened, path);
        },
      });
    }
  }

  return { Tray: FakeTray as unknown as typeof Electron.Tray, trays: () => [...all] };
}
