import type { WebContents } from 'electron';

/** The page ended although nobody wanted that. */
export interface PageGone {
  /** Electron's word for it, or `unresponsive`, `load-failed`. */
  reason: string;
  code: number;
}

/** Tells each time that the page of these contents has ended, hangs, or could not be loaded. A page that hangs is ended first. */
export function watchPage(contents: WebContents, onGone: (gone: PageGone) => void): void {
  let hangs = false;
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    const gone = { reason: hangs ? 'unresponsive' : reason, code: exitCode };
    hangs = false;
    onGone(gone);
  });
  contents.on('unresponsive', () => {
    // Whoever stops at a breakpoint makes a page wait on purpose.
    if (hangs || contents.isDevToolsOpened()) return;
    hangs = true;
    contents.forcefullyCrashRenderer();
  });
  contents.on('did-fail-load', (_event, code, _description, _url, isMainFrame) => {
    // -3: another load came instead of this one.
    if (isMainFrame && code !== -3) onGone({ reason: 'load-failed', code });
  });
}

/** How often something may happen by itself: `most` times in any `withinMs`. */
export function createRestartLimit({ most = 3, withinMs = 60_000, now = () => performance.now() }: { most?: number; withinMs?: number; now?: () => number } = {}) {
  let times: number[] = [];
  return {
    allows(): boolean {
      times = times.filter((time) => now() - time < withinMs);
      if (times.length >= most) return false;
      times.push(now());
      return true;
    },
    reset: () => void (times = []),
  };
}
