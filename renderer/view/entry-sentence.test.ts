import { afterEach, expect, it } from 'vitest';
import { activityFixture } from '../../test/snapshot-fixture.ts';
import { changeLanguage } from '../text/text.ts';
import { entrySentence } from './entry-sentence.ts';

const gb = 1024 ** 3;
const entry = (change: Parameters<typeof activityFixture>[1]) => activityFixture(1, { by: null, text: 'In English.', name: 'llama3.2', ...change });

afterEach(() => changeLanguage('en', []));

it('stays in the engine’s words in English', () => {
  expect(entrySentence(entry({ kind: 'refused' }), null)).toEqual({ words: 'In English.', own: true, detail: null });
});

it.each([
  [{ kind: 'loaded', ram: 4.5 * gb, tookMs: 6_000, by: 'Open WebUI' }, 'llama3.2 (4,5 GB) wurde in 6 s geladen, verlangt von Open WebUI.'],
  [{ kind: 'loaded', reason: 'pinned' }, 'llama3.2 wurde geladen, weil es im Speicher behalten wird.'],
  [{ kind: 'unloaded', reason: 'room', by: 'dashboard' }, 'llama3.2 wurde entladen, um Platz für codellama zu schaffen.'],
  [{ kind: 'unloaded', reason: 'idle' }, 'llama3.2 wurde entladen, weil es unbenutzt war.'],
  [{ kind: 'unloaded', reason: 'idle', by: 'tray' }, 'llama3.2 wurde entladen, weil es unbenutzt war.'],
  [{ kind: 'appeared', reason: 'foreign' }, 'llama3.2 wurde von einem anderen Programm geladen.'],
  [{ kind: 'failed', code: 'cancelled' }, 'Das Laden von llama3.2 wurde abgebrochen.'],
  [{ kind: 'setting', parts: { what: 'pin', pinned: true } }, 'llama3.2 wird im Speicher behalten.'],
  [{ kind: 'setting', name: null, parts: { what: 'mode', mode: 'freeze', on: true, over: false } }, 'Die Modelle sind eingefroren: Nichts wird geladen oder entladen.'],
  [{ kind: 'setting', name: null, parts: { what: 'mode', mode: 'pause', on: false, over: true } }, 'Unbenutzte Modelle werden wieder entladen: Die gewählte Zeit ist um.'],
  [{ kind: 'provider', name: null, parts: { what: 'provider', label: 'Ollama', status: 'up' } }, 'Ollama läuft.'],
  [{ kind: 'notice', parts: { what: 'estimate', estimated: 4 * gb, taken: 4.5 * gb, grown: false } }, 'llama3.2 belegt 4,5 GB; geschätzt waren 4,0 GB. Airdock plant von nun an mit dem, was es wirklich belegt.'],
  [{ kind: 'notice', parts: { what: 'estimate', estimated: 4 * gb, taken: 6 * gb, grown: true } }, 'llama3.2 ist im Speicher auf 6,0 GB gewachsen; geschätzt waren 4,0 GB. Airdock plant von nun an mit dem, was es wirklich belegt.'],
  [{ kind: 'notice', code: 'in-use' }, 'llama3.2 antwortet noch einem anderen Programm und verlässt danach den Speicher.'],
] as const)('is told in German from its figures: %o', async (change, words) => {
  await changeLanguage('de', []);
  expect(entrySentence(entry(change), 'codellama')).toEqual({ words, own: false, detail: null });
});

it('keeps the engine’s words beside the German ones where those leave something out', async () => {
  await changeLanguage('de', []);
  expect(entrySentence(entry({ kind: 'refused', code: 'no-room' }), null)).toEqual({ words: 'llama3.2 wurde nicht geladen: Es ließ sich nicht genug Platz schaffen.', own: false, detail: 'In English.' });
  expect(entrySentence(entry({ kind: 'crashed' }), null).words).toBe('llama3.2 ist abgestürzt.');
  expect(entrySentence(entry({ kind: 'setting', name: null }), null).words).toBe('Eine Einstellung wurde geändert.');
});

it.each([
  [{ kind: 'refused', code: 'in-use', by: 'notes.py', parts: { what: 'unload' } }, 'llama3.2 wurde nicht entladen, verlangt von notes.py: Es war in Gebrauch.'],
  [{ kind: 'refused', code: 'frozen', name: null, parts: { what: 'unload' } }, 'Es wurde nichts entladen: Die Modelle sind eingefroren.'],
  [{ kind: 'provider', name: null, parts: { what: 'provider', label: 'Ollama', status: 'down' } }, 'Ollama antwortet nicht.'],
] as const)('names what happened in German, and leaves to the engine what exactly: %o', async (change, words) => {
  await changeLanguage('de', []);
  expect(entrySentence(entry(change), null)).toEqual({ words, own: false, detail: 'In English.' });
});

it('has no German for what only the engine knows', async () => {
  await changeLanguage('de', []);
  expect(entrySentence(entry({ kind: 'notice' }), null)).toEqual({ words: 'In English.', own: true, detail: null });
});
