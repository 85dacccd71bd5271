import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sumPageLists } from './page-lists.ts';
import { parseGetProcess, getProcessLine } from './parse-get-process.ts';
import { parseMeminfo } from './parse-meminfo.ts';
import { parseNvidiaSmi } from './parse-nvidia-smi.ts';
import { parsePressure } from './parse-pressure.ts';
import { parsePsPrograms, parsePsRss } from './parse-ps.ts';
import { parseStatus } from './parse-status.ts';
import { parseVmStat } from './parse-vm-stat.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, 'fixtures', name), 'utf8');

describe('parseMeminfo', () => {
  it('reads total and available, also from the first 512 bytes', () => {
    const text = fixture('meminfo.txt');
    const expected = { total: Number(/MemTotal:\s+(\d+)/.exec(text)?.[1]) * KIB, available: Number(/MemAvailable:\s+(\d+)/.exec(text)?.[1]) * KIB };
    expect(parseMeminfo(text)).toEqual(expected);
    expect(parseMeminfo(text.slice(0, 512))).toEqual(expected);
  });

  it('adds free memory and caches up where MemAvailable is missing', () => {
    expect(parseMeminfo('MemTotal:  1000 kB\nMemFree:  100 kB\nBuffers:  10 kB\nCached:  200 kB\n')).toEqual({ total: 1000 * KIB, available: 310 * KIB });
  });

  it('is null for anything else', () => {
    for (const text of ['', 'MemTotal:', 'MemTotal: many kB', 'SwapTotal: 5 kB']) expect(parseMeminfo(text)).toBeNull();
  });
});

describe('parseStatus', () => {
  it('reads the four figures of a real process', () => {
    const text = fixture('status-node.txt');
    const memory = parseStatus(text);
    const rss = Number(/VmRSS:\s+(\d+)/.exec(text)?.[1]) * KIB;
    expect(memory).not.toBeNull();
    expect((memory?.anon ?? 0) + (memory?.file ?? 0) + (memory?.shmem ?? 0)).toBe(rss);
    expect(memory?.swap).toBe(0);
  });

  it('knows shared memory and swap, whatever the name of the process says', () => {
    const text = 'Name:\tRssAnon: 7 kB\nState:\tS\nVmRSS:\t 70 kB\nRssAnon:\t 10 kB\nRssFile:\t 20 kB\nRssShmem:\t 40 kB\nVmData:\t 1 kB\nVmSwap:\t 80 kB\n';
    expect(parseStatus(text)).toEqual({ anon: 10 * KIB, file: 20 * KIB, shmem: 40 * KIB, swap: 80 * KIB });
  });

  it('is null for a zombie and for nothing', () => {
    expect(parseStatus('Name:\tsh\nState:\tZ (zombie)\nThreads:\t1\n')).toBeNull();
    expect(parseStatus('')).toBeNull();
  });
});

describe('parsePressure', () => {
  it('reads avg10 of both lines', () => {
    const text = 'some avg10=12.34 avg60=5.10 avg300=1.20 total=123456\nfull avg10=3.07 avg60=1.00 avg300=0.10 total=45678\n';
    expect(parsePressure(text)).toEqual({ some: 12.34, full: 3.07 });
  });

  it('does without the second line, and is null for nothing', () => {
    expect(parsePressure('some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n')).toEqual({ some: 0, full: 0 });
    expect(parsePressure('')).toBeNull();
    expect(parsePressure('some avg10=high')).toBeNull();
  });
});

describe('sumPageLists', () => {
  it('adds up every list of every zone', () => {
    const text = fixture('zoneinfo.txt');
    const counts = [...text.matchAll(/^ +count: +(\d+)$/gm)].map(([, count]) => Number(count));
    expect(counts.length).toBeGreaterThan(3);
    expect(sumPageLists(text)).toBe(counts.reduce((sum, count) => sum + count, 0));
    expect(sumPageLists('')).toBe(0);
  });
});

describe('parseVmStat', () => {
  it('counts what is neither app memory, wired nor compressed, in pages of 16 KiB', () => {
    const used = (446602 - 8421 + 186334 + 155032) * 16 * KIB;
    expect(parseVmStat(fixture('vm-stat-apple-silicon.txt'), 16 * GIB)).toBe(16 * GIB - used);
  });

  it('reads the page size from the header', () => {
    const used = (1326506 - 61230 + 704120 + 30211) * 4 * KIB;
    expect(parseVmStat(fixture('vm-stat-intel.txt'), 16 * GIB)).toBe(16 * GIB - used);
  });

  it('adds up the free lists where a line is missing, never says more than there is, and is null for other text', () => {
    const text = fixture('vm-stat-intel.txt').replace(/^Anonymous.*\n/m, '');
    expect(parseVmStat(text, 16 * GIB)).toBe((1203442 + 1094127 + 24518 + 61230) * 4 * KIB);
    expect(parseVmStat(text, GIB)).toBe(GIB);
    expect(parseVmStat(fixture('vm-stat-intel.txt'), GIB)).toBe(0);
    expect(parseVmStat('vm_stat: command not found', GIB)).toBeNull();
  });
});

describe('parsePs', () => {
  it('reads resident sizes', () => {
    expect(parsePsRss('  501  81920\n77123 1048576\n')).toEqual(new Map([[501, 80 * MIB], [77123, GIB]]));
    expect(parsePsRss('ps: illegal option\n\n')).toEqual(new Map());
  });

  it('keeps blanks in the path of a program', () => {
    const [program] = parsePsPrograms('  612 204800 /Applications/Google Chrome.app/Contents/MacOS/Google Chrome  \n');
    expect(program).toEqual({ pid: 612, rss: 200 * MIB, command: '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome' });
  });
});

describe('parseNvidiaSmi', () => {
  it('reads every device', () => {
    const text = 'GPU-8f6a1c0e-1b2d-4c3e-9f00-5a6b7c8d9e0f, NVIDIA GeForce RTX 4070, 12282, 10934\nGPU-0a, NVIDIA RTX A2000 12GB, 12288, 12000\n';
    expect(parseNvidiaSmi(text)).toEqual({
      unified: false,
      vram: [
        { id: 'GPU-8f6a1c0e-1b2d-4c3e-9f00-5a6b7c8d9e0f', name: 'NVIDIA GeForce RTX 4070', total: 12282 * MIB, free: 10934 * MIB },
        { id: 'GPU-0a', name: 'NVIDIA RTX A2000 12GB', total: 12288 * MIB, free: 12000 * MIB },
      ],
    });
  });

  it('takes a GPU without memory of its own as unified', () => {
    expect(parseNvidiaSmi('GPU-1d, NVIDIA GB10, [N/A], [N/A]\n')).toEqual({ vram: [], unified: true });
  });

  it('finds nothing in an error message', () => {
    expect(parseNvidiaSmi('NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.\n')).toEqual({ vram: [], unified: false });
  });
});

describe('parseGetProcess', () => {
  it('takes private bytes up to the working set as anonymous', () => {
    const text = '4312 524288000 5368709120\r\n99 900 300\r\nGet-Process : no process\r\n';
    expect(parseGetProcess(text)).toEqual(new Map([[4312, { anon: 524288000, file: 5368709120 - 524288000 }], [99, { anon: 300, file: 0 }]]));
  });

  it('lets nothing but whole numbers into the command', () => {
    expect(getProcessLine([12, 1.5, -3, Number.NaN, 40])).toContain('Get-Process -Id 12,40 ');
  });
});
