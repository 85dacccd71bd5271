import { problem } from '../../../contract/index.ts';
import { gb, live, llamaCpp, loaded, minute, ollama, plan, snapshot } from '../fixtures.ts';
import { inMemory, llama } from './common.ts';
import { click, type ScreenState } from './screen-state.ts';

export const modelsStates: readonly ScreenState[] = [
  {
    name: 'preview',
    address: '#/models',
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
    address: '#/models',
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
    name: 'source-down',
    address: '#/models',
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
];
