import type { LlamaModel } from 'node-llama-cpp';
import { createEmbedder } from './child-embedding.ts';
import { diskReadBytes, residentParts } from './child-memory.ts';
import { createWriter } from './child-text.ts';
import type { EmbedDone, GenerateDone, GenerateWork, LoadMessage, Ready } from './messages.ts';

/** A model that works. Both reject with a `Refusal`, or with the engine's words; one call at a time. */
export interface LoadedGguf {
  /** An aborted answer ends as `cancelled`, within a token. */
  generate(work: GenerateWork, signal: AbortSignal, onText: (text: string) => void): Promise<GenerateDone>;
  embed(inputs: readonly string[], signal: AbortSignal): Promise<EmbedDone>;
}

export type LoadedOrNot = { ok: true; model: LoadedGguf; ready: Ready } | { ok: false; stage: 'engine' | 'model'; message: string; log: string[] };

// Begun before the order to load arrives: reading the library's modules is a third of the time that a small model takes.
const engineImport = import('node-llama-cpp');
export type Engine = Awaited<typeof engineImport>;
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
    const loaded = await (order.embedding ? embeddingModel(model, order) : textModel(engine, model, order));
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

const contextOptions = ({ contextLength, batch, threads }: LoadMessage) => ({ contextSize: contextLength, batchSize: batch, threads, ignoreMemorySafetyChecks: true });

async function textModel(engine: Engine, model: LlamaModel, order: LoadMessage): Promise<Usable> {
  const context = await model.createContext({ ...contextOptions(order), sequences: 1 });
  return { model: await createWriter(engine, model, context, order), memory: context.memoryUsage };
}

async function embeddingModel(model: LlamaModel, order: LoadMessage): Promise<Usable> {
  const context = await model.createEmbeddingContext(contextOptions(order));
  // The library keeps the figures of an embedding context to itself; what is resident is measured by the parent.
  return { model: await createEmbedder(model, context, order), memory: { ram: 0, vram: 0 } };
}
