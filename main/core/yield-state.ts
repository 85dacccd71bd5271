import type { ActivityParts } from '../../contract/index.ts';
import type { WeightsKey } from './types.ts';

/** Which sign of other programs' need is on, and its figure: bytes that are left, or per cent of the time that programs wait for memory. */
export type Shortage = Pick<Extract<ActivityParts, { what: 'yield' }>, 'sign' | 'figure'> & { device?: string };

/** A model that was given up for other programs, and may come back. */
export interface GivenUp {
  key: WeightsKey;
  modelId: string;
  sinceAwake: number;
  /** Credited time of its last use: what would have gone for being idle by now does not come back. */
  usedAwake: number;
}

/** What giving memory back to other programs has to remember. */
export interface Yielding {
  /** The reading that was looked at last. */
  readAt: number | null;
  /** The least that other programs have held since the last own load: what they hold beyond that has come since. RAM, and of each graphics device. Null: not known. */
  least: { ram: number; vram: Readonly<Record<string, number>> } | null;
  /** What is short, since when; null: nothing is. */
  short: (Shortage & { sinceAwake: number }) | null;
  /** Credited time when the last model was asked to go for it. */
  lastAwake: number;
  /** Credited time since when nothing is short. */
  calmAwake: number;
  /** Least valuable first, as they went. */
  givenUp: readonly GivenUp[];
  /** Credited time when one last came back by itself. */
  cameBackAwake: number;
  /** One that is being loaded again. */
  coming: WeightsKey | null;
}

export const noYielding: Yielding = { readAt: null, least: null, short: null, lastAwake: -Infinity, calmAwake: 0, givenUp: [], cameBackAwake: -Infinity, coming: null };
