import { expect, it } from 'vitest';
import { type Activity, configSchema } from '../../contract/index.ts';
import { createSettingsNotes } from './settings-notes.ts';

it('tells each change once, with who made it, and leaves kept models to the operation that keeps them', () => {
  let config = configSchema.parse({});
  const told: Omit<Activity, 'id'>[] = [];
  const tell = createSettingsNotes({ settings: () => config, author: () => 'dashboard', now: () => 7, note: (entry) => told.push(entry) });
  tell();
  config = configSchema.parse({ models: { max_concurrent_loaded: 3 } });
  tell();
  tell();
  config = configSchema.parse({ models: { max_concurrent_loaded: 3, pinned: ['llama3.2'] } });
  tell();
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ kind: 'setting', by: 'dashboard', at: 7, text: 'A setting changed: models.max_concurrent_loaded is 3, was 2.', parts: { what: 'settings', more: 0 } });
});
