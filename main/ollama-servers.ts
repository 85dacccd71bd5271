import { GIB, problem, type Config, type OllamaHost } from '../contract/index.ts';
import { keepWithoutAirdockMs, keptModel } from './ending.ts';
import { setFiniteKeepAlive } from './finite-keep-alive.ts';
import type { Engine } from './manager/engine.ts';
import { readKey } from './providers/key.ts';
import { createOllamaProvider, createUnusableOllama, resolveHost, type OllamaProviderOptions } from './providers/ollama/index.ts';
import type { Provider } from './providers/provider.ts';
import { createReplaceableProvider } from './providers/replaceable.ts';

/** A server that is left is not talked to for longer. */
const FAREWELL_LIMIT_MS = 3_000;

export interface OllamaServersDeps extends Pick<OllamaProviderOptions, 'contextLengthFor' | 'vramDevice' | 'hop' | 'now' | 'env'> {
  settings(): Config;
  engine(): Engine;
}

/** A place for one Ollama: what is in it changes with the settings. */
interface Seat {
  provider: Provider;
  /** `text`: what the settings say of it, as far as it matters; `url`: null where none is meant. */
  apply(text: string, url: string | null, make: () => Provider | null): void;
  /** It is taken away: nothing is kept for ever where it was. */
  leave(): void;
}

/** Ollama as `providers.ollama` wants it, and the further ones of `providers.ollama_hosts`. */
export function createOllamaServers(deps: OllamaServersDeps) {
  const { settings, engine, env } = deps;
  const shared = { contextLengthFor: deps.contextLengthFor, vramDevice: deps.vramDevice, hop: deps.hop, now: deps.now, env } as const;

  function createSeat(id: string, label: string): Seat {
    const provider = createReplaceableProvider({ id, kind: 'ollama', label, parallelLoads: 1, revivesStuck: true }, null);
    let inForce = '';
    /** Where the one in force listens; null: none is. */
    let server: string | null = null;

    function replaceAndTell(next: Provider | null): void {
      const { state } = engine();
      const kept = [...state.slots.values()].filter((slot) => slot.provider === id && !slot.foreign && (slot.state === 'ready' || slot.state === 'loading'));
      const keepMs = keepWithoutAirdockMs(settings());
      provider.replace(next, (former) => setFiniteKeepAlive(former, kept.flatMap(keptModel), keepMs, FAREWELL_LIMIT_MS));
    }

    return {
      provider,
      apply(text, url, make) {
        if (text === inForce) return;
        inForce = text;
        const before = server;
        server = url;
        if (before === null || before === url) return provider.replace(make());
        replaceAndTell(make());
        engine().dispatch({ type: 'provider-replaced', provider: id });
      },
      leave: () => replaceAndTell(null),
    };
  }

  const first = createSeat('ollama', 'Ollama');
  /** By id and name for people, which a provider keeps. */
  const further = new Map<string, Seat>();
  const leaving = new Set<Promise<void>>();

  function applyFirst(): string | null {
    const wanted = settings().providers.ollama;
    const { enabled, host, memory, ram_gb: ramGb } = wanted;
    const url = enabled ? resolveHost(host, env).url : null;
    first.apply(JSON.stringify(wanted), url, () => (enabled ? createOllamaProvider({ ...shared, host, memory, ownRamBytes: bytes(ramGb) }) : null));
    return url;
  }

  /** `twin`: who is at the same address. */
  function furtherOne({ id, label = id, host, memory, ram_gb: ramGb, key_env: keyEnv }: OllamaHost, twin: string | null): Provider {
    const { url } = resolveHost(host, env);
    if (twin !== null) {
      const same = problem('bad-config', `${label} is the same server as ${twin}: both answer at ${url}.`, `Change "host" of ${id} under providers.ollama_hosts, or take it out.`);
      return createUnusableOllama({ id, label, url, problem: same });
    }
    const key = readKey(keyEnv, env, label);
    if (!key.ok) return createUnusableOllama({ id, label, url, problem: key.problem });
    return createOllamaProvider({ ...shared, id, host, memory, ownRamBytes: bytes(ramGb), further: { label, key: key.key, keyEnv } });
  }

  return {
    first: first.provider,
    further: (): Provider[] => [...further.values()].map(({ provider }) => provider),
    /** Takes in what the settings say; true: `further` has others in it than before, and who is gone must leave the engine now. */
    apply(): boolean {
      const taken = new Map<string, string>();
      const firstUrl = applyFirst();
      if (firstUrl !== null) taken.set(firstUrl, 'Ollama');

      const wanted = settings().providers.ollama_hosts.filter(({ enabled }) => enabled);
      const seatOf = ({ id, label = id }: OllamaHost): string => JSON.stringify([id, label]);
      const names = new Set(wanted.map(seatOf));
      let changed = false;
      for (const [name, seat] of further) {
        if (names.has(name)) continue;
        further.delete(name);
        changed = true;
        seat.leave();
        const left: Promise<void> = seat.provider.stop().finally(() => leaving.delete(left));
        leaving.add(left);
      }
      for (const one of wanted) {
        const { url } = resolveHost(one.host, env);
        const twin = taken.get(url) ?? null;
        if (twin === null) taken.set(url, one.label ?? one.id);
        const name = seatOf(one);
        const seat = further.get(name) ?? createSeat(one.id, one.label ?? one.id);
        seat.apply(JSON.stringify([one, twin]), twin === null ? url : null, () => furtherOne(one, twin));
        if (further.has(name)) continue;
        further.set(name, seat);
        changed = true;
      }
      return changed;
    },
    stop: async (): Promise<void> => void (await Promise.allSettled([first.provider.stop(), ...[...further.values()].map(({ provider }) => provider.stop()), ...leaving])),
  };
}

const bytes = (gb: number | null): number | null => (gb === null ? null : gb * GIB);
