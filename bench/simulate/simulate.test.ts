import { describe, expect, it } from 'vitest';
import { BadUsage, readArguments } from './arguments.ts';
import { lowerBound } from './bound.ts';
import { drawCatalog } from './draw.ts';
import { asTrace, generate, type Pattern } from './generate.ts';
import { optimum } from './optimum.ts';
import { replay, type LogEntry } from './replay.ts';
import { formatCells } from './report.ts';
import { rules } from './rules.ts';
import { groups, runCell } from './run.ts';
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

describe('the bound', () => {
  it.each([null, 2, 3])('is never more than the exact optimum, nor far below it, with %j places', (places) => {
    const shares: number[] = [];
    for (let seed = 1; seed <= 30; seed++) {
      const requests = drawTrace(seed, 40 + seed * 4, 4 + (seed % 7));
      const catalog = drawCatalog(namesOf(requests), seed, (['nvme', 'mixed', 'backend'] as const)[seed % 3]!, 24 * GB);
      const settings = { catalog, budgetBytes: 24 * GB, places };
      const best = optimum(requests, settings)!;
      const bound = lowerBound(requests, settings);
      expect(bound).toBeLessThanOrEqual(best);
      shares.push(bound / best);
    }
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThan(0.75);
  });

  it('is one load of each where everything fits', () => {
    const requests = drawTrace(3, 200, 12);
    const catalog = drawCatalog(namesOf(requests), 3, 'mixed', 24 * GB);
    const once = namesOf(requests).reduce((sum, model) => sum + catalog.get(model)!.reloadMs, 0) / 1000;
    expect(lowerBound(requests, { catalog, budgetBytes: 1000 * GB, places: null })).toBeCloseTo(once, 6);
  });

  it('stands in for the optimum where there are too many models, and is told apart from it', () => {
    const requests = drawTrace(5, 400, 30);
    const cell = (all: Request[]) => runCell({ name: 'c', budgetGb: 24, catalog: drawCatalog(namesOf(requests), 5, 'nvme', 24 * GB) }, 'all', all, { policies: ['value', 'lru'], limit: null, optimum: true }, { skipped: () => undefined });
    const many = cell(requests);
    expect(many.optimumSeconds).toBeNull();
    for (const { loadSeconds, toBound, toOptimum } of many.results) {
      expect(toOptimum).toBeNull();
      expect(toBound).toBeCloseTo(loadSeconds / many.boundSeconds!, 9);
      expect(toBound).toBeGreaterThanOrEqual(1);
    }
    const few = cell(requests.filter(({ model }) => model < 'm08'));
    expect(few).toMatchObject({ boundSeconds: null, optimumSeconds: expect.any(Number) });
    expect(formatCells([many])).toContain('× bound: what no policy can be below, of 1 of 1 replays');
    expect(formatCells([many])).not.toContain('× optimum');
    expect(formatCells([few])).toContain('× optimum: the exact optimum, of 1 of 1 replays');
    expect(formatCells([few])).not.toContain('× bound');
  });
});

describe('the defaults', () => {
  it('are a row of their own: no more models at once, and for no longer, than Airdock allows when nothing is set', () => {
    const requests = drawTrace(9, 400, 8).map((request) => ({ ...request, at: request.at * 2 }));
    const catalog = drawCatalog(namesOf(requests), 9, 'nvme', 24 * GB);
    const log: LogEntry[] = [];
    replay(requests, rules['shipped']!.make(catalog), { catalog, budgetBytes: 1000 * GB, places: null, log: (entry) => void log.push(entry) });
    const held = new Set<string>();
    let most = 0;
    for (const { what, model } of log) {
      if (what === 'load') held.add(model);
      else held.delete(model);
      most = Math.max(most, held.size);
    }
    expect(most).toBe(2);
    const lastUse = new Map<string, number>();
    let expired = 0;
    for (const { at, what, model } of log) {
      for (const request of requests) if (request.at <= at) lastUse.set(request.model, request.at);
      if (what === 'unload' && at - lastUse.get(model)! === 300_000) expired += 1;
      expect(at - (lastUse.get(model) ?? at)).toBeLessThanOrEqual(300_000);
    }
    expect(expired).toBeGreaterThan(0);
  });
});

describe('a made trace', () => {
  const pattern = (change: Partial<Pattern>): Pattern => ({ kind: 'loop', models: 5, requests: 500, noise: 0.2, others: 4, seed: 1, ...change });

  it('goes round in turn; a pipeline goes on after what came between', () => {
    expect(generate(pattern({ requests: 7, models: 3 })).map(({ model }) => model.slice(-1)).join('')).toBe('0120120');
    const chain = generate(pattern({ kind: 'pipeline' }));
    const stages = chain.filter(({ model }) => model.startsWith('stage'));
    expect(stages.every(({ model }, i) => model === `stage-${i % 5}`)).toBe(true);
    expect(chain.length - stages.length).toBeGreaterThan(60);
    expect(chain.length - stages.length).toBeLessThan(140);
    expect(generate(pattern({ kind: 'pipeline' }))).toEqual(chain);
    expect(generate(pattern({ kind: 'pipeline', seed: 2 }))).not.toEqual(chain);
  });

  it('is read again from its file as it was', () => {
    const chain = generate(pattern({ kind: 'pipeline', requests: 50 }));
    expect(readTrace(asTrace(chain), 't.csv')).toEqual(chain);
  });

  it.each([1, 2, 3])('shows what `value` has learned: a loop and a pipeline near their optimum (seed %i)', (seed) => {
    for (const [made, most] of [[pattern({ seed }), 1.05], [pattern({ kind: 'pipeline', models: 6, noise: 0.1, seed }), 1.16]] as const) {
      const requests = generate(made);
      const catalog = drawCatalog(namesOf(requests), 1, 'equal', 16 * GB);
      const settings = { catalog, budgetBytes: 16 * GB, places: null };
      expect(replay(requests, rules['value']!.make(catalog), settings).loadSeconds / optimum(requests, settings)!).toBeLessThan(most);
    }
  });
});

describe('who is replayed', () => {
  const requests = readTrace(`${HEAD}0,a,x,1\n1,b,x,1\n2,a,y,1\n3,a,z,1\n`, 't.csv');
  const chosen = (user: string, maxModels: number) => [...groups(requests, { user, maxModels, minModels: 1, minRequests: 1 })].map(([name, own]) => `${name}:${own.length}`);

  it('is everybody together, one, or each with no more than so many models', () => {
    expect(chosen('all', 14)).toEqual(['all:4']);
    expect(chosen('b', 14)).toEqual(['b:1']);
    expect(chosen('each', 14)).toEqual(['a:3', 'b:1']);
    expect(chosen('each', 2)).toEqual(['b:1']);
    expect(chosen('nobody', 14)).toEqual([]);
  });

  it('is read from the command of docs/eviction.md', () => {
    const read = readArguments('--trace t.csv --budget-gb 48 --catalog c.csv --policies value,lru,ollama,largest,gdsf,landlord --user each --max-models 14 --optimum --log l.jsonl --json'.split(' '));
    expect(read).toMatchObject({ trace: { file: 't.csv' }, budgetGb: 48, catalog: { file: 'c.csv' }, user: 'each', maxModels: 14, optimum: true, log: 'l.jsonl', json: true });
    expect(readArguments('--make pipeline --models 6 --noise 0.2 --budget-gb 16 --sizes-seed 1 --costs backend'.split(' '))).toMatchObject({ trace: { made: pattern6 }, catalog: { seed: 1, costs: 'backend' } });
  });
  const pattern6: Pattern = { kind: 'pipeline', models: 6, requests: 500, noise: 0.2, others: 4, seed: 1 };
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

  it.each([[[]], [['--trace', 't']], [['--trace', 't', '--budget-gb', 'much']], [['--trace', 't', '--budget-gb', '8', '--policies', 'best']], [['--trace', 't', '--budget-gb', '8', '--colour']], [['--trace', 't', '--make', 'loop', '--budget-gb', '8']], [['--make', 'circle', '--budget-gb', '8']], [['--make', 'pipeline', '--noise', '2', '--budget-gb', '8']], [['--make', 'loop', '--models', '0', '--budget-gb', '8']]])('is wrong usage: %j', (args) => {
    expect(() => readArguments(args)).toThrow(BadUsage);
  });
});
