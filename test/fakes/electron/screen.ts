import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import type { World } from './world.ts';

export interface FakeDisplay {
  id: number;
  bounds: Electron.Rectangle;
  workArea: Electron.Rectangle;
  scaleFactor: number;
}

export const oneDisplay: FakeDisplay = { id: 1, bounds: { x: 0, y: 0, width: 1920, height: 1080 }, workArea: { x: 0, y: 27, width: 1920, height: 1053 }, scaleFactor: 1 };

const overlap = (a: Electron.Rectangle, b: Electron.Rectangle): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) * Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));
const distance = (area: Electron.Rectangle, { x, y }: Electron.Point): number =>
  Math.hypot(Math.max(area.x - x, 0, x - area.x - area.width), Math.max(area.y - y, 0, y - area.y - area.height));

export function createScreen(world: World, first: readonly FakeDisplay[]) {
  const emitter = new EventEmitter();
  let displays = [...first];
  const whole = (display: FakeDisplay) => ({ ...display, size: display.bounds, workAreaSize: display.workArea, rotation: 0, internal: false }) as unknown as Electron.Display;
  const all = () => {
    world.needReady("The 'screen' module can't be used before the app 'ready' event");
    return displays.map(whole);
  };
  const nearest = (point: Electron.Point) => all().sort((a, b) => distance(a.bounds, point) - distance(b.bounds, point))[0] as Electron.Display;
  const methods = {
    getAllDisplays: all,
    getPrimaryDisplay: () => all()[0] as Electron.Display,
    // Never null: where nothing overlaps, the nearest one.
    getDisplayMatching(rect: Electron.Rectangle) {
      const best = all().sort((a, b) => overlap(b.bounds, rect) - overlap(a.bounds, rect))[0] as Electron.Display;
      return overlap(best.bounds, rect) > 0 ? best : nearest({ x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 });
    },
    getDisplayNearestPoint: nearest,
    getCursorScreenPoint: () => ({ x: 0, y: 0 }),
  } satisfies Partial<Electron.Screen>;
  return {
    screen: Object.assign(emitter, methods) as unknown as Electron.Screen,
    /** Screens are plugged in or pulled out. */
    setDisplays(next: readonly FakeDisplay[]) {
      const before = displays;
      displays = [...next];
      for (const one of before) if (!next.some(({ id }) => id === one.id)) emitter.emit('display-removed', {}, whole(one));
      for (const one of next) if (!before.some(({ id }) => id === one.id)) emitter.emit('display-added', {}, whole(one));
    },
  };
}
