import type { Footprint } from '../../../contract/index.ts';
import type { ObservedModel } from '../provider.ts';
import type { ApiResult, OllamaApi } from './api.ts';
import type { OllamaCatalog } from './catalog.ts';
import { noSkew, observeClock } from './clock-skew.ts';
import { idleSince, isEndless, observeUse } from './last-use.ts';
import type { OwnAct, RunnerUse } from './last-use.ts';
import type { RunnerWatch } from './runner-watch.ts';
import type { Runner } from './runners.ts';
import { askSlots } from './slots.ts';
import { pause } from '../wait.ts';
import type { RunningModel } from './wire.ts';

/** One entry of `/api/ps` with all that is known about it. */
export interface Present {
  weights: string;
  running: RunningModel;
  use: RunnerUse;
  runner: Runner | null;
  observed: ObservedModel;
  /** On this computer's clock, ms; null: unreadable. */
  expiresAt: number | null;
  /** How far `expiresAt` can be wrong. */
  slackMs: number;
  /** Its process has ended, although Ollama still lists it. */
  ghost: boolean;
}

export interface Presence {
  /** Asks Ollama what is in memory. */
  look(signal?: AbortSignal): Promise<ApiResult<Present[]>>;
  /** A load or touch of Airdock's own begins, which is no use. Until it is settled or dropped every change of the expiry is put down to it. */
  beginOwnAct(weights: string, keepAliveMs: number): OwnActInProgress;
  /** While set, an expiry in the past is Airdock's own doing. */
  setUnloading(weights: string, unloading: boolean): void;
  isUnloading(weights: string): boolean;
  /** The last that was seen of it, without asking. */
  last(weights: string): Present | null;
  forgetAll(): void;
}

export interface OwnActInProgress {
  /** Ollama has answered: waits until the expiry that it led to stands still, and tells what is there. */
  settle(): Promise<ApiResult<Present | undefined>>;
  /** It did not take place. */
  drop(): void;
}

const keptActs = 4;
/** Ollama answers first and sets the expiry then: within a millisecond, on a busy machine later. */
const settleMs = 500;

export function createPresence(deps: {
  api: OllamaApi;
  catalog: OllamaCatalog;
  watch: RunnerWatch;
  providerId: string;
  now: () => number;
  /** The GPU whose memory `size_vram` is booked to; null: VRAM is RAM, or no GPU is known. */
  vramDevice: () => string | null;
}): Presence {
  const { api, catalog, watch } = deps;
  const uses = new Map<string, { use: RunnerUse; contextLength: number | null }>();
  const acts = new Map<string, OwnAct[]>();
  const unloading = new Set<string>();
  let present = new Map<string, Present>();
  let skew = noSkew;
  let lastLookAt: number | null = null;
  let actCount = 0;

  function footprintOf(running: RunningModel): Footprint {
    const device = deps.vramDevice();
    // Where no log line could be read Ollama says "all on the GPU"; without a GPU that is plainly RAM.
    if (device === null) return { ram: running.size, vram: {} };
    const vram = Math.min(running.size_vram, running.size);
    return { ram: running.size - vram, vram: vram > 0 ? { [device]: vram } : {} };
  }

  function useOf(weights: string, running: RunningModel, processing: boolean | null, answer: { sentAt: number; receivedAt: number }): RunnerUse {
    const before = uses.get(weights);
    const contextLength = running.context_length ?? null;
    // Another context size is another runner, with a keep-alive of its own.
    const previous = before !== undefined && before.contextLength === contextLength ? before.use : null;
    const look = {
      expiresAt: Date.parse(running.expires_at ?? ''),
      askedAt: answer.sentAt + skew.skewMs,
      seenAt: answer.receivedAt + skew.skewMs,
      absentAt: before === undefined && lastLookAt !== null ? lastLookAt + skew.skewMs : null,
      slackMs: skew.uncertaintyMs,
      unloading: unloading.has(weights),
      processing,
    };
    if (previous !== null && look.askedAt < previous.askedAt) return previous;
    if (Number.isNaN(look.expiresAt)) {
      return { ...look, keepAliveMs: null, lastUsed: processing ? look.seenAt : (previous?.lastUsed ?? null), busy: processing, spentAct: null };
    }
    const shifted = (acts.get(weights) ?? []).map((act) => ({ ...act, from: act.from + skew.skewMs, to: act.to + skew.skewMs }));
    return observeUse(previous, look, shifted);
  }

  function toPresent(running: RunningModel, weights: string, runner: Runner | null, use: RunnerUse): Present {
    const named = catalog.byName(running.name);
    const installed = named !== null && named.weights === weights;
    const expiresAt = Number.isNaN(use.expiresAt) ? null : use.expiresAt - skew.skewMs;
    const vram = running.size_vram;
    const observed: ObservedModel = {
      weights,
      id: installed ? `${deps.providerId}/${running.name}` : null,
      name: running.name,
      reported: footprintOf(running),
      contextLength: running.context_length ?? null,
      device: vram === 0 ? 'cpu' : vram === running.size ? 'gpu' : vram < running.size ? 'split' : 'unknown',
      pid: runner?.pid ?? null,
      canEnd: runner?.own ?? false,
      expiresAt: expiresAt === null || isEndless(use.expiresAt, use.seenAt) ? null : expiresAt,
      lastUsed: use.lastUsed === null ? null : Math.round(use.lastUsed - skew.skewMs),
      busy: use.busy,
    };
    return { weights, running, use, runner, observed, expiresAt, slackMs: skew.uncertaintyMs, ghost: runner === null && watch.hasDied(weights) };
  }

  async function look(signal?: AbortSignal): Promise<ApiResult<Present[]>> {
    const answer = await api.ps(signal);
    if (!answer.ok) return answer;
    skew = observeClock(skew, answer);
    const entries = answer.value.map((running) => {
      const weights = catalog.weightsOf(running.digest);
      const before = present.get(weights);
      // A moved expiry after a death means that another process has taken over.
      const rescan = before?.ghost === true && before.running.expires_at !== running.expires_at;
      return { running, weights, runner: watch.runnerOf(weights, catalog.factsOf(weights)?.blobPath ?? null, { rescan }) };
    });
    const processing = await Promise.all(entries.map(({ runner }) => (runner?.slotsPort ? askSlots(runner.slotsPort) : null)));
    const next = new Map<string, Present>();
    entries.forEach(({ running, weights, runner }, index) => {
      const use = useOf(weights, running, processing[index] ?? null, answer);
      uses.set(weights, { use, contextLength: running.context_length ?? null });
      next.set(weights, toPresent(running, weights, runner, use));
    });
    // Two looks can overlap; the one that was asked first must not undo what the other saw.
    if (lastLookAt === null || answer.sentAt >= lastLookAt) {
      for (const weights of uses.keys()) {
        if (next.has(weights)) continue;
        uses.delete(weights);
        acts.set(weights, (acts.get(weights) ?? []).filter((act) => act.to === Infinity));
        watch.forget(weights);
      }
      lastLookAt = answer.sentAt;
      present = next;
    }
    return { ...answer, value: [...next.values()] };
  }

  return {
    look,
    beginOwnAct(weights, keepAliveMs) {
      const id = ++actCount;
      const from = deps.now();
      const expiryBefore = present.get(weights)?.running.expires_at;
      let current: OwnAct = { id, from, to: Infinity, keepAliveMs };
      acts.set(weights, [...(acts.get(weights) ?? []), current].slice(-keptActs));
      const close = (to: number | null) => {
        const others = (acts.get(weights) ?? []).filter((one) => one !== current);
        current = { id, from, to: to ?? from, keepAliveMs };
        acts.set(weights, to === null ? others : [...others, current]);
      };
      return {
        drop: () => close(null),
        async settle() {
          const answeredAt = deps.now();
          for (let wait = 5; ; wait *= 2) {
            const answer = await look();
            if (!answer.ok) {
              close(answeredAt + settleMs);
              return answer;
            }
            const there = answer.value.find((one) => one.weights === weights);
            const idle = there === undefined ? NaN : idleSince(there.use.expiresAt, keepAliveMs);
            const moves = there !== undefined && idle >= there.use.askedAt - 2 - there.slackMs;
            const isFinal = there !== undefined && there.running.expires_at !== expiryBefore && !moves;
            if (there === undefined || isFinal || deps.now() - answeredAt > settleMs) {
              close(isFinal ? Math.min(idle - skew.skewMs, answeredAt + settleMs) : answeredAt);
              return { ...answer, value: there };
            }
            await pause(wait);
          }
        },
      };
    },
    setUnloading(weights, on) {
      if (on) unloading.add(weights);
      else unloading.delete(weights);
    },
    isUnloading: (weights) => unloading.has(weights),
    last: (weights) => present.get(weights) ?? null,
    forgetAll() {
      for (const weights of uses.keys()) watch.forget(weights);
      uses.clear();
      acts.clear();
      present.clear();
      skew = noSkew;
      lastLookAt = null;
    },
  };
}
