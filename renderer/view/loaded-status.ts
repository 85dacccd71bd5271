import { formatCountdown } from '../text/format.ts';
import type { LoadedModel } from '../../contract/index.ts';
import { isWorthTelling, lastedMs, type Visit } from '../store/visits.ts';
import { text } from '../text/text.ts';

/** What a row says about its model at this moment. */
export interface LoadedStatus {
  tone: 'calm' | 'active' | 'warn';
  words: string;
  /** Share of the idle time that is left, 0 to 1, where a countdown runs. */
  left: number | null;
}

/**
 * Programs that are answered stay named between requests that follow each other closely: the row would flicker between them. Who only
 * waits for a turn uses the model as well, for the engine; it is told where the waiting are told.
 */
function used(model: LoadedModel, { answering: visits, waiting }: UsedBy, now: number): string {
  const answered = visits.filter((visit) => visit.goneAt === null || isWorthTelling(visit, now));
  const clients = answered.map(({ client }) => client);
  const turns = new Set(waiting.filter((visit) => visit.model === model.id).map(({ client }) => client));
  const holders = [...new Set([...clients, ...model.uses.map((use) => use.holder).filter((holder) => !turns.has(holder))])];
  if (clients.length > 0 && holders.length === clients.length) {
    const ms = Math.max(...answered.map((visit) => lastedMs(visit, now)));
    return text.requests.answering(clients, ms < 1_000 ? null : ms);
  }
  if (!model.inUse && holders.length === 0) return '';
  if (holders.length === 0) return text.status.inUse;
  return holders.length > 2 ? text.status.inUseByMany(holders.length) : text.status.inUseBy(holders);
}

/** All of the file is read, but the model does not answer yet: 100 % would say that it does. */
export const isNearlyDone = (progress: number): boolean => progress >= 0.995;

function loading(model: LoadedModel, now: number): string {
  const first = model.progress === null ? text.status.loading : isNearlyDone(model.progress) ? text.status.loadingEnds : text.status.loadingPercent(model.progress);
  if (model.expectedLoadMs === null) return first;
  const left = model.expectedLoadMs - (now - model.since);
  return `${first}, ${left > 0 ? text.status.secondsLeft(left) : text.status.longer}`;
}

function idle(model: LoadedModel, provider: string, sinceReading: number, now: number): LoadedStatus {
  const idleMs = model.idleMs + sinceReading;
  // Direct use of Ollama is only seen in its expiry time, so "unused" would claim too much.
  const unused = model.lastUsedFrom === 'unknown' ? text.status.notSeen(idleMs) : text.status.unused(idleMs);
  if (model.pinned) return { tone: 'calm', words: `${unused}, ${text.status.kept}`, left: null };
  if (model.unloadsAt === null) return { tone: 'calm', words: `${unused}, ${text.status.stays}`, left: null };
  // Two clocks a few ms apart must not show more than there is to wait.
  const most = model.unloadsBy === 'airdock' ? (model.idleTimeoutMs ?? Infinity) : Infinity;
  const leftMs = Math.min(model.unloadsAt - now, most);
  if (leftMs <= 0) return { tone: 'calm', words: `${unused}, ${text.status.unloadsNow}`, left: 0 };
  const countdown = formatCountdown(leftMs);
  const ends = model.unloadsBy === 'provider' ? text.status.unloadsInByItself(countdown, provider) : text.status.unloadsIn(countdown);
  return { tone: 'calm', words: `${unused}, ${ends}`, left: leftMs / Math.max(1, model.idleTimeoutMs ?? idleMs + leftMs) };
}

/** Requests through the gateway: those that this model is answering, and all that wait. */
export interface UsedBy {
  answering: readonly Visit[];
  waiting: readonly Visit[];
}

const nobody: UsedBy = { answering: [], waiting: [] };

/** `provider` is the name of what runs it; `readAt` is when the model was read and `now` this moment, both by the engine's clock in ms since the epoch. */
export function loadedStatus(model: LoadedModel, provider: string, readAt: number, now: number, usedBy: UsedBy = nobody): LoadedStatus {
  switch (model.state) {
    case 'reserved':
      return { tone: 'active', words: text.status.reserved, left: null };
    case 'loading':
      return { tone: 'active', words: loading(model, now), left: null };
    case 'unloading':
      return { tone: 'active', words: text.status.unloading, left: null };
    case 'stuck':
      // It answers somebody to the end, which is no fault.
      if (model.inUse) return { tone: 'active', words: text.status.leavesAfter, left: null };
      return { tone: 'warn', words: text.status.stuck(now - model.since), left: null };
    case 'ready': {
      const use = used(model, usedBy, now);
      return use === '' ? idle(model, provider, Math.max(0, now - readAt), now) : { tone: 'active', words: use, left: null };
    }
  }
}
