import type { Clock } from './clock.ts';
import type { Installed } from './models.ts';
import type { Runner } from './runner.ts';

export interface Generation {
  tokens: number;
  promptTokens: number;
  reason: 'stop' | 'length';
  /** Nanoseconds. */
  promptNs: number;
  evalNs: number;
}

export type GenerationEnd = { kind: 'done'; generation: Generation } | { kind: 'left' } | { kind: 'crashed'; begun: boolean };

export interface Engine {
  /** Produces an answer token by token at the fake's speed. One at a time per runner; others wait. */
  generate(
    runner: Runner,
    request: { prompt: string; limit: number | undefined; signal: AbortSignal; onToken(text: string): void },
  ): Promise<GenerationEnd>;
  embed(model: Installed, text: string): number[];
}

export function createEngine(deps: { clock: Clock; promptMs: number; tokensPerSecond: number; answerTokens: number }): Engine {
  const { clock } = deps;
  const turns = new WeakMap<Runner, Promise<void>>();
  const stepMs = 1000 / deps.tokensPerSecond;

  const produce: Engine['generate'] = async (runner, request) => {
    const limited = request.limit !== undefined && request.limit >= 0;
    const tokens = limited ? (request.limit ?? 0) : deps.answerTokens;
    const words = runner.model.answer;
    const gone = AbortSignal.any([request.signal, runner.death.signal]);
    await clock.sleep(deps.promptMs, gone);
    const began = process.hrtime.bigint();
    for (let index = 0; index < tokens; index++) {
      await clock.sleep(stepMs, gone);
      if (runner.death.signal.aborted) return { kind: 'crashed', begun: index > 0 };
      if (request.signal.aborted) return { kind: 'left' };
      request.onToken(words[index % words.length] ?? '');
    }
    const spent = Number(process.hrtime.bigint() - began);
    const promptTokens = countTokens(request.prompt);
    const promptNs = Math.round(Math.max(deps.promptMs, 1) * 1e6);
    return { kind: 'done', generation: { tokens, promptTokens, reason: limited ? 'length' : 'stop', promptNs, evalNs: spent } };
  };

  return {
    generate: (runner, request) => {
      const turn = (turns.get(runner) ?? Promise.resolve()).then(() => produce(runner, request));
      turns.set(runner, turn.then(() => undefined));
      return turn;
    },
    embed: (model, text) => {
      let state = [...text].reduce((hash, c) => (hash * 31 + c.charCodeAt(0)) >>> 0, 7);
      return Array.from({ length: model.embeddingLength }, () => {
        state = (state * 1_664_525 + 1_013_904_223) >>> 0;
        return Number((state / 2 ** 32 - 0.5).toFixed(7));
      });
    },
  };
}

export function countTokens(prompt: string): number {
  return Math.max(1, prompt.split(/\s+/).filter((word) => word !== '').length);
}
