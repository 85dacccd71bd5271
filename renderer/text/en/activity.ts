import type { Activity } from '../../../contract/index.ts';
import { count } from './words.ts';

export const activity = {
  activity: {
    title: 'Activity',
    empty: 'Nothing has happened yet.',
    emptyHint: 'Whatever Airdock or another program loads and unloads is written down here.',
    older: 'Show older',
    end: 'That is all there is.',
    noneSoFar: (entries: number) => `Nothing matches in the latest ${count(entries)} entries.`,
    clear: 'Clear filter',
    search: 'Search activity',
    searchHint: 'Search',
    groupsLabel: 'Kind of entry',
    groups: { loads: 'Loads', unloads: 'Unloads', trouble: 'Refusals and failures', settings: 'Settings', other: 'Other' },
    kinds: {
      loaded: 'Loaded',
      unloaded: 'Unloaded',
      refused: 'Refused',
      failed: 'Failed',
      appeared: 'Loaded by another program',
      disappeared: 'Left memory',
      crashed: 'Crashed',
      provider: 'Source of models',
      memory: 'Memory',
      setting: 'Setting',
      notice: 'Note',
    },
    model: 'Model',
    /** Who was behind an entry: where people click and type, and programs that do not say who they are. */
    people: { dashboard: 'you', tray: 'you, in the tray', 'command line': 'you, on the command line', 'config file': 'you, in the config file' } as Readonly<Record<string, string>>,
    nameless: { script: 'a script', 'a program': 'a program', 'a web page': 'a web page' } as Readonly<Record<string, string>>,
    automatic: 'automatic',
    who: 'By',
    anybody: 'anybody',
    allModels: 'All models',
    fresh: (entries: number) => (entries === 1 ? 'Show 1 new entry' : `Show ${count(entries)} new entries`),
    today: 'Today',
    yesterday: 'Yesterday',
    /**
     * An entry in the words of the screen; null: only the engine's own, English words will do. `newcomer` is the name of the
     * model that took its room. `whole` false: the engine's words say more.
     */
    sentence: (entry: Activity, _newcomer: string | null): { words: string; whole: boolean } | null => ({ words: entry.text, whole: true }),
    settings: {
      changed: (what: string, settings: number) => `${settings === 1 ? 'Setting' : 'Settings'} changed: ${what}.`,
      one: (name: string, now: string, before: string) => `“${name}”: ${now} (before: ${before})`,
      ofModel: (model: string) => `what ${model} has for itself`,
      more: (settings: number) => `and ${settings} more`,
    },
    justNow: 'just now',
    showModel: (name: string) => `Show ${name} in Models`,
    load: 'Load again',
    loadNamed: (name: string) => `Load again: ${name}`,
    keep: 'Keep',
    keepNamed: (name: string) => `Keep ${name} in memory`,
    keepWhileRoom: 'Keep it while there is room',
    keepWhileRoomNamed: (name: string) => `Keep it while there is room: ${name}`,
    copy: 'Copy',
    copyNamed: (sentence: string) => `Copy: ${sentence}`,
    copyAll: 'Copy all shown',
    copied: 'Copied',
    copyRefused: 'Copying is not allowed here. Select the text and copy it yourself:',
    copyText: 'Text to copy',
    gone: 'That entry is no longer kept.',
  },
};
