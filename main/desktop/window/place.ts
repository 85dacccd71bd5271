import type { Rectangle } from 'electron';

export const smallest = { width: 380, height: 480 };
const usual = { width: 1080, height: 760 };

/** Where the window was. The bounds are those it has when it is not maximised. */
export interface SavedPlace extends Rectangle {
  maximized: boolean;
}

/** Without x and y, Electron centres the window on the main screen. */
export interface Place {
  x?: number;
  y?: number;
  width: number;
  height: number;
  maximized: boolean;
}

/**
 * Where to open: where it was, pushed into the work area of the screen that showed most of it; if that screen is gone, centred
 * on the main one. `screens`: work areas, the main screen's first.
 */
export function restorePlace(saved: SavedPlace | null, screens: readonly Rectangle[]): Place {
  const wanted = saved ?? { ...usual, maximized: false };
  const shown = saved === null ? null : screenOf(saved, screens);
  const screen = shown ?? screens[0];
  const width = clamp(wanted.width, smallest.width, screen?.width ?? Infinity);
  const height = clamp(wanted.height, smallest.height, screen?.height ?? Infinity);
  const { maximized } = wanted;
  if (saved === null || shown === null) return { width, height, maximized };
  return { x: clamp(saved.x, shown.x, shown.x + shown.width - width), y: clamp(saved.y, shown.y, shown.y + shown.height - height), width, height, maximized };
}

/** The screen with the largest part of it; null where no screen shows any. */
export function screenOf(bounds: Rectangle, screens: readonly Rectangle[]): Rectangle | null {
  let best: Rectangle | null = null;
  for (const screen of screens) if (overlap(bounds, screen) > (best === null ? 0 : overlap(bounds, best))) best = screen;
  return best;
}

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** The lower bound counts where both cannot: a window is never smaller than it can be used, and its title stays in reach. */
function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
