import { problem } from '../../../contract/index.ts';
import type { Resident } from '../../memory/memory.ts';
import type { LoadOutcome, LoadRequest, ObservedModel } from '../provider.ts';
import { batchTokens, choosePlacement, effectiveContext } from './footprint.ts';
import type { VramDevice } from './footprint.ts';
import type { LibraryModel } from './library.ts';
import { measureFootprint } from './measure.ts';
import type { Ready } from './messages.ts';
import { startModelProcess } from './model-process.ts';
import { recheckFiles } from './recheck.ts';
import { createRunning } from './running.ts';
import type { RunningModel } from './running.ts';
import type { ChildHandle } from './spawn-child.ts';
import { explainFailure } from './words.ts';

export interface LoadSurroundings {
  fork(): ChildHandle;
  device: VramDevice | null;
  threads: number;
  /** Tokens. */
  wantedContext: number;
  readResident(pid: number): Resident | null;
  /** The model was loaded by someone else, or the provider stopped, while the files were looked at. */
  isTaken(): boolean;
  /** Called as soon as there is a process. */
  watch(model: RunningModel): void;
}

/** Start of the process and warm-up, and then the slowest disk worth waiting for. */
const LOAD_LIMIT_MS = 120_000;
const SLOWEST_BYTES_PER_MS = 20_000;
/** A file that was read from disk for the larger part was cold. */
const COLD_SHARE = 0.5;

/** One load: look at the files again, start the process, wait until tokens come out, measure. */
export async function runLoad(request: LoadRequest, model: LibraryModel, around: LoadSurroundings): Promise<LoadOutcome> {
  const { signal } = request;
  const cancelled: LoadOutcome = { ok: false, kind: 'cancelled', problem: problem('cancelled', `Loading ${model.name} was cancelled.`) };
  const wrong = await recheckFiles(model);
  if (wrong) return { ok: false, kind: 'failed', problem: wrong };
  if (signal.aborted || around.isTaken() || model.gguf === null) return cancelled;

  const contextLength = effectiveContext(around.wantedContext, model.gguf.contextLength);
  const placement = choosePlacement(model.gguf, model.sizeBytes, contextLength, around.device);
  const child = startModelProcess(
    around.fork(),
    {
      type: 'load',
      file: model.file,
      contextLength,
      embedding: model.gguf.embedding,
      batch: batchTokens(model.gguf, contextLength),
      gpu: around.device !== null && placement.gpuLayers > 0,
      ...placement,
      threads: around.threads,
    },
    request.onProgress,
    (pid) => request.onProcess?.(pid),
  );
  const running = createRunning(request.model.id, model.name, request.model.weights, child);
  around.watch(running);

  let timedOut = false;
  const limit = LOAD_LIMIT_MS + model.sizeBytes / SLOWEST_BYTES_PER_MS;
  const timer = setTimeout(() => {
    timedOut = true;
    void child.end(0);
  }, limit);
  // Nothing is lost by ending a half-loaded model at once, and its memory is wanted back.
  const cancel = () => void child.end(0);
  signal.addEventListener('abort', cancel, { once: true });
  const outcome = await child.started;
  signal.removeEventListener('abort', cancel);
  clearTimeout(timer);

  if (!outcome.ok) {
    // A load that reports its failure is over only when its memory is back.
    await child.ended;
    if (timedOut) {
      const text = `${model.name} was not ready after ${Math.round(limit / 60_000)} minutes and was stopped.`;
      return { ok: false, kind: 'timeout', problem: problem('load-timeout', text, 'Its disk may be too slow, or the computer too busy.') };
    }
    if (outcome.ending.wanted) return cancelled;
    return explainFailure(model.name, request.model.estimate.ram, outcome);
  }
  if (signal.aborted) {
    await child.end(0);
    return cancelled;
  }
  const { ready } = outcome;
  const resident = child.pid === null ? null : around.readResident(child.pid);
  const { footprint, measured } = measureFootprint(ready, resident, around.device);
  const device = deviceOf(ready, model);
  running.ready = { footprint, contextLength, device };
  return {
    ok: true,
    pid: child.pid,
    contextLength,
    device,
    footprint,
    source: measured ? 'measured' : 'reported',
    cold: ready.diskRead === null ? null : ready.diskRead > model.sizeBytes * COLD_SHARE,
  };
}

function deviceOf(ready: Ready, model: LibraryModel): ObservedModel['device'] {
  if (!ready.gpu) return 'cpu';
  return ready.gpuLayers > (model.gguf?.layers ?? 0) ? 'gpu' : 'split';
}
