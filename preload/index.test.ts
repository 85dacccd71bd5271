import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import vm from 'node:vm';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bridgeName, channelPrefix, pushChannels, requestChannels } from '../contract/channel-names.ts';

// What is built is what runs: a sandboxed preload is one CommonJS file, and the bundler could make something else of it.
const root = path.join(import.meta.dirname, '..');
let outDir = '';
let code = '';

beforeAll(async () => {
  outDir = await mkdtemp(path.join(os.tmpdir(), 'airdock-preload-'));
  await build({ root, configFile: path.join(root, 'vite.config.ts'), mode: 'preload', logLevel: 'error', build: { outDir } });
  code = await readFile(path.join(outDir, 'index.cjs'), 'utf8');
}, 60_000);
afterAll(() => rm(outDir, { recursive: true, force: true }));

type Listener = (event: unknown, ...args: unknown[]) => void;
type Api = Record<string, (...args: unknown[]) => unknown>;

/** Evaluates the file as a sandboxed preload is: with `require` for a few modules, and nothing of Node but that. */
function run() {
  const required: string[] = [];
  const exposed = new Map<string, Api>();
  const invoked: unknown[][] = [];
  const listeners: [string, Listener][] = [];
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, api: Api) => void exposed.set(name, api) },
    ipcRenderer: {
      invoke: (...args: unknown[]) => (invoked.push(args), Promise.resolve('answer')),
      on: (channel: string, listener: Listener) => void listeners.push([channel, listener]),
      off: (channel: string, listener: Listener) => void listeners.splice(listeners.findIndex(([name, one]) => name === channel && one === listener), 1),
    },
    webUtils: { getPathForFile: (file: { at?: string }) => file.at ?? '' },
  };
  const require = (name: string): unknown => {
    required.push(name);
    if (name !== 'electron') throw new Error(`module not found: ${name}`);
    return electron;
  };
  vm.runInNewContext(code, { require, exports: {}, module: { exports: {} } });
  const api = exposed.get(bridgeName);
  if (api === undefined) throw new Error('There is no bridge.');
  return { required, exposed, invoked, listeners, api, emit: (channel: string, ...args: unknown[]) => listeners.filter(([name]) => name === channel).forEach(([, listener]) => listener(...(args as [unknown]))) };
}

describe('the built preload', () => {
  it('is one small file that requires Electron and nothing else', async () => {
    expect(await readdir(outDir)).toEqual(['index.cjs']);
    expect(run().required).toEqual(['electron']);
    expect(code).not.toMatch(/\bimport\s*\(|^\s*import\b|\beval\b|new Function|zod/m);
    expect([...code.matchAll(/require\(([^)]*)\)/g)].map(([, name]) => name)).toEqual(['"electron"']);
    expect(code.length).toBeLessThan(4_000);
  });

  it('gives the page one object: a function for each channel of the contract, on, and pathOf', () => {
    const { exposed, api } = run();
    expect([...exposed.keys()]).toEqual([bridgeName]);
    expect(Object.keys(api).sort()).toEqual([...requestChannels, 'on', 'pathOf'].sort());
    expect(Object.values(api).every((value) => typeof value === 'function')).toBe(true);
  });

  it('hands each channel its first argument only, under its own name', async () => {
    const { api, invoked } = run();
    for (const name of requestChannels) expect(await api[name]?.({ n: name }, 'airdock:quit', 'more')).toBe('answer');
    expect(invoked).toEqual(requestChannels.map((name) => [channelPrefix + name, { n: name }]));
  });

  it('hands a listener the payload, and never the event with its sender', () => {
    const { api, emit, listeners } = run();
    for (const name of pushChannels) {
      const heard: unknown[][] = [];
      const off = api.on?.(name, (...args: unknown[]) => heard.push(args)) as () => unknown;
      emit(channelPrefix + name, { sender: 'ipcRenderer', ports: [] }, { payload: name }, 'more');
      expect(heard).toEqual([[{ payload: name }]]);
      expect(off()).toBeUndefined();
      emit(channelPrefix + name, {}, 'late');
      expect(heard).toHaveLength(1);
    }
    expect(listeners).toEqual([]);
  });

  it('tells where a dropped file lies, and asks nobody for it', () => {
    const { api, invoked } = run();
    expect(api.pathOf?.({ at: '/home/me/m.gguf' })).toBe('/home/me/m.gguf');
    expect(api.pathOf?.({})).toBe('');
    expect(invoked).toEqual([]);
  });

  it.each(['call', 'quit', 'nonsense', '', '__proto__', 'event '])('does not let a page listen to %j', (name) => {
    const { api, listeners } = run();
    expect(() => api.on?.(name, () => undefined)).toThrow(/no channel/);
    expect(listeners).toEqual([]);
  });
});
