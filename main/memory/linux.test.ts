import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bundle, bundleForNode } from '../../test/bundle-for-node.ts';
import { type MemoryChild, startMemoryChild } from '../../test/memory-child.ts';
import { createMemoryCgroup } from '../../test/memory-cgroup.ts';
import type { MemoryReader, MemoryReading } from './memory.ts';
import { createMemoryReader } from './reader.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

describe('the Linux reader on a made-up /proc', () => {
  let root: string;
  let reader: MemoryReader | null = null;
  const put = async (file: string, text: string) => {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  };
  const open = (now = () => 1000) => (reader = createMemoryReader({ platform: 'linux', root, now, run: () => Promise.resolve(null) }));

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'airdock-proc-'));
    await put('proc/meminfo', 'MemTotal: 16000 kB\nMemFree: 500 kB\nMemAvailable: 9000 kB\n');
  });
  afterEach(async () => {
    reader?.close();
    await rm(root, { recursive: true, force: true });
  });

  it('reads memory, pressure and processes again at every look', async () => {
    await put('proc/pressure/memory', 'some avg10=1.00 avg60=0 avg300=0 total=0\nfull avg10=0.50 avg60=0 avg300=0 total=0\n');
    await put('proc/7/status', 'Name:\tx\nRssAnon:\t10 kB\nRssFile:\t20 kB\nRssShmem:\t3 kB\nVmSwap:\t4 kB\n');
    open();
    expect(reader?.read([7, 8])).toEqual({
      at: 1000,
      total: 16000 * KIB,
      available: 9000 * KIB,
      cgroupLimit: null,
      pressure: { some: 1, full: 0.5 },
      processes: new Map([[7, { anon: 17 * KIB, file: 20 * KIB, swapped: 4 * KIB }]]),
      vram: [],
      unified: false,
    });
    await put('proc/meminfo', 'MemTotal: 16000 kB\nMemFree: 500 kB\nMemAvailable: 8000 kB\n');
    await put('proc/7/status', 'Name:\tx\nState:\tZ (zombie)\n');
    expect(reader?.read([7])).toMatchObject({ available: 8000 * KIB, processes: new Map() });
  });

  it('does without pressure, cgroups and processes, and without /proc altogether', async () => {
    expect(open().read([1])).toMatchObject({ available: 9000 * KIB, cgroupLimit: null, pressure: null, processes: new Map() });
    await rm(path.join(root, 'proc'), { recursive: true });
    reader?.close();
    const { total, available } = open().read([]);
    expect(total).toBe(os.totalmem());
    expect(available).toBeGreaterThan(0);
  });

  it('pages on the lists of the CPUs are available too, but never more than there is', async () => {
    await put('proc/zoneinfo', '  pagesets\n    cpu: 0\n              count:    100\n              high:     9\n    cpu: 1\n              count:    150\n');
    expect(open().read([]).available).toBe(9000 * KIB + 250 * 4 * KIB);
    await put('proc/zoneinfo', 'count: 999999\n');
    expect(reader?.read([]).available).toBe(16000 * KIB);
  });

  it('available is what the cgroup leaves where that is less', async () => {
    await put('proc/self/cgroup', '0::/\n');
    await put('proc/self/mountinfo', '30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n');
    await put('sys/fs/cgroup/memory.max', String(4000 * KIB));
    await put('sys/fs/cgroup/memory.current', String(3000 * KIB));
    await put('sys/fs/cgroup/memory.stat', `inactive_file ${1000 * KIB}\n`);
    expect(open().read([])).toMatchObject({ available: 2000 * KIB, cgroupLimit: 4000 * KIB });
  });
});

describe.runIf(process.platform === 'linux')('the Linux reader on this machine', () => {
  let child: MemoryChild;
  let reader: MemoryReader;
  const openFiles = async () => {
    const links = await Promise.all((await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
    return links.filter((link) => /^\/proc\/\d+\/status$/.test(link)).length;
  };

  beforeEach(async () => {
    child = await startMemoryChild();
    reader = createMemoryReader();
  });
  afterEach(async () => {
    reader.close();
    await child.stop();
  });

  it('sees 200 MB come in a process and leave what is available, and both go back', async () => {
    // Other programs allocate and free at the same time: one try of ten is enough.
    for (let attempt = 1; ; attempt++) {
      const other = await startMemoryChild();
      const before = reader.read([other.pid]);
      await other.allocate(200 * MIB);
      const held = reader.read([other.pid]);
      await other.stop();
      const after = reader.read([other.pid]);
      const grown = (held.processes.get(other.pid)?.anon ?? 0) - (before.processes.get(other.pid)?.anon ?? 0);
      expect(grown).toBeGreaterThan(195 * MIB);
      expect(grown).toBeLessThan(260 * MIB);
      expect(after.processes.size).toBe(0);
      const [taken, returned] = [before.available - held.available, after.available - held.available];
      if (taken > 170 * MIB && taken < 270 * MIB && returned > 170 * MIB && returned < 270 * MIB) break;
      expect(attempt, `taken ${taken}, returned ${returned}`).toBeLessThan(10);
    }
  }, 60_000);

  it('agrees with the kernel about the pages of a process', () => {
    const { anon, file } = reader.read([child.pid]).processes.get(child.pid) ?? { anon: 0, file: 0 };
    expect(anon).toBeGreaterThan(MIB);
    // Node's own executable is mapped.
    expect(file).toBeGreaterThan(10 * MIB);
  });

  it('keeps no file open for processes that are no longer asked for, nor after close', async () => {
    reader.read([child.pid, process.pid]);
    expect(await openFiles()).toBe(2);
    reader.read([process.pid]);
    expect(await openFiles()).toBe(1);
    reader.read([child.pid]);
    await child.stop();
    expect(reader.read([child.pid]).processes.size).toBe(0);
    expect(await openFiles()).toBe(0);
    reader.read([process.pid]);
    reader.close();
    expect(await openFiles()).toBe(0);
  });

  it('survives a read after close', () => {
    reader.close();
    expect(reader.read([]).total).toBe(os.totalmem());
  });
});

describe.runIf(process.platform === 'linux')('the Linux reader in a real cgroup', () => {
  const LIMIT = 512 * MIB;
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundleForNode(path.join(import.meta.dirname, '../../test/probe-memory.ts'));
  });
  afterAll(() => bundle.remove());

  it('sees the limit, and 100 MB leave its headroom', async ({ skip }) => {
    const cgroup = createMemoryCgroup(LIMIT);
    if ('reason' in cgroup) {
      console.warn(`SKIPPED: a run in a real memory cgroup (${cgroup.reason})`);
      return skip(cgroup.reason);
    }
    const child = await startMemoryChild();
    try {
      cgroup.add(child.pid);
      const before = (await child.probe(bundle.file)) as MemoryReading;
      await child.allocate(100 * MIB);
      const after = (await child.probe(bundle.file)) as MemoryReading;
      expect(before.cgroupLimit).toBe(LIMIT);
      expect(before.available).toBeLessThanOrEqual(LIMIT);
      expect(before.available - after.available).toBeGreaterThan(90 * MIB);
      expect(before.available - after.available).toBeLessThan(150 * MIB);
    } finally {
      await child.stop();
      await cgroup.remove();
    }
  }, 30_000);
});
