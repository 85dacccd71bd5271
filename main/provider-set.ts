import path from 'node:path';
import { hopHeader, type Config } from '../contract/index.ts';
import type { Keychain } from './keychain/keychain.ts';
import type { Engine } from './manager/engine.ts';
import { resolveName } from './manager/names.ts';
import type { MemoryReader } from './memory/memory.ts';
import { createOllamaServers } from './ollama-servers.ts';
import { createLlamaCppProvider } from './providers/llama-cpp/index.ts';
import type { ForkChild } from './providers/llama-cpp/spawn-child.ts';
import { createOpenAiProvider } from './providers/openai/index.ts';
import type { Provider } from './providers/provider.ts';

export interface ProviderSetDeps {
  settings(): Config;
  /** Made after the providers, so asked for when it is needed. */
  engine(): Engine;
  memory: MemoryReader;
  dataDir: string;
  /** The package's own folder. */
  root: string;
  env: NodeJS.ProcessEnv;
  keychain: Pick<Keychain, 'get'>;
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
  const hop = { [hopHeader]: deps.instance };
  const ollama = createOllamaServers({ settings, engine, contextLengthFor, vramDevice, hop, now: deps.now, env: deps.env });
  const all: Provider[] = [ollama.first, llama];

  /** By what the settings say of each: one of which they say something else is another one. */
  const servers = new Map<string, Provider>();
  const leaving = new Set<Promise<void>>();
  function leave(text: string, provider: Provider): void {
    servers.delete(text);
    const left: Promise<void> = provider.stop().finally(() => leaving.delete(left));
    leaving.add(left);
  }

  /** True: there are others than before. */
  function applyServers(): boolean {
    const wanted = new Map(settings().providers.openai.filter(({ enabled }) => enabled).map((server) => [JSON.stringify(server), server]));
    let changed = false;
    for (const [text, provider] of servers) {
      if (wanted.has(text)) continue;
      leave(text, provider);
      changed = true;
    }
    for (const [text, server] of wanted) {
      if (servers.has(text)) continue;
      servers.set(text, createOpenAiProvider({ settings: server, env: deps.env, keychain: deps.keychain, now: deps.now, hop, contextLengthFor, vramDevice }));
      changed = true;
    }
    return changed;
  }

  function applySettings(): void {
    const others = applyServers();
    if (!ollama.apply() && !others) return;
    const inOrder = settings().providers.openai.flatMap((server) => servers.get(JSON.stringify(server)) ?? []);
    all.splice(0, all.length, ollama.first, llama, ...ollama.further(), ...inOrder);
    engine().providersChanged();
  }

  return {
    /** Changes with the settings. */
    all: all as readonly Provider[],
    folders: { view: () => llama.foldersView() },
    /** Once the engine is there, and after each change of the settings. */
    applySettings,
    /** What is known of a server of `providers.openai`, its key above all: `applySettings` begins anew with it. */
    forget(id: string): void {
      for (const [text, provider] of servers) if (provider.id === id) leave(text, provider);
    },
    stop: async (): Promise<void> => void (await Promise.allSettled([ollama.stop(), llama.stop(), ...[...servers.values()].map((p) => p.stop()), ...leaving])),
  };
}
