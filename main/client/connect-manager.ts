import {
  formatStatus,
  toProblem,
  type Activity,
  type LiveState,
  type ManagerEvents,
  type ModelManager,
  type OperationInput,
  type OperationName,
  type OperationOutput,
  type Outcome,
  type ServerEvent,
} from '../../contract/index.ts';
import { followEvents } from './follow-events.ts';
import { callOverHttp, type Connection } from './http-call.ts';
import { useModel } from './use-model.ts';

export type Call = <N extends OperationName>(operation: N, input: OperationInput<N>, options?: { signal?: AbortSignal | undefined }) => Promise<OperationOutput<N>>;

export interface ConnectedManager extends ModelManager {
  /** Any operation of the contract. Rejects with an `AirdockError` where the call itself failed (`not-running`, `unauthorized`, …). */
  call: Call;
}

export interface ConnectOptions extends Connection {
  /** Ms without renewal after which the other Airdock takes a model back that `use` holds. */
  leaseMs?: number;
}

/**
 * The ModelManager of an Airdock that runs in another process. Also a failed connection is a value (`not-running`), except
 * where the interface has no room for one: `getAvailableRam`, `getLoadedModels`, `getStatus`, `printStatus` and `use` reject
 * with an `AirdockError`.
 */
export function connectManager({ leaseMs = 30_000, ...connection }: ConnectOptions): ConnectedManager {
  const call: Call = (operation, input, options) => callOverHttp(connection, operation, input, options);
  const { by } = connection;
  const listeners = { state: new Set<(state: LiveState) => void>(), activity: new Set<(entry: Activity) => void>() };
  let unfollow: (() => void) | null = null;
  let lastActivity: number | null = null;

  async function attempt<T>(outcome: Promise<Outcome<T>>): Promise<Outcome<T>> {
    try {
      return await outcome;
    } catch (error) {
      return { ok: false, problem: toProblem(error) };
    }
  }

  function tellActivity(entries: readonly Activity[]): void {
    for (const entry of [...entries].sort((a, b) => a.id - b.id)) {
      if (lastActivity !== null && entry.id <= lastActivity) continue;
      lastActivity = entry.id;
      for (const listener of listeners.activity) listener(entry);
    }
  }

  function onEvent(event: ServerEvent): void {
    if (event.type === 'snapshot') {
      // The first snapshot tells what was before; later ones what a lost connection missed.
      if (lastActivity === null) lastActivity = Math.max(0, ...event.snapshot.activity.map((entry) => entry.id));
      else tellActivity(event.snapshot.activity);
    }
    if (event.type === 'activity') tellActivity(event.entries);
    const state = event.type === 'snapshot' ? event.snapshot.state : event.type === 'state' ? event.state : null;
    if (state) for (const listener of listeners.state) listener(state);
  }

  function stopFollowing(): void {
    unfollow?.();
    unfollow = null;
    lastActivity = null;
  }

  return {
    call,
    canLoadModel: (model, options = {}) => attempt(call('plan', { model, ...options })),
    loadModel: (model, { signal, ...options } = {}) => attempt(call('load', { model, by, ...options }, { signal })),
    unloadModel: (model, options = {}) => attempt(call('unload', { model, by, ...options })),
    unloadIdleModels: (options = {}) => attempt(call('unloadIdle', { by, ...options })),
    getAvailableRam: async () => Math.max(0, (await call('snapshot', {})).state.memory?.free ?? 0),
    getLoadedModels: async () => (await call('snapshot', {})).state.loaded,
    getStatus: () => call('snapshot', {}),
    async printStatus(write = (text) => void process.stdout.write(text)) {
      write(`${formatStatus(await call('snapshot', {}))}\n`);
    },
    use: (model, fn, options = {}) => useModel(call, { model, holder: by, leaseMs, ...options }, fn),
    on<E extends keyof ManagerEvents>(event: E, listener: ManagerEvents[E]) {
      const set = listeners[event] as Set<ManagerEvents[E]>;
      set.add(listener);
      unfollow ??= followEvents(connection, onEvent);
      return () => {
        set.delete(listener);
        if (listeners.state.size + listeners.activity.size === 0) stopFollowing();
      };
    },
    async close() {
      listeners.state.clear();
      listeners.activity.clear();
      stopFollowing();
    },
  };
}
