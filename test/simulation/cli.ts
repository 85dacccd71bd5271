import { parseArgs } from 'node:util';
import { simulate } from './world.ts';

/** `npm run simulate:core -- [--events 1000000] [--seed 1]`: many machines in a row, 5,000 events each, or one seed with all of them. */
const { values } = parseArgs({ options: { events: { type: 'string', default: '1000000' }, seed: { type: 'string' } } });
const events = Number(values.events);
if (!Number.isInteger(events) || events < 1) {
  console.error('--events takes a whole number of at least 1.');
  process.exit(2);
}
const started = performance.now();
let done = 0;
let loads = 0;
let yields = 0;
let returns = 0;
if (values.seed !== undefined) {
  const result = simulate(Number(values.seed), events);
  done = result.events;
  loads = result.loads;
  yields = result.yields;
  returns = result.returns;
} else {
  for (let seed = 1; done < events; seed++) {
    const result = simulate(seed, Math.min(5_000, events));
    done += result.events;
    loads += result.loads;
    yields += result.yields;
    returns += result.returns;
    if (seed % 50 === 0) console.log(`${done} events, ${seed} seeds`);
  }
}
const seconds = (performance.now() - started) / 1000;
console.log(`${done} events and ${loads} loads (${yields} models went for other programs, ${returns} came back) in ${seconds.toFixed(1)} s; every promise kept.`);
