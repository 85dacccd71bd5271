import { gb } from './core-fixture.ts';
import type { Problem } from '../contract/index.ts';
import type { MemoryReader, LearnedStore, Resident } from '../main/memory/memory.ts';
import type { CatalogModel, LoadOutcome, LoadRequest, ObservedModel, Provider, ProviderReport, ProviderStatus, UnloadOutcome, UnloadRequest } from '../main/providers/provider.ts';

/** A model as a provider lists it; `size` in GB. */
export function catalogModel(id: string, size = 1, change: Partial<CatalogModel> = {}): CatalogModel {
  const provider = id.slice(0, id.indexOf('/'));
  return {
    id, provider, providerName: id.slice(provider.length + 1), weights: id, sizeBytes: gb(size), estimate: { ram: gb(size), vram: {} }, contextLength: 4096, maxContextLength: null, family: null,
    parameterSize: null, quantization: null, capabilities: [], sample: false, settings: '', problem: null, ...change,
  };
}

export function observedModel(model: CatalogModel, change: Partial<ObservedModel> = {}): ObservedModel {
  return {
    weights: model.weights, id: model.id, name: model.providerName, reported: model.estimate, contextLength: model.contextLength, device: 'cpu', pid: null, canEnd: false, expiresAt: null,
    lastUsed: null, busy: null, ...change,
  };
}

export const upStatus: ProviderStatus = { status: 'up', version: '1', url: null, problem: null, memory: 'host', ownCapacity: null, advice: [], incarnation: '1' };

interface Call<Request, Outcome> {
  request: Request;
  end(outcome: Outcome): void;
  fail(fault: unknown): void;
}

/** A provider in memory that does what the test says: every load and unload waits until the test ends it. */
export function createScriptedProvider(id: string, models: CatalogModel[] = []) {
  const loads: Call<LoadRequest, LoadOutcome>[] = [];
  const unloads: Call<UnloadRequest, UnloadOutcome>[] = [];
  const polls: { catalog: boolean; end(report?: Partial<ProviderReport>): void }[] = [];
  const rearms: { weights: string; keepAliveMs: number }[] = [];
  const listeners = new Set<(weights: string, problem: Problem) => void>();
  const script = {
    models,
    loaded: new Map<string, ObservedModel>(),
    status: upStatus,
    /** Polls wait until the test ends them. */
    holdPolls: false,
    files: new Map<string, string[]>(),
    /** What `generate` answers. */
    text: 'hello',
    endRunner: { ok: true } as Awaited<ReturnType<Provider['endRunner']>>,
    loads,
    unloads,
    polls,
    rearms,
    crash: (weights: string, problem: Problem) => listeners.forEach((listener) => listener(weights, problem)),
    /** Ends the latest load well. */
    endLoad(change: Partial<Extract<LoadOutcome, { ok: true }>> = {}): void {
      const call = loads[loads.length - 1]!;
      const { model } = call.request;
      script.loaded.set(model.weights, observedModel(model));
      call.end({ ok: true, pid: null, contextLength: call.request.contextLength, device: 'cpu', footprint: model.estimate, source: 'measured', cold: null, ...change });
    },
    endUnload(outcome: UnloadOutcome = { kind: 'gone' }): void {
      const call = unloads[unloads.length - 1]!;
      if (outcome.kind === 'gone') script.loaded.delete(call.request.weights);
      call.end(outcome);
    },
  };

  function pending<Request, Outcome>(calls: Call<Request, Outcome>[], request: Request): Promise<Outcome> {
    return new Promise((resolve, reject) => calls.push({ request, end: resolve, fail: reject }));
  }
  function report(catalog: boolean): ProviderReport {
    return { status: script.status, models: catalog ? script.models : null, loaded: [...script.loaded.values()] };
  }

  const provider: Provider = {
    id,
    kind: id === 'ollama' ? 'ollama' : 'llama.cpp',
    label: id,
    parallelLoads: 2,
    revivesStuck: id === 'ollama',
    poll: ({ catalog }) =>
      new Promise((resolve) => {
        const entry = { catalog, end: (change: Partial<ProviderReport> = {}) => resolve({ ...report(catalog), ...change }) };
        polls.push(entry);
        if (!script.holdPolls) entry.end();
      }),
    onCrash(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    load: (request) => {
      const outcome = pending(loads, request);
      const call = loads[loads.length - 1]!;
      request.signal.addEventListener('abort', () => call.end({ ok: false, kind: 'cancelled', problem: { code: 'cancelled', message: 'The load was cancelled.' } }), { once: true });
      return outcome;
    },
    unload: (request) => pending(unloads, request),
    filesOf: (weights) => script.files.get(weights) ?? [],
    rearm: async (weights, keepAliveMs) => {
      rearms.push({ weights, keepAliveMs });
      return { ok: true };
    },
    endRunner: async (weights) => {
      if (script.endRunner.ok) script.loaded.delete(weights);
      return script.endRunner;
    },
    generate: async () => ({ ok: true, text: script.text, tokens: 1 }),
    stop: async () => undefined,
  };
  return { provider, script };
}

/** A machine with so much memory for models, GB, of which nobody takes anything. */
export function createFixedMemory(availableGb: number, now: () => number) {
  const processes = new Map<number, Resident>();
  const machine = { available: gb(availableGb), reads: 0, refreshes: 0, age: 0, processes, programs: [{ name: 'browser', bytes: gb(3) }], fault: null as Error | null };
  const reader: MemoryReader = {
    read() {
      machine.reads += 1;
      if (machine.fault) throw machine.fault;
      return { at: now() - machine.age, total: gb(32), available: machine.available, cgroupLimit: null, pressure: null, processes: new Map(processes), vram: [], unified: false };
    },
    async refresh() {
      machine.refreshes += 1;
      await Promise.resolve();
      machine.age = 0;
    },
    largestPrograms: async (count) => machine.programs.slice(0, count),
    close: () => undefined,
  };
  return { reader, machine };
}

/** Remembers nothing but what the test wrote into it. */
export function createFixedLearned() {
  const known = new Map<string, NonNullable<ReturnType<LearnedStore['footprint']>>>();
  const records: string[] = [];
  const told = new Set<string>();
  const store: LearnedStore = {
    footprint: ({ weights }) => known.get(weights) ?? null,
    recordFootprint: ({ weights }, taken, source) => {
      records.push(`footprint ${weights}`);
      known.set(weights, { ...taken, source });
    },
    recordStay: ({ weights, contextLength }, most, sameStay) => {
      records.push(`${sameStay ? 'grew' : 'stay'} ${weights} ${contextLength} ${most.ram / gb(1)}`);
      known.set(weights, { ...most, source: 'measured' });
    },
    tellOnce: ({ weights, contextLength, settings }) => {
      const key = JSON.stringify([weights, contextLength, settings]);
      return !told.has(key) && told.add(key) !== undefined;
    },
    recordCorrection: ({ weights }, atLeast) => {
      records.push(`correction ${weights}`);
      known.set(weights, { ...atLeast, source: 'estimated' });
    },
    loadMs: () => null,
    recordLoad: (weights, { again, cold }) => void records.push(`${again ? 'reload' : 'load'} ${weights}${cold ? ' cold' : ''}`),
    context: () => null,
    recordContext: () => undefined,
    flush: async () => undefined,
  };
  return { store, known, records };
}
