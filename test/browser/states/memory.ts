import { problem } from '../../../contract/index.ts';
import { gb, live, llamaCpp, loaded, memory, minute, ollama, snapshot } from '../fixtures.ts';
import { inMemory, llama, nothing, two } from './common.ts';
import { busyActivity, busyHistory } from './busy-quarter.ts';
import { click, type ScreenState } from './screen-state.ts';

/** A quarter of an hour with everything in it: loads, room made, a failure, and a sleep. */
const busy: Pick<ScreenState, 'snapshot' | 'arrange'> = {
  snapshot: () => ({ ...snapshot(live(two()), inMemory(['llama3.2', 'codellama'])), activity: busyActivity() }),
  arrange: (engine) => {
    engine.history = busyHistory();
  },
};

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
    act: async (page, engine) => {
      // Without figures there would be none to be from.
      await page.getByText('codellama').first().waitFor();
      await engine.down();
    },
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
  {
    name: 'source-gone',
    snapshot: () => snapshot(live([llama()], { providers: [ollama({ status: 'down', since: Date.now() - 3 * minute }), llamaCpp] }), inMemory(['llama3.2'])),
    act: (page) => click(page, 'How to start it'),
    shows: 'ollama serve',
  },
  {
    name: 'source-restarted',
    snapshot: () =>
      snapshot(
        live([], {
          providers: [
            ollama({
              lost: [
                { id: 'ollama/llama3.2:latest', name: 'llama3.2' },
                { id: 'ollama/codellama:latest', name: 'codellama' },
              ],
            }),
            llamaCpp,
          ],
        }),
      ),
    shows: 'Load the 2 models again',
  },
  {
    name: 'ollama-absent',
    snapshot: () => snapshot(live([llama({ provider: 'llama.cpp' })], { providers: [ollama({ status: 'absent', version: null, installed: 0 }), llamaCpp] })),
    shows: /^Ollama does not answer at http:\/\/127.0.0.1:11434 \(its usual address\)/,
  },
  { name: 'history', ...busy, shows: /unloads in/ },
  {
    name: 'history-told',
    ...busy,
    act: (page) => page.getByRole('toolbar', { name: 'What happened in the last 15 minutes' }).getByRole('button').last().focus(),
    shows: /unloads in/,
  },
  {
    name: 'crowd',
    snapshot: () => {
      const names = ['llama3.2', 'nomic-embed-text', 'a-model-with-a-name-that-somebody-made-far-too-long:27b-instruct-q4_K_M', 'qwen3:4b', 'phi4-mini', 'gemma3:1b'];
      const models = names.map((name, index) =>
        loaded(name, 0.4 + index * 0.3, {
          loadedAt: Date.now() - (20 - index) * minute,
          loadedBy: ['dashboard', 'Open WebUI', 'Airdock', null, 'notes-script', 'tray'][index] ?? null,
          ...(index === 1 ? { inUse: true, uses: [1, 2, 3].map((id) => ({ id: String(id), holder: `script ${id}`, since: Date.now() })) } : {}),
          ...(index === 3 ? { state: 'unloading' as const } : {}),
          ...(index === 4 ? { cpuSinceWake: true } : {}),
          ...(index === 5 ? { state: 'reserved' as const, loadedAt: null } : {}),
        }),
      );
      return snapshot(live(models, { limit: 6 }), inMemory(names));
    },
    shows: /It runs on the CPU since/,
  },
  {
    name: 'idle-time-menu',
    snapshot: () => snapshot(live([llama()]), inMemory(['llama3.2'])),
    act: (page) => page.getByRole('button', { name: /^Unload llama3.2 when unused/ }).click(),
    shows: 'Keep while there is room',
  },
  {
    name: 'free-memory',
    snapshot: () => snapshot(live(two()), inMemory(['llama3.2', 'codellama'])),
    act: (page) => click(page, 'Free memory'),
    shows: 'Free the memory of models?',
  },
  {
    name: 'modes-menu',
    snapshot: () => snapshot(live(two(), { pause: { since: Date.now(), until: null } }), inMemory(['llama3.2', 'codellama'])),
    act: (page) => click(page, 'Freeze'),
    shows: 'Until I end it',
  },
  {
    name: 'modes',
    snapshot: () =>
      snapshot(
        live([llama()], {
          freeze: { since: Date.now(), until: Date.now() + 25 * minute + 5_000 },
          pause: { since: Date.now(), until: null },
          hold: { since: Date.now(), until: Date.now() + 59 * minute + 5_000 },
        }),
        inMemory(['llama3.2']),
      ),
    shows: /^Memory was freed/,
  },
  {
    name: 'shortcuts',
    snapshot: () => snapshot(live([llama()]), inMemory(['llama3.2'])),
    act: (page) => page.keyboard.press('?'),
    shows: 'Use single-key shortcuts',
  },
  {
    name: 'german-while-room',
    locale: 'de-DE',
    snapshot: () => snapshot(live([loaded('llama3.2', 4.5, { idleTimeoutMs: null, unloadsAt: null }), loaded('codellama', 7, { inUse: true, idleTimeoutMs: null, unloadsAt: null, pinned: true })]), inMemory(['llama3.2', 'codellama'])),
    shows: /bleibt, solange Platz ist/,
  },
  { name: 'german', locale: 'de-DE', ...busy, shows: /wird in \d:\d\d entladen/ },
  {
    name: 'german-trouble',
    locale: 'de-DE',
    snapshot: () => {
      const models = [
        ...two(),
        loaded('phi4-mini', 2, { state: 'stuck', since: Date.now() - 40_000, canEnd: true, unloadsAt: null }),
        loaded('gemma3:1b', 1, { state: 'loading', progress: 0.4, since: Date.now() - 5_000, loadedAt: null, unloadsAt: null, cpuSinceWake: true }),
      ];
      return snapshot(
        live(models, {
          memory: memory(models, { otherPrograms: gb(5.2), free: -gb(1.2), overBudget: { bytes: gb(1.2), since: Date.now() - minute, sentence: 'English.' } }),
          freeze: { since: Date.now(), until: Date.now() + 25 * minute + 5_000 },
          providers: [ollama({ status: 'down', since: Date.now() - 3 * minute }), llamaCpp],
          advice: [{ id: 'limit:3', text: 'English.', action: { label: 'English', operation: 'configSet', input: {} } }],
        }),
        inMemory(models.map(({ name }) => name)),
      );
    },
    arrange: (engine) => {
      engine.answers.unload = () => ({ ok: false, problem: problem('pinned', 'llama3.2 is kept in memory.', 'Stop keeping it, or unload it anyway.') });
    },
    act: (page) => click(page, 'llama3.2 entladen'),
    shows: 'Trotzdem entladen',
  },
  { name: 'german-first-run', locale: 'de-DE', snapshot: () => ({ ...nothing(), activity: [] }), shows: 'Noch keine Modelle gefunden' },
  { name: 'german-empty', locale: 'de-DE', snapshot: () => snapshot(live()), shows: 'Keine Modelle im Speicher. 12,3 GB frei.' },
];
