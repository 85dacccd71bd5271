import { parseArgs } from 'node:util';
import { benchGateway } from './gateway.ts';
import { benchIdleCost } from './idle-cost.ts';
import { benchLoadRatio } from './load-ratio.ts';
import { benchPageCost } from './page-cost.ts';
import { benchPlanCost } from './plan-cost.ts';
import { benchPollCost } from './poll-cost.ts';
import { benchPrefetch } from './prefetch.ts';
import type { Bench, BenchOptions, BenchResult } from './result.ts';
import { benchStartTime } from './start-time.ts';
import { formatTable, isMet } from './table.ts';

const benches: readonly Bench[] = [
  { name: 'poll', run: benchPollCost },
  { name: 'plan', run: benchPlanCost },
  { name: 'load', run: benchLoadRatio },
  { name: 'start', run: benchStartTime },
  { name: 'idle', run: benchIdleCost },
  { name: 'page', run: benchPageCost },
  { name: 'gateway', run: benchGateway },
  { name: 'prefetch', run: benchPrefetch },
];
const names = benches.map(({ name }) => name);

const usage = `npm run bench -- [options]

  --only NAME   one of ${names.join(', ')}; may be repeated
  --quick       shorter windows and fewer rounds
  --json        the results as JSON
  --help        this text

Figures and how they come about: docs/benchmarks.md
`;

/** Exit codes: 0 measured, whether targets are met or not; 1 something could not be measured; 2 wrong usage. */
async function main(): Promise<void> {
  const args = readArguments();
  if (args === null) return;
  const results: BenchResult[] = [];
  for (const bench of args.chosen) {
    console.error(`${bench.name} …`);
    try {
      results.push(...(await bench.run(args)));
    } catch (error) {
      console.error(`${bench.name} could not be measured:`, error);
      process.exitCode = 1;
    }
  }
  console.log(args.json ? JSON.stringify(results.map((result) => ({ ...result, met: isMet(result) })), null, 2) : `\n${formatTable(results)}`);
}

function readArguments(): (BenchOptions & { json: boolean; chosen: readonly Bench[] }) | null {
  try {
    const { values } = parseArgs({
      options: { only: { type: 'string', multiple: true }, quick: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
    });
    if (values.help) {
      console.log(usage);
      return null;
    }
    const unknown = values.only?.find((name) => !names.includes(name));
    if (unknown !== undefined) throw new Error(`There is no benchmark called ${unknown}.`);
    const chosen = benches.filter(({ name }) => values.only?.includes(name) ?? true);
    return { quick: values.quick ?? false, json: values.json ?? false, chosen };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exitCode = 2;
    return null;
  }
}

await main();
