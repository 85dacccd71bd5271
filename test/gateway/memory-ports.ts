import { problem, type LoadedModel } from '../../contract/index.ts';
import type { Backend, GatewayNote, GatewayPorts, ModelUse, UseOutcome, UseWish } from '../../main/gateway/ports.ts';
import { resolveName, shortNames } from '../../main/manager/names.ts';
import type { CatalogModel } from '../../main/providers/provider.ts';
import type { FakeOllama } from '../fakes/ollama/index.ts';
import { call, generate } from '../fakes/ollama/harness.ts';
import { loadedModelFixture } from '../snapshot-fixture.ts';

interface Slot {
  model: CatalogModel;
  contextLength: number | null;
  state: 'loading' | 'ready' | 'unloading';
  uses: Set<string>;
  lastUsed: number;
}

interface Waiter {
  wish: UseWish;
  since: number;
  loaded: boolean;
  settle(outcome: UseOutcome): void;
}

interface TagsEntry {
  name: string;
  size: number;
  details: { family: string; parameter_size: string; quantization_level: string; context_length?: number };
  capabilities?: string[];
}

export interface MemoryPortsOptions {
  fake: FakeOllama;
  /** How many models fit at a time; default 2. */
  places?: number;
  /** Context with which a model is loaded where nobody asks for more; default 4096. */
  contextLength?: number;
  /** Models that Airdock answers for by itself. */
  embedded?: { models: CatalogModel[]; backend: Backend };
  key?: string;
}

export interface MemoryPorts extends GatewayPorts {
  notes: GatewayNote[];
  faults: unknown[];
  /** Uses that were granted and are not given back, over all models. */
  held(): number;
  waiting(): number;
  /** Every load that was asked of Ollama, in order. */
  loads: string[];
  notNeeded: string[];
  unloadedFirst: string[];
  refusal: UseOutcome | null;
  ollamaUp: boolean;
  /** What was asked for, in the order of the requests. */
  wishes: { model: string; contextLength: number | null; exact: boolean }[];
  /** What Ollama gives requests that name no context, by the model's id. */
  serverContexts: Map<string, number>;
  advance(ms: number): void;
}

export const testKey = 'the-key-for-apps';

/**
 * A small manager for the gateway's tests: it queues, grants, loads and unloads at the (fake) Ollama over HTTP and keeps to its
 * places. The real one (main/manager) has its own tests; what the gateway is promised by `UsesPort` holds here too.
 */
export async function createMemoryPorts(options: MemoryPortsOptions): Promise<MemoryPorts> {
  const { fake, places = 2, contextLength = 4096, embedded, key = testKey } = options;
  const slots = new Map<string, Slot>();
  const line: Waiter[] = [];
  let catalog: CatalogModel[] = [];
  let ahead = 0;
  let nextUse = 1;
  const now = (): number => Date.now() + ahead;

  const look = async (): Promise<void> => {
    const { body } = await call(fake, 'GET', '/api/tags').catch(() => ({ body: {} as Record<string, unknown> }));
    const entries = (body['models'] ?? []) as TagsEntry[];
    const shown = await Promise.all(entries.map(async ({ name }) => (await call(fake, 'POST', '/api/show', { model: name }).catch(() => ({ body: {} as Record<string, unknown> }))).body['modelfile']));
    catalog = [
      ...entries.flatMap((entry, i) => ('remote_host' in entry ? [] : [modelOf(entry, String(/FROM (\S+)/.exec(String(shown[i]))?.[1]))])),
      ...(embedded?.models ?? []),
    ];
  };

  const grant = (slot: Slot, waiter: Waiter): void => {
    const id = `use ${nextUse++}`;
    slot.uses.add(id);
    const use: ModelUse = {
      contextLength: slot.contextLength,
      waitedMs: now() - waiter.since,
      loaded: waiter.loaded,
      release() {
        if (!slot.uses.delete(id)) return;
        slot.lastUsed = now();
        pump();
      },
    };
    waiter.settle({ ok: true, use });
  };

  const fits = (slot: Slot, { wish }: Waiter): boolean => slot.state === 'ready' && (wish.contextLength === null || slot.contextLength === null || slot.contextLength >= wish.contextLength);

  async function load(slot: Slot, length: number): Promise<void> {
    ports.loads.push(slot.model.providerName);
    const isOllama = slot.model.provider === 'ollama';
    const embedding = !slot.model.capabilities.includes('completion');
    const answer = !isOllama
      ? { status: 200, body: {} as Record<string, unknown> }
      : embedding
        ? await call(fake, 'POST', '/api/embed', { model: slot.model.providerName })
        : await generate(fake, { model: slot.model.providerName, options: { num_ctx: length } }).catch(() => ({ status: 0, body: {} as Record<string, unknown> }));
    if (answer.status === 200) {
      slot.state = 'ready';
      slot.contextLength = Math.min(length, slot.model.maxContextLength ?? length);
    } else {
      slots.delete(slot.model.weights);
      const cause = problem('load-failed', `${slot.model.providerName} could not be loaded: ${String(answer.body['error'])}.`);
      for (const waiter of line.splice(0).filter((one) => weightsOf(one.wish.model) === slot.model.weights || !line.push(one))) waiter.settle({ ok: false, problem: cause, temporary: false });
    }
    pump();
  }

  async function drop(slot: Slot): Promise<void> {
    slot.state = 'unloading';
    if (slot.model.provider === 'ollama') {
      await generate(fake, { model: slot.model.providerName, keep_alive: 0 }).catch(() => undefined);
      await fake.until(() => !fake.runners().some(({ name, inUse }) => name === slot.model.providerName && inUse === 0)).catch(() => undefined);
    }
    slots.delete(slot.model.weights);
    pump();
  }

  function pump(): void {
    for (const waiter of [...line]) {
      const model = catalog.find(({ id }) => id === waiter.wish.model)!;
      const slot = slots.get(model.weights);
      if (slot && fits(slot, waiter)) {
        line.splice(line.indexOf(waiter), 1);
        grant(slot, waiter);
        continue;
      }
      if (slot) {
        // More context than it has: it is loaded anew as soon as nobody uses it.
        if (slot.state === 'ready' && slot.uses.size === 0) void drop(slot);
        waiter.loaded = true;
        continue;
      }
      waiter.loaded = true;
      if (slots.size < places) {
        const fresh: Slot = { model, contextLength: null, state: 'loading', uses: new Set(), lastUsed: now() };
        slots.set(model.weights, fresh);
        void load(fresh, Math.max(contextLength, waiter.wish.contextLength ?? 0));
        continue;
      }
      const wanted = new Set(line.map(({ wish }) => weightsOf(wish.model)));
      const idle = [...slots.values()].filter((one) => one.state === 'ready' && one.uses.size === 0 && !wanted.has(one.model.weights)).sort((a, b) => a.lastUsed - b.lastUsed)[0];
      if (idle) void drop(idle);
    }
  }

  const weightsOf = (id: string): string => catalog.find((model) => model.id === id)?.weights ?? id;

  const ports: MemoryPorts = {
    notes: [],
    faults: [],
    loads: [],
    notNeeded: [],
    unloadedFirst: [],
    refusal: null,
    ollamaUp: true,
    serverContexts: new Map(),
    wishes: [],
    held: () => [...slots.values()].reduce((sum, { uses }) => sum + uses.size, 0),
    waiting: () => line.length,
    advance: (ms) => void (ahead += ms),
    now,
    note: (entry) => void ports.notes.push(entry),
    onFault: (fault) => void ports.faults.push(fault),
    hasKey: ({ authorization }) => authorization === `Bearer ${key}`,
    figures: {
      figures: () => ({
        loads: { done: ports.loads.length, failed: 0, seconds: 1.5 },
        unloads: { room: 2 },
        models: [...slots.values()].map(({ model }) => ({ name: model.providerName, provider: model.provider, ram: 1000, vram: 0 })),
        memory: { capacity: 8000, free: 7000 },
      }),
    },
    models: {
      installed: () => catalog,
      loaded: () => [...slots.values()].map(viewOf),
      nameOf: (id) => shortNames(catalog).get(id) ?? id,
      resolve: (name) => resolveName(catalog, name),
      serverContext: (model) => ports.serverContexts.get(model.id) ?? null,
      whenKnown: () => Promise.resolve(),
      backendOf: (provider) => (provider === 'ollama' ? { kind: 'server', dialect: 'ollama', url: fake.url, headers: {} } : (embedded?.backend ?? null)),
      ollama: () => ({ provider: 'ollama', url: fake.url, up: ports.ollamaUp }),
      lookAgain: look,
    },
    uses: {
      acquire(wish) {
        ports.wishes.push({ model: wish.model, contextLength: wish.contextLength, exact: wish.exact ?? false });
        if (ports.refusal) return Promise.resolve(ports.refusal);
        return new Promise((resolve) => {
          const waiter: Waiter = { wish, since: now(), loaded: false, settle: resolve };
          const leave = (): void => {
            const at = line.indexOf(waiter);
            if (at === -1) return;
            line.splice(at, 1);
            resolve({ ok: false, problem: problem('cancelled', 'The request was given up.'), temporary: true });
          };
          if (wish.signal.aborted) return resolve({ ok: false, problem: problem('cancelled', 'The request was given up.'), temporary: true });
          wish.signal.addEventListener('abort', leave, { once: true });
          line.push(waiter);
          pump();
        });
      },
      async notNeeded(model) {
        ports.notNeeded.push(model);
        const slot = slots.get(weightsOf(model));
        if (!slot || slot.state !== 'ready') return { ok: true };
        if (slot.uses.size > 0) return { ok: false, problem: problem('in-use', 'It is in use.') };
        await drop(slot);
        return { ok: true };
      },
      async unloadFirst(model) {
        ports.unloadedFirst.push(model);
        const slot = slots.get(weightsOf(model));
        if (!slot) return { ok: true };
        if (slot.uses.size > 0 || slot.state !== 'ready') return { ok: false, problem: problem('in-use', `${slot.model.providerName} is in use.`, 'Try again when it is not.') };
        await drop(slot);
        return { ok: true };
      },
    },
  };

  function viewOf({ model, contextLength: length, state, uses }: Slot): LoadedModel {
    const { id, provider, weights, providerName: name } = model;
    const inUse = uses.size > 0;
    return loadedModelFixture({ id, name, provider, weights, state, contextLength: length, inUse, ramUsed: 1000, footprint: { ram: 1000, vram: {} }, unloadsAt: inUse ? null : now() + 300_000 });
  }

  await look();
  return ports;
}

function modelOf({ name, size, details, capabilities = ['completion'] }: TagsEntry, blob: string): CatalogModel {
  return {
    id: `ollama/${name}`, provider: 'ollama', providerName: name, weights: `ollama:${blob}`, sizeBytes: size, estimate: { ram: size, vram: {} }, contextLength: 4096,
    maxContextLength: details.context_length ?? 8192, family: details.family, parameterSize: details.parameter_size, quantization: details.quantization_level,
    capabilities, sample: false, settings: '', problem: null,
  };
}
