import type { Activity } from '../contract/index.ts';
import { createLibraryService, type LibraryService } from './library/library.ts';
import type { Engine } from './manager/engine.ts';
import { plan } from './core/plan.ts';
import { ownModelsDirectory } from './providers/llama-cpp/index.ts';
import { choosePlacement, effectiveContext, estimateFootprint } from './providers/llama-cpp/footprint.ts';
import type { Provider } from './providers/provider.ts';

export interface ModelLibraryDeps {
  /** Made later. */
  engine(): Engine;
  /** May change with the settings. */
  providers: readonly Provider[];
  /** Tokens, as the settings have it now: what a model that is not here yet is judged with. */
  contextLength(): number;
  dataDir: string;
  now(): number;
  note(entry: Omit<Activity, 'id'>): void;
  onChange(): void;
  onFault(fault: unknown): void;
}

/** The library as this Airdock's engine and providers make it. */
export function createLibrary({ engine, providers, contextLength, dataDir, now, note, onChange, onFault }: ModelLibraryDeps): LibraryService {
  return createLibraryService({
    ownDirectory: ownModelsDirectory(dataDir),
    // The first of its kind has its name; further ones are not where models are brought.
    provider: (kind) => providers.find((one) => one.id === kind && one.library !== undefined),
    plan(provider, name, ram) {
      const { state, measure } = engine();
      if (state.memory === null) return null;
      measure();
      const model = {
        id: `${provider}/${name}`, name, provider, weights: `download:${name}`, footprint: { ram, vram: {} }, source: 'estimated' as const, contextLength: null, kvBytesPerToken: null,
        maxContextLength: null, idleTimeoutMs: null, enabled: true, overcommit: false, problem: null, expectedLoadMs: null,
      };
      // Whether models may be loaded right now says nothing about one that comes later.
      return plan({ ...engine().state, freeze: null }, model, null);
    },
    ramOf(gguf, bytes) {
      const context = effectiveContext(contextLength(), gguf.contextLength);
      return estimateFootprint(gguf, bytes, context, choosePlacement(gguf, bytes, context, null), null).ram;
    },
    isInstalled: (provider, providerName) => engine().library.models.some((one) => one.provider === provider && one.providerName === providerName),
    whenKnown: () => engine().whenLooked(),
    lookAgain: () => engine().poll({ catalog: true }),
    note: (entry) => note({ at: now(), model: null, name: null, provider: null, forModel: null, by: null, code: null, ram: null, tookMs: null, ...entry }),
    onChange,
    onFault,
    now,
  });
}
