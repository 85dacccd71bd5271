import { describe, expect, it } from 'vitest';
import { BadUsage, readArguments } from './arguments.ts';
import { drawCatalog } from './draw.ts';
import { optimum } from './optimum.ts';
import { replay, type LogEntry } from './replay.ts';
import { rules } from './rules.ts';
import { runCell } from './run.ts';
import { GB, readCatalog, readTrace, type Catalog, type Request } from './trace.ts';

const HEAD = 't_seconds,user,model,exec_seconds\n';

/** Requests drawn with a seed: some models often, most seldom. */
function drawTrace(seed: number, count: number, models: number): Request[] {
  let state = seed;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  return Array.from({ length: count }, (_, i) => ({ at: i * 60_000, user: 'u', model: `m${String(Math.floor(random() ** 2 * models)).padStart(2, '0')}` }));
}

const namesOf = (requests: readonly Request[]): string[] => [...new Set(requests.map(({ model }) => model))];

/** Least recently used, written anew with nothing of the simulator. */
function independentLru(requests: readonly Request[], catalog: Catalog, budget: number): { loads: number; seconds: number } {
  // A map keeps the order of insertion: the first key is the one unused for longest.
  const cache = new Map<string, number>();
  let loads = 0;
  let ms = 0;
  for (const { model } of requests) {
    const { bytes, reloadMs } = catalog.get(model)!;
    if (!cache.delete(model)) {
      loads++;
      ms += reloadMs;
      let held = [...cache.values()].reduce((a, b) => a + b, 0);
      while (held + bytes > budget) {
        const [oldest, size] = cache.entries().next().value!;
        cache.delete(oldest);
        held -= size;
      }
    }
    cache.set(model, bytes);
  }
  return { loads, seconds: ms / 1000 };
}

describe('a replay', () => {
  it.each([1, 2, 3, 4, 5, 6])('agrees with an independent least-recently-used, to the load (seed %i)', (seed) => {
    const requests = drawTrace(seed, 3000, 40);
    const catalog = drawCatalog(namesOf(requests), seed, 'mixed', 48 * GB);
    const { loads, loadSeconds } = replay(requests, rules['lru']!.make(catalog), { catalog, budgetBytes: 48 * GB, places: null });
    const other = independentLru(requests, catalog, 48 * GB);
    expect(loads).toBe(other.loads);
    expect(loadSeconds).toBeCloseTo(other.seconds, 3);
    expect(loads).toBeGreaterThan(100);
  });

  it.each(Object.keys(rules))('writes a log that adds up and keeps the budget and the limit: %s', (name) => {
    const requests = drawTrace(7, 1500, 30);
    const catalog = drawCatalog(namesOf(requests), 7, 'backend', 24 * GB);
    const log: LogEntry[] = [];
    const result = replay(requests, rules[name]!.make(catalog), { catalog, budgetBytes: 24 * GB, places: 3, log: (entry) => void log.push(entry) });
    const held = new Map<string, number>();
    for (const { what, model, bytes, heldBytes } of log) {
      expect(held.has(model)).toBe(what === 'unload');
      if (what === 'load') held.set(model, bytes);
      else held.delete(model);
      expect(heldBytes).toBe([...held.values()].reduce((a, b) => a + b, 0));
      expect(heldBytes).toBeLessThanOrEqual(24 * GB);
      expect(held.size).toBeLessThanOrEqual(3);
    }
    const loads = log.filter(({ what }) => what === 'load');
    expect(result.loads).toBe(loads.length);
    expect(result.loadSeconds).toBeCloseTo(loads.reduce((sum, { reloadMs }) => sum + reloadMs!, 0) / 1000, 3);
  });

  it('skips and tells a model that is bigger than the budget, and one without a cost', () => {
    const requests = readTrace(`${HEAD}0,u,big,1\n1,u,small,1\n2,u,other,1\n`, 't.csv');
    const told: string[] = [];
    const named = { name: 'c.csv', budgetGb: 4, catalog: readCatalog('model,size_gb,reload_seconds\nbig,9,5\nsmall,1,2\n', 'c.csv') };
    const cell = runCell(named, 'all', requests, { policies: ['value'], limit: null, optimum: true }, { skipped: (text) => void told.push(text) });
    expect(told).toEqual(['big (9 GB) is bigger than the budget of 4 GB in c.csv: its requests are skipped.', 'other is not in c.csv: its requests are skipped.']);
    expect(cell).toMatchObject({ requests: 1, models: 1, optimumSeconds: 2, results: [{ policy: 'value', loads: 1, loadSeconds: 2 }] });
  });
});

describe('the optimum', () => {
  it('is no more than any policy needs, and is reached where everything fits', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const requests = drawTrace(seed, 150, 9);
      const catalog = drawCatalog(namesOf(requests), seed, 'mixed', 24 * GB);
      const settings = { catalog, budgetBytes: 24 * GB, places: null };
      const best = optimum(requests, settings)!;
      for (const rule of Object.values(rules)) expect(replay(requests, rule.make(catalog), settings).loadSeconds).toBeGreaterThanOrEqual(best);
      const roomy = { ...settings, budgetBytes: 1000 * GB };
      expect(optimum(requests, roomy)).toBe(replay(requests, rules['lru']!.make(catalog), roomy).loadSeconds);
    }
  });

  it('is Belady’s for equal models in a loop: one load for each turn of the places that change', () => {
    const requests = Array.from({ length: 41 }, (_, i) => ({ at: i, user: 'u', model: 'abcde'[i % 5]! }));
    const catalog = new Map([...'abcde'].map((model) => [model, { bytes: GB, reloadMs: 1000 }]));
    // Farthest next use: 5 first loads, then one load in every 4 requests.
    expect(optimum(requests, { catalog, budgetBytes: 4 * GB, places: null })).toBe(5 + 9);
  });
});

describe('bad input', () => {
  it.each([
    ['other columns', 'time,user,model\n0,u,m\n', 't.csv, line 1: the columns'],
    ['nothing', '', 't.csv, line 1'],
    ['no requests', HEAD, 't.csv, line 1: nothing follows'],
    ['a column too few', `${HEAD}0,u,m,1\n5,u,m\n`, 't.csv, line 3: 3 columns instead of 4'],
    ['words for a time', `${HEAD}soon,u,m,1\n`, 't.csv, line 2: t_seconds'],
    ['an empty time', `${HEAD},u,m,1\n`, 't.csv, line 2: t_seconds'],
    ['a negative time', `${HEAD}-1,u,m,1\n`, 't.csv, line 2: t_seconds'],
    ['time that goes back', `${HEAD}5,u,m,1\n4,u,m,1\n`, 't.csv, line 3: 4 s comes after 5 s'],
    ['no model', `${HEAD}5,u,,1\n`, 't.csv, line 2: model is empty'],
    ['a line of nothing', `${HEAD}5,u,m,1\n\n6,u,m,1\n`, 't.csv, line 3: 1 columns'],
  ])('is refused with its line: %s', (_what, text, message) => {
    expect(() => readTrace(text, 't.csv')).toThrow(message);
  });

  it.each([
    ['a model twice', 'a,1,1\na,2,1\n', 'line 3: a is listed twice'],
    ['no size', 'a,0,1\n', 'line 2: size_gb'],
  ])('is refused in a catalogue too: %s', (_what, rows, message) => {
    expect(() => readCatalog(`model,size_gb,reload_seconds\n${rows}`, 'c.csv')).toThrow(message);
  });

  it.each([[[]], [['--trace', 't']], [['--trace', 't', '--budget-gb', 'much']], [['--trace', 't', '--budget-gb', '8', '--policies', 'best']], [['--trace', 't', '--budget-gb', '8', '--colour']]])('is wrong usage: %j', (args) => {
    expect(() => readArguments(args)).toThrow(BadUsage);
  });
});
