import { afterEach, expect, it } from 'vitest';
import { configSchema } from '../../contract/index.ts';
import { changeSentence } from '../../main/config/changed-settings.ts';
import { activityFixture } from '../../test/snapshot-fixture.ts';
import { changeLanguage } from '../text/text.ts';
import { entrySentence } from './entry-sentence.ts';
import { settingChange } from './setting-change.ts';

/** What the engine writes about a change of these settings. */
const written = (after: unknown, before: unknown = {}) => changeSentence(configSchema.parse(before), configSchema.parse(after)) ?? '';

afterEach(() => changeLanguage('en', []));

it.each([
  [{ models: { max_concurrent_loaded: 3 } }, '“Models in memory at a time” is 3, was 2', '„Modelle gleichzeitig im Speicher“ ist jetzt 3, vorher 2'],
  [{ models: { idle_timeout_seconds: 600 } }, '“Unload after” is 10 min, was 5 min', '„Entladen nach“ ist jetzt 10 Min., vorher 5 Min.'],
  [{ models: { preset: 'conservative' } }, '“How models take turns” is Save memory, was not set', '„Wie Modelle sich abwechseln“ ist jetzt Speicher sparen, vorher nicht gesetzt'],
  [{ memory: { reserve_gb: 1.5 } }, '“Memory kept free” is 1.5 GB, was 0 GB', '„Speicher, der frei bleibt“ ist jetzt 1,5 GB, vorher 0 GB'],
  [{ models: { unload_foreign: 'yes' } }, '“Models that other programs loaded” is Unload, was Ask', '„Modelle, die andere Programme geladen haben“ ist jetzt Entladen, vorher Fragen'],
  [{ models: { overrides: { 'llama3.2': { ram_gb: 5 } } } }, 'those of llama3.2 alone', 'die von llama3.2'],
])('names the setting and its values as the settings page does: %j', async (after, english, german) => {
  expect(settingChange(written(after))).toBe(`Settings changed: ${english}.`);
  await changeLanguage('de', []);
  expect(settingChange(written(after))).toBe(`Einstellungen geändert: ${german}.`);
});

it('tells several, and how many it leaves out', () => {
  expect(settingChange(written({ memory: { reserve_gb: 1, yield: false }, gateway: { port: 1 }, ui: { theme: 'dark' } }))).toBe(
    'Settings changed: “Memory kept free” is 1 GB, was 0 GB; “Give memory back to other programs” is off, was on; “Port” is 1, was 11500; and 1 more.',
  );
});

it('leaves other sentences, unknown settings and values that could be anything to the engine', () => {
  const odd = [written({ models: { directories: ['/a; models.preset is x, was y'] } }), 'A setting changed: models.invented is 3, was 2.', 'Models are frozen.'];
  expect(odd.map(settingChange)).toEqual([null, null, null]);
});

it('stands in the activity list in place of the key', () => {
  const entry = activityFixture(1, { kind: 'setting', name: null, by: null, text: written({ models: { max_concurrent_loaded: 3 } }) });
  expect(entrySentence(entry, null)).toEqual({ words: 'Settings changed: “Models in memory at a time” is 3, was 2.', own: false, detail: null });
});
