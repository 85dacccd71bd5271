import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMemoryChild } from '../../test/memory-child.ts';
import { largest } from './largest.ts';
import { darwinProgramName, linuxProgramName, windowsProgramName } from './program-names.ts';
import { createMemoryReader } from './reader.ts';

const MIB = 1024 * 1024;

describe('largest', () => {
  it('adds own memory up and counts shared memory once per program', () => {
    const processes = [
      { name: 'postgres', own: 10, shared: 500 },
      { name: 'postgres', own: 20, shared: 480 },
      { name: 'editor', own: 400, shared: 0 },
      { name: 'nothing', own: 0, shared: 0 },
    ];
    expect(largest(processes, 5)).toEqual([
      { name: 'postgres', bytes: 530 },
      { name: 'editor', bytes: 400 },
    ]);
    expect(largest(processes, 1)).toHaveLength(1);
    expect(largest(processes, -1)).toEqual([]);
  });
});

describe('program names', () => {
  it('are what people call them', () => {
    expect(linuxProgramName('/opt/google/chrome/chrome', 'chrome')).toBe('Google Chrome');
    expect(linuxProgramName('/opt/google/chrome/chrome_crashpad_handler', 'x')).toBe('Google Chrome');
    expect(linuxProgramName('/usr/lib/firefox/firefox (deleted)', 'Isolated Web Co')).toBe('Firefox');
    expect(linuxProgramName(null, 'my tool')).toBe('my tool');
    expect(darwinProgramName('/Applications/Visual Studio Code.app/Contents/Frameworks/Code Helper.app/Contents/MacOS/Code Helper')).toBe('Visual Studio Code');
    expect(darwinProgramName('/usr/libexec/mds')).toBe('mds');
    expect(windowsProgramName('msedge.exe')).toBe('Microsoft Edge');
    expect(windowsProgramName('Memory Compression')).toBe('Memory Compression');
  });
});

describe('largestPrograms on a made-up /proc', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'airdock-programs-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('groups processes by executable, else by comm, and leaves out what it is told to', async () => {
    const process = async (pid: number, comm: string, anonMib: number, exe?: string) => {
      const folder = path.join(root, 'proc', String(pid));
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, 'status'), `Name:\t${comm}\nRssAnon:\t${anonMib * 1024} kB\nRssFile:\t9999999 kB\n`);
      if (exe !== undefined) await symlink(exe, path.join(folder, 'exe'));
    };
    await process(1, 'Web Content', 300, '/usr/lib/firefox/firefox');
    await process(2, 'firefox', 200, '/usr/lib/firefox/firefox');
    await process(3, 'llama-server', 4000, '/opt/llama-server');
    await process(4, 'other user', 100);
    await mkdir(path.join(root, 'proc/5'));
    const reader = createMemoryReader({ platform: 'linux', root });
    expect(await reader.largestPrograms(3, [3])).toEqual([
      { name: 'Firefox', bytes: 500 * MIB },
      { name: 'other user', bytes: 100 * MIB },
    ]);
    expect((await reader.largestPrograms(1, []))[0]?.name).toBe('llama.cpp server');
    reader.close();
  });
});

describe.runIf(process.platform === 'linux')('largestPrograms on this machine', () => {
  it('finds a process of 200 MB under the name of its program', async () => {
    const child = await startMemoryChild();
    const reader = createMemoryReader();
    try {
      await child.allocate(200 * MIB);
      const programs = await reader.largestPrograms(1000, []);
      const node = programs.find(({ name }) => name === linuxProgramName(process.execPath, ''));
      expect(node?.bytes).toBeGreaterThan(200 * MIB);
      expect(programs.map(({ bytes }) => bytes)).toEqual(programs.map(({ bytes }) => bytes).sort((a, b) => b - a));
      expect(await reader.largestPrograms(1, [])).toHaveLength(1);
    } finally {
      reader.close();
      await child.stop();
    }
  });
});
