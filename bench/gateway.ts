import { askWell } from './gateway-client.ts';
import { benchEmbedded } from './gateway-embedded.ts';
import { benchLoads } from './gateway-loads.ts';
import { benchRequestMemory } from './gateway-memory.ts';
import { startAirdock, startBackend, startLlamaSwap, startPipe, type Stoppable } from './gateway-servers.ts';
import { benchStepCost } from './gateway-step-cost.ts';
import { benchStreams, type WayName } from './gateway-streams.ts';
import type { BenchOptions, BenchResult } from './result.ts';

const MODEL = 'bench';

/**
 * What requests cost on their way through Airdock: the same server directly, behind the barest pipe that Node can be, behind the built
 * headless Airdock, and behind llama-swap where AIRDOCK_BENCH_LLAMA_SWAP names its program. All are processes of their own on
 * loopback, asked in turns from this one.
 */
export async function benchGateway(options: BenchOptions): Promise<BenchResult[]> {
  const running: Stoppable[] = [];
  const started = async <T extends Stoppable>(starting: Promise<T>): Promise<T> => {
    const one = await starting;
    running.push(one);
    return one;
  };
  const results: BenchResult[] = benchStepCost();
  try {
    const backend = await started(startBackend({ models: [{ name: MODEL, blob: MODEL, ramBytes: 1e9, loadMs: 20 }], unloadMs: 15, maxLoaded: 3 }));
    const airdock = await started(startAirdock({ ollama: backend.source, limit: 2 }));
    const ways = new Map<WayName, string>([['direct', backend.source], ['pipe', (await started(startPipe(backend.source))).url], ['airdock', airdock.url]]);
    const swap = await startLlamaSwap(backend.source, MODEL);
    if (swap) {
      running.push(swap);
      ways.set('llama-swap', swap.url);
    }
    // The model is in memory before anything is measured.
    await askWell(airdock.url, '/api/generate', { model: MODEL, prompt: '' });
    results.push(...(await benchStreams(ways, MODEL, options)));
    results.push(...(await benchRequestMemory(airdock, MODEL, options)));
  } finally {
    for (const one of running.reverse()) await one.stop();
  }
  results.push(...(await benchLoads(options)), ...(await benchEmbedded(options)));
  return results;
}
