import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { clone, createEvent } from './world.ts';

type Handler = (event: Electron.IpcMainInvokeEvent, ...args: unknown[]) => unknown;

/** Who a message comes from. */
export interface Sender {
  sender: Electron.WebContents;
  senderFrame: Electron.WebFrameMain | null;
}

export function createIpcMain() {
  const emitter = new EventEmitter();
  const handlers = new Map<string, Handler>();

  const methods = {
    handle(channel, listener) {
      if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
      if (typeof listener !== 'function') throw new TypeError(`Expected handler to be a function, but found type '${typeof listener}'`);
      handlers.set(channel, listener as Handler);
    },
    handleOnce(channel, listener) {
      methods.handle(channel, (event, ...args) => {
        handlers.delete(channel);
        return (listener as Handler)(event, ...args);
      });
    },
    removeHandler: (channel) => void handlers.delete(channel),
  } satisfies Partial<Electron.IpcMain>;

  const event = ({ sender, senderFrame }: Sender): Electron.IpcMainInvokeEvent =>
    createEvent({
      type: 'frame',
      sender,
      senderFrame,
      processId: senderFrame?.processId ?? -1,
      frameId: senderFrame?.routingId ?? -1,
    }) as unknown as Electron.IpcMainInvokeEvent;

  return {
    ipcMain: Object.assign(emitter, methods) as unknown as Electron.IpcMain,
    channels: () => [...handlers.keys()],
    /** What `ipcRenderer.invoke` of that page answers. Of an error only the message crosses. */
    async invoke(from: Sender, channel: string, ...args: unknown[]): Promise<unknown> {
      const sentArgs = clone(args);
      const handler = handlers.get(channel);
      try {
        if (!handler) throw new Error(`No handler registered for '${channel}'`);
        return clone(await handler(event(from), ...sentArgs));
      } catch (error) {
        throw new Error(`Error invoking remote method '${channel}': ${String(error)}`);
      }
    },
    /** `ipcRenderer.send` of that page. */
    send(from: Sender, channel: string, ...args: unknown[]): void {
      emitter.emit(channel, event(from), ...clone(args));
    },
  };
}
