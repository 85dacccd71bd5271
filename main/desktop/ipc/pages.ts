import type { WebContents } from 'electron';

/** Tells when a page has gone: its window destroyed, another page in its place (a reload too), or its process ended. */
export interface Pages {
  /** Calls back once, when the page that is shown now has gone; returns its own undoing. */
  whenGone(contents: WebContents, callback: () => void): () => void;
}

export function createPages(): Pages {
  // One set of listeners for each webContents, however many calls its page makes: Node warns of more than ten.
  const waiting = new WeakMap<WebContents, Set<() => void>>();

  function watch(contents: WebContents): Set<() => void> {
    const callbacks = new Set<() => void>();
    const gone = (): void => {
      const now = [...callbacks];
      callbacks.clear();
      for (const callback of now) callback();
    };
    contents.once('destroyed', gone);
    // The commit of a navigation, not its start: one that is refused or fails leaves the page where it was.
    contents.on('did-navigate', gone);
    contents.on('render-process-gone', gone);
    waiting.set(contents, callbacks);
    return callbacks;
  }

  return {
    whenGone(contents, callback) {
      if (contents.isDestroyed()) {
        callback();
        return () => undefined;
      }
      const callbacks = waiting.get(contents) ?? watch(contents);
      // Wrapped, so that the same callback given twice is two.
      const entry = (): void => callback();
      callbacks.add(entry);
      return () => void callbacks.delete(entry);
    },
  };
}
