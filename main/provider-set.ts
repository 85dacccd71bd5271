import path from 'node:path';
import { GIB, type Config } from '../contract/index.ts';
import { keepWithoutAirdockMs, keptModel } from './ending.ts';
import { setFiniteKeepAlive } from './finite-keep-alive.ts';
import type { Engine } from './manager/engine.ts';
import { resolveName } from './manager/names.ts';
import type { MemoryReader } from './memory/memory.ts';
import { createLlamaCppProvider } from './providers/llama-cpp/index.ts';
import type { ForkChild } from './providers/llama-cpp/spawn-child.ts';
import { createOllamaProvider, resolveHost } from './providers/ollama/index.ts';
import { createOpenAiProvider } from './providers/openai/index.ts';
import type { Provider } from './providers/provider.ts';
import { createReplaceableProvider } from './providers/replaceable.ts';
import { hopHeader } from './web/hops.ts';

/** A server that is left is not talked to for longer. */
const FAREWELL_LIMIT_MS = 3_000;

export interface ProviderSetDeps {
  settings(): Config;
  /** Made after the providers, so asked for when it is needed. */
  engine(): Engine;
  memory: MemoryReader;
  dataDir: string;
  /** The package's own folder. */
  root: string;
  env: NodeJS.ProcessEnv;
  /** Which Airdock this is: what leads back to it is recognised by that. */
  instance: string;
  /** The context that a model was last used with, where that is known and its requests keep the one in memory. */
  seenContext(id: string): number | null;
  now(): number;
  forkChild?: ForkChild | undefined;
}

/** Ollama, llama.cpp and the servers that speak OpenAI's language, as the settings want them. */
export function createProviderSet(deps: ProviderSetDeps) {
  const { settings, engine } = deps;

  const contextLengthFor = (id: string): number => {
    const { overrides, context_length } = settings().models;
    for (const [name, override] of Object.entries(overrides)) {
      if (override.context_length === undefined) continue;
      const resolved = resolveName(engine().library.models, name);
      if (resolved.ok ? resolved.model.id === id : name === id) return override.context_length;
    }
    return deps.seenContext(id) ?? context_length;
  };

  const llama = createLlamaCppProvider({
    dataDir: deps.dataDir,
    enabled: () => settings().providers['llama.cpp'].enabled,
    directories: () => settings().models.directories,
    contextLengthFor,
    device: () => {
      const { reading } = engine();
      if (!reading || settings().providers['llama.cpp'].gpu !== 'auto') return null;
      const gpu = reading.vram[0];
      if (gpu) return { id: gpu.id, free: gpu.free, unified: reading.unified };
      // Apple silicon lists no memory of the GPU's own: what it uses is RAM, and is counted as that.
      return reading.unified && process.platform === 'darwin' ? { id: 'metal', free: reading.available, unified: true } : null;
    },
    threads: () => settings().providers['llama.cpp'].threads,
    ...(deps.forkChild ? { forkChild: deps.forkChild } : {}),
    childEntry: path.join(deps.root, 'dist/main/llama-child.js'),
    readResident: (pid) => deps.memory.read([pid]).processes.get(pid) ?? null,
  });

  const vramDevice = (): string | null => engine().reading?.vram[0]?.id ?? null;
  const ollama = createReplaceableProvider({ id: 'ollama', kind: 'ollama', label: 'Ollama', parallelLoads: 1, revivesStuck: true }, null);
  const all: Provider[] = [ollama, llama];
  let inForce = '';
  /** Where the Ollama in force listens; null: none is. */
  let server: string | null = null;
  function applySettings(): void {
    applyServers();
    applyOllama();
  }

  /** By what the settings say of each: one of which they say something else is another one. */
  const servers = new Map<string, Provider>();
  const leaving = new Set<Promise<void>>();
  function applyServers(): void {
    const wanted = new Map(settings().providers.openai.filter(({ enabled }) => enabled).map((server) => [JSON.stringify(server), server]));
    let changed = false;
    for (const [text, provider] of servers) {
      if (wanted.has(text)) continue;
      servers.delete(text);
      changed = true;
      const left: Promise<void> = provider.stop().finally(() => leaving.delete(left));
      leaving.add(left);
    }
    for (const [text, server] of wanted) {
      if (servers.has(text)) continue;
      servers.set(text, createOpenAiProvider({ settings: server, env: deps.env, now: deps.now, hop: { [hopHeader]: deps.instance }, contextLengthFor, vramDevice }));
      changed = true;
    }
    if (!changed) return;
    all.splice(0, all.length, ollama, llama, ...[...wanted.keys()].flatMap((text) => servers.get(text) ?? []));
    engine().providersChanged();
  }

  function applyOllama(): void {
    const wanted = settings().providers.ollama;
    const text = JSON.stringify(wanted);
    if (text === inForce) return;
    inForce = text;
    const { enabled, host, memory, ram_gb } = wanted;
    const ownRamBytes = ram_gb === null ? null : ram_gb * GIB;
    const next = enabled ? createOllamaProvider({ host, memory, ownRamBytes, contextLengthFor, now: deps.now, env: deps.env, vramDevice, hop: { [hopHeader]: deps.instance } }) : null;
    const before = server;
    server = enabled ? resolveHost(host, deps.env).url : null;
    if (before === null || before === server) return ollama.replace(next);
    const { state } = engine();
    const kept = [...state.slots.values()].filter((slot) => slot.provider === ollama.id && !slot.foreign && (slot.state === 'ready' || slot.state === 'loading'));
    const keepMs = keepWithoutAirdockMs(settings());
    ollama.replace(next, (former) => setFiniteKeepAlive(former, kept.flatMap(keptModel), keepMs, FAREWELL_LIMIT_MS));
    engine().dispatch({ type: 'provider-replaced', provider: ollama.id });
  }

  return {
    /** Changes with the settings. */
    all: all as readonly Provider[],
    folders: { view: () => llama.foldersView() },
    /** Once the engine is there, and after each change of the settings. */
    applySettings,
    stop: async (): Promise<void> => void (await Promise.allSettled([...all.map((p) => p.stop()), ...leaving])),
  };
}
