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
  [{ kind: 'unloaded', reason: 'room', ram: 4.5 * gb, parts: { what: 'wanted', uses: 2, more: false, withinMs: 6 * 3_600_000, reloadMs: 9_000 } }, 'llama3.2 (4,5 GB, 2-mal benutzt in 6 Std., neu geladen in 9 s) wurde entladen, um Platz für codellama zu schaffen.'],
  [{ kind: 'unloaded', reason: 'idle' }, 'llama3.2 wurde entladen, weil es unbenutzt war.'],
  [{ kind: 'unloaded', reason: 'idle', by: 'tray' }, 'llama3.2 wurde entladen, weil es unbenutzt war.'],
  [{ kind: 'unloaded', reason: 'pressure' }, 'llama3.2 wurde entladen, weil der Speicher knapp wurde.'],
  [{ kind: 'loaded', reason: 'pressure' }, 'llama3.2 wurde geladen, weil andere Programme seinen Speicher nicht mehr brauchen.'],
  [{ kind: 'appeared', reason: 'foreign' }, 'llama3.2 wurde von einem anderen Programm geladen.'],
  [{ kind: 'failed', code: 'cancelled' }, 'Das Laden von llama3.2 wurde abgebrochen.'],
  [{ kind: 'setting', parts: { what: 'pin', pinned: true } }, 'llama3.2 wird im Speicher behalten.'],
  [{ kind: 'setting', name: null, parts: { what: 'mode', mode: 'freeze', on: true, over: false } }, 'Die Modelle sind eingefroren: Nichts wird geladen oder entladen.'],
  [{ kind: 'setting', name: null, parts: { what: 'mode', mode: 'pause', on: false, over: true } }, 'Unbenutzte Modelle werden wieder entladen: Die gewählte Zeit ist um.'],
  [{ kind: 'provider', name: null, parts: { what: 'provider', label: 'Ollama', status: 'up' } }, 'Ollama läuft.'],
  [{ kind: 'notice', parts: { what: 'estimate', estimated: 4 * gb, taken: 4.5 * gb, grown: false } }, 'llama3.2 belegt 4,5 GB; geschätzt waren 4,0 GB. Airdock plant von nun an mit dem, was es wirklich belegt.'],
  [{ kind: 'notice', parts: { what: 'estimate', estimated: 4 * gb, taken: 6 * gb, grown: true } }, 'llama3.2 ist im Speicher auf 6,0 GB gewachsen; geschätzt waren 4,0 GB. Airdock plant von nun an mit dem, was es wirklich belegt.'],
  [{ kind: 'notice', reason: 'restart', parts: { what: 'stayed' } }, 'llama3.2 war schon im Speicher: Airdock hatte es geladen, bevor es beendet wurde.'],
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

it.each([
  [{ sign: 'available', figure: 0.4 * gb }, 'Andere Programme brauchen Speicher, 0,4 GB waren noch frei'],
  [{ sign: 'stalls', figure: 32.4 }, 'Andere Programme brauchen Speicher und warteten 32 % der Zeit darauf'],
  [{ sign: 'system', figure: gb }, 'Andere Programme brauchen Speicher, das System meldete ihn als knapp (1,0 GB frei)'],
  [{ sign: 'vram', figure: 0.1 * gb }, 'Andere Programme brauchen Grafikspeicher, 0,1 GB waren noch frei'],
  [{ sign: 'over', figure: gb }, 'Andere Programme brauchen Speicher, es waren 1,0 GB mehr belegt, als da ist'],
] as const)('in German says by which sign other programs needed the memory: %j', async (sign, why) => {
  await changeLanguage('de', []);
  const parts = { what: 'yield', ...sign } as const;
  expect(entrySentence(entry({ kind: 'unloaded', reason: 'pressure', ram: 7 * gb, parts }), null)).toEqual({ words: `llama3.2 (7,0 GB) wurde entladen: ${why}.`, own: false, detail: 'In English.' });
  // One that does not let go went for the same reason, and has not gone.
  expect(entrySentence(entry({ kind: 'failed', reason: 'pressure', code: 'not-letting-go', parts }), null).words).toBe('llama3.2 gibt den Speicher nicht frei.');
});
