import { parseArgs } from 'node:util';
import { costModels, type CostModel } from './draw.ts';
import { patterns, type Pattern } from './generate.ts';
import { rules } from './rules.ts';

export interface SimulateOptions {
  trace: { file: string } | { made: Pattern };
  /** Where a made trace is written to. */
  save: string | null;
  /** One file, a folder of files whose names begin with the budget (“48gb-…”), or drawn. */
  catalog: { file: string } | { folder: string } | { seed: number; costs: CostModel };
  /** Null with a folder: from the names. */
  budgetGb: number | null;
  policies: readonly string[];
  /** `all` together, `each` alone, or one. */
  user: string;
  /** With `each`: who is left out. */
  maxModels: number;
  minModels: number;
  minRequests: number;
  /** Models in memory at once; null: as many as fit. */
  limit: number | null;
  /** Days from 1, both included; memory is empty at the beginning of the first. */
  fromDay: number;
  toDay: number;
  optimum: boolean;
  log: string | null;
  json: boolean;
}

export const usage = `npm run simulate -- --trace FILE.csv --budget-gb GB [options]
npm run simulate -- --make loop --costs equal --budget-gb 16 [options]

  --trace FILE        t_seconds,user,model,exec_seconds
  --make PATTERN      instead of a file: ${patterns.join(' or ')}, a request a minute
  --models N          … over so many models in turn (default 5)
  --requests N        … so many requests (default 500)
  --noise SHARE       … of a pipeline's requests for other models (default 0.1)
  --others N          … so many other models (default 4)
  --seed N            … drawn with this seed (default 1)
  --save FILE         … written to this file as well
  --budget-gb GB      memory for models (a GB is 1e9 bytes)
  --catalog FILE      model,size_gb,reload_seconds
  --catalogs FOLDER   every catalogue in it, the budget from its name (48gb-….csv)
  --sizes-seed N      without a catalogue: sizes and costs are drawn (default 1)
  --costs MODEL       ${costModels.join(', ')} (default nvme)
  --policies LIST     of ${Object.keys(rules).join(', ')} (default value,shipped,lru,ollama,largest,gdsf)
  --user WHO          all together (default), each alone, or the name of one
  --max-models N      with --user each: users with more models are left out (default 14)
  --min-models N      … with fewer (default 1)
  --min-requests N    … with fewer requests (default 1)
  --limit N           at most so many models in memory at once (default: as many as fit)
  --from-day N        first day of the trace, from 1, with empty memory
  --to-day N          last day
  --optimum           the fewest load seconds that there can be; where there are too many models, a bound that no policy can be below
  --log FILE.jsonl    every load and unload of every policy, one line each
  --json              the results as JSON
  --help              this text

Policies and figures: docs/eviction.md
`;

/** Wrong usage, as one sentence. */
export class BadUsage extends Error {}

export function readArguments(args: readonly string[]): SimulateOptions | null {
  const { values } = parse(args);
  if (values.help) return null;
  if (values.trace === undefined && values.make === undefined) throw new BadUsage('--trace is missing.');
  if (values.trace !== undefined && values.make !== undefined) throw new BadUsage('--trace and --make exclude each other.');
  const policies = values.policies.split(',');
  const unknown = policies.find((name) => !(name in rules));
  if (unknown !== undefined) throw new BadUsage(`There is no policy called ${unknown}. There are ${Object.keys(rules).join(', ')}.`);
  const costs = costModels.find((name) => name === values.costs);
  if (!costs) throw new BadUsage(`--costs takes ${costModels.join(', ')}.`);
  if (values.catalog !== undefined && values.catalogs !== undefined) throw new BadUsage('--catalog and --catalogs exclude each other.');
  const budgetGb = values['budget-gb'] === undefined ? null : figure('budget-gb', values['budget-gb'], 0);
  if (budgetGb === null && values.catalogs === undefined) throw new BadUsage('--budget-gb is missing.');
  if (budgetGb === 0) throw new BadUsage('--budget-gb takes more than 0.');
  const whole = (name: 'max-models' | 'min-models' | 'min-requests' | 'from-day' | 'to-day' | 'limit' | 'sizes-seed' | 'models' | 'requests' | 'others' | 'seed', otherwise: number, least = 1): number => {
    const given = values[name];
    if (given === undefined) return otherwise;
    const found = figure(name, given, least);
    if (!Number.isInteger(found)) throw new BadUsage(`--${name} takes a whole number.`);
    return found;
  };
  const made = (): Pattern => {
    const kind = patterns.find((name) => name === values.make);
    if (!kind) throw new BadUsage(`--make takes ${patterns.join(' or ')}.`);
    const noise = values.noise === undefined ? 0.1 : figure('noise', values.noise, 0);
    if (noise > 1) throw new BadUsage('--noise takes at most 1.');
    return { kind, models: whole('models', 5), requests: whole('requests', 500), noise, others: whole('others', 4), seed: whole('seed', 1, 0) };
  };
  return {
    trace: values.trace === undefined ? { made: made() } : { file: values.trace },
    save: values.save ?? null,
    catalog: values.catalog !== undefined ? { file: values.catalog } : values.catalogs !== undefined ? { folder: values.catalogs } : { seed: whole('sizes-seed', 1, 0), costs },
    budgetGb,
    policies: [...new Set(policies)],
    user: values.user,
    maxModels: whole('max-models', 14),
    minModels: whole('min-models', 1),
    minRequests: whole('min-requests', 1),
    limit: values.limit === undefined ? null : whole('limit', 1),
    fromDay: whole('from-day', 1),
    toDay: whole('to-day', Infinity),
    optimum: values.optimum,
    log: values.log ?? null,
    json: values.json,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        trace: text, make: text, models: text, requests: text, noise: text, others: text, seed: text, save: text, 'budget-gb': text, catalog: text, catalogs: text, 'sizes-seed': text, costs: { ...text, default: 'nvme' },
        policies: { ...text, default: 'value,shipped,lru,ollama,largest,gdsf' }, user: { ...text, default: 'all' }, 'max-models': text, 'min-models': text, 'min-requests': text,
        limit: text, 'from-day': text, 'to-day': text, optimum: { type: 'boolean', default: false }, log: text, json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new BadUsage((error as Error).message);
  }
}

function figure(name: string, given: string, least: number): number {
  const value = given.trim() === '' ? NaN : Number(given);
  if (!Number.isFinite(value) || value < least) throw new BadUsage(`--${name} takes a number of at least ${least}, not “${given}”.`);
  return value;
}
