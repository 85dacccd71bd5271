import { gzipSync } from 'node:zlib';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layOutSample, sampleShapes } from './sample-model.ts';
import type { SampleShape } from './sample-model.ts';
import { createSampleMaker } from './samples.ts';

let dir: string;
beforeEach(async () => {
  dir = path.join(await mkdtemp(path.join(os.tmpdir(), 'airdock-samples-')), 'deep', 'samples');
});
afterEach(() => rm(path.dirname(path.dirname(dir)), { recursive: true, force: true }));

const shape: SampleShape = { name: 'a', layers: 2, embedding: 256, feedForward: 768, heads: 4, kvHeads: 2, contextLength: 512, seed: 5 };
const shapes = [shape, { ...shape, name: 'b', seed: 6 }];
const never = new AbortController().signal;

describe('sample models', () => {
  it('are about 60, 180 and 400 MB', () => {
    expect(sampleShapes.map((each) => Math.round(layOutSample(each).totalBytes / 1e6))).toEqual([62, 188, 420]);
  });

  it('are written whole, with progress to the last byte, and not again', async () => {
    const maker = createSampleMaker({ dir, shapes });
    expect(await maker.ready()).toBe(false);
    let last = { doneBytes: 0, totalBytes: -1, current: '' };
    const made = await maker.make({
      signal: never,
      onProgress: (progress) => {
        expect(progress.doneBytes).toBeGreaterThan(last.doneBytes);
        last = progress;
      },
    });
    expect(made).toEqual({ ok: true, files: [path.join(dir, 'a.gguf'), path.join(dir, 'b.gguf')] });
    expect(last).toMatchObject({ doneBytes: last.totalBytes, current: 'b' });
    expect(await maker.ready()).toBe(true);
    const [a, b] = await Promise.all(['a', 'b'].map((name) => readFile(path.join(dir, `${name}.gguf`))));
    expect(a?.equals(b ?? Buffer.alloc(0))).toBe(false);
    // Must take real room: neither sparse nor compressed away.
    expect(gzipSync(a ?? '', { level: 1 }).length).toBeGreaterThan((a?.length ?? 0) / 2);

    let again = 0;
    await maker.make({ signal: never, onProgress: () => again++ });
    expect(again).toBe(0);
    await truncate(path.join(dir, 'b.gguf'), 1000);
    await maker.make({ signal: never, onProgress: (progress) => expect(progress.current).toBe('b') });
    expect((await readFile(path.join(dir, 'b.gguf'))).equals(b ?? Buffer.alloc(0))).toBe(true);
  });

  it('leave nothing half-written behind when cancelled', async () => {
    const cancel = new AbortController();
    const made = await createSampleMaker({ dir, shapes }).make({
      signal: cancel.signal,
      onProgress: ({ current }) => {
        if (current === 'b') cancel.abort();
      },
    });
    expect(made).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expect(await readdir(dir)).toEqual(['a.gguf']);
  });

  it('are not begun on a disk without room', async () => {
    const made = await createSampleMaker({ dir, shapes, freeDisk: async () => 1_000_000 }).make({ signal: never });
    expect(made).toMatchObject({ ok: false, problem: { code: 'disk-full', message: expect.stringMatching(/take \d+ MB, but only 1 MB are free/) } });
    expect(await readdir(dir)).toEqual([]);
  });

  it('clean up when the disk becomes full on the way', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const made = await createSampleMaker({ dir, shapes }).make({
      signal: never,
      onProgress: () => {
        throw full;
      },
    });
    expect(made).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
    expect(await readdir(dir)).toEqual([]);
  });

  it('say where they could not be written', async () => {
    const blocked = path.join(path.dirname(path.dirname(dir)), 'file');
    await writeFile(blocked, '');
    const made = await createSampleMaker({ dir: path.join(blocked, 'samples'), shapes }).make({ signal: never });
    expect(made).toMatchObject({ ok: false, problem: { code: 'bad-folder', message: expect.stringContaining(blocked) } });
  });
});
