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
  [{ models: { max_concurrent_loaded: 3 } }, '“Models in memory at a time” is 3, was 2', '„Modelle gleichzeitig im Speicher“ ist 3, vorher 2'],
  [{ models: { idle_timeout_seconds: 600 } }, '“Unload after” is 10 min, was 5 min', '„Entladen nach“ ist 10 Min., vorher 5 Min.'],
  [{ models: { preset: 'conservative' } }, '“How models take turns” is Save memory, was not set', '„Wie Modelle sich abwechseln“ ist Speicher sparen, vorher nicht gesetzt'],
  [{ memory: { reserve_gb: 1.5 } }, '“Memory kept free” is 1.5 GB, was 0 GB', '„Speicher, der frei bleibt“ ist 1,5 GB, vorher 0 GB'],
  [{ models: { unload_foreign: 'yes' } }, '“Models that other programs loaded” is Unload, was Ask', '„Modelle, die andere Programme geladen haben“ ist Entladen, vorher Fragen'],
  [{ models: { overrides: { 'llama3.2': { ram_gb: 5 } } } }, 'what llama3.2 has for itself', 'eigene Einstellungen von llama3.2'],
])('names the setting and its values as the settings page does: %j', async (after, english, german) => {
  expect(settingChange(noted(after).parts)).toEqual({ words: `Setting changed: ${english}.`, whole: true });
  await changeLanguage('de', []);
  expect(settingChange(noted(after).parts)).toEqual({ words: `Geänderte Einstellung: ${german}.`, whole: true });
});

it('tells several, and how many it leaves out', () => {
  expect(settingChange(noted({ memory: { reserve_gb: 1, yield: false }, gateway: { port: 1 }, ui: { theme: 'dark' } }).parts).words).toBe(
    'Settings changed: “Memory kept free” is 1 GB, was 0 GB; “Give memory back to other programs” is off, was on; “Port” is 1, was 11500; and 1 more.',
  );
});

it('leaves a setting that the page does not know to the engine, and shows what was cut off as it is', () => {
  const change = { before: null, after: '3' };
  expect(settingChange({ what: 'settings', changes: [{ path: ['models', 'invented'], ...change }], more: 0 })).toEqual({ words: 'Setting changed: models.invented.', whole: false });
  expect(settingChange({ what: 'settings', changes: [{ path: ['models', 'directories'], before: '[]', after: '["/home/me/mod…' }], more: 0 }).words).toBe(
    'Setting changed: “Folders of GGUF files” is ["/home/me/mod…, was none.',
  );
});

it('stands in the activity list in place of the key', () => {
  const entry = activityFixture(1, { kind: 'setting', name: null, by: null, ...noted({ models: { max_concurrent_loaded: 3 } }) });
  expect(entrySentence(entry, null)).toEqual({ words: 'Setting changed: “Models in memory at a time” is 3, was 2.', own: false, detail: null });
});
