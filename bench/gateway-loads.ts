import { setTimeout as wait } from 'node:timers/promises';
import { ask, askWell, hangUp } from './gateway-client.ts';
import { startAirdock, startBackend, type Backend } from './gateway-servers.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { median, rounded } from './statistics.ts';

const SWAP_TARGET = 1.05;
const LOAD_MS = 1_000;
const UNLOAD_MS = 150;
const QUEUED = 1_000;
const MODELS = 8;
const generate = '/api/generate';

/** Both against the fake Ollama alone, whose scheduler decides when a model is there and when it has gone. */
export async function benchLoads({ quick }: BenchOptions): Promise<BenchResult[]> {
  return [...(await benchSwap(quick ? 3 : 11)), ...(await benchQueue(quick ? 1 : 2))];
}

/** A request for a model that is not in memory, at the limit, beside what a client does by hand: unload, see it gone, ask. */
async function benchSwap(rounds: number): Promise<BenchResult[]> {
  const [a, b] = ['swap-a', 'swap-b'].map((name) => ({ name, blob: name, ramBytes: 1e9, loadMs: LOAD_MS }));
  const backend = await startBackend({ models: [a!, b!], unloadMs: UNLOAD_MS, maxLoaded: 3 });
  try {
    const airdock = await startAirdock({ ollama: backend.ollama, limit: 1 });
    const ours: number[] = [];
    const bare: number[] = [];
    try {
      await askWell(airdock.url, generate, wish(a!.name));
      for (let round = 0; round < rounds; round++) ours.push((await askWell(airdock.url, generate, wish(round % 2 === 0 ? b!.name : a!.name))).totalMs);
    } finally {
      await airdock.stop();
    }
    hangUp();
    await unloadAll(backend);
    await askWell(backend.ollama, generate, wish(a!.name));
    for (let round = 0; round < rounds; round++) bare.push(await bareSwap(backend, round % 2 === 0 ? [a!.name, b!.name] : [b!.name, a!.name]));
    return [
      {
        name: 'swap: a request that unloads one model and loads another, Airdock / bare',
        figure: rounded(median(ours) / median(bare)),
        unit: '×',
        target: SWAP_TARGET,
        note: `${Math.round(median(ours))} / ${Math.round(median(bare))} ms, of which the load takes ${LOAD_MS} and the unload ${UNLOAD_MS}; medians of ${rounds}`,
      },
    ];
  } finally {
    hangUp();
    await backend.stop();
  }
}

function wish(model: string): object {
  return { model, prompt: 'Why?', stream: false, options: { num_predict: 1 } };
}

async function bareSwap(backend: Backend, [old, next]: readonly string[]): Promise<number> {
  const began = performance.now();
  await askWell(backend.ollama, generate, { model: old, keep_alive: 0 });
  await gone(backend);
  await askWell(backend.ollama, generate, wish(next!));
  return performance.now() - began;
}

async function unloadAll(backend: Backend): Promise<void> {
  const { models } = (await (await fetch(`${backend.ollama}/api/ps`)).json()) as { models: { model: string }[] };
  for (const { model } of models) await askWell(backend.ollama, generate, { model, keep_alive: 0 });
  await gone(backend);
}

/** The smallest wait: whoever asks more often only keeps the server busy. */
async function gone(backend: Backend): Promise<void> {
  while (((await (await fetch(`${backend.ollama}/api/ps`)).json()) as { models: unknown[] }).models.length > 0) await wait(5);
}

/** All at once, over more models than may be in memory: whoever sorts them by model loads each model once. They have all arrived before the first load ends. */
async function benchQueue(rounds: number): Promise<BenchResult[]> {
  const models = Array.from({ length: MODELS }, (_, i) => ({ name: `queue-${i}`, blob: `queue-${i}`, ramBytes: 1e9, loadMs: 2_000 }));
  const loads: number[] = [];
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const backend = await startBackend({ models, unloadMs: 30, maxLoaded: 3 });
    const airdock = await startAirdock({ ollama: backend.ollama, limit: 2, queueLimit: QUEUED });
    try {
      const began = performance.now();
      const answers = await Promise.all(Array.from({ length: QUEUED }, (_, i) => ask(airdock.url, generate, wish(models[i % MODELS]!.name))));
      seconds.push((performance.now() - began) / 1000);
      const failed = answers.filter(({ status }) => status !== 200);
      if (failed.length > 0) throw new Error(`${failed.length} of ${QUEUED} requests were refused, the first with ${failed[0]!.status}.`);
      loads.push(await backend.loads());
    } finally {
      hangUp();
      await airdock.stop();
      await backend.stop();
    }
  }
  return [
    {
      name: `loads for ${QUEUED.toLocaleString('en')} requests at once over ${MODELS} models, two in memory`,
      figure: Math.max(...loads),
      unit: 'loads',
      target: MODELS,
      note: `the most of ${rounds}; all answered after ${rounded(median(seconds))} s`,
    },
  ];
}
