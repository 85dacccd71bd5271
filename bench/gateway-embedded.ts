import { askWell, hangUp } from './gateway-client.ts';
import { startHeadless } from './headless-process.ts';
import { makeSamples } from './load-ratio.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { median, rounded } from './statistics.ts';

const MODEL = 'sample-small';
const TOKENS = 400;
const ORDER = { model: MODEL, prompt: 'Why is the sky blue?', options: { num_predict: TOKENS, temperature: 0, seed: 1 } };

interface LastLine {
  eval_count: number;
  eval_duration: number;
}

/**
 * A stream of an embedded model: from its first byte to its last at the client, beside the time that the engine says it took for the
 * same tokens. A model of a few megabytes answers far faster than any that is of use, so this is the most that the way can cost.
 */
export async function benchEmbedded({ quick }: BenchOptions): Promise<BenchResult[]> {
  const directory = await makeSamples();
  const airdock = await startHeadless({ models: { directories: [directory] }, providers: { ollama: { enabled: false }, 'llama.cpp': { gpu: 'off' } } });
  const ratios: number[] = [];
  const perToken: number[] = [];
  let tokens = 0;
  try {
    await askWell(airdock.url, '/api/generate', { ...ORDER, stream: false });
    for (let turn = 0; turn < (quick ? 3 : 15); turn++) {
      const { firstMs, totalMs, text } = await askWell(airdock.url, '/api/generate', { ...ORDER, stream: true }, { keepText: true });
      const last = JSON.parse(text.trimEnd().split('\n').at(-1)!) as LastLine;
      const ownMs = last.eval_duration / 1e6;
      tokens = last.eval_count;
      ratios.push((totalMs - firstMs) / ownMs);
      perToken.push(ownMs / tokens);
    }
  } finally {
    hangUp();
    await airdock.stop();
  }
  return [
    {
      name: `stream of the embedded ${MODEL}, at the client / in the engine`,
      figure: rounded(median(ratios)),
      unit: '×',
      target: null,
      note: `${tokens} tokens, ${Math.round(1000 / median(perToken))} tokens/s by the engine; medians of ${ratios.length}`,
    },
  ];
}
