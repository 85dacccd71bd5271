import { describe, expect, it } from 'vitest';
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

describe.runIf(process.platform === 'linux')('largestPrograms on this machine', () => {
  it('finds a process of 200 MB under the name of its program, and leaves out what it is told to', async () => {
    const child = await startMemoryChild();
    const reader = createMemoryReader();
    const node = async (except: number[]) => (await reader.largestPrograms(1000, except)).find(({ name }) => name === linuxProgramName(process.execPath, ''))?.bytes ?? 0;
    try {
      await child.allocate(200 * MIB);
      const programs = await reader.largestPrograms(1000, []);
      expect(programs.map(({ bytes }) => bytes)).toEqual(programs.map(({ bytes }) => bytes).sort((a, b) => b - a));
      expect(new Set(programs.map(({ name }) => name)).size).toBe(programs.length);
      expect(await node([])).toBeGreaterThan(200 * MIB);
      expect(await reader.largestPrograms(2, [])).toHaveLength(2);
      const alone = createMemoryReader();
      const held = alone.read([child.pid]).processes.get(child.pid)?.anon ?? 0;
      alone.close();
      expect(held).toBeGreaterThan(200 * MIB);
    } finally {
      reader.close();
      await child.stop();
    }
  });
});
