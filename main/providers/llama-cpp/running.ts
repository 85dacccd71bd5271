import type { Footprint } from '../../../contract/index.ts';
import type { ObservedModel } from '../provider.ts';
import type { ModelProcess } from './model-process.ts';
import { createSerial } from './serial.ts';
import type { Serial } from './serial.ts';

/** A model with a process of its own. */
export interface RunningModel {
  readonly id: string;
  readonly name: string;
  readonly weights: string;
  readonly process: ModelProcess;
  /** Generations take turns: a context holds one sequence. */
  readonly turns: Serial;
  /** Null while it is loading. */
  ready: { footprint: Footprint; contextLength: number | null; device: ObservedModel['device'] } | null;
  /** Generations under way or waiting. */
  uses: number;
  /** End of the last generation, ms since the epoch. */
  lastUsed: number | null;
}

export function createRunning(id: string, name: string, weights: string, process: ModelProcess): RunningModel {
  return { id, name, weights, process, turns: createSerial(), ready: null, uses: 0, lastUsed: null };
}

/** What a poll shows of it; null while it is not in memory as a whole. */
export function observe({ id, name, weights, process, ready, uses, lastUsed }: RunningModel): ObservedModel | null {
  if (ready === null || process.hasEnded()) return null;
  return {
    weights,
    id,
    name,
    reported: ready.footprint,
    contextLength: ready.contextLength,
    device: ready.device,
    pid: process.pid,
    canEnd: true,
    expiresAt: null,
    lastUsed,
    busy: uses > 0,
  };
}
