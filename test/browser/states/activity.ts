import { type Activity, problem, type Snapshot } from '../../../contract/index.ts';
import { entriesInSnapshot } from '../../../contract/activity-count.ts';
import { catalog, gb, live, loaded, minute, plan, snapshot } from '../fixtures.ts';
import { click, type ScreenState } from './screen-state.ts';
import { german } from './speech.ts';

const address = '#/activity';

const entry = (id: number, minutes: number, change: Partial<Activity> & Pick<Activity, 'kind' | 'text'>): Activity => ({
  id,
  at: Date.now() - minutes * minute,
  reason: 'asked',
  model: null,
  name: null,
  provider: null,
  forModel: null,
  by: null,
  code: null,
  ram: null,
  tookMs: null,
  ...change,
});
const about = (name: string, ram: number): Partial<Activity> => ({ model: `ollama/${name}:latest`, name, ram: gb(ram) });

/** Three days with one entry of each kind. */
const history = (): Activity[] => [
  entry(120, 0.2, { ...about('llama3.2-vision', 12), kind: 'loaded', by: 'Open WebUI', tookMs: 14_000, text: 'llama3.2-vision was loaded in 14 s after llama3.2 made room: 12.0 GB, asked for by Open WebUI.' }),
  entry(119, 0.5, { ...about('llama3.2', 4.5), kind: 'unloaded', reason: 'room', forModel: 'ollama/llama3.2-vision:latest', by: 'Open WebUI', text: 'llama3.2 (4.5 GB, unused for 4 min) was unloaded to make room for llama3.2-vision.' }),
  entry(118, 8, { ...about('qwen3:14b', 10.4), kind: 'refused', by: 'notes-script', code: 'no-room', text: 'qwen3:14b (10.4 GB) needs 2.4 GB more than can be made free; codellama is in use. Nothing was unloaded.' }),
  entry(117, 31, { ...about('codellama', 7), kind: 'unloaded', reason: 'idle', text: 'codellama (7.0 GB) was unloaded after 5 min without use.' }),
  entry(116, 44, { kind: 'setting', by: 'dashboard', text: 'The limit was set to 2 models.' }),
  entry(115, 60 * 24, { kind: 'memory', reason: 'pressure', code: 'over-budget', text: 'Models and other programs hold 1.2 GB more than this computer has.' }),
  entry(114, 60 * 24 + 3, { ...about('nomic-embed-text', 0.4), kind: 'appeared', reason: 'foreign', text: 'nomic-embed-text (0.4 GB) was loaded into Ollama by another program.' }),
  entry(113, 60 * 24 + 20, { ...about('sample-small', 0.1), model: 'llama.cpp/sample-small', kind: 'crashed', reason: 'other', code: 'load-failed', text: 'The process of sample-small ended unexpectedly (signal SIGKILL).' }),
  entry(112, 60 * 24 * 3, { kind: 'provider', reason: 'other', text: 'Ollama 0.33.0 answers at http://127.0.0.1:11434.' }),
  entry(111, 60 * 24 * 3 + 1, { ...about('llama3.1:70b', 42), kind: 'failed', code: 'out-of-memory', text: 'llama3.1:70b could not be loaded: llama runner process has terminated: signal: killed' }),
  entry(110, 60 * 24 * 3 + 2, { ...about('gone-since', 2), kind: 'disappeared', reason: 'foreign', text: 'gone-since left memory: Ollama or another program unloaded it.' }),
  entry(109, 60 * 24 * 3 + 9, { kind: 'notice', reason: 'other', text: 'The estimate for codellama was 1.1 GB too low; the measured size is used from now on.' }),
];

const busy = (): Snapshot => ({ ...snapshot(live([loaded('llama3.2-vision', 12)]), catalog), activity: history() });

export const activityStates: readonly ScreenState[] = [
  { name: 'activity', address, snapshot: busy, shows: 'Yesterday' },
  { name: 'activity-german', address, snapshot: busy, arrange: german, shows: 'Gestern' },
  { name: 'activity-empty', address, snapshot: () => ({ ...snapshot(live()), activity: [] }), shows: 'Nothing has happened yet.' },
  {
    name: 'activity-filtered',
    address,
    snapshot: busy,
    act: (page) => click(page, 'Refusals and failures'),
    shows: /could not be loaded: llama runner/,
  },
  { name: 'activity-no-match', address, snapshot: busy, act: (page) => page.getByRole('searchbox').fill('something that is not there'), shows: 'Clear filter' },
  {
    name: 'activity-older',
    address,
    snapshot: () => ({ ...busy(), activity: [...history(), ...Array.from({ length: entriesInSnapshot - history().length }, (_, index) => entry(100 - index, 60 * 24 * 4 + index, { kind: 'notice', reason: 'other', text: 'A note of long ago.' }))] }),
    shows: 'Show older',
  },
  {
    name: 'activity-preview',
    address,
    snapshot: busy,
    arrange: (engine) => {
      engine.answers.plan = () => ({
        ok: true,
        value: plan('llama3.2', 4.5, {
          fit: { kind: 'evicts', unload: ['ollama/llama3.2-vision:latest'] },
          canLoad: false,
          unloads: [{ id: 'ollama/llama3.2-vision:latest', name: 'llama3.2-vision', ram: gb(12), idleMs: minute, expired: false }],
          problem: problem('needs-room', 'Loading llama3.2 would unload llama3.2-vision.'),
        }),
      });
    },
    act: (page) => click(page, 'Load again: llama3.2'),
    shows: /^This unloads llama3.2-vision/,
  },
  {
    name: 'activity-copy-refused',
    address,
    snapshot: busy,
    act: async (page) => {
      await page.evaluate(() => {
        navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));
      });
      await click(page, 'Copy all shown');
    },
    shows: /^Copying is not allowed here/,
  },
];
