import { execFile } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeCold, writeOut } from '../../bench/cold-file.ts';
import { tempDir } from '../../test/temp-dir.ts';
import { looksInto, readAhead, type ReadAheadOptions } from './read-ahead.ts';

const MIB = 1024 * 1024;
let folder: string;
beforeEach(async () => {
  folder = await tempDir();
});

async function put(name: string, mib: number): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, Buffer.alloc(mib * MIB, name));
  return file;
}

/** Reads as if nothing were cached: each time one looks, more has come from a disk. */
function start(files: readonly string[], options: Partial<ReadAheadOptions> = {}) {
  let reads = 0;
  const asked: number[] = [];
  const stop = new AbortController();
  const ahead = readAhead({
    files,
    signal: stop.signal,
    diskReads: () => ++reads,
    ...options,
    room: () => {
      asked.push(asked.length);
      return options.room?.() ?? Infinity;
    },
  });
  return { ahead, stop, asked };
}

function openNow(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}

describe('reading ahead', () => {
  it('looks at the begin, the end and between, into files of any size', () => {
    for (const size of [1, 4096, 5000, 3 * MIB, 5 * 1024 * MIB, 400 * 1024 * MIB]) {
      const places = looksInto(size, 16);
      expect(places[0]).toBe(0);
      expect(size - places.at(-1)!).toBeLessThanOrEqual(2 * 4096);
      expect(places.every((at, i) => at % 4096 === 0 && at >= (places[i - 1] ?? 0))).toBe(true);
    }
    expect(new Set(looksInto(5 * 1024 * MIB, 16)).size).toBe(16);
    expect(looksInto(5000, 0)).toHaveLength(2);
  });

  it('reads all files, block by block, and asks for room before each', async () => {
    const { ahead, asked } = start([await put('one', 9), await put('two', 4)]);
    expect(await ahead.done).toBe('whole');
    expect(asked).toHaveLength(3 + 1);
  });

  it('stops in the middle when it is told to, and lets go of its files', async () => {
    const file = await put('one', 64);
    const stop = new AbortController();
    let blocks = 0;
    const { ahead, asked } = start([file], {
      signal: stop.signal,
      room: () => {
        if (++blocks === 3) stop.abort();
        return Infinity;
      },
    });
    expect(await ahead.done).toBe('stopped');
    expect(asked).toHaveLength(3);
    if (process.platform === 'linux') expect(openNow()).not.toContain(file);
  });

  it('waits while there is no room, reads no further than there is, and goes on when there is more', async () => {
    let room = 0;
    const { ahead, asked, stop } = start([await put('one', 16)], { room: () => room });
    await expect.poll(() => asked.length).toBeGreaterThan(1);
    room = 8 * MIB;
    const before = asked.length;
    await expect.poll(() => asked.length).toBeGreaterThan(before + 4);
    expect(await Promise.race([ahead.done, Promise.resolve('reading')])).toBe('reading');
    room = 16 * MIB;
    expect(await ahead.done).toBe('whole');
    stop.abort();
  });

  it('ends while it waits for room', async () => {
    const { ahead, asked, stop } = start([await put('one', 1)], { room: () => 0 });
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    stop.abort();
    expect(await ahead.done).toBe('stopped');
  });

  it('leaves alone what is in the page cache already', async () => {
    const { ahead, asked } = start([await put('one', 9)], { diskReads: () => 7 });
    expect(await ahead.done).toBe('cached');
    expect(asked).toEqual([]);
    expect(ahead.fromDisk()).toBe(0);
  });

  it('says nothing of files that are not there, are none, or that nobody may read', async () => {
    await mkdir(path.join(folder, 'folder'));
    const good = await put('one', 1);
    for (const files of [[path.join(folder, 'gone')], [path.join(folder, 'folder')], [good, path.join(folder, 'gone')], []]) expect(await start(files).ahead.done).toBe('unreadable');
    if (process.platform !== 'linux') return;
    await promisify(execFile)('mkfifo', [path.join(folder, 'pipe')]);
    expect(await start([path.join(folder, 'pipe')]).ahead.done).toBe('unreadable');
    expect(openNow().filter((file) => file.startsWith(folder))).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')('brings a cold file into the page cache, and knows what came from the disk', async (context) => {
    const file = await put('cold', 32);
    await writeOut(file);
    await makeCold(file);
    const first = readAhead({ files: [file], signal: new AbortController().signal, room: () => Infinity });
    const ended = await first.done;
    // A file system in memory has nothing to read ahead.
    if (ended === 'cached') context.skip();
    expect(ended).toBe('whole');
    expect(first.fromDisk()).toBeGreaterThan(28 * MIB);
    const second = readAhead({ files: [file], signal: new AbortController().signal, room: () => Infinity });
    expect(await second.done).toBe('cached');
    expect(second.fromDisk()).toBe(0);
  });

  it.skipIf(process.platform !== 'linux')('is not misled by what its children have read', async () => {
    const file = await put('one', 32);
    const other = await put('other', 32);
    await writeOut(other);
    await (await open(file)).close();
    let mine: number | null = null;
    const stop = new AbortController();
    const ahead = readAhead({ files: [file], signal: stop.signal, room: () => 0 });
    await makeCold(other);
    await promisify(execFile)('cat', [other], { maxBuffer: 64 * MIB });
    mine = ahead.fromDisk();
    stop.abort();
    await ahead.done;
    expect(mine).toBeLessThan(16 * MIB);
  });
});
