import { askWell, hangUp } from './gateway-client.ts';
import type { TokenOrder } from './gateway-backend.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { median, quantile, rounded } from './statistics.ts';

/** Ways to the same server. The first is the server itself; `pipe` and `airdock` are always there, `llama-swap` where it is given. */
export type Ways = ReadonlyMap<WayName, string>;
export type WayName = 'direct' | 'pipe' | 'airdock' | 'llama-swap';

const path = '/v1/chat/completions';

const FIRST_BYTE_TARGET = 1.25;
const PACED_TARGET = 1.02;
const UNPACED_TARGET = 0.9;
/** Programs that ask at the same time, and how many requests they send in a row before the next way has its turn. */
const CROWD = 16;
const CROWD_BLOCK = 600;
const STREAMS = 64;
const RATE = 50;
/** Streams at once, and how many tokens each has: long answers, so that the stream counts and not its beginning. */
const UNPACED = [
  [1, 20_000],
  [16, 2_000],
  [STREAMS, 1_000],
] as const;

export async function benchStreams(ways: Ways, model: string, { quick }: BenchOptions): Promise<BenchResult[]> {
  const order = (tokens: number, rate: number): TokenOrder & Record<string, unknown> => ({
    model,
    messages: [{ role: 'system', content: 'You answer shortly.' }, { role: 'user', content: 'Why is the sky blue? '.repeat(40) }],
    stream: true,
    max_tokens: tokens,
    tokens_per_second: rate,
  });
  const results: BenchResult[] = [];
  await inTurns(ways, quick ? 100 : 1_000, (url) => askWell(url, path, order(2, 0)));
  const firsts = await inTurns(ways, quick ? 300 : 2_000, async (url) => (await askWell(url, path, order(2, 0))).firstMs);
  results.push(...firstByteResults(firsts, '', paired(firsts)));
  const crowded = await inTurns(ways, quick ? 3 : 12, (url) => crowd(CROWD_BLOCK, () => askWell(url, path, order(2, 0))));
  const ofCrowd = new Map([...crowded].map(([name, blocks]) => [name, blocks.flat()]));
  results.push(...firstByteResults(ofCrowd, `${CROWD} at a time, `, unpaired(ofCrowd)));
  const paced = await inTurns(ways, quick ? 1 : 3, (url) => together(STREAMS, () => askWell(url, path, order(quick ? 50 : 150, RATE))));
  results.push(...pacedResults(paced));
  for (const [streams, tokens] of UNPACED) {
    hangUp();
    // Once uncounted: connections are made.
    await inTurns(ways, 1, (url) => together(streams, () => askWell(url, path, order(tokens, 0))));
    const times = await inTurns(ways, quick ? 3 : 9, (url) => together(streams, () => askWell(url, path, order(tokens, 0))));
    results.push(...unpacedResults(times, streams, tokens));
  }
  hangUp();
  return results;
}

/** Each way once per turn, in an order that moves on by one: whatever the machine does meanwhile hits all alike. */
async function inTurns<T>(ways: Ways, turns: number, run: (url: string) => Promise<T>): Promise<Map<WayName, T[]>> {
  const names = [...ways.keys()];
  const found = new Map<WayName, T[]>(names.map((name) => [name, []]));
  for (let turn = 0; turn < turns; turn++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(turn + i) % names.length]!;
      found.get(name)!.push(await run(ways.get(name)!));
    }
  }
  return found;
}

/** Ms until all of them have ended. */
async function together(count: number, run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await Promise.all(Array.from({ length: count }, run));
  return performance.now() - began;
}

/** Ms until the first byte of each of so many requests, `CROWD` of them at a time. */
async function crowd(count: number, run: () => Promise<{ firstMs: number }>): Promise<number[]> {
  const firsts: number[] = [];
  let left = count;
  const one = async (): Promise<void> => {
    while (left-- > 0) firsts.push((await run()).firstMs);
  };
  await Promise.all(Array.from({ length: CROWD }, one));
  return firsts;
}

/** What a way adds, at a share of its requests, ms. */
type Added = (name: WayName, share: number) => number;

/** The difference to the direct request of the same turn. */
function paired(firsts: ReadonlyMap<WayName, readonly number[]>): Added {
  const direct = firsts.get('direct')!;
  return (name, share) => quantile(firsts.get(name)?.map((ms, turn) => ms - direct[turn]!) ?? [], share);
}

/** The difference of the quantiles: of requests side by side none belongs to one of another way. */
function unpaired(firsts: ReadonlyMap<WayName, readonly number[]>): Added {
  return (name, share) => quantile(firsts.get(name) ?? [], share) - quantile(firsts.get('direct')!, share);
}

function firstByteResults(firsts: ReadonlyMap<WayName, readonly number[]>, how: string, added: Added): BenchResult[] {
  const direct = firsts.get('direct')!;
  const results: BenchResult[] = [];
  for (const [label, share] of [['p50', 0.5], ['p99', 0.99]] as const) {
    const of = (name: WayName): number => added(name, share);
    results.push({
      name: `added time to first byte, ${how}${label}, Airdock / pipe`,
      figure: rounded(of('airdock') / of('pipe')),
      unit: '×',
      target: FIRST_BYTE_TARGET,
      note: `${rounded(of('airdock'))} / ${rounded(of('pipe'))} ms${beside(firsts, () => `${rounded(of('llama-swap'))} ms`)}; direct takes ${rounded(quantile(direct, share))} ms; ${direct.length} requests each`,
    });
    if (firsts.has('llama-swap')) {
      results.push({ name: `added time to first byte, ${how}${label}, Airdock / llama-swap`, figure: rounded(of('airdock') / of('llama-swap')), unit: '×', target: 1 });
    }
  }
  return results;
}

function pacedResults(times: ReadonlyMap<WayName, readonly number[]>): BenchResult[] {
  const of = (name: WayName): number => median(times.get(name) ?? []);
  return [
    {
      name: `${STREAMS} streams of ${RATE} tokens/s, Airdock / direct`,
      figure: Number((of('airdock') / of('direct')).toFixed(3)),
      unit: '×',
      target: PACED_TARGET,
      note: `${Math.round(of('airdock'))} / ${Math.round(of('direct'))} ms, pipe ${Math.round(of('pipe'))}${beside(times, () => `${Math.round(of('llama-swap'))} ms`)}, medians of ${times.get('direct')!.length}`,
    },
  ];
}

function unpacedResults(times: ReadonlyMap<WayName, readonly number[]>, streams: number, tokens: number): BenchResult[] {
  const rate = (name: WayName): number => ((streams * tokens) / median(times.get(name) ?? [])) * 1000;
  const thousands = (name: WayName): string => `${rounded(rate(name) / 1000)}k`;
  return [
    {
      name: `unpaced throughput, ${streams} ${streams === 1 ? 'stream' : 'streams'} of ${tokens.toLocaleString('en')} tokens, Airdock / pipe`,
      figure: rounded(rate('airdock') / rate('pipe')),
      unit: '×',
      target: UNPACED_TARGET,
      orMore: true,
      note: `${thousands('airdock')} / ${thousands('pipe')} tokens/s${beside(times, () => thousands('llama-swap'))}; direct ${thousands('direct')}; medians of ${times.get('direct')!.length}`,
    },
  ];
}

function beside(measured: ReadonlyMap<WayName, unknown>, text: () => string): string {
  return measured.has('llama-swap') ? `, llama-swap ${text()}` : '';
}
