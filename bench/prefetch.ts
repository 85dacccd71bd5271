import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startAirdock } from '../main/app.ts';
import type { Airdock } from '../main/airdock.ts';
import type { SampleShape } from '../main/providers/llama-cpp/sample-model.ts';
import { createSampleMaker } from '../main/providers/llama-cpp/samples.ts';
import { forkNodeChild, type ForkChild } from '../main/providers/llama-cpp/spawn-child.ts';
import { makeCold, writeOut } from './cold-file.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { median, rounded } from './statistics.ts';

const base = { feedForward: 5632, embedding: 2048, heads: 32, kvHeads: 8, contextLength: 8192 };
/** Two files of 0.65 GB. */
const shapes: readonly SampleShape[] = ['left', 'right'].map((name, index) => ({ ...base, name: `bench-${name}`, layers: 7, seed: 11 + index }));

/** What leaves may have something to finish first: an answer, in a server that lets it end. */
const SLOW_MS = 2_000;

/**
 * Wall time of a change from one model to another whose file is not in the page cache, with `models.prefetch` and without, in turns within one Airdock: one
 * model may be in memory, so loading one unloads the other. Before each turn the newcomer's file is taken out of the page cache. Once with models
 * that leave at once, and once with such that take two seconds for it.
 */
export async function benchPrefetch({ quick }: BenchOptions): Promise<BenchResult[]> {
  if (process.platform !== 'linux') return [];
  const folder = await mkdtemp(path.join(os.tmpdir(), 'airdock-bench-'));
  try {
    const dir = path.join(folder, 'models');
    const made = await createSampleMaker({ dir, shapes }).make({ signal: new AbortController().signal });
    if (!made.ok) throw new Error(made.problem.message);
    for (const shape of shapes) await writeOut(fileOf(dir, shape));
    const config = { models: { directories: [dir], context_length: 2048, max_concurrent_loaded: 1 }, providers: { ollama: { enabled: false }, 'llama.cpp': { gpu: 'off' } } };
    await writeFile(path.join(folder, 'config.json'), JSON.stringify(config));
    const results: BenchResult[] = [];
    for (const leaveMs of [0, SLOW_MS]) {
      const started = await startAirdock({ dataDir: folder, port: 0, by: 'bench', forkChild: leaving(leaveMs), onFault: (fault) => console.error(fault) });
      if (!started.ok) throw new Error(started.problem.message);
      try {
        results.push(await compare(started.airdock, dir, quick ? 2 : 8, leaveMs === 0 ? 'at once' : `in ${leaveMs / 1000} s`));
      } finally {
        await started.airdock.close({ unload: true });
      }
    }
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Processes of models that end so much later than they are told to. */
function leaving(ms: number): ForkChild {
  return (entry) => {
    const child = forkNodeChild(entry);
    let told = false;
    const end = (): void => {
      if (!told) setTimeout(() => child.kill(), ms);
      told = true;
    };
    return { ...child, send: (message) => (message.type === 'exit' ? end() : child.send(message)), kill: end };
  };
}

async function compare(airdock: Airdock, dir: string, rounds: number, leave: string): Promise<BenchResult> {
  let turn = 0;
  const change = async (prefetch: boolean): Promise<number> => {
    const shape = shapes[turn++ % shapes.length]!;
    const set = await airdock.operations.configSet({ set: { 'models.prefetch': prefetch } }, { caller: 'bench', signal: new AbortController().signal });
    if (!set.ok) throw new Error(set.problem.message);
    await makeCold(fileOf(dir, shape));
    const begin = performance.now();
    const loaded = await airdock.manager.loadModel(shape.name, { force: true });
    if (!loaded.ok) throw new Error(loaded.problem.message);
    return performance.now() - begin;
  };
  await change(false);
  await change(true);
  const times = { with: [] as number[], without: [] as number[] };
  // Each model comes with and without, and each way comes first as often as the other.
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0;
    for (const prefetch of [first, !first]) times[prefetch ? 'with' : 'without'].push(await change(prefetch));
  }
  const ms = (values: readonly number[]): string => `${Math.round(median(values))} (${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))})`;
  return {
    name: `change to a cold model of 0.65 GB, the other leaves ${leave}, read ahead / not`,
    figure: rounded(median(times.with) / median(times.without)),
    unit: '×',
    target: null,
    note: `${ms(times.with)} / ${ms(times.without)} ms, medians of ${rounds}`,
  };
}

function fileOf(dir: string, { name }: SampleShape): string {
  return path.join(dir, `${name}.gguf`);
}
