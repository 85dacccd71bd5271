import type { Activity, InstalledModel, LiveState, LoadedModel, Snapshot } from '../contract/index.ts';

const GB = 1024 ** 3;

/** Valid contract data for tests; every field can be overridden. */
export function loadedModelFixture(change: Partial<LoadedModel> = {}): LoadedModel {
  return {
    id: 'ollama/llama3.2:latest', name: 'llama3.2', aliases: [], provider: 'ollama', weights: 'ollama:a', state: 'ready', ramUsed: 4 * GB,
    footprint: { ram: 4 * GB, vram: {} }, footprintSource: 'measured', resident: null, device: 'cpu', cpuSinceWake: false, contextLength: 4096, loadedAt: 1000, lastUsed: 1000,
    lastUsedFrom: 'load', idleMs: 240_000, unloadsAt: 1_060_000, unloadsBy: 'airdock', idleTimeoutMs: 300_000, inUse: false, uses: [], pinned: false, foreign: false,
    loadedBy: 'test', progress: null, expectedLoadMs: null, since: 1000, pid: null, canEnd: false, ...change,
  };
}

export function installedModelFixture(change: Partial<InstalledModel> = {}): InstalledModel {
  return {
    id: 'ollama/llama3.2:latest', name: 'llama3.2', provider: 'ollama', weights: 'ollama:a', sizeBytes: 2 * GB, footprint: { ram: 4 * GB, vram: {} },
    footprintSource: 'measured', contextLength: 4096, maxContextLength: 131_072, family: 'llama', parameterSize: '3.2B', quantization: 'Q4_K_M',
    capabilities: ['completion'], sample: false, pinned: false, problem: null, fit: { kind: 'fits' }, expectedLoadMs: null, lastUnload: null, ...change,
  };
}

export function activityFixture(id: number, change: Partial<Activity> = {}): Activity {
  return {
    id, at: id, kind: 'loaded', reason: 'asked', model: 'ollama/llama3.2:latest', name: 'llama3.2', provider: 'ollama', forModel: null, by: 'test', code: null,
    text: `entry ${id}`, ram: null, tookMs: null, ...change,
  };
}

export function stateFixture(change: Partial<LiveState> = {}): LiveState {
  return {
    at: 1_000_000, version: '0.1.0', owner: true,
    memory: {
      at: 1_000_000, total: 32 * GB, capacity: 20 * GB, free: 16 * GB, models: 4 * GB, otherPrograms: 12 * GB, reserve: 0, limit: null, overBudget: null,
      pressure: null, unified: false, vram: [],
    },
    loaded: [], limit: 2, providers: [], folders: [], samples: { state: 'none', doneBytes: 0, totalBytes: 0, current: null, problem: null }, downloads: [], freeze: null, pause: null,
    hold: null, requests: [], moreRequests: 0, advice: [], configProblem: null, configWarnings: [], ...change,
  };
}

export function snapshotFixture(change: Partial<Snapshot> = {}): Snapshot {
  return { state: stateFixture(), models: [], activity: [], ...change };
}
