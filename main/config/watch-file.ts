import { watch, type FSWatcher } from 'node:fs';
import path from 'node:path';

export interface FileWatch {
  close(): void;
}

export interface WatchFileOptions {
  /** The file may have changed: called after `debounceMs` of quiet. */
  onEvent: () => void;
  debounceMs: number;
  /** Called this often whatever the events say: network folders and linked files tell nothing. */
  onPoll: () => void;
  pollMs: number;
}

/**
 * Tells when a file may have changed. The folder is watched, not the file: editors save by renaming a new file over the old
 * one, after which a watch on the old one is blind.
 */
export function watchFile(file: string, { onEvent, debounceMs, onPoll, pollMs }: WatchFileOptions): FileWatch {
  const name = path.basename(file);
  let watcher: FSWatcher | null = null;
  let quiet: NodeJS.Timeout | undefined;

  const start = (): void => {
    if (watcher) return;
    try {
      watcher = watch(path.dirname(file), { persistent: false }, (_event, changed) => {
        if (changed !== null && changed !== name) return;
        clearTimeout(quiet);
        quiet = setTimeout(onEvent, debounceMs);
      });
      watcher.on('error', stop);
    } catch {
      // The folder is not there yet, or the system's watches are used up: polling goes on, and tries again.
      watcher = null;
    }
  };
  const stop = (): void => {
    watcher?.close();
    watcher = null;
  };

  start();
  const poll = setInterval(() => {
    start();
    onPoll();
  }, pollMs);
  poll.unref();
  return {
    close: () => {
      clearInterval(poll);
      clearTimeout(quiet);
      stop();
    },
  };
}
