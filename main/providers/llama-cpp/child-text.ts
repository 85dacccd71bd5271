import { randomInt } from 'node:crypto';
import type { LlamaContext, LlamaModel, LLamaChatGenerateResponseOptions, Token } from 'node-llama-cpp';
import type { Engine, LoadedGguf } from './child-model.ts';
import { createPrompter } from './child-prompt.ts';
import type { GenerateDone, GenerateWork, LoadMessage } from './messages.ts';
import { Refusal } from './refusal.ts';
import { createStopGate } from './stop-gate.ts';

/** llama.cpp's own defaults, for what a request leaves open. */
const defaults = { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05 };
/** Last tokens of the answer that penalties look at: llama.cpp's default. */
const PENALTY_WINDOW = 64;
/** Models with a sliding window or a recurrent state go back to an earlier place only by a copy of it. Each takes memory, so there are few. */
const CHECKPOINTS = 2;
/** llama.cpp takes the highest number of 32 bits for "any", as clients mean by a seed below zero. */
const SEEDS = 2 ** 32 - 1;

type Options = LLamaChatGenerateResponseOptions;

/** Proves that tokens come out, and writes answers: one at a time, the caller sees to that. */
export async function createWriter(engine: Engine, model: LlamaModel, context: LlamaContext, order: LoadMessage): Promise<LoadedGguf> {
  const sequence = context.getSequence({ checkpoints: { max: CHECKPOINTS } });
  // The library rounds the context up; what was asked for is what was planned for.
  const contextLength = Math.min(order.contextLength, sequence.contextSize);
  const promptOf = createPrompter(engine, model);

  /** Brings all but the last token of the prompt into the context, keeping what is there already. False: `signal` came first. */
  async function read(tokens: Token[], signal: AbortSignal): Promise<boolean> {
    const end = tokens.length - 1;
    await sequence.adaptStateToTokens(tokens.slice(0, end), false);
    while (sequence.nextTokenIndex < end) {
      if (signal.aborted) return false;
      const from = sequence.nextTokenIndex;
      await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(from, Math.min(end, from + context.batchSize)));
    }
    return !signal.aborted;
  }

  async function generate(work: GenerateWork, signal: AbortSignal, onText: (text: string) => void): Promise<GenerateDone> {
    const beganAt = performance.now();
    const { wrapper, history } = promptOf(work.input);
    const tokens = wrapper.generateContextState({ chatHistory: history }).contextText.tokenize(model.tokenizer);
    const promptTokens = tokens.length;
    let readAt: number | null = null;
    let firstAt: number | null = null;
    const done = (finish: GenerateDone['finish'], completionTokens: number): GenerateDone => {
      const endedAt = performance.now();
      // Nothing may have come out: all of it thought, or held back.
      const turn = firstAt ?? readAt ?? endedAt;
      return { finish, promptTokens, completionTokens, promptMs: turn - beganAt, completionMs: endedAt - turn };
    };
    // The library needs a place for the first token of the answer and one to spare.
    if (promptTokens + 2 > contextLength) throw new Refusal('bad-request', `The prompt has ${promptTokens} tokens, but the context of the model holds ${contextLength}, and the answer needs room too.`);
    if (promptTokens === 0) return done('stop', 0);

    const grammar = work.grammar === null ? null : await grammarOf(work.grammar);
    // Tokens that were evaluated one by one differ in their last bits from the same tokens evaluated together: enough to tip a draw.
    if (seedOf(work.sampling) !== null) await sequence.clearHistory();
    if (!(await read(tokens, signal))) return done('cancelled', 0);
    readAt = performance.now();
    if (work.maxTokens === 0) return done('length', 0);

    const gate = createStopGate(work.stop);
    const halt = new AbortController();
    const cancel = () => halt.abort();
    signal.addEventListener('abort', cancel, { once: true });
    const before = sequence.tokenMeter.getState();
    const chat = new engine.LlamaChat({ contextSequence: sequence, chatWrapper: wrapper, autoDisposeSequence: false });
    let finish: GenerateDone['finish'] = 'stop';
    const show = (text: string) => {
      if (text !== '' && !signal.aborted) onText(text);
    };
    try {
      const { metadata } = await chat.generateResponse(history, {
        ...samplingOf(work.sampling),
        ...(grammar && { grammar, budgets: { thoughtTokens: 0 } }),
        maxTokens: Math.min(work.maxTokens ?? Infinity, contextLength - promptTokens),
        signal: halt.signal,
        stopOnAbortSignal: true,
        // Thoughts (in the formats that the library knows) are no part of the answer, but their first token ends the reading of the prompt.
        onResponseChunk: () => void (firstAt ??= performance.now()),
        onTextChunk: (text) => {
          show(gate.push(text));
          if (gate.stopped) halt.abort();
        },
      });
      if (metadata.stopReason === 'maxTokens') finish = 'length';
    } catch (error) {
      if (!halt.signal.aborted) {
        // What is in the context now is not known; the next prompt starts from nothing.
        await sequence.clearHistory();
        throw error;
      }
    } finally {
      signal.removeEventListener('abort', cancel);
      chat.dispose({ disposeSequence: false });
    }
    if (gate.stopped) finish = 'stop';
    else if (signal.aborted) finish = 'cancelled';
    else show(gate.flush());
    return done(finish, sequence.tokenMeter.diff(before).usedOutputTokens);
  }

  async function grammarOf(text: string) {
    try {
      return await model.llama.createGrammar({ grammar: text });
    } catch {
      throw new Refusal('bad-request', 'The JSON schema cannot be followed: llama.cpp does not accept the grammar that it makes.');
    }
  }

  await generate({ input: { kind: 'prompt', prompt: 'Hello', template: false }, maxTokens: 2, stop: [], sampling: { temperature: 0 }, grammar: null }, new AbortController().signal, () => undefined);
  return { generate, embed: () => Promise.reject(new Refusal('bad-request', 'This model writes text and makes no embeddings.')) };
}

/** Null: none that makes the answer the same each time. */
function seedOf({ seed }: GenerateWork['sampling']): number | null {
  return seed === undefined || seed < 0 ? null : Math.trunc(seed) % SEEDS;
}

function samplingOf(sampling: GenerateWork['sampling']): Pick<Options, 'temperature' | 'topK' | 'topP' | 'minP' | 'seed' | 'repeatPenalty'> {
  const { temperature, topK, topP, minP, repeatPenalty, frequencyPenalty, presencePenalty } = sampling;
  const penalized = repeatPenalty !== undefined || frequencyPenalty !== undefined || presencePenalty !== undefined;
  return {
    temperature: temperature ?? defaults.temperature,
    topK: topK ?? defaults.topK,
    topP: topP ?? defaults.topP,
    minP: minP ?? defaults.minP,
    seed: seedOf(sampling) ?? randomInt(SEEDS),
    // Left out, the library would put in a penalty of its own.
    repeatPenalty: penalized && {
      lastTokens: PENALTY_WINDOW,
      penalizeNewLine: true,
      penalty: repeatPenalty ?? 1,
      ...(frequencyPenalty !== undefined && { frequencyPenalty }),
      ...(presencePenalty !== undefined && { presencePenalty }),
    },
  };
}
