import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ModelManager } from '../contract/index.ts';
import { startAirdock } from '../main/app.ts';
import { packageRoot } from '../main/package-root.ts';
import { choosePlacement } from '../main/providers/llama-cpp/footprint.ts';
import { readGguf } from '../main/providers/llama-cpp/gguf/read.ts';
import { sampleShapes } from '../main/providers/llama-cpp/sample-model.ts';
import { createSampleMaker } from '../main/providers/llama-cpp/samples.ts';
import type { BareOrder } from './bare-llama.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { median, rounded } from './statistics.ts';

const TARGET = 1.05;
const CONTEXT = 4096;
const SAMPLES = ['sample-small', 'sample-large'];

interface Times {
  load: number;
  unload: number;
}

/**
 * Wall time from the wish to load until the model has given a token, and from the wish to unload until its process has ended:
 * through a running Airdock of this process (`loadModel`, `unloadModel`), and by a bare process that imports node-llama-cpp,
 * loads the same file with the same placement, gives one token and is killed. Both are forked from this process, in turns, in
 * an order that alternates, with the file in the page cache; a pause of the machine therefore hits both alike. Figures are ratios of medians.
 */
export async function benchLoadRatio({ quick }: BenchOptions): Promise<BenchResult[]> {
  const samplesDir = await makeSamples();
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'airdock-bench-'));
  try {
    const config = { models: { directories: [samplesDir], context_length: CONTEXT }, providers: { ollama: { enabled: false }, 'llama.cpp': { gpu: 'off' } } };
    await writeFile(path.join(dataDir, 'config.json'), JSON.stringify(config));
    const started = await startAirdock({ dataDir, port: 0, by: 'bench', onFault: (fault) => console.error(fault) });
    if (!started.ok) throw new Error(started.problem.message);
    try {
      const results: BenchResult[] = [];
      for (const name of SAMPLES) results.push(...(await compare(started.airdock.manager, name, path.join(samplesDir, `${name}.gguf`), quick ? 3 : 15)));
      return results;
    } finally {
      await started.airdock.close();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function compare(manager: ModelManager, name: string, file: string, rounds: number): Promise<BenchResult[]> {
  const order = await orderFor(file);
  const through = () => throughAirdock(manager, name);
  const bare = () => bareCall(order);
  // Once each, uncounted: the file comes into the page cache and code is compiled.
  await bare();
  await through();
  const ours: Times[] = [];
  const theirs: Times[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) ours.push(await through());
    theirs.push(await bare());
    if (round % 2 === 1) ours.push(await through());
  }
  return [
    result(`load ${name}, Airdock / bare`, ours, theirs, (times) => times.load, null),
    result(`load and unload ${name}, Airdock / bare`, ours, theirs, (times) => times.load + times.unload, TARGET),
  ];
}

function result(name: string, ours: readonly Times[], theirs: readonly Times[], pick: (times: Times) => number, target: number | null): BenchResult {
  const a = ours.map(pick);
  const b = theirs.map(pick);
  const ms = (value: number) => Math.round(value);
  return {
    name,
    figure: rounded(median(a) / median(b)),
    unit: '×',
    target,
    note: `${ms(median(a))} / ${ms(median(b))} ms, fastest ${ms(Math.min(...a))} / ${ms(Math.min(...b))} ms, medians of ${a.length}`,
  };
}

async function throughAirdock(manager: ModelManager, name: string): Promise<Times> {
  const begin = performance.now();
  const loaded = await manager.loadModel(name, { force: true });
  const ready = performance.now();
  if (!loaded.ok) throw new Error(loaded.problem.message);
  const unloaded = await manager.unloadModel(name);
  if (!unloaded.ok) throw new Error(unloaded.problem.message);
  return { load: ready - begin, unload: performance.now() - ready };
}

async function bareCall(order: BareOrder): Promise<Times> {
  const begin = performance.now();
  const child = fork(path.join(packageRoot(), 'dist/bench/bare-llama.js'), [], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.send(order);
  const exited = once(child, 'exit');
  const ready = await Promise.race([once(child, 'message').then(() => performance.now()), exited.then(() => null)]);
  if (ready === null) throw new Error('The bare process ended before it had loaded its model.');
  child.kill('SIGKILL');
  await exited;
  return { load: ready - begin, unload: performance.now() - ready };
}

async function orderFor(file: string): Promise<BareOrder> {
  const header = await readGguf(file);
  if (!header.ok) throw new Error(header.problem.message);
  const size = header.gguf.tensorBytes;
  return { file, contextLength: CONTEXT, ...choosePlacement(header.gguf, size, CONTEXT, null), threads: Math.max(1, os.availableParallelism() - 1) };
}

/** Made once and kept, where other tools keep what can be made again. */
export async function makeSamples(): Promise<string> {
  const dir = path.join(packageRoot(), 'node_modules/.cache/airdock-bench');
  await mkdir(dir, { recursive: true });
  const shapes = sampleShapes.filter((shape) => SAMPLES.includes(shape.name));
  const made = await createSampleMaker({ dir, shapes }).make({ signal: new AbortController().signal });
  if (!made.ok) throw new Error(made.problem.message);
  return dir;
}
