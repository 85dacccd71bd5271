import type { LiveState, MemoryView } from '../../contract/index.ts';

/* The shapes in which the engine's own sentences come to the screen. English shows them as they are; another language builds its own from the same facts. */

export type OverBudget = NonNullable<MemoryView['overBudget']>;
export type Advice = LiveState['advice'][number];

export interface ProblemWords {
  message: string;
  hint: string | null;
  /** The engine's own words, in English, where the message is a translation that says less. */
  detail: string | null;
}

export interface AdviceWords {
  text: string;
  /** On its button. */
  label: string;
}

export interface HistorySummary {
  least: string;
  leastAt: string;
  from: string;
  to: string;
  events: number;
}
