import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { headroom, parseLimit, parseReclaimable } from './cgroup-figures.ts';
import { cgroupLevels } from './cgroup-levels.ts';
import { createCgroupReader } from './cgroup.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const v2Mount = '30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n';
const v1Mounts = '31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n33 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n';
const folders = (self: string, mounts: string) => cgroupLevels(self, mounts).map(({ folder }) => folder);

describe('cgroupLevels', () => {
  it('version 2: every level up to the mount', () => {
    expect(folders('0::/user.slice/user-1000.slice/app.scope\n', v2Mount)).toEqual([
      '/sys/fs/cgroup/user.slice/user-1000.slice/app.scope',
      '/sys/fs/cgroup/user.slice/user-1000.slice',
      '/sys/fs/cgroup/user.slice',
      '/sys/fs/cgroup',
    ]);
  });

  it('hybrid: the memory hierarchy of version 1, and version 2 beside it', () => {
    const self = '9:name=systemd:/\n4:cpuset,memory:/job\n1:cpu:/\n0::/unit\n';
    const mounts = `${v1Mounts}41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n`;
    expect(cgroupLevels(self, mounts)).toEqual([
      { folder: '/sys/fs/cgroup/memory/job', version: 1 },
      { folder: '/sys/fs/cgroup/memory', version: 1 },
      { folder: '/sys/fs/cgroup/unified/unit', version: 2 },
      { folder: '/sys/fs/cgroup/unified', version: 2 },
    ]);
  });

  it('a container with a namespace, without one, and with one that it sits above', () => {
    expect(folders('0::/\n', v2Mount)).toEqual(['/sys/fs/cgroup']);
    const bound = '35 31 0:32 /docker/4f2a /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n';
    expect(folders('4:memory:/docker/4f2a/inner\n', bound)).toEqual(['/sys/fs/cgroup/memory/inner', '/sys/fs/cgroup/memory']);
    expect(folders('4:memory:/elsewhere\n', bound)).toEqual(['/sys/fs/cgroup/memory']);
    expect(folders('0::/../../user.slice\n', v2Mount)).toEqual(['/sys/fs/cgroup']);
  });

  it('a mount point with a blank, no mountinfo, and no cgroups at all', () => {
    expect(folders('0::/\n', '30 23 0:26 / /my\\040cgroups rw - cgroup2 cgroup2 rw\n')).toEqual(['/my cgroups']);
    expect(folders('0::/a\n', '')).toEqual(['/sys/fs/cgroup/a', '/sys/fs/cgroup']);
    expect(folders('', '')).toEqual([]);
    expect(folders('garbage\n12\n', 'garbage\n')).toEqual([]);
  });
});

describe('cgroup figures', () => {
  it('knows both ways to say "no limit"', () => {
    expect(parseLimit('max\n')).toBeNull();
    expect(parseLimit('9223372036854771712\n')).toBeNull();
    expect(parseLimit('18446744073709551615\n')).toBeNull();
    expect(parseLimit('')).toBeNull();
    expect(parseLimit(null)).toBeNull();
    expect(parseLimit('1073741824\n')).toBe(GIB);
  });

  it('adds what the kernel gives back, by version', () => {
    const v2 = 'anon 500\nfile 900\ninactive_file 300\nactive_file 200\nslab_reclaimable 50\nslab 80\n';
    const v1 = 'cache 1\nactive_file 7\ninactive_file 9\ntotal_inactive_file 300\ntotal_active_file 200\n';
    expect(parseReclaimable(v2, 2)).toBe(550);
    expect(parseReclaimable(v1, 1)).toBe(500);
    expect(parseReclaimable('', 2)).toBe(0);
  });

  it('headroom is never negative and never above the limit', () => {
    expect(headroom(1000, 700, 200)).toBe(500);
    expect(headroom(1000, 1200, 0)).toBe(0);
    expect(headroom(1000, 100, 300)).toBe(1000);
  });
});

describe('createCgroupReader', () => {
  let root: string;
  const buffer = Buffer.alloc(8192);
  const put = async (file: string, text: string) => {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  };
  const level = async (folder: string, max: string, current: number, file: number) => {
    await put(`${folder}/memory.max`, `${max}\n`);
    await put(`${folder}/memory.current`, `${current}\n`);
    await put(`${folder}/memory.stat`, `anon 1\nactive_file ${file}\ninactive_file 0\nslab_reclaimable 0\n`);
  };

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'airdock-cgroup-'));
    await put('proc/self/cgroup', '0::/outer/inner\n');
    await put('proc/self/mountinfo', v2Mount);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('takes the smallest limit and the smallest headroom up the tree', async () => {
    await level('sys/fs/cgroup/outer', String(4 * GIB), 3900 * MIB, 0);
    await level('sys/fs/cgroup/outer/inner', String(2 * GIB), GIB, 0.5 * GIB);
    const reader = createCgroupReader(root, buffer);
    expect(reader.read(16 * GIB, 0)).toEqual({ limit: 2 * GIB, headroom: 196 * MIB, pressure: null });
    reader.close();
  });

  it('memory.high counts like a limit, and the pressure of the limited cgroup is read', async () => {
    await level('sys/fs/cgroup/outer/inner', 'max', GIB, 0);
    await put('sys/fs/cgroup/outer/inner/memory.high', `${3 * GIB}\n`);
    await put('sys/fs/cgroup/outer/inner/memory.pressure', 'some avg10=7.50 avg60=0 avg300=0 total=1\nfull avg10=2.00 avg60=0 avg300=0 total=1\n');
    const reader = createCgroupReader(root, buffer);
    expect(reader.read(16 * GIB, 0)).toEqual({ limit: 3 * GIB, headroom: 2 * GIB, pressure: { some: 7.5, full: 2 } });
    reader.close();
  });

  it('sees a changed limit at once and a new one within a minute', async () => {
    await level('sys/fs/cgroup/outer/inner', String(2 * GIB), GIB, 0);
    const reader = createCgroupReader(root, buffer);
    expect(reader.read(16 * GIB, 0)?.limit).toBe(2 * GIB);
    await put('sys/fs/cgroup/outer/inner/memory.max', `${3 * GIB}\n`);
    expect(reader.read(16 * GIB, 1000)?.limit).toBe(3 * GIB);
    await put('sys/fs/cgroup/outer/inner/memory.max', `${64 * GIB}\n`);
    expect(reader.read(16 * GIB, 1500)).toBeNull();
    await put('sys/fs/cgroup/outer/inner/memory.max', 'max\n');
    expect(reader.read(16 * GIB, 2000)).toBeNull();
    await level('sys/fs/cgroup/outer', String(GIB), 0, 0);
    expect(reader.read(16 * GIB, 3000)).toBeNull();
    expect(reader.read(16 * GIB, 61_000)?.limit).toBe(GIB);
    reader.close();
  });

  it('a limit above the RAM of the computer is none', async () => {
    await level('sys/fs/cgroup/outer/inner', String(32 * GIB), GIB, 0);
    const reader = createCgroupReader(root, buffer);
    expect(reader.read(16 * GIB, 0)).toBeNull();
    reader.close();
  });

  it('half a cgroup and none are no limit', async () => {
    await put('sys/fs/cgroup/outer/inner/memory.max', `${GIB}\n`);
    const half = createCgroupReader(root, buffer);
    expect(half.read(16 * GIB, 0)).toBeNull();
    half.close();
    const none = createCgroupReader(path.join(root, 'nowhere'), buffer);
    expect(none.read(16 * GIB, 0)).toBeNull();
    none.close();
  });

  it('version 1 reads its own files', async () => {
    await put('proc/self/cgroup', '4:memory:/job\n0::/\n');
    await put('proc/self/mountinfo', v1Mounts);
    await put('sys/fs/cgroup/memory/memory.limit_in_bytes', '9223372036854771712\n');
    await put('sys/fs/cgroup/memory/job/memory.limit_in_bytes', `${GIB}\n`);
    await put('sys/fs/cgroup/memory/job/memory.usage_in_bytes', `${800 * MIB}\n`);
    await put('sys/fs/cgroup/memory/job/memory.stat', `total_active_file ${100 * MIB}\ntotal_inactive_file ${200 * MIB}\n`);
    const reader = createCgroupReader(root, buffer);
    expect(reader.read(16 * GIB, 0)).toEqual({ limit: GIB, headroom: GIB - 500 * MIB, pressure: null });
    reader.close();
  });
});
