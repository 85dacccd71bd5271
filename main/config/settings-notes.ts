import type { Activity, Config } from '../../contract/index.ts';
import { describeChange } from './changed-settings.ts';

export interface SettingsNotesOptions {
  settings: () => Config;
  /** Who is changing them right now. */
  author: () => string;
  now: () => number;
  note: (entry: Omit<Activity, 'id'>) => void;
}

/**
 * Writes what has changed since the last call into the activity list, by which every page learns that it should read the settings again. A
 * model that is kept, or not any more, has an entry of its own (the operation `pin`).
 */
export function createSettingsNotes({ settings, author, now, note }: SettingsNotesOptions): () => void {
  let before = settings();
  return () => {
    const after = settings();
    const change = describeChange({ ...before, models: { ...before.models, pinned: after.models.pinned } }, after);
    before = after;
    if (change === null) return;
    note({ at: now(), kind: 'setting', reason: 'other', model: null, name: null, provider: null, forModel: null, by: author(), code: null, ram: null, tookMs: null, ...change });
  };
}
