import { GIB, type InstalledModel, type LiveState, type LoadedModel, type Plan, type ProviderView, type Snapshot } from '../../contract/index.ts';

const gb = (value: number) => Math.round(value * GIB);
const minute = 60_000;

export function loaded(name: string, ram: number, more: Partial<LoadedModel> = {}): LoadedModel {
  const now = Date.now();
  return {
    id: `ollama/${name}:latest`,
    name,
    aliases: [],
    provider: 'ollama',
    weights: `ollama:${name}`,
    state: 'ready',
    ramUsed: gb(ram),
    footprint: { ram: gb(ram), vram: {} },
    footprintSource: 'measured',
    resident: null,
    device: 'cpu',
    cpuSinceWake: false,
    contextLength: 4096,
    loadedAt: now - 10 * minute,
    lastUsed: now - 2 * minute,
    lastUsedFrom: 'lease',
    idleMs: 2 * minute,
    unloadsAt: now + 3 * minute,
    unloadsBy: 'airdock',
    idleTimeoutMs: 5 * minute,
    inUse: false,
    uses: [],
    pinned: false,
    foreign: false,
    loadedBy: null,
    progress: null,
    expectedLoadMs: 14_000,
    since: now - 10 * minute,
    pid: 4711,
    canEnd: false,
    ...more,
  };
}

export function installed(name: string, ram: number, more: Partial<InstalledModel> = {}): InstalledModel {
  return {
    id: `ollama/${name}:latest`,
    name,
    provider: 'ollama',
    weights: `ollama:${name}`,
    sizeBytes: gb(ram * 0.88),
    footprint: { ram: gb(ram), vram: {} },
    footprintSource: 'estimated',
    contextLength: 4096,
    maxContextLength: 131_072,
    family: 'llama',
    parameterSize: '3.2B',
    quantization: 'Q4_K_M',
    capabilities: ['completion'],
    sample: false,
    pinned: false,
    problem: null,
    fit: { kind: 'fits' },
    expectedLoadMs: 14_000,
    lastUnload: null,
    ...more,
  };
}

export function ollama(more: Partial<ProviderView> = {}): ProviderView {
  return {
    id: 'ollama',
    kind: 'ollama',
    label: 'Ollama',
    status: 'up',
    since: Date.now() - 60 * minute,
    version: '0.33.0',
    url: 'http://127.0.0.1:11434',
    problem: null,
    memory: 'host',
    installed: 5,
    advice: [],
    lost: [],
    ...more,
  };
}

export const llamaCpp: ProviderView = ollama({ id: 'llama.cpp', kind: 'llama.cpp', label: 'GGUF files', version: null, url: null, installed: 1 });

/** The memory picture of a 15.5 GB computer whose other programs hold 3.2, with these models. */
export function memory(models: readonly LoadedModel[], more: Partial<NonNullable<LiveState['memory']>> = {}): NonNullable<LiveState['memory']> {
  const booked = models.reduce((sum, model) => sum + model.ramUsed, 0);
  const other = more.otherPrograms ?? gb(3.2);
  return {
    at: Date.now(),
    total: gb(15.5),
    capacity: gb(15.5) - other,
    free: gb(15.5) - other - booked,
    models: booked,
    otherPrograms: other,
    reserve: 0,
    limit: null,
    overBudget: null,
    pressure: { some: 0, full: 0 },
    unified: false,
    vram: [],
    ...more,
  };
}

export function live(models: readonly LoadedModel[] = [], more: Partial<LiveState> = {}): LiveState {
  return {
    at: Date.now(),
    version: '0.1.0',
    owner: true,
    memory: memory(models),
    loaded: [...models],
    limit: 2,
    providers: [ollama(), llamaCpp],
    folders: [],
    samples: { state: 'none', doneBytes: 0, totalBytes: 0, current: null, problem: null },
    downloads: [],
    freeze: null,
    pause: null,
    hold: null,
    requests: [],
    moreRequests: 0,
    advice: [],
    configProblem: null,
    configWarnings: [],
    ...more,
  };
}

export const catalog: InstalledModel[] = [
  installed('llama3.2', 4.5, { footprintSource: 'measured' }),
  installed('codellama', 7, { family: 'llama', parameterSize: '7B', capabilities: ['completion', 'insert'], footprintSource: 'measured' }),
  installed('llama3.2-vision', 12, {
    family: 'mllama',
    parameterSize: '10.7B',
    capabilities: ['completion', 'vision'],
    fit: { kind: 'evicts', unload: ['ollama/llama3.2:latest'] },
  }),
  installed('nomic-embed-text', 0.4, { parameterSize: '137M', quantization: 'F16', capabilities: ['embedding'], family: 'nomic-bert' }),
  installed('qwen3:14b', 10.4, { parameterSize: '14.8B', capabilities: ['completion', 'tools', 'thinking'], fit: { kind: 'short', missing: gb(2.4) } }),
  installed('llama3.1:70b', 42, { parameterSize: '70.6B', fit: { kind: 'too-big', missing: gb(29.7) } }),
  installed('sample-small', 0.1, {
    id: 'llama.cpp/sample-small',
    provider: 'llama.cpp',
    weights: '/data/sample-small.gguf',
    sample: true,
    parameterSize: null,
    quantization: 'F16',
  }),
];

const history = [
  ['loaded', 'Loaded llama3.2 (4.5 GB) in 6 s, asked by the dashboard.'],
  ['unloaded', 'Unloaded codellama (7.0 GB, unused for 4 min) to make room for llama3.2-vision (12.0 GB).'],
  ['refused', 'Did not load qwen3:14b: it needs 2.4 GB more; other programs hold 5.9 GB.'],
  ['appeared', 'Another program loaded nomic-embed-text (0.4 GB).'],
  ['provider', 'Ollama 0.33.0 answers at http://127.0.0.1:11434.'],
] as const;

export function snapshot(state: LiveState, models: InstalledModel[] = catalog): Snapshot {
  return {
    state,
    models,
    activity: history.map(([kind, text], index) => ({
      id: 100 - index,
      at: Date.now() - (index * 7 + 1) * minute,
      kind,
      reason: 'asked' as const,
      model: null,
      name: null,
      provider: null,
      forModel: null,
      by: null,
      code: null,
      text,
      ram: null,
      tookMs: null,
    })),
  };
}

export function plan(name: string, ram: number, more: Partial<Plan> = {}): Plan {
  return {
    id: `ollama/${name}:latest`,
    name,
    fit: { kind: 'fits' },
    canLoad: true,
    footprint: { ram: gb(ram), vram: {} },
    footprintSource: 'estimated',
    freeRam: gb(7.8),
    unloads: [],
    because: null,
    blockers: [],
    programs: [],
    helps: [],
    mayTryOnce: false,
    expectedLoadMs: 14_000,
    sentence: `${name} fits.`,
    problem: null,
    ...more,
  };
}

export { gb, minute };
