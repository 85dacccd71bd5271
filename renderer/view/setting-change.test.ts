import { afterEach, expect, it } from 'vitest';
import { configSchema } from '../../contract/index.ts';
import { describeChange } from '../../main/config/changed-settings.ts';
import { activityFixture } from '../../test/snapshot-fixture.ts';
import { changeLanguage } from '../text/text.ts';
import { entrySentence } from './entry-sentence.ts';
import { settingChange } from './setting-change.ts';

/** What the engine notes about a change of these settings. */
function noted(after: unknown) {
  const change = describeChange(configSchema.parse({}), configSchema.parse(after));
  if (change === null || change.parts.what !== 'settings') throw new Error('nothing changed');
  return { ...change, parts: change.parts };
}

afterEach(() => changeLanguage('en', []));

it.each([
  [{ models: { max_concurrent_loaded: 3 } }, '“Models in memory at a time”: 3 (before: 2)', '„Modelle gleichzeitig im Speicher“: 3 (vorher: 2)'],
  [{ models: { idle_timeout_seconds: 600 } }, '“Unload after”: 10 min (before: 5 min)', '„Entladen nach“: 10 Min. (vorher: 5 Min.)'],
  [{ models: { idle_timeout_seconds: 'auto' } }, '“Unload after”: when its room is needed (before: 5 min)', '„Entladen nach“: wenn sein Platz gebraucht wird (vorher: 5 Min.)'],
  [{ models: { preset: 'conservative' } }, '“How models take turns”: Save memory (before: not set)', '„Wie Modelle sich abwechseln“: Speicher sparen (vorher: nicht gesetzt)'],
  [{ memory: { reserve_gb: 1.5 } }, '“Memory kept free”: 1.5 GB (before: 0 GB)', '„Speicher, der frei bleibt“: 1,5 GB (vorher: 0 GB)'],
  [{ models: { unload_foreign: 'yes' } }, '“Models that other programs loaded”: Unload (before: Ask)', '„Modelle, die andere Programme geladen haben“: Entladen (vorher: Fragen)'],
  [{ models: { overrides: { 'llama3.2': { ram_gb: 5 } } } }, 'what llama3.2 has for itself', 'eigene Einstellungen von llama3.2'],
])('names the setting and its values as the settings page does: %j', async (after, english, german) => {
  expect(settingChange(noted(after).parts)).toEqual({ words: `Setting changed: ${english}.`, whole: true });
  await changeLanguage('de', []);
  expect(settingChange(noted(after).parts)).toEqual({ words: `Geänderte Einstellung: ${german}.`, whole: true });
});

it('tells several, and how many it leaves out', () => {
  expect(settingChange(noted({ memory: { reserve_gb: 1, yield: false }, gateway: { port: 1 }, ui: { theme: 'dark' } }).parts).words).toBe(
    'Settings changed: “Memory kept free”: 1 GB (before: 0 GB); “Give memory back to other programs”: off (before: on); “Port”: 1 (before: 11500); and 1 more.',
  );
});

it('leaves a setting that the page does not know to the engine, and shows what was cut off as it is', () => {
  const change = { before: null, after: '3' };
  expect(settingChange({ what: 'settings', changes: [{ path: ['models', 'invented'], ...change }], more: 0 })).toEqual({ words: 'Setting changed: models.invented.', whole: false });
  expect(settingChange({ what: 'settings', changes: [{ path: ['models', 'directories'], before: '[]', after: '["/home/me/mod…' }], more: 0 }).words).toBe(
    'Setting changed: “Folders of GGUF files”: ["/home/me/mod… (before: none).',
  );
});

it('stands in the activity list in place of the key', () => {
  const entry = activityFixture(1, { kind: 'setting', name: null, by: null, ...noted({ models: { max_concurrent_loaded: 3 } }) });
  expect(entrySentence(entry, null)).toEqual({ words: 'Setting changed: “Models in memory at a time”: 3 (before: 2).', own: false, detail: null });
});
