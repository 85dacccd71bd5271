import { mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { formatBytes, problem } from '../../../contract/index.ts';
import type { Problem } from '../../../contract/index.ts';
import { tensorType } from './gguf/format.ts';
import { readGguf } from './gguf/read.ts';
import type { GgufLayout } from './gguf/write.ts';
import { createWeightSource } from './random-weights.ts';
import { layOutSample, sampleShapes, UNPRINTABLE_TOKENS } from './sample-model.ts';
import type { SampleShape } from './sample-model.ts';

const CHUNK_BYTES = 1024 * 1024;
/** Left free on the disk besides the samples themselves. */
const SPARE_BYTES = 64 * 1024 * 1024;

export interface SampleProgress {
  doneBytes: number;
  totalBytes: number;
  /** Name of the sample being written. */
  current: string;
}

export type SamplesOutcome = { ok: true; files: string[] } | { ok: false; problem: Problem };

export interface SampleMaker {
  readonly dir: string;
  /** Whether every sample is there, whole. */
  ready(): Promise<boolean>;
  /**
   * Writes the samples that are missing. Cancelled or failed, it leaves no half-written file; finished files stay.
   * Problems: `disk-full`, `cancelled`, `bad-folder`.
   */
  make(options: { signal: AbortSignal; onProgress?: (progress: SampleProgress) => void }): Promise<SamplesOutcome>;
}

export interface SampleMakerOptions {
  dir: string;
  /** Bytes that this user can still write there; default: `statfs`. */
  freeDisk?: (dir: string) => Promise<number>;
  shapes?: readonly SampleShape[];
}

/** Makes models with random weights: they answer nonsense but take and give back real memory. */
export function createSampleMaker({ dir, freeDisk = freeDiskBytes, shapes = sampleShapes }: SampleMakerOptions): SampleMaker {
  const fileOf = (shape: SampleShape) => path.join(dir, `${shape.name}.gguf`);
  const plans = () => shapes.map((shape) => ({ shape, layout: layOutSample(shape), file: fileOf(shape) }));

  return {
    dir,

    async ready() {
      // Asked at every start, where laying out the files would take longer than everything else.
      const sizes = await Promise.all(shapes.map((shape) => sizeOf(fileOf(shape))));
      if (sizes.includes(null)) return false;
      const whole = await Promise.all(plans().map(({ file, layout }) => isWhole(file, layout)));
      return whole.every(Boolean);
    },

    async make({ signal, onProgress }) {
      try {
        await mkdir(dir, { recursive: true });
        const all = plans();
        const missing: typeof all = [];
        for (const plan of all) if (!(await isWhole(plan.file, plan.layout))) missing.push(plan);
        const totalBytes = missing.reduce((sum, plan) => sum + plan.layout.totalBytes, 0);
        const free = await freeDisk(dir);
        if (totalBytes > 0 && free < totalBytes + SPARE_BYTES) return { ok: false, problem: diskFull(totalBytes, free) };

        let doneBytes = 0;
        for (const { shape, layout, file } of missing) {
          await writeSample({ shape, layout, file, signal }, (bytes) => {
            doneBytes += bytes;
            onProgress?.({ doneBytes, totalBytes, current: shape.name });
          });
        }
        return { ok: true, files: all.map((plan) => plan.file) };
      } catch (error) {
        return { ok: false, problem: asProblem(error, dir, signal) };
      }
    },
  };
}

async function isWhole(file: string, layout: GgufLayout): Promise<boolean> {
  if ((await sizeOf(file)) !== layout.totalBytes) return false;
  const header = await readGguf(file);
  return header.ok && header.gguf.sample;
}

function sizeOf(file: string): Promise<number | null> {
  return stat(file).then(
    (found) => found.size,
    () => null,
  );
}

interface SampleJob {
  shape: SampleShape;
  layout: GgufLayout;
  file: string;
  signal: AbortSignal;
}

async function writeSample({ shape, layout, file, signal }: SampleJob, wrote: (bytes: number) => void): Promise<void> {
  // The ending keeps a half-written file out of the list of models.
  const temporary = `${file}.${process.pid}.partial`;
  try {
    const handle = await open(temporary, 'w');
    try {
      for (const chunk of sampleBytes(shape, layout)) {
        signal.throwIfAborted();
        await handle.writeFile(chunk);
        wrote(chunk.byteLength);
      }
    } finally {
      await handle.close();
    }
    signal.throwIfAborted();
    // No fsync: a sample cut off by a power failure is found by its size and made again.
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** The whole file in order, in chunks that are overwritten by the next one. */
function* sampleBytes(shape: SampleShape, layout: GgufLayout): Generator<Uint8Array> {
  yield layout.header;
  let at = layout.header.byteLength;
  const source = createWeightSource(shape.seed);
  const words = new Uint32Array(CHUNK_BYTES / 4);
  const ones = new Float32Array(shape.embedding).fill(1);
  for (const place of layout.tensors) {
    if (place.at > at) yield new Uint8Array(place.at - at);
    let left = place.bytes;
    if (place.tensor.type === tensorType.f32) {
      yield new Uint8Array(ones.buffer, 0, left);
      left = 0;
    } else if (place.tensor.name === 'output.weight') {
      // Rows of zeros give these tokens a lower score than the best of the others.
      const zeros = UNPRINTABLE_TOKENS * shape.embedding * 2;
      yield new Uint8Array(zeros);
      left -= zeros;
    }
    while (left > 0) {
      const bytes = Math.min(left, CHUNK_BYTES);
      source.fill(words.subarray(0, bytes / 4));
      yield new Uint8Array(words.buffer, 0, bytes);
      left -= bytes;
    }
    at = place.at + place.bytes;
  }
  if (layout.totalBytes > at) yield new Uint8Array(layout.totalBytes - at);
}

async function freeDiskBytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

function diskFull(needed: number, free: number): Problem {
  return problem(
    'disk-full',
    `The sample models take ${formatBytes(needed)}, but only ${formatBytes(free)} are free on the disk.`,
    'Free some disk space, or choose another data directory, and try again.',
  );
}

function asProblem(error: unknown, dir: string, signal: AbortSignal): Problem {
  if (signal.aborted) return problem('cancelled', 'Making the sample models was cancelled.');
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return problem('disk-full', 'The disk became full while the sample models were written; nothing half-written was left behind.', 'Free some disk space and try again.');
  }
  const why = error instanceof Error ? error.message : String(error);
  return problem('bad-folder', `The sample models could not be written to ${dir}: ${why}.`, 'Check that the folder exists and may be written to.');
}
