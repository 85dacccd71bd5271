import type { ModelShape } from './model-facts.ts';

const mib = 1024 * 1024;
/** What a runner holds whatever the model: measured 33 MiB (0.33) and 50 MiB (0.24) with a 135M model, at every context size from 512 to 8192. */
const processBytes = 48 * mib;
/** Ollama's batch on CPU, tokens: what activation buffers are sized for. */
const batch = 512;

/**
 * Bytes that a load is expected to take, before it was ever measured: the weights' file, an f16 KV cache for one sequence, and compute
 * buffers (activations of one batch, the attention mask). Measured against both servers in `estimate.test.ts`. Ollama's prompt cache
 * comes on top as it fills and is not part of it.
 */
export function estimateBytes(fileBytes: number, shape: ModelShape, contextLength: number | null): number {
  const context = Math.min(contextLength ?? shape.maxContextLength ?? 2048, shape.maxContextLength ?? Infinity);
  return Math.round(fileBytes + kvBytes(fileBytes, shape, context) + computeBytes(fileBytes, shape, context));
}

/** What one more token of context takes, by the same estimate: it grows evenly. */
export function bytesPerToken(fileBytes: number, shape: ModelShape): number {
  const bytes = (context: number): number => kvBytes(fileBytes, shape, context) + computeBytes(fileBytes, shape, context);
  return bytes(2) - bytes(1);
}

function kvBytes(fileBytes: number, shape: ModelShape, context: number): number {
  const { layers, heads, embedding } = shape;
  // Without a header: about what a model with grouped attention takes, 1/16 of its 4-bit weights for 4096 tokens.
  if (layers === null || heads === null || heads === 0) return (fileBytes / 16) * (context / 4096);
  const headLength = embedding === null ? 128 : embedding / heads;
  // Where Ollama empties a list by layer the model is a recent one, and those share one KV head among four or more.
  const kvHeads = shape.kvHeads ?? Math.ceil(heads / 4);
  return layers * kvHeads * ((shape.keyLength ?? headLength) + (shape.valueLength ?? headLength)) * context * 2;
}

function computeBytes(fileBytes: number, shape: ModelShape, context: number): number {
  if (shape.embedding === null) return processBytes + fileBytes / 16;
  const feedForward = shape.feedForward ?? 4 * shape.embedding;
  return processBytes + batch * 4 * (2 * shape.embedding + 3 * feedForward) + batch * 2 * context;
}

/** Time that a load gets, ms: a minute, and the file at 50 MB/s (a hard disk under load). Ollama queues loads, so never less. */
export function loadLimitMs(fileBytes: number): number {
  return 60_000 + fileBytes / 50_000;
}
