import type { FakeVersion, LoadFault } from './types.ts';

export const queueFull = 'server busy, please try again.  maximum pending requests exceeded';
export const noEmbeddings = 'This server does not support embeddings. Start it with `--embeddings`';

/** The runner's process ended while it worked. Older servers have another text for an end before the first token. */
export function runnerDied(version: FakeVersion, begun: boolean): string {
  if (begun || version === '0.33') return 'an error was encountered while running the model: unexpected EOF';
  return 'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details';
}

export const notFound = (name: string): string => `model '${name}' not found`;
export const notFoundPull = (name: string): string => `model "${name}" not found, try pulling it first`;

/** Go's two-decimal binary sizes. */
export function binarySize(bytes: number): string {
  const units: [number, string][] = [[2 ** 30, 'GiB'], [2 ** 20, 'MiB'], [2 ** 10, 'KiB']];
  for (const [size, unit] of units) if (bytes >= size) return `${(bytes / size).toFixed(1)} ${unit}`;
  return `${bytes} B`;
}

/** Refusal of servers before 0.30, which compare a load with the memory that is left. */
export function needsMoreMemory(required: number, available: number): string {
  return `model requires more system memory (${binarySize(required)}) than is available (${binarySize(available)})`;
}

/** What a failed load says. Old servers lose the signal of a killed runner. */
export function loadFailure(version: FakeVersion, kind: Exclude<LoadFault, 'hang'>): string {
  return (version === '0.33' ? newFailures : oldFailures)[kind];
}

const corrupt = 'error loading model: tensor data is not within the file bounds, model is corrupted or incomplete';

const newFailures = {
  oom: 'llama-server reported out-of-memory during startup: ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 4294967296',
  killed: 'llama-server process has terminated: signal: killed',
  crash: `llama-server process has terminated: exit status 1: ${corrupt}`,
  timeout: 'timed out waiting for llama-server to start - ',
};

const oldFailures = {
  oom: needsMoreMemory(12 * 2 ** 30, 3 * 2 ** 30),
  killed: 'llama runner process has terminated with exit code -1',
  crash: `llama runner process has terminated: ${corrupt}`,
  timeout: 'timed out waiting for llama runner to start - progress 0.00 - ',
};
