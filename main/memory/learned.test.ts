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

describe('growth in memory', () => {
  const grow = (store: ReturnType<typeof open>, ram: number, sameStay = false) => store.recordStay(key, { ram, vram: {} }, sameStay);

  it('counts at once where it is more than what was measured after a load, over a restart', async () => {
    const store = open();
    store.recordFootprint(key, { ram: 4e9, vram: { gpu: 1 } }, 'measured');
    grow(store, 5e9);
    grow(store, 6e9, true);
    await store.flush();
    const again = open();
    expect(again.footprint(key)).toEqual({ ram: 6e9, vram: { gpu: 1 }, source: 'measured' });
    expect(again.footprint({ ...key, contextLength: 8192 })).toBeNull();
    again.recordFootprint(key, { ram: 3e9, vram: {} }, 'measured');
    expect(again.footprint(key)?.ram).toBe(6e9);
  });

  it('falls only when the last three stays have all taken less', () => {
    const store = open();
    store.recordFootprint(key, { ram: 4e9, vram: {} }, 'measured');
    for (const [ram, expected] of [[9e9, 9e9], [5e9, 9e9], [6e9, 9e9], [4.5e9, 6e9], [4.2e9, 6e9], [4.1e9, 4.5e9]] as const) {
      grow(store, ram);
      expect(store.footprint(key)?.ram).toBe(expected);
    }
    // Less in the same stay takes nothing back.
    grow(store, 7e9);
    grow(store, 5e9, true);
    expect(store.footprint(key)?.ram).toBe(7e9);
  });

  it('is forgotten a week after the stay, and alone is a measurement', () => {
    const store = open();
    grow(store, 5e9, true);
    expect(store.footprint(key)).toEqual({ ram: 5e9, vram: {}, source: 'measured' });
    time += 7 * DAY;
    expect(store.footprint(key)).toBeNull();
    grow(store, Number.NaN);
    expect(store.footprint(key)).toBeNull();
  });

  it('takes no more room on disk the longer it goes on', async () => {
    const store = open();
    for (let i = 0; i < 1000; i++) grow(store, i, i % 3 !== 0);
    await store.flush();
    expect((await stat(file)).size).toBeLessThan(600);
    expect(learnedFileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).footprints[0]?.stays.map(({ most }) => most.ram)).toEqual([995, 998, 999]);
  });
});

describe('a wrong estimate', () => {
  it('is told once per weights, context and settings, also after a restart', async () => {
    const store = open();
    expect([store.tellOnce(key), store.tellOnce(key)]).toEqual([true, false]);
    store.recordFootprint(key, { ram: 1, vram: {} }, 'measured');
    await store.flush();
    const again = open();
    expect(again.tellOnce(key)).toBe(false);
    expect([{ ...key, contextLength: 8192 }, { ...key, settings: 'gpu' }, { ...key, weights: 'b' }].map((other) => again.tellOnce(other))).toEqual([true, true, true]);
  });
});

describe('load times', () => {
  it('of reloads count by how most of them were, the first load since a start only where there are none', async () => {
    const store = open();
    const load = (ms: number, cold: boolean | null, again = true) => store.recordLoad('w', { ms, cold, again });
    load(9000, true, false);
    expect(store.loadMs('w')).toBe(9000);
    load(500, false);
    expect(store.loadMs('w')).toBe(500);
    // The next morning it comes from the disk once more; an unload in the middle of the day will not cost that.
    load(11_000, true, false);
    expect(store.loadMs('w')).toBe(500);
    load(700, false);
    load(13_000, true);
    expect(store.loadMs('w')).toBe(600);
    load(15_000, true);
    // Two and two: as the later ones.
    expect(store.loadMs('w')).toBe(12_000);
    await store.flush();
    expect(open().loadMs('w')).toBe(12_000);
  });

  it('are the median of the last five of the kind seen last where it was never loaded again', async () => {
    const store = open();
    expect(store.loadMs('w')).toBeNull();
    for (const ms of [9000, 100, 200, 300, 400, 500]) store.recordLoad('w', { ms, cold: false, again: false });
    expect(store.loadMs('w')).toBe(300);
    store.recordLoad('w', { ms: 14_000, cold: true, again: false });
    expect(store.loadMs('w')).toBe(14_000);
    store.recordLoad('w', { ms: 12_000, cold: true, again: false });
    expect(store.loadMs('w')).toBe(13_000);
    store.recordLoad('w', { ms: 200, cold: false, again: false });
    expect(store.loadMs('w')).toBe(300);
    store.recordLoad('w', { ms: 50, cold: null, again: false });
    expect(store.loadMs('w')).toBe(50);
    store.recordLoad('w', { ms: Number.POSITIVE_INFINITY, cold: null, again: false });
    await store.flush();
    expect(open().loadMs('w')).toBe(50);
  });
});

describe('the file', () => {
  it('is written two seconds after the first change, and by flush only where something changed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const store = open();
      store.recordLoad('w', { ms: 1, cold: null, again: false });
      await vi.advanceTimersByTimeAsync(1500);
      store.recordLoad('w', { ms: 1, cold: null, again: false });
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
    store.recordLoad('w', { ms: 1, cold: null, again: false });
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
    store.recordLoad('w', { ms: 1, cold: null, again: false });
    await store.flush();
    expect(open().loadMs('w')).toBe(1);
    expect(problems).toHaveLength(1);
  });

  it('that cannot be written is told once, and written when it can be', async () => {
    const missing = path.join(folder, 'later');
    file = path.join(missing, 'learned.json');
    const store = open();
    store.recordLoad('w', { ms: 5, cold: null, again: false });
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
          for (let k = 0; k < 200; k++) store.recordStay({ weights: 'w' + k, contextLength: i, settings: 's'.repeat(200) }, { ram: i, vram: {} }, k % 2 === 0);
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
