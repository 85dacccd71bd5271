import type { Activity, Footprint, FootprintSource, Plan, Problem } from '../../contract/index.ts';
import type { Remembered } from './remembered.ts';
import type { Catalog, CoreConfig, HostMemory, Mode, Origin, ProviderState, Slot, WeightsKey } from './types.ts';

/** What the core is told. */
export type CoreEvent = { at: number } & (
  | { type: 'tick' }
  /** `by`: who changed the settings; absent: nobody did, the models did. */
  | { type: 'config'; config: CoreConfig; by?: string }
  | { type: 'catalog'; catalog: Catalog }
  | { type: 'memory'; memory: HostMemory }
  | { type: 'provider'; provider: Omit<ProviderState, 'sinceAwake' | 'startedAwake' | 'lost'> }
  /** Another server, or none, is behind it from now on: nothing that the former one has is Airdock's business any more. */
  | { type: 'provider-replaced'; provider: string }
  /** `asOf`: the core's credited time (`awake`) when the provider was asked. */
  | {
      type: 'observed';
      provider: string;
      asOf: number;
      loaded: readonly Observed[];
      /** With the first listing of this server: what an Airdock before this one had loaded into it. */
      remembered?: readonly Remembered[];
    }
  | {
      type: 'load-requested';
      waiter: string;
      modelId: string;
      force: boolean;
      mayUnload: readonly string[] | null;
      tryOnce: boolean;
      contextLength: number | null;
      origin: Origin;
      by: string;
      lease: { holder: string; ttlMs: number | null } | null;
      /** Waits in line for room that is in use at present, and takes a larger context than it asks for. */
      queued?: boolean;
      /** With `queued`: it needs the context that it asks for, and no other. */
      exact?: boolean;
    }
  | { type: 'waiter-left'; waiter: string }
  | { type: 'cancel-requested'; key: WeightsKey }
  | { type: 'load-progress'; key: WeightsKey; op: number; fraction: number | null; pid: number | null }
  | { type: 'load-ended'; key: WeightsKey; op: number; result: LoadResult }
  | { type: 'unload-requested'; waiter: string; key: WeightsKey; confirm: boolean; by: string; reason: Activity['reason'] }
  | { type: 'unload-ended'; key: WeightsKey; op: number; result: UnloadResult }
  | { type: 'rearm-failed'; key: WeightsKey }
  | { type: 'crashed'; key: WeightsKey; problem: Problem }
  | { type: 'lease-renewed'; lease: string }
  | { type: 'lease-released'; lease: string }
  | { type: 'mode'; mode: 'freeze' | 'pause' | 'hold'; value: Mode | null }
  | { type: 'lost-handled'; provider: string }
  /** Wall time passed while this computer slept: provider times from before are shifted by it. */
  | { type: 'resumed'; sleptMs: number }
);

export interface Observed {
  key: WeightsKey;
  modelId: string;
  name: string;
  footprint: Footprint;
  contextLength: number | null;
  device: Slot['device'];
  pid: number | null;
  canEnd: boolean;
  expiresAt: number | null;
  lastUsed: number | null;
  busy: boolean | null;
}

export type LoadResult =
  | { ok: true; footprint: Footprint; source: FootprintSource; pid: number | null; contextLength: number | null; device: Slot['device'] }
  | {
      ok: false;
      kind: 'oom' | 'cancelled' | 'failed' | 'timeout' | 'provider-down';
      problem: Problem;
      /** The provider's own queue hangs until something leaves its memory (ollama #17408). */
      deadlocked?: boolean | undefined;
    };

export type UnloadResult = { kind: 'gone' } | { kind: 'in-use'; lastUsed: number | null } | { kind: 'failed'; problem: Problem };

export type Answer =
  | { ok: true; key: WeightsKey; modelId: string; already: boolean; lease: string | null; unloaded: readonly { id: string; name: string }[]; tookMs: number }
  | { ok: false; problem: Problem; plan?: Plan };

/** What it wants done. */
export type Effect =
  /** Read the memory and feed a `memory` event at once. */
  | { type: 'measure' }
  | { type: 'load'; key: WeightsKey; op: number; modelId: string; provider: string; contextLength: number | null; keepAliveMs: number }
  | { type: 'cancel-load'; key: WeightsKey; op: number }
  | { type: 'unload'; key: WeightsKey; op: number; provider: string; ifUnusedSince: number | null }
  | { type: 'rearm'; key: WeightsKey; provider: string; keepAliveMs: number }
  | { type: 'answer-load'; waiter: string; answer: Answer }
  | { type: 'answer-unload'; waiter: string; answer: { ok: true; text: string } | { ok: false; problem: Problem } }
  /** A lease ended by itself: it was not renewed, or its model is gone. */
  | { type: 'lease-ended'; lease: string; why: 'not-renewed' | 'model-gone' }
  | { type: 'learn-correction'; modelId: string; contextLength: number | null; atLeast: Footprint }
  /** Ask for it as Airdock itself: what it was given up for is over, and it fits. */
  | { type: 'load-again'; modelId: string }
  | { type: 'activity'; entry: Omit<Activity, 'id'> };
