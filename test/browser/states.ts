import type { Page } from 'playwright';
import { problem, type Snapshot } from '../../contract/index.ts';
import type { EngineServer } from './engine-server.ts';
import { catalog, gb, live, llamaCpp, loaded, memory, minute, ollama, plan, snapshot } from './fixtures.ts';

/** A state of the page: what the engine says, and what a person does to get there. */
export interface ScreenState {
  name: string;
  snapshot: () => Snapshot;
  arrange?: (engine: EngineServer) => void;
  act?: (page: Page, engine: EngineServer) => Promise<void>;
  /** A text that is on the page when the state is reached. */
  shows: string | RegExp;
}

const llama = () => loaded('llama3.2', 4.5);
const code = () =>
  loaded('codellama', 7, {
    loadedAt: Date.now() - 4 * minute,
    inUse: true,
    lastUsed: Date.now(),
    unloadsAt: null,
    uses: [{ id: 'l1', holder: 'notes-script', since: Date.now() - 20_000 }],
  });
const two = () => [llama(), code()];
const inMemory = (names: readonly string[]) =>
  catalog.map((model) => (names.includes(model.name) ? { ...model, fit: { kind: 'loaded' as const } } : model));
const absent = () => ollama({ status: 'absent', version: null, installed: 0 });
const nothing = (more: Parameters<typeof live>[1] = {}) =>
  snapshot(live([], { providers: [absent(), { ...llamaCpp, installed: 0 }], ...more }), []);
const click = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

export const states: ScreenState[] = [
  { name: 'first-run', snapshot: () => ({ ...nothing(), activity: [] }), shows: 'Make sample models' },
  {
    name: 'first-run-folder-found',
    snapshot: () =>
      nothing({ folders: [{ path: '/home/me/.lmstudio/models', label: 'LM Studio', origin: 'found', used: false, models: 4, problem: null }] }),
    arrange: (engine) => {
      engine.answers.addFolder = () => ({ ok: false, problem: problem('bad-folder', 'There is no folder /nowhere.', 'Check the spelling.') });
    },
    act: async (page) => {
      await page.getByLabel('Path of a folder with GGUF files').fill('/nowhere');
      await click(page, 'Add a folder');
    },
    shows: /There is no folder/,
  },
  {
    name: 'samples-making',
    snapshot: () => nothing({ samples: { state: 'making', doneBytes: gb(0.21), totalBytes: gb(0.625), current: 'sample-medium', problem: null } }),
    shows: 'Making sample-medium',
  },
  {
    name: 'samples-failed',
    snapshot: () =>
      nothing({
        samples: {
          state: 'failed',
          doneBytes: 0,
          totalBytes: 0,
          current: null,
          problem: problem('disk-full', 'The samples need 640 MB, but the disk has 210 MB left.', 'Free some space, then try again.'),
        },
      }),
    shows: 'Try again',
  },
  { name: 'empty', snapshot: () => snapshot(live()), shows: 'No models in memory. 12.3 GB is free.' },
  { name: 'two-loaded', snapshot: () => snapshot(live(two()), inMemory(['llama3.2', 'codellama'])), shows: /unloads in/ },
  {
    name: 'loading',
    snapshot: () =>
      snapshot(
        live([
          loaded('llama3.2', 4.5, { pinned: true, unloadsAt: null }),
          loaded('nomic-embed-text', 0.4, {
            state: 'loading',
            progress: 0.42,
            since: Date.now() - 5_000,
            loadedAt: null,
            footprintSource: 'estimated',
            unloadsAt: null,
          }),
        ]),
        inMemory(['llama3.2']),
      ),
    shows: /Loading, 42 %/,
  },
  {
    name: 'foreign-and-stuck',
    snapshot: () => {
      const models = [
        loaded('llama3.2', 4.5, { foreign: true, loadedBy: null, lastUsedFrom: 'unknown', unloadsBy: 'provider', aliases: ['my-assistant'] }),
        loaded('codellama', 7, { state: 'stuck', since: Date.now() - 40_000, canEnd: true, unloadsAt: null, loadedAt: Date.now() - minute }),
      ];
      return snapshot(
        live(models, {
          advice: [
            {
              id: 'foreign',
              text: 'Another program loaded llama3.2. May Airdock unload models of other programs when they are unused?',
              action: { label: 'Yes, when unused', operation: 'configSet', input: { set: { 'models.unload_foreign': 'yes' } } },
            },
          ],
        }),
        inMemory(['llama3.2', 'codellama']),
      );
    },
    shows: 'End its process',
  },
  {
    name: 'preview',
    snapshot: () => snapshot(live([llama()]), inMemory(['llama3.2'])),
    arrange: (engine) => {
      engine.answers.plan = () => ({
        ok: true,
        value: plan('llama3.2-vision', 12, {
          fit: { kind: 'evicts', unload: ['ollama/llama3.2:latest'] },
          canLoad: false,
          unloads: [{ id: 'ollama/llama3.2:latest', name: 'llama3.2', ram: gb(4.5), idleMs: 4 * minute, expired: false }],
          problem: problem('needs-room', 'Loading llama3.2-vision would unload llama3.2.'),
        }),
      });
    },
    act: (page) => click(page, 'Load llama3.2-vision'),
    shows: 'This unloads llama3.2 (4.5 GB, unused for 4 min).',
  },
  {
    name: 'refusal',
    snapshot: () => snapshot(live([llama()]), inMemory(['llama3.2'])),
    arrange: (engine) => {
      engine.answers.plan = () => ({
        ok: true,
        value: plan('qwen3:14b', 10.4, {
          fit: { kind: 'short', missing: gb(2.4) },
          canLoad: false,
          blockers: [{ id: 'ollama/llama3.2:latest', name: 'llama3.2', why: 'in-use' }],
          programs: [
            { name: 'firefox', bytes: gb(2.1) },
            { name: 'code', bytes: gb(0.9) },
            { name: 'slack', bytes: gb(0.5) },
          ],
          mayTryOnce: true,
          problem: problem('no-room', 'qwen3:14b needs 2.4 GB more than can be freed.', 'Close a program, or wait until llama3.2 is no longer in use.'),
        }),
      });
    },
    act: (page) => click(page, 'Load qwen3:14b'),
    shows: 'Try once',
  },
  {
    name: 'unload-refused',
    snapshot: () => snapshot(live([loaded('llama3.2', 4.5, { pinned: true, unloadsAt: null })]), inMemory(['llama3.2'])),
    arrange: (engine) => {
      engine.answers.unload = () => ({ ok: false, problem: problem('pinned', 'llama3.2 is kept in memory.', 'Stop keeping it, or unload it anyway.') });
    },
    act: (page) => click(page, 'Unload llama3.2'),
    shows: 'Unload anyway',
  },
  {
    name: 'over-budget',
    snapshot: () => {
      const models = two();
      const over = gb(1.2);
      return snapshot(
        live(models, {
          memory: memory(models, {
            otherPrograms: gb(5.2),
            free: -over,
            pressure: { some: 24, full: 3 },
            overBudget: {
              bytes: over,
              since: Date.now() - minute,
              sentence: 'Other programs grew by 2.0 GB. Nothing more is loaded, and unused models leave, until 1.2 GB is free again.',
            },
          }),
        }),
        inMemory(['llama3.2', 'codellama']),
      );
    },
    shows: 'over budget',
  },
  {
    name: 'gpu-and-limits',
    snapshot: () => {
      const models = [
        loaded('llama3.2', 0.6, { device: 'gpu', footprint: { ram: gb(0.6), vram: { gpu0: gb(4.1) } } }),
        loaded('codellama', 2.2, { device: 'split', footprint: { ram: gb(2.2), vram: { gpu0: gb(5) } }, loadedAt: Date.now() - minute }),
      ];
      return snapshot(
        live(models, {
          memory: memory(models, {
            reserve: gb(1),
            capacity: gb(8.3),
            limit: { bytes: gb(12.5), from: 'cgroup' },
            free: gb(5.5),
            vram: [{ id: 'gpu0', name: 'Radeon RX 7800 XT', total: gb(16), free: gb(5.9) }],
          }),
        }),
        inMemory(['llama3.2', 'codellama']),
      );
    },
    shows: 'Radeon RX 7800 XT',
  },
  {
    name: 'source-down',
    snapshot: () =>
      snapshot(
        live([loaded('sample-small', 0.1, { id: 'llama.cpp/sample-small', provider: 'llama.cpp', weights: '/data/sample-small.gguf' })], {
          providers: [
            ollama({
              status: 'down',
              problem: problem('provider-down', 'Ollama answered with something that is no list of models.', 'Restart it; its log tells more.'),
              advice: [
                { id: 'cache', text: 'Ollama keeps up to 8 GB of prompts per model in RAM. Start it with less:', command: 'LLAMA_ARG_CACHE_RAM=0 ollama serve' },
              ],
              lost: [
                { id: 'ollama/llama3.2:latest', name: 'llama3.2' },
                { id: 'ollama/codellama:latest', name: 'codellama' },
              ],
            }),
            llamaCpp,
          ],
          folders: [
            { path: '/home/me/models', label: 'models', origin: 'configured', used: true, models: 3, problem: null },
            { path: '/home/me/.lmstudio/models', label: 'LM Studio', origin: 'found', used: false, models: 4, problem: null },
            { path: '/srv/models', label: 'models', origin: 'configured', used: true, models: 0, problem: problem('bad-folder', 'The folder /srv/models may not be read.') },
          ],
        }),
      ),
    shows: 'Load the 2 models again',
  },
  {
    name: 'banners',
    snapshot: () =>
      snapshot(
        live([llama()], {
          owner: false,
          freeze: { since: Date.now(), until: Date.now() + 25 * minute + 5_000 },
          configProblem: problem(
            'bad-config',
            '/home/me/.config/airdock/config.json, line 4: models.max_concurrent_loaded is "two", but must be a whole number from 1 to 64.',
          ),
        }),
        inMemory(['llama3.2']),
      ),
    shows: /Watching only/,
  },
  {
    name: 'engine-gone',
    snapshot: () => snapshot(live(two()), inMemory(['llama3.2', 'codellama'])),
    act: (_page, engine) => engine.down(),
    shows: /Airdock stopped answering; figures are from/,
  },
  {
    name: 'signed-out',
    snapshot: () => snapshot(live()),
    arrange: (engine) => {
      engine.guard.on = true;
    },
    shows: 'This page is not signed in',
  },
];
