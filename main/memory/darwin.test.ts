import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMemoryReader } from './reader.ts';
import type { RunCommand } from './run-command.ts';

const MIB = 1024 * 1024;
const pages = readFileSync(path.join(import.meta.dirname, 'fixtures/vm-stat-apple-silicon.txt'), 'utf8');

function setUp(arch: string, outputs: Record<string, string | null>) {
  let time = 5000;
  const asked: string[] = [];
  const run: RunCommand = (file, args) => {
    asked.push([path.basename(file), ...args].join(' '));
    return Promise.resolve(outputs[path.basename(file)] ?? null);
  };
  const reader = createMemoryReader({ platform: 'darwin', arch, now: () => time, run });
  return { reader, asked, outputs, wait: (ms: number) => (time += ms) };
}

describe('the macOS reader', () => {
  it('has nothing before the first refresh, and says so by its time', () => {
    const { reader, asked } = setUp('arm64', {});
    expect(reader.read([])).toMatchObject({ at: 0, available: 0, total: os.totalmem(), unified: true, vram: [] });
    expect(asked).toEqual([]);
  });

  it('hands out the last picture with the time of the refresh', async () => {
    const { reader, asked, wait } = setUp('arm64', { vm_stat: pages, ps: ' 41 102400\n 42 204800\n' });
    await reader.refresh([41, 42]);
    wait(3000);
    const reading = reader.read([42, 43]);
    expect(reading.at).toBe(5000);
    expect(reading.processes).toEqual(new Map([[42, { anon: 200 * MIB, file: 0 }]]));
    expect(asked).toEqual(['vm_stat', 'sysctl -n kern.memorystatus_vm_pressure_level', 'ps -o pid=,rss= -p 41,42']);
  });

  it('goes on after the clock was set back', async () => {
    const { reader, outputs, wait } = setUp('arm64', { vm_stat: pages, sysctl: '1\n' });
    await reader.refresh([]);
    wait(-3000);
    outputs['sysctl'] = '4\n';
    await reader.refresh([]);
    expect(reader.read([])).toMatchObject({ at: 2000, level: 'critical' });
  });

  it.each([['1\n', 'normal'], ['2\n', 'warning'], ['4\n', 'critical'], ['', undefined], ['unknown oid\n', undefined], [null, undefined]])('takes the system’s own word for its shortage: %j', async (word, level) => {
    const { reader } = setUp('arm64', { vm_stat: pages, sysctl: word });
    await reader.refresh([]);
    expect(reader.read([]).level).toBe(level);
  });

  it('on Intel takes resident memory as mapped', async () => {
    const { reader } = setUp('x64', { vm_stat: pages, ps: ' 41 1024\n' });
    await reader.refresh([41]);
    expect(reader.read([41]).processes).toEqual(new Map([[41, { anon: 0, file: MIB }]]));
  });

  it('falls back to free pages where vm_stat does not run', async () => {
    const { reader } = setUp('arm64', {});
    await reader.refresh([]);
    const { at, available } = reader.read([]);
    expect(at).toBe(5000);
    expect(available).toBeGreaterThan(0);
  });

  it('adds helpers to their application', async () => {
    const chrome = '/Applications/Google Chrome.app/Contents';
    const ps = [
      ` 1 1024 /sbin/launchd`,
      ` 2 102400 ${chrome}/MacOS/Google Chrome`,
      ` 3 204800 ${chrome}/Frameworks/Google Chrome Framework.framework/Versions/1/Helpers/Google Chrome Helper (Renderer).app/Contents/MacOS/Google Chrome Helper (Renderer)`,
      ` 4 409600 /opt/homebrew/bin/llama-server`,
    ].join('\n');
    const { reader } = setUp('arm64', { ps });
    expect(await reader.largestPrograms(2, [4])).toEqual([
      { name: 'Google Chrome', bytes: 300 * MIB },
      { name: 'launchd', bytes: MIB },
    ]);
  });
});
