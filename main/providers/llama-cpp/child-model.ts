import type { LlamaContext, LlamaContextSequence, LlamaEmbeddingContext, LlamaModel, Token } from 'node-llama-cpp';
import { diskReadBytes, residentParts } from './child-memory.ts';
import type { LoadMessage, Ready } from './messages.ts';

export interface LoadedGguf {
  /** Continues the prompt, or answers it where the model has a chat template. Rejects with the engine's words. */
  generate(prompt: string, maxTokens: number, signal: AbortSignal): Promise<{ text: string; tokens: number }>;
}

export type LoadedOrNot = { ok: true; model: LoadedGguf; ready: Ready } | { ok: false; stage: 'engine' | 'model'; message: string; log: string[] };

// Begun before the order to load arrives: reading the library's modules is a third of the time that a small model takes.
const engineImport = import('node-llama-cpp');
type Engine = Awaited<typeof engineImport>;
engineImport.catch(() => undefined);

const LOG_LINES = 30;
const LOG_DELAY_MS = 50;

/** Loads a model and proves that it works: two tokens (or an embedding) come out before it counts as loaded. */
export async function createLoadedModel(order: LoadMessage, onProgress: (fraction: number) => void): Promise<LoadedOrNot> {
  const log: string[] = [];
  let stage: 'engine' | 'model' = 'engine';
  try {
    const engine = await engineImport;
    const llama = await engine.getLlama({
      gpu: order.gpu ? 'auto' : false,
      build: 'never',
      skipDownload: true,
      // The budget is Airdock's: whatever it admits gets all of its room.
      ramPadding: 0,
      vramPadding: 0,
      maxThreads: order.threads,
      progressLogs: false,
      logLevel: engine.LlamaLogLevel.error,
      logger: (_level, line) => {
        log.push(line.trim().slice(0, 500));
        if (log.length > LOG_LINES) log.shift();
      },
    });
    stage = 'model';
    const before = residentParts();
    const readBefore = diskReadBytes();
    let told = 0;
    const model = await llama.loadModel({
      modelPath: order.file,
      gpuLayers: llama.gpu === false ? 0 : order.gpuLayers,
      useMmap: order.useMmap,
      ignoreMemorySafetyChecks: true,
      onLoadProgress: (fraction) => {
        if (fraction < told + 0.01) return;
        told = fraction;
        onProgress(Math.min(1, fraction));
      },
    });
    // llama.cpp's last steps can be too small to be told above, or come only after the end.
    if (told < 1) onProgress(1);
    told = 1;
    const withWeights = residentParts();
    const contextOptions = { contextSize: order.contextLength, threads: order.threads, ignoreMemorySafetyChecks: true };
    const loaded = order.embedding
      ? await embeddingModel(await model.createEmbeddingContext(contextOptions))
      : await textModel(engine, model, await model.createContext({ ...contextOptions, sequences: 1 }));
    const readAfter = diskReadBytes();
    return {
      ok: true,
      model: loaded.model,
      ready: {
        type: 'ready',
        gpu: llama.gpu !== false && model.gpuLayers > 0,
        gpuLayers: model.gpuLayers,
        baseline: before && withWeights && { anon: withWeights.anon, file: before.file },
        resident: process.memoryUsage.rss(),
        weights: model.memoryUsage,
        context: loaded.memory,
        mapped: model.useMmap,
        diskRead: readBefore === null || readAfter === null ? null : Math.max(0, readAfter - readBefore),
      },
    };
  } catch (error) {
    // llama.cpp's own lines come through a queue between threads, behind the error that they explain.
    await new Promise((resolve) => setTimeout(resolve, LOG_DELAY_MS));
    return { ok: false, stage, message: error instanceof Error ? error.message : String(error), log };
  }
}

interface Usable {
  model: LoadedGguf;
  memory: { ram: number; vram: number };
}

async function textModel(engine: Engine, model: LlamaModel, context: LlamaContext): Promise<Usable> {
  const sequence = context.getSequence();
  await complete(model, sequence, 'Hello', 2, new AbortController().signal);
  const template = model.fileInfo.metadata.tokenizer?.chat_template;
  return {
    memory: context.memoryUsage,
    model: {
      generate: (prompt, maxTokens, signal) =>
        typeof template === 'string' && template !== ''
          ? answer(engine, sequence, prompt, maxTokens, signal)
          : complete(model, sequence, prompt, maxTokens, signal),
    },
  };
}

async function complete(model: LlamaModel, sequence: LlamaContextSequence, prompt: string, maxTokens: number, signal: AbortSignal) {
  await sequence.clearHistory();
  const tokens: Token[] = [];
  const input = model.tokenize(prompt);
  if (model.tokens.shouldPrependBosToken && model.tokens.bos !== null) input.unshift(model.tokens.bos);
  if (input.length === 0) return { text: '', tokens: 0 };
  for await (const token of sequence.evaluate(input, { temperature: 0 })) {
    if (signal.aborted || model.isEogToken(token)) break;
    if (tokens.push(token) >= maxTokens) break;
  }
  return { text: model.detokenize(tokens), tokens: tokens.length };
}

async function answer(engine: Engine, sequence: LlamaContextSequence, prompt: string, maxTokens: number, signal: AbortSignal) {
  await sequence.clearHistory();
  const session = new engine.LlamaChatSession({ contextSequence: sequence, autoDisposeSequence: false });
  let tokens = 0;
  try {
    const text = await session.prompt(prompt, {
      maxTokens,
      signal,
      stopOnAbortSignal: true,
      onToken: (added) => {
        tokens += added.length;
      },
    });
    return { text, tokens };
  } finally {
    session.dispose();
  }
}

async function embeddingModel(context: LlamaEmbeddingContext): Promise<Usable> {
  const { vector } = await context.getEmbeddingFor('Hello');
  if (vector.length === 0) throw new Error('The model gave an empty embedding.');
  // The library keeps the figures of an embedding context to itself; what is resident is measured by the parent.
  return {
    memory: { ram: 0, vram: 0 },
    model: { generate: () => Promise.reject(new Error('This model makes embeddings, not text.')) },
  };
}
