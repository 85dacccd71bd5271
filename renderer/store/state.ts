import type { Activity, Config, DashboardPage, InstalledModel, Language, LiveState, MemorySample, OperationOutput, Plan, Problem, ShowTarget } from '../../contract/index.ts';
import type { Rows } from './rows.ts';
import { noVisits, type Visits } from './visits.ts';

/** signed-out: the engine answers, but not to this page · gone: it does not answer */
export type Connection = 'connecting' | 'live' | 'gone' | 'signed-out';

/** What became of a click on Load, until it is done or put aside. */
export type LoadRequest =
  | { phase: 'planning' | 'loading' }
  | { phase: 'preview'; plan: Plan; /** Asked for instead of the model's own. */ contextLength?: number }
  | { phase: 'refused'; problem: Problem; plan: Plan | null };

export type SettingsView = OperationOutput<'configGet'>;

/** What the page shows. Everything that is true comes from the engine's events; the rest is what this person is doing right now. */
export interface DashboardState {
  connection: Connection;
  /** When the last event came, ms since the epoch by this browser's clock. */
  heardAt: number | null;
  /** The engine's clock minus the browser's, ms: countdowns are right on another device too. */
  clockOffset: number;
  live: LiveState | null;
  /** The models in memory by id. */
  rows: Rows;
  /** Who is answered, and who waits. */
  visits: Visits;
  /** Memory of the last 15 minutes, oldest first. */
  history: readonly MemorySample[];
  models: readonly InstalledModel[];
  /** Newest first. */
  activity: readonly Activity[];
  older: 'unknown' | 'loading' | 'end';
  theme: Config['ui']['theme'];
  /** The settings in force, and what is to be said about their file. */
  settings: SettingsView | null;
  /** The language of the screen. Everything is drawn anew when it changes. */
  language: Language;
  page: DashboardPage;
  /** What is still to be brought into sight on that page; null: nothing. */
  target: ShowTarget | null;
  /** Ids of the models in memory in the order of their rows. */
  order: readonly string[];
  colours: Readonly<Record<string, number>>;
  /** Load requests of this page by model id. */
  requests: Readonly<Record<string, LoadRequest>>;
  /** The model whose load was asked for beside files: its answer is shown there, and not in the list. */
  loadForFiles: string | null;
  /** Files that were dropped, pasted or chosen, until their answer is put aside. */
  files: readonly File[] | null;
  /** Actions on their way to the engine, by key. */
  pending: Readonly<Record<string, true>>;
  /** Their refusals, by the same key, until dismissed or tried again. */
  refusals: Readonly<Record<string, Problem>>;
  /** Said by screen readers when it changes. */
  announcement: string;
}

export const initialState: DashboardState = {
  connection: 'connecting',
  heardAt: null,
  clockOffset: 0,
  live: null,
  rows: {},
  visits: noVisits,
  history: [],
  models: [],
  activity: [],
  older: 'unknown',
  theme: 'system',
  settings: null,
  language: 'en',
  page: 'memory',
  target: null,
  order: [],
  colours: {},
  requests: {},
  loadForFiles: null,
  files: null,
  pending: {},
  refusals: {},
  announcement: '',
};
