import { problem } from '../../../contract/index.ts';
import { gb, live, loaded, memory, minute, snapshot } from '../fixtures.ts';
import { inMemory, llama, nothing, two } from './common.ts';
import { click, type ScreenState } from './screen-state.ts';

export const memoryStates: readonly ScreenState[] = [
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
