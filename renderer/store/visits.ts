import type { InstalledModel, LiveState, RequestView } from '../../contract/index.ts';
import { share } from './share.ts';

/**
 * One program's use of one model through the gateway, or its wait for it. Requests that follow each other closely are one visit:
 * an editor that asks ten times a second is told as one program that is answered, not as ten that come and go.
 */
export interface Visit {
  /** The model's row where it is in memory, else the installed model. */
  readonly model: string;
  readonly name: string;
  readonly client: string;
  readonly requests: number;
  /** When it began, by the engine's clock, ms since the epoch. */
  readonly since: number;
  /** When the engine first told of no such request; null: it goes on. */
  readonly goneAt: number | null;
}

export interface Visits {
  /** By the model's row. */
  readonly answering: Readonly<Record<string, readonly Visit[]>>;
  /** In the order in which they began. */
  readonly waiting: readonly Visit[];
}

export const noVisits: Visits = { answering: {}, waiting: [] };

/** What is over sooner is not worth a place on the screen. */
const worthTellingMs = 1_000;
/** Between two requests of one visit there is less than this. It is also how long an ended one stays on the screen. */
export const pauseMs = 1_500;

const keyOf = ({ model, client }: { model: string; client: string }): string => `${model}\n${client}`;

function follow(before: readonly Visit[], told: readonly Visit[], at: number): Visit[] {
  const now = new Map<string, Visit>();
  for (const one of told) {
    const known = now.get(keyOf(one));
    now.set(keyOf(one), known === undefined ? one : { ...known, requests: known.requests + 1, since: Math.min(known.since, one.since) });
  }
  const kept = before.flatMap((visit): Visit[] => {
    const still = now.get(keyOf(visit));
    const goneMs = at - (visit.goneAt ?? at);
    if (goneMs >= pauseMs) return [];
    if (still === undefined) return [{ ...visit, goneAt: visit.goneAt ?? at }];
    now.delete(keyOf(visit));
    return [{ ...still, since: Math.min(visit.since, still.since) }];
  });
  return [...kept, ...now.values()];
}

/** What has become of the visits with what the engine tells now. What is told once more stays the same object. */
export function updateVisits(before: Visits, live: LiveState, models: readonly InstalledModel[]): Visits {
  if (live.requests.length === 0 && before.waiting.length === 0 && Object.keys(before.answering).length === 0) return before;

  // Names of the same weights share a row.
  const rows = new Map<string, string>();
  const rowOf = (id: string): string => {
    let row = rows.get(id);
    if (row === undefined) {
      const weights = models.find((model) => model.id === id)?.weights;
      row = live.loaded.find((model) => model.id === id || model.weights === weights)?.id ?? id;
      rows.set(id, row);
    }
    return row;
  };
  const visitOf = ({ model, name, client, since, answeringSince }: RequestView): Visit => ({ model: rowOf(model), name, client, requests: 1, since: answeringSince ?? since, goneAt: null });

  const [answered, waiting] = (['answering', 'waiting'] as const).map((state) => live.requests.filter((request) => request.state === state).map(visitOf)) as [Visit[], Visit[]];
  const answering: Record<string, Visit[]> = {};
  for (const visit of follow(Object.values(before.answering).flat(), answered, live.at)) (answering[visit.model] ??= []).push(visit);
  return share(before, { answering, waiting: follow(before.waiting, waiting, live.at) });
}

/** How long it has lasted, or had when it ended, ms. */
export function lastedMs({ since, goneAt }: Visit, now: number): number {
  return Math.max(0, (goneAt ?? now) - since);
}

/** Whether it has lasted long enough to be told, and is not over for too long. */
export function isWorthTelling(visit: Visit, now: number): boolean {
  return lastedMs(visit, now) >= worthTellingMs && (visit.goneAt === null || now - visit.goneAt < pauseMs);
}
