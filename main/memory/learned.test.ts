import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Problem } from '../../contract/index.ts';
import { bundleForNode } from '../../test/bundle-for-node.ts';
import { learnedFileSchema } from './learned-file.ts';
import { createLearnedStore } from './learned.ts';
import type { LearnKey } from './memory.ts';

const DAY = 24 * 60 * 60 * 1000;
const key: LearnKey = { weights: 'sha256:aa', contextLength: 4096, settings: 'mmap' };
let folder: string;
let file: string;
let time: number;
let problems: Problem[];
const open = () => {
  // Bound now: a store of an earlier test may still try to write into its removed folder.
  const found = problems;
  return createLearnedStore({ file, now: () => time, onProblem: (problem) => found.push(problem) });
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'airdock-learned-'));
  file = path.join(folder, 'learned.json');
  time = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  problems = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('footprints', () => {
  it('are remembered by weights, context and settings, over a restart', async () => {
    const store = open();
    expect(store.footprint(key)).toBeNull();
    store.recordFootprint(key, { ram: 4e9, vram: { gpu: 1e9 } }, 'measured');
    await store.flush();
    const again = open();
    expect(again.footprint(key)).toEqual({ ram: 4e9, vram: { gpu: 1e9 }, source: 'measured' });
    for (const other of [{ ...key, weights: 'b' }, { ...key, contextLength: null }, { ...key, settings: '' }]) expect(again.footprint(other)).toBeNull();
    expect(problems).toEqual([]);
  });

  it('a new measurement replaces the old one; what is no size is not taken', () => {
    const store = open();
    store.recordFootprint(key, { ram: 4e9, vram: {} }, 'measured');
    store.recordFootprint(key, { ram: 3e9, vram: {} }, 'measured');
    store.recordFootprint(key, { ram: Number.NaN, vram: {} }, 'measured');
    store.recordFootprint(key, { ram: 9e9, vram: { gpu: -1 } }, 'measured');
    expect(store.footprint(key)?.ram).toBe(3e9);
  });

  it('what a server reports is remembered as that, over a restart, and never takes the place of a measurement', async () => {
    const store = open();
    store.recordFootprint(key, { ram: 4e9, vram: {} }, 'reported');
    store.recordFootprint(key, { ram: 5e9, vram: { gpu: 1e9 } }, 'reported');
    await store.flush();
    const again = open();
    expect(again.footprint(key)).toEqual({ ram: 5e9, vram: { gpu: 1e9 }, source: 'reported' });
    again.recordCorrection(key, { ram: 6e9, vram: {} }, time);
    expect(again.footprint(key)).toEqual({ ram: 6e9, vram: { gpu: 1e9 }, source: 'reported' });
    again.recordFootprint(key, { ram: 7e9, vram: {} }, 'measured');
    again.recordFootprint(key, { ram: 9e9, vram: {} }, 'reported');
    expect(again.footprint(key)).toEqual({ ram: 7e9, vram: {}, source: 'measured' });
    expect(problems).toEqual([]);
  });

  it('a correction raises each pool for a day', () => {
    const store = open();
    store.recordFootprint(key, { ram: 4e9, vram: { a: 5, b: 5 } }, 'measured');
    store.recordCorrection(key, { ram: 6e9, vram: { b: 9 } }, time);
    expect(store.footprint(key)).toEqual({ ram: 6e9, vram: { a: 5, b: 9 }, source: 'measured' });
    time += DAY - 1;
    expect(store.footprint(key)?.ram).toBe(6e9);
    time += 1;
    expect(store.footprint(key)).toEqual({ ram: 4e9, vram: { a: 5, b: 5 }, source: 'measured' });
  });

  it('a correction never lowers a measurement, alone is an estimate, and a second one does not lower the first', () => {
    const store = open();
    store.recordCorrection(key, { ram: 6, vram: {} }, time);
    expect(store.footprint(key)).toEqual({ ram: 6, vram: {}, source: 'estimated' });
    store.recordCorrection(key, { ram: 5, vram: {} }, time + 1);
    expect(store.footprint(key)?.ram).toBe(6);
    store.recordFootprint(key, { ram: 8, vram: {} }, 'measured');
    expect(store.footprint(key)).toEqual({ ram: 8, vram: {}, source: 'measured' });
    const other = { ...key, settings: 'x' };
    store.recordCorrection(other, { ram: 6, vram: {} }, time);
    time += DAY;
    expect(store.footprint(other)).toBeNull();
  });

  it('keeps the 500 keys recorded last', async () => {
    const store = open();
    for (let i = 0; i < 500; i++) store.recordFootprint({ ...key, weights: `w${i}` }, { ram: i, vram: {} }, 'measured');
    store.recordFootprint({ ...key, weights: 'w0' }, { ram: 7, vram: {} }, 'measured');
    store.recordFootprint({ ...key, weights: 'new' }, { ram: 8, vram: {} }, 'measured');
    await store.flush();
    const again = open();
    expect(again.footprint({ ...key, weights: 'w0' })?.ram).toBe(7);
    expect(again.footprint({ ...key, weights: 'w1' })).toBeNull();
    expect(again.footprint({ ...key, weights: 'w2' })?.ram).toBe(2);
  });
});

describe('load times', () => {
  it('are the median of the last five of the kind seen last', async () => {
    const store = open();
    expect(store.loadMs('w')).toBeNull();
    for (const ms of [9000, 100, 200, 300, 400, 500]) store.recordLoad('w', ms, false);
    expect(store.loadMs('w')).toBe(300);
    store.recordLoad('w', 14_000, true);
    expect(store.loadMs('w')).toBe(14_000);
    store.recordLoad('w', 12_000, true);
    expect(store.loadMs('w')).toBe(13_000);
    store.recordLoad('w', 200, false);
    expect(store.loadMs('w')).toBe(300);
    store.recordLoad('w', 50, null);
    expect(store.loadMs('w')).toBe(50);
    store.recordLoad('w', Number.POSITIVE_INFINITY, null);
    await store.flush();
    expect(open().loadMs('w')).toBe(50);
  });
});

describe('the file', () => {
  it('is written two seconds after the first change, and by flush only where something changed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const store = open();
      store.recordLoad('w', 1, null);
      await vi.advanceTimersByTimeAsync(1500);
      store.recordLoad('w', 1, null);
      await vi.advanceTimersByTimeAsync(499);
      expect(await readdir(folder)).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      await store.flush();
      expect(await readdir(folder)).toEqual(['learned.json']);
      await rm(file);
      await store.flush();
      expect(await readdir(folder)).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is for its owner only', async () => {
    const store = open();
    store.recordLoad('w', 1, null);
    await store.flush();
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('from before reported sizes were kept is read as it is', async () => {
    await writeFile(file, JSON.stringify({ version: 1, footprints: [{ ...key, measured: { ram: 4e9, vram: {} }, correction: null }], loads: [] }));
    expect(open().footprint(key)).toEqual({ ram: 4e9, vram: {}, source: 'measured' });
    expect(problems).toEqual([]);
  });

  it.each([
    ['cut off', '{"version":1,"footprints":['],
    ['empty', ''],
    ['of a newer version', '{"version":2,"footprints":[],"loads":[]}'],
    ['of another shape', '{"version":1,"footprints":[{"weights":3}],"loads":[]}'],
  ])('%s: it is set aside, and learning starts again', async (_, content) => {
    await writeFile(file, content);
    const store = open();
    expect(store.footprint(key)).toBeNull();
    const aside = `${file}.broken-20260102T030405678Z`;
    expect(await readFile(aside, 'utf8')).toBe(content);
    expect(problems).toEqual([expect.objectContaining({ code: 'bad-file', hint: expect.stringContaining(aside) })]);
    store.recordLoad('w', 1, null);
    await store.flush();
    expect(open().loadMs('w')).toBe(1);
    expect(problems).toHaveLength(1);
  });

  it('that cannot be written is told once, and written when it can be', async () => {
    const missing = path.join(folder, 'later');
    file = path.join(missing, 'learned.json');
    const store = open();
    store.recordLoad('w', 5, null);
    await store.flush();
    await store.flush();
    expect(problems).toEqual([expect.objectContaining({ code: 'internal', message: expect.stringContaining('ENOENT') })]);
    await mkdir(missing);
    await store.flush();
    expect(open().loadMs('w')).toBe(5);
  });

  it('is whole whenever its writer is killed', async () => {
    const bundle = await bundleForNode(path.join(import.meta.dirname, 'learned.ts'), { inline: true });
    const program = `
      import(process.argv[1]).then(async ({ createLearnedStore }) => {
        const store = createLearnedStore({ file: process.argv[2], now: Date.now, onProblem: (problem) => console.log(JSON.stringify(problem)) });
        for (let i = 0; ; i++) {
          for (let k = 0; k < 200; k++) store.recordFootprint({ weights: 'w' + k, contextLength: i, settings: 's'.repeat(200) }, { ram: i, vram: {} }, 'measured');
          await store.flush();
          if (i === 0) console.log('writing');
        }
      });`;
    try {
      for (let round = 0; round < 6; round++) {
        const writer = spawn(process.execPath, ['-e', program, bundle.file, file], { stdio: ['ignore', 'pipe', 'inherit'] });
        const ended = once(writer, 'exit');
        const said: unknown = await Promise.race([once(writer.stdout, 'data'), ended]);
        // Any moment will do; these differ so that the kills fall into different steps of a write.
        await delay((round * 7) % 23);
        writer.kill('SIGKILL');
        await ended;
        expect(String(said)).toBe('writing\n');
        expect(learnedFileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).footprints.length).toBeGreaterThanOrEqual(200);
      }
      open();
      expect(problems).toEqual([]);
      expect((await readdir(folder)).filter((name) => name.includes('broken'))).toEqual([]);
    } finally {
      await bundle.remove();
    }
  }, 60_000);
});
