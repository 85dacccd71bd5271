import type { Activity, InstalledModel, LiveState, ServerEvent, Snapshot } from '../../../contract/index.ts';
import type { Airdock } from '../../airdock.ts';

export interface FeedDeps {
  picture: Pick<Airdock['picture'], 'subscribe' | 'watch'>;
  snapshot(): Promise<Snapshot>;
  push(event: ServerEvent): void;
}

export interface Feed {
  /** Settles when the snapshot has been pushed, or the feed was stopped before that; rejects where there could be none, and the changes come all the same. */
  readonly begun: Promise<void>;
  stop(): void;
}

/** A snapshot, then every change, until it is stopped. What changes while the snapshot is made comes after it. */
export function startFeed({ picture, snapshot, push }: FeedDeps): Feed {
  let waiting: { state?: LiveState; models?: InstalledModel[]; activity: Activity[] } | null = { activity: [] };
  let stopped = false;

  const unwatch = picture.watch();
  const unsubscribe = picture.subscribe({
    state(state) {
      if (waiting) waiting.state = state;
      else push({ type: 'state', state });
    },
    models(models) {
      if (waiting) waiting.models = models;
      else push({ type: 'models', models });
    },
    activity(entries) {
      if (waiting) waiting.activity.push(...entries);
      else push({ type: 'activity', entries });
    },
  });

  function release(seen: ReadonlySet<number>): void {
    const { state, models, activity } = waiting ?? { activity: [] };
    waiting = null;
    if (models) push({ type: 'models', models });
    if (state) push({ type: 'state', state });
    const entries = activity.filter((entry) => !seen.has(entry.id));
    if (entries.length > 0) push({ type: 'activity', entries });
  }

  async function begin(): Promise<void> {
    let seen = new Set<number>();
    try {
      const first = await snapshot();
      if (stopped) return;
      push({ type: 'snapshot', snapshot: first });
      seen = new Set(first.activity.map((entry) => entry.id));
    } finally {
      if (!stopped) release(seen);
    }
  }

  return {
    begun: begin(),
    stop() {
      if (stopped) return;
      stopped = true;
      waiting = null;
      unsubscribe();
      unwatch();
    },
  };
}
