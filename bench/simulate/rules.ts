import { createHash } from 'node:crypto';
import { noDemand, withUse } from '../../main/core/demand.ts';
import { defaultConfig } from '../../contract/index.ts';
import { policies } from '../../main/core/policy.ts';
import { forecast } from '../../main/core/predict.ts';
import { worthsOf } from '../../main/core/worth.ts';
import type { Catalog } from './trace.ts';

const { models } = defaultConfig;
/** `auto` would be for ever, as far as a replay goes. */
const SHIPPED_TIMEOUT_S = models.idle_timeout_seconds === 'auto' ? Infinity : models.idle_timeout_seconds;

/** A model in memory, as a replay keeps it. */
export interface Resident {
  model: string;
  bytes: number;
  reloadMs: number;
  /** Number of the request that used it last, and when that was. */
  lastUse: number;
  lastAt: number;
}

/** What a newcomer finds: `bytes` and `places` that are free, and what it needs of both. */
export interface Wanted {
  model: string;
  bytes: number;
  freeBytes: number;
  freePlaces: number;
  at: number;
}

/** A rule with what it remembers, for one replay. */
export interface Rule {
  used(model: string, at: number): void;
  /** Who goes. The replay checks that it is enough. */
  victims(resident: readonly Resident[], wanted: Wanted): readonly string[];
  /** Unused for this long, a model goes by itself. */
  timeoutMs?: number;
  /** No more models in memory at once than this, whatever the replay allows. */
  places?: number;
}

/** Airdock's own: the code that the core decides with. */
function airdock(name: keyof typeof policies): Rule {
  const policy = policies[name];
  let demand = noDemand;
  return {
    used(model, at) {
      if (policy.weighs) demand = withUse(demand, model, at);
    },
    victims(resident, { model, bytes, freeBytes, freePlaces, at }) {
      const uses = policy.weighs ? forecast(demand, at, model) : () => 0;
      const worths = policy.weighs ? worthsOf(resident.map((r) => ({ uses: uses(r.model), reloadMs: r.reloadMs, bytes: r.bytes }))) : resident.map(() => 0);
      const candidates = resident.map((r, i) => ({ key: r.model, footprint: { ram: r.bytes, vram: {} }, lastUsedAwake: r.lastUse, worth: worths[i]! }));
      return (policy.choose(candidates, { ram: freeBytes, vram: {}, slots: freePlaces }, { ram: bytes, vram: {} }) ?? []).map(({ key }) => key);
    },
  };
}

/** One after the other in an order, until the newcomer fits: what other programs do. */
function inOrder(compare: (a: Resident, b: Resident) => number, rest: Partial<Rule> & { went?(model: string): void } = {}): Rule {
  return {
    used: () => undefined,
    victims(resident, { bytes, freeBytes, freePlaces }) {
      const gone: string[] = [];
      let free = freeBytes;
      let places = freePlaces;
      for (const r of [...resident].sort(compare)) {
        if (free >= bytes && places >= 1) break;
        free += r.bytes;
        places += 1;
        gone.push(r.model);
        rest.went?.(r.model);
      }
      return gone;
    },
    ...rest,
  };
}

const oldest = (a: Resident, b: Resident): number => a.lastUse - b.lastUse;

/** Greedy-dual with frequency and size: clock + uses · cost / size, the clock being what the last victim had. Uses are kept of what has gone. */
function gdsf(catalog: Catalog, uses: boolean): Rule {
  let clock = 0;
  const count = new Map<string, number>();
  const priority = new Map<string, number>();
  return inOrder((a, b) => priority.get(a.model)! - priority.get(b.model)! || oldest(a, b), {
    used(model) {
      const cost = catalog.get(model);
      if (!cost) return;
      count.set(model, (count.get(model) ?? 0) + 1);
      priority.set(model, clock + ((uses ? count.get(model)! : 1) * cost.reloadMs) / cost.bytes);
    },
    went: (model) => void (clock = priority.get(model)!),
  });
}

/** Ollama orders by the path of a model's file, which is a digest: here that of its name. */
const digests = new Map<string, string>();
function digest(model: string): string {
  const found = digests.get(model) ?? createHash('sha256').update(model).digest('hex');
  digests.set(model, found);
  return found;
}

/** By the name that `--policies` has for them. Rules of other programs are here to be compared with, and nowhere else. */
export const rules: Readonly<Record<string, { what: string; make(catalog: Catalog): Rule }>> = {
  shipped: { what: `Airdock as it ships: \`${models.eviction}\`, at most ${models.max_concurrent_loaded} at once, ${SHIPPED_TIMEOUT_S} s unused at most`, make: () => ({ ...airdock(models.eviction), places: models.max_concurrent_loaded, timeoutMs: SHIPPED_TIMEOUT_S * 1000 }) },
  value: { what: 'Airdock’s `value`', make: () => airdock('value') },
  'lru-exact': { what: 'Airdock’s `lru`: the least recently used, and nobody who turns out not to be needed', make: () => airdock('lru') },
  lru: { what: 'least recently used, one after the other', make: () => inOrder(oldest) },
  'lru-5min': { what: 'the same, and whatever is unused for 5 minutes', make: () => inOrder(oldest, { timeoutMs: 300_000 }) },
  ollama: { what: 'by the path of the file', make: () => inOrder((a, b) => (digest(a.model) < digest(b.model) ? -1 : 1)) },
  largest: { what: 'largest first', make: () => inOrder((a, b) => b.bytes - a.bytes || oldest(a, b)) },
  gdsf: { what: 'greedy-dual, size and frequency', make: (catalog) => gdsf(catalog, true) },
  landlord: { what: 'greedy-dual, size alone', make: (catalog) => gdsf(catalog, false) },
};
