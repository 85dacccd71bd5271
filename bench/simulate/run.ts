import { lowerBound } from './bound.ts';
import { optimum } from './optimum.ts';
import { replay, type LogEntry, type Replayed } from './replay.ts';
import { rules } from './rules.ts';
import { GB, type Catalog, type Request } from './trace.ts';
import type { SimulateOptions } from './arguments.ts';

const DAY_MS = 86_400_000;

/** One replay: a catalogue with its budget, and all users or one. */
export interface Cell {
  catalog: string;
  budgetGb: number;
  user: string;
  requests: number;
  models: number;
  results: readonly (Replayed & { policy: string; toLru: number | null; toOptimum: number | null; toBound: number | null })[];
  /** Exact. Null: not asked for, or too many models. */
  optimumSeconds: number | null;
  /** What no policy can be below, where the optimum was asked for and is not known. Null elsewhere. */
  boundSeconds: number | null;
}

export interface Named {
  name: string;
  budgetGb: number;
  catalog: Catalog;
}

export interface LoggedEntry extends LogEntry {
  policy: string;
  catalog: string;
  user: string;
}

export interface RunDeps {
  /** Something was left out, and why. Told once each. */
  skipped(text: string): void;
  log?: (entry: LoggedEntry) => void;
}

/** The requests of the chosen days, at least one of each; times begin with the first day. */
export function chosenDays(requests: readonly Request[], { fromDay, toDay }: Pick<SimulateOptions, 'fromDay' | 'toDay'>): Request[] {
  return requests.filter(({ at }) => at >= (fromDay - 1) * DAY_MS && at < toDay * DAY_MS);
}

/** Who is replayed: everybody's requests together, or one user's after the other. */
export function groups(requests: readonly Request[], { user, maxModels, minModels, minRequests }: Pick<SimulateOptions, 'user' | 'maxModels' | 'minModels' | 'minRequests'>): Map<string, Request[]> {
  if (user === 'all') return new Map([['all', [...requests]]]);
  const byUser = new Map<string, Request[]>();
  for (const request of requests) {
    if (user !== 'each' && request.user !== user) continue;
    const own = byUser.get(request.user);
    if (own) own.push(request);
    else byUser.set(request.user, [request]);
  }
  if (user !== 'each') return byUser;
  return new Map(
    [...byUser].filter(([, own]) => {
      const models = new Set(own.map(({ model }) => model)).size;
      return models <= maxModels && models >= minModels && own.length >= minRequests;
    }),
  );
}

export function runCell({ name, budgetGb, catalog }: Named, user: string, all: readonly Request[], options: Pick<SimulateOptions, 'policies' | 'limit' | 'optimum'>, { skipped, log }: RunDeps): Cell {
  const budgetBytes = Math.round(budgetGb * GB);
  const left = new Map<string, string>();
  for (const { model } of all) {
    const cost = catalog.get(model);
    if (!cost) left.set(model, `${model} is not in ${name}: its requests are skipped.`);
    else if (cost.bytes > budgetBytes) left.set(model, `${model} (${cost.bytes / GB} GB) is bigger than the budget of ${budgetGb} GB in ${name}: its requests are skipped.`);
  }
  for (const text of left.values()) skipped(text);
  const requests = left.size === 0 ? all : all.filter(({ model }) => !left.has(model));
  const settings = { catalog, budgetBytes, places: options.limit };
  const run = (policy: string): Replayed =>
    replay(requests, rules[policy]!.make(catalog), { ...settings, ...(log ? { log: (entry: LogEntry) => log({ policy, catalog: name, user, ...entry }) } : {}) });
  const replayed = options.policies.map((policy) => ({ policy, ...run(policy) }));
  const lru = replayed.find(({ policy }) => policy === 'lru') ?? replay(requests, rules['lru']!.make(catalog), settings);
  const best = options.optimum ? optimum(requests, settings) : null;
  const bound = options.optimum && best === null ? lowerBound(requests, settings) : null;
  const ratio = (seconds: number, to: number | null): number | null => (to === null ? null : to === 0 ? (seconds === 0 ? 1 : null) : seconds / to);
  return {
    catalog: name,
    budgetGb,
    user,
    requests: requests.length,
    models: new Set(requests.map(({ model }) => model)).size,
    results: replayed.map((result) => ({ ...result, toLru: ratio(result.loadSeconds, lru.loadSeconds), toOptimum: ratio(result.loadSeconds, best), toBound: ratio(result.loadSeconds, bound) })),
    optimumSeconds: best,
    boundSeconds: bound,
  };
}
