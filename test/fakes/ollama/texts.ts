import type { FakeVersion, LoadFault } from './types.ts';

export const queueFull = 'server busy, please try again.  maximum pending requests exceeded';
export const runnerStopped =
  'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details';
export const midAnswerCrash = 'an error was encountered while running the model: unexpected EOF';
export const noEmbeddings = 'This server does not support embeddings. Start it with `--embeddings`';

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

/** What a failed load says. The runner's name in the texts tells old from new. */
export function loadFailure(version: FakeVersion, kind: Exclude<LoadFault, 'hang'>): string {
  const runner = version === '0.33' ? 'llama-server' : 'llama runner';
  switch (kind) {
    case 'oom':
      return version === '0.33'
        ? 'llama-server reported out-of-memory during startup: ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 4294967296'
        : needsMoreMemory(12 * 2 ** 30, 3 * 2 ** 30);
    case 'killed':
      return `${runner} process has terminated: signal: killed`;
    case 'crash':
      return `${runner} process has terminated: exit status 2`;
    case 'timeout':
      return version === '0.33' ? 'timed out waiting for llama-server to start - ' : 'timed out waiting for llama runner to start - progress 0.00 - ';
  }
}
