import { type InstalledModel, problem, type Plan } from '../../../contract/index.ts';
import { catalog, gb, installed, live, llamaCpp, loaded, minute, ollama, plan, snapshot } from '../fixtures.ts';
import type { EngineServer } from '../engine-server.ts';
import { inMemory, llama, nothing } from './common.ts';
import { click, type ScreenState } from './screen-state.ts';
import { german } from './speech.ts';

const address = '#/models';
const left = (reason: NonNullable<InstalledModel['lastUnload']>['reason'], minutes: number, activity = 1): InstalledModel['lastUnload'] => ({
  activity,
  at: Date.now() - minutes * minute,
  reason,
  text: 'It was unloaded.',
});

/** One model for each thing that a row can say. */
const variety = (): InstalledModel[] => [
  ...inMemory(['llama3.2', 'codellama']).map((model) => (model.name === 'llama3.2-vision' ? { ...model, lastUnload: left('room', 12, 99) } : model)),
  installed('gemma3:4b', 4.1, { family: 'gemma3', parameterSize: '4.3B', capabilities: ['completion', 'vision'], lastUnload: left('idle', 47), expectedLoadMs: 6_000 }),
  installed('mistral-nemo', 8.2, { family: 'llama', parameterSize: '12.2B', lastUnload: left('pressure', 60 * 26), fit: { kind: 'waits' } }),
  installed('phi4-mini', 3.4, { family: 'phi3', parameterSize: '3.8B', pinned: true, capabilities: ['completion', 'tools'], lastUnload: left('asked', 3) }),
  installed('deepseek-r1:8b-llama-distill-q8_0-with-a-very-long-tag-of-its-own', 9.3, { quantization: 'Q8_0', parameterSize: '8B', capabilities: ['completion', 'thinking'], fit: { kind: 'blocked' } }),
  installed('half-a-file', 2, {
    id: 'llama.cpp/half-a-file',
    provider: 'llama.cpp',
    weights: '/data/half-a-file.gguf',
    parameterSize: null,
    quantization: null,
    capabilities: [],
    problem: problem('bad-file', 'The file half-a-file.gguf ends before its last tensor.', 'Download it again.'),
  }),
];

const cloud = ollama({ id: 'cloud', kind: 'openai', label: 'My service', version: null, url: 'https://api.example.com/v1', memory: 'own', installed: 2 });
const rig = ollama({ id: 'rig', kind: 'openai', label: 'The rig', version: 'OpenAI-compatible', url: 'http://127.0.0.1:8080/v1', installed: 1 });
const refusing = ollama({ ...cloud, id: 'other', label: 'Another service', status: 'down', installed: 0, problem: problem('bad-key', 'The variable OTHER_KEY, which is to hold the key for Another service, is not set.', 'Set it where Airdock is started, and start Airdock again.') });
const elsewhere = (id: string, more: Partial<InstalledModel>): InstalledModel =>
  installed(id.slice(id.indexOf('/') + 1), 0, { id, provider: id.slice(0, id.indexOf('/')), weights: id, contextLength: null, family: null, parameterSize: null, quantization: null, expectedLoadMs: null, ...more });
const online = () => {
  const models = [
    elsewhere('cloud/large-1', { online: true, fit: { kind: 'online' }, capabilities: ['completion', 'vision', 'tools'] }),
    elsewhere('cloud/someone/small-with-a-very-long-name-of-its-own:free', { online: true, fit: { kind: 'online' }, capabilities: [] }),
    elsewhere('rig/qwen3-14b', { fit: { kind: 'served' }, capabilities: [] }),
  ];
  return snapshot(live([llama()], { providers: [ollama(), llamaCpp, cloud, rig, refusing] }), [...inMemory(['llama3.2']).slice(0, 2), ...models]);
};

const refused = (engine: EngineServer, change: Partial<Plan>) => {
  engine.answers.plan = () => ({ ok: true, value: plan('qwen3:14b', 10.4, { canLoad: false, fit: { kind: 'short', missing: gb(2.4) }, ...change }) });
};
const short = problem('no-room', 'qwen3:14b (10.4 GB) needs 2.4 GB more than can be made free.', 'Close other programs, or unload what you do not need.');
const helps: Plan['helps'] = [
  { kind: 'context', contextLength: 4096, ram: gb(8.1) },
  { kind: 'model', id: 'ollama/gemma3:4b:latest', name: 'gemma3:4b', ram: gb(4.1) },
  { kind: 'program', name: 'Chrome', bytes: gb(3.8) },
];
const programs = [
  { name: 'Chrome', bytes: gb(3.8) },
  { name: 'Code', bytes: gb(0.9) },
  { name: 'Slack', bytes: gb(0.5) },
];
const previewed = (engine: EngineServer) => {
  engine.answers.plan = () => ({
    ok: true,
    value: plan('llama3.2-vision', 12, {
      fit: { kind: 'evicts', unload: ['ollama/llama3.2:latest'] },
      canLoad: false,
      unloads: [{ id: 'ollama/llama3.2:latest', name: 'llama3.2', ram: gb(4.5), idleMs: 4 * minute, expired: false, wanted: { uses: 2, more: false, withinMs: 360 * minute, reloadMs: 9_000 } }],
      because: 'memory',
      freeRam: gb(7.8),
      problem: problem('needs-room', 'Loading llama3.2-vision would unload llama3.2.'),
    }),
  });
};
const limited = (): InstalledModel[] => inMemory(['llama3.2']).map((model) => (model.name === 'codellama' ? { ...model, fit: { kind: 'evicts', unload: [llama().id], because: 'limit' } } : model));
const previewedForLimit = (engine: EngineServer) => {
  engine.answers.plan = () => ({
    ok: true,
    value: plan('codellama', 7, {
      fit: { kind: 'evicts', unload: [llama().id], because: 'limit' },
      canLoad: false,
      unloads: [{ id: llama().id, name: 'llama3.2', ram: gb(4.5), idleMs: 4 * minute, expired: false }],
      because: 'limit',
      problem: problem('needs-room', 'Loading codellama would unload llama3.2.'),
    }),
  });
};
const downOllama = () =>
  ollama({
    status: 'down',
    problem: problem('provider-down', 'Ollama answered with something that is no list of models.', 'Restart it; its log tells more.'),
    advice: [{ id: 'cache', text: 'Ollama keeps up to 8 GB of prompts per model in RAM. Start it with less:', command: 'LLAMA_ARG_CACHE_RAM=0 ollama serve' }],
    lost: [
      { id: 'ollama/llama3.2:latest', name: 'llama3.2' },
      { id: 'ollama/codellama:latest', name: 'codellama' },
    ],
  });
const folders = [
  { path: '/home/me/models', label: 'models', origin: 'configured' as const, used: true, models: 3, problem: null },
  { path: '/home/me/.lmstudio/models', label: 'LM Studio', origin: 'found' as const, used: false, models: 4, problem: null },
  { path: '/srv/models', label: 'models', origin: 'configured' as const, used: true, models: 0, problem: problem('bad-folder', 'The folder /srv/models may not be read.') },
];
const code = () => loaded('codellama', 7, { inUse: true, unloadsAt: null });
const varied = () => snapshot(live([llama(), code()]), variety());
const why = (engine: EngineServer) => {
  const [first] = snapshot(live()).activity;
  if (first === undefined) throw new Error('the fixture has activity');
  const told = (id: number, minutes: number, text: string) => ({ ...first, id, at: Date.now() - minutes * minute, text });
  engine.answers.why = () => ({
    ok: true,
    value: {
      text: 'gemma3:4b is not in memory.',
      entries: [
        told(9, 47, 'gemma3:4b (4.1 GB) was unloaded after 5 min without use.'),
        told(8, 55, 'gemma3:4b (4.1 GB) was loaded in 6 s, asked for by Open WebUI.'),
        told(7, 60 * 25, 'gemma3:4b (4.1 GB, unused for 9 min) was unloaded to make room for codellama.'),
      ],
    },
  });
};

export const modelsStates: readonly ScreenState[] = [
  { name: 'models', address, snapshot: varied, shows: 'fits after unloading llama3.2' },
  { name: 'models-german', address, snapshot: varied, arrange: german, shows: 'passt, wenn llama3.2 geht' },
  { name: 'models-online', address, snapshot: online, shows: 'online, nothing to load' },
  { name: 'models-online-german', address, snapshot: online, arrange: german, shows: 'online, nichts zu laden' },
  { name: 'models-nothing', address, snapshot: () => nothing(), shows: 'Make sample models' },
  {
    name: 'models-no-match',
    address,
    snapshot: varied,
    act: (page) => page.getByRole('searchbox').fill('something that is not there'),
    shows: 'Clear search',
  },
  { name: 'models-details', address, snapshot: varied, arrange: why, act: (page) => click(page, 'Details of gemma3:4b'), shows: 'Show in Activity' },
  {
    name: 'models-loading',
    address,
    snapshot: () => {
      const models = [
        loaded('llama3.2', 4.5, { state: 'loading', progress: 0.42, loadedAt: null, unloadsAt: null }),
        loaded('codellama', 7, { state: 'unloading', unloadsAt: null }),
        loaded('gemma3:4b', 4.1, { state: 'reserved', loadedAt: null, unloadsAt: null }),
        loaded('phi4-mini', 3.4, { state: 'stuck', unloadsAt: null, canEnd: true }),
      ];
      return snapshot(live(models), variety());
    },
    shows: /Loading, 42 %/,
  },
  { name: 'preview', address, snapshot: () => snapshot(live([llama()]), inMemory(['llama3.2'])), arrange: previewed, act: (page) => click(page, 'Load llama3.2-vision'), shows: /^This unloads llama3.2/ },
  {
    name: 'preview-limit',
    address,
    snapshot: () => snapshot(live([llama(), loaded('phi4-mini', 3.4), loaded('nomic-embed-text', 0.4)], { limit: 3 }), limited()),
    arrange: previewedForLimit,
    act: (page) => click(page, 'Load codellama'),
    shows: 'Allow 4 models and load',
  },
  {
    name: 'preview-limit-german',
    address,
    snapshot: () => snapshot(live([llama(), loaded('phi4-mini', 3.4), loaded('nomic-embed-text', 0.4)], { limit: 3 }), limited()),
    arrange: (engine) => {
      german(engine);
      previewedForLimit(engine);
    },
    act: (page) => click(page, 'codellama laden'),
    shows: '4 Modelle erlauben und laden',
  },
  {
    name: 'models-frozen',
    address,
    snapshot: () => snapshot(live([llama()], { freeze: { since: Date.now(), until: Date.now() + 40 * minute } }), catalog.map((model) => ({ ...model, fit: { kind: 'blocked' as const, because: 'frozen' as const } }))),
    shows: 'frozen',
  },
  {
    name: 'preview-german',
    address,
    snapshot: () => snapshot(live([llama()]), inMemory(['llama3.2'])),
    arrange: (engine) => {
      german(engine);
      previewed(engine);
    },
    act: (page) => click(page, 'llama3.2-vision laden'),
    shows: /^Dafür wird llama3.2/,
  },
  {
    name: 'refusal',
    address,
    snapshot: varied,
    arrange: (engine) => refused(engine, { problem: short, programs, helps, mayTryOnce: true, blockers: [{ id: 'ollama/codellama:latest', name: 'codellama', why: 'in-use' }] }),
    act: (page) => click(page, 'Load qwen3:14b'),
    shows: 'Try once',
  },
  {
    name: 'refusal-german',
    address,
    snapshot: varied,
    arrange: (engine) => {
      german(engine);
      refused(engine, { problem: short, programs, helps, mayTryOnce: true, blockers: [{ id: 'ollama/codellama:latest', name: 'codellama', why: 'in-use' }] });
    },
    act: (page) => click(page, 'qwen3:14b laden'),
    shows: 'Einmal versuchen',
  },
  {
    name: 'too-big',
    address,
    snapshot: varied,
    arrange: (engine) => {
      const cause = problem('too-big', 'llama3.1:70b needs 42.0 GB, which is 29.7 GB more than this computer can give to models.', 'A smaller context or a smaller quantisation needs less.');
      engine.answers.plan = () => ({ ok: true, value: plan('llama3.1:70b', 42, { canLoad: false, fit: { kind: 'too-big', missing: gb(29.7) }, problem: cause, helps: helps.slice(1, 2) }) });
    },
    act: (page) => click(page, 'Load llama3.1:70b'),
    shows: /29.7 GB more/,
  },
  {
    name: 'models-unload-refused',
    address,
    snapshot: varied,
    arrange: (engine) => {
      engine.answers.unload = () => ({ ok: false, problem: problem('pinned', 'llama3.2 is kept in memory.', 'Stop keeping it, or unload it anyway.') });
    },
    act: (page) => click(page, 'Unload llama3.2'),
    shows: 'Unload anyway',
  },
  {
    name: 'source-down',
    address,
    snapshot: () =>
      snapshot(
        live([loaded('sample-small', 0.1, { id: 'llama.cpp/sample-small', provider: 'llama.cpp', weights: '/data/sample-small.gguf' })], {
          providers: [downOllama(), llamaCpp],
          folders,
        }),
      ),
    shows: 'Load the 2 models again',
  },
  {
    name: 'source-absent',
    address,
    snapshot: () => snapshot(live([], { providers: [ollama({ status: 'absent', version: null }), llamaCpp] }), catalog),
    act: (page) => page.getByRole('button', { name: 'How to start it' }).first().click(),
    shows: 'ollama serve',
  },
  {
    name: 'models-samples-making',
    address,
    snapshot: () =>
      snapshot(live([], { samples: { state: 'making', doneBytes: gb(0.21), totalBytes: gb(0.625), current: 'sample-medium', problem: null } }), catalog),
    shows: 'Making sample-medium',
  },
];
