import type { ServerResponse } from 'node:http';
import type { Activity, InstalledModel, LiveState, ServerEvent, Snapshot } from '../../contract/index.ts';

export interface ChangeListener {
  state(state: LiveState): void;
  models(models: InstalledModel[]): void;
  activity(entries: Activity[]): void;
}

/** Where changes come from. There is one subscription per open page or script, so their number tells whether anybody watches. */
export interface ChangeSource {
  subscribe(listener: ChangeListener): () => void;
}

export interface EventStreamOptions {
  snapshot: () => Promise<Snapshot>;
  changes: ChangeSource;
  heartbeatMs: number;
  /** A reader that takes nothing for so long is given up. */
  stalledMs: number;
}

/** Activity entries that wait for a slow reader; one that is further behind begins anew with a snapshot. */
const MAX_WAITING = 500;

/**
 * Sends a snapshot and then every change as server-sent events, until the reader goes or `close` is called. For a reader that
 * is slower than the changes only the latest state and models wait, never a queue of them.
 */
export function openEventStream(response: ServerResponse, { snapshot, changes, heartbeatMs, stalledMs }: EventStreamOptions): { close(): void } {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', connection: 'keep-alive' });
  response.flushHeaders();
  // `blocked` until the snapshot is out: changes that come meanwhile wait like those for a slow reader.
  let blocked = true;
  let waiting: { state?: LiveState; models?: InstalledModel[]; activity: Activity[] } = { activity: [] };
  let stalled: NodeJS.Timeout | undefined;

  const send = (event: ServerEvent): void => {
    blocked = !response.write(`data: ${JSON.stringify(event)}\n\n`);
    if (blocked) stalled ??= setTimeout(() => response.destroy(), stalledMs).unref();
  };
  const sendWaiting = (): void => {
    const { state, models, activity } = waiting;
    waiting = { activity: [] };
    if (models) send({ type: 'models', models });
    if (state) send({ type: 'state', state });
    if (activity.length > 0) send({ type: 'activity', entries: activity });
  };
  const unsubscribe = changes.subscribe({
    state(state) {
      if (blocked) waiting.state = state;
      else send({ type: 'state', state });
    },
    models(models) {
      if (blocked) waiting.models = models;
      else send({ type: 'models', models });
    },
    activity(entries) {
      if (!blocked) return send({ type: 'activity', entries });
      waiting.activity.push(...entries);
      if (waiting.activity.length > MAX_WAITING) response.destroy();
    },
  });
  const heartbeat = setInterval(() => {
    if (!blocked) blocked = !response.write(': alive\n\n');
  }, heartbeatMs);
  heartbeat.unref();
  response.on('drain', () => {
    clearTimeout(stalled);
    stalled = undefined;
    blocked = false;
    sendWaiting();
  });
  response.once('close', () => {
    unsubscribe();
    clearInterval(heartbeat);
    clearTimeout(stalled);
  });

  void snapshot().then(
    (first) => {
      if (response.destroyed) return;
      const seen = new Set(first.activity.map((entry) => entry.id));
      waiting.activity = waiting.activity.filter((entry) => !seen.has(entry.id));
      send({ type: 'snapshot', snapshot: first });
      if (!blocked) sendWaiting();
    },
    () => response.destroy(),
  );
  return { close: () => response.end() };
}
