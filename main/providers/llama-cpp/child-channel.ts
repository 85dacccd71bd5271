import type { FromChild, ToChild } from './messages.ts';

/** The child's end of the channel to its parent: Node's IPC, or Electron's `parentPort` in a utility process. */
export interface ParentChannel {
  /** Resolves when the message has left this process. */
  send(message: FromChild): Promise<void>;
  onMessage(listener: (message: ToChild) => void): void;
  /** The parent ended or let go. */
  onClose(listener: () => void): void;
}

const LEAVING_MS = 100;

interface ElectronParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

export function parentChannel(): ParentChannel {
  const port = electronParentPort();
  if (port !== null) {
    return {
      // Electron does not tell when a message has left; who waits for it is about to end, and has this moment.
      send: (message) => {
        port.postMessage(message);
        return new Promise((resolve) => setTimeout(resolve, LEAVING_MS));
      },
      onMessage: (listener) => port.on('message', (event) => listener(event.data as ToChild)),
      // Electron ends utility processes together with its main process.
      onClose: () => undefined,
    };
  }
  return {
    send: (message) => new Promise((resolve) => (process.send ? process.send(message, undefined, undefined, () => resolve()) : resolve())),
    onMessage: (listener) => process.on('message', (message) => listener(message as ToChild)),
    onClose: (listener) => process.on('disconnect', listener),
  };
}

/** Null where this is a child of Node. */
export function electronParentPort(): ElectronParentPort | null {
  return 'parentPort' in process && process.parentPort ? (process.parentPort as ElectronParentPort) : null;
}
