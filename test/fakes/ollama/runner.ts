import { nsToMs, nsPerMs, type Ns } from './clock.ts';
import type { Installed } from './models.ts';
import type { FakeVersion, RunnerView } from './types.ts';

/** Options that make a runner another runner: a request that differs in one of them reloads the model. */
export interface RunnerOptions {
  numCtx: number;
  numCtxAuto: boolean;
  /** The other ones that count (num_gpu, num_thread, num_batch, …) as one comparable text. */
  others: string;
}

/** One loaded model. */
export interface Runner {
  readonly pid: number;
  readonly model: Installed;
  readonly options: RunnerOptions;
  /** Context in force, capped to the trained one. */
  readonly contextLength: number;
  readonly sizeBytes: number;
  keepAlive: Ns;
  refCount: number;
  /** null until it was idle for the first time. */
  expiresAt: Ns | null;
  cancelTimer: (() => void) | null;
  /** Aborted when its process dies by itself. */
  readonly death: AbortController;
}

export function sizeOf(model: Installed, contextLength: number): number {
  return Math.round(model.ramBytes + (contextLength - 4096) * model.ramBytesPerToken);
}

const reloading = ['num_batch', 'num_gpu', 'main_gpu', 'use_mmap', 'num_thread', 'draft_num_predict'];

/** The options of one request over those of the model's own file. */
export function runnerOptions(version: FakeVersion, model: Installed, asked: Record<string, unknown>, defaultContext: number): RunnerOptions {
  const merged = { ...model.options, ...asked };
  const given = merged['num_ctx'];
  const explicit = typeof given === 'number';
  const floor = model.capabilities.includes('vision') ? 2048 : 4;
  const others: Record<string, unknown> = {};
  for (const key of reloading) {
    const value = merged[key];
    if (value !== undefined && !(key === 'num_gpu' && typeof value === 'number' && value < 0)) others[key] = value;
  }
  const numCtx = Math.max(explicit ? given : defaultContext, floor);
  // llama-server's batch for embeddings follows the asked-for context before it is capped, so that naming even the context
  // in force can make another runner.
  if (version === '0.33' && model.capabilities.includes('embedding')) others['num_batch'] ??= Math.min(2048, numCtx);
  return { numCtx, numCtxAuto: !explicit, others: JSON.stringify(others) };
}

/** Whether a request with these options cannot be served by this runner. A dead one cannot serve any. */
export function needsReload(version: FakeVersion, runner: Runner, asked: RunnerOptions): boolean {
  if (runner.death.signal.aborted || runner.options.others !== asked.others) return true;
  if (version !== '0.33') return runner.options.numCtx !== asked.numCtx;
  if (runner.options.numCtxAuto && asked.numCtxAuto) return false;
  return runner.contextLength !== Math.min(asked.numCtx, runner.model.contextLength);
}

export function viewRunner(runner: Runner): RunnerView {
  return {
    blob: runner.model.blob,
    name: runner.model.label,
    pid: runner.pid,
    inUse: runner.refCount,
    keepAliveMs: nsToMs(runner.keepAlive),
    expiresAt: runner.expiresAt === null ? null : Number(runner.expiresAt / nsPerMs),
    contextLength: runner.contextLength,
    sizeBytes: runner.sizeBytes,
    alive: !runner.death.signal.aborted,
  };
}
