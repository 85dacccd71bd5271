import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { bridgeName, channelPrefix, pushChannels, requestChannels } from '../contract/channel-names.ts';

/*
 * All that the page gets: one function for each channel of the contract, `on`, and `pathOf`. No Electron object, and no event of it,
 * crosses over: an event would bring its sender along.
 */
const requests = requestChannels.map((name) => [name, (input: unknown) => ipcRenderer.invoke(channelPrefix + name, input)]);

function on(name: string, listener: (payload: unknown) => void): () => void {
  if (!(pushChannels as readonly string[]).includes(name)) throw new Error(`There is no channel ${name}.`);
  const heard = (_event: unknown, payload: unknown): void => listener(payload);
  ipcRenderer.on(channelPrefix + name, heard);
  return () => void ipcRenderer.off(channelPrefix + name, heard);
}

/** Of a file that a person has dropped on the page; '' for what only looks like one. It tells where a file lies, and opens none. */
const pathOf = (file: File): string => webUtils.getPathForFile(file);

contextBridge.exposeInMainWorld(bridgeName, { ...Object.fromEntries(requests), on, pathOf });
