import os from 'node:os';
import { describe, expect, it } from 'vitest';
import type { PowerShell } from './powershell.ts';
import { createWin32Reader } from './win32.ts';

const vram = { last: () => ({ vram: [], unified: false }), refresh: () => Promise.resolve() };

function setUp(answer: string | null) {
  let time = 1000;
  const asked: string[] = [];
  let closed = 0;
  const shell: PowerShell = {
    ask(line) {
      asked.push(line);
      return Promise.resolve(answer);
    },
    close: () => (closed += 1),
  };
  const reader = createWin32Reader({ now: () => time, vram, shell });
  return { reader, asked, wait: (ms: number) => (time += ms), closed: () => closed };
}

describe('the Windows reader', () => {
  it('reads memory at once and starts nothing for it', async () => {
    const { reader, asked } = setUp('');
    await reader.refresh([]);
    expect(reader.read([])).toMatchObject({ at: 1000, total: os.totalmem() });
    expect(asked).toEqual([]);
  });

  it('gives processes with the time of their refresh', async () => {
    const { reader, wait, closed } = setUp('7 100 300\r\n');
    await reader.refresh([7]);
    wait(500);
    expect(reader.read([7])).toMatchObject({ at: 1000, processes: new Map([[7, { anon: 100, file: 200 }]]) });
    expect(reader.read([]).at).toBe(1500);
    reader.close();
    expect(closed()).toBe(1);
  });

  it('goes on after the clock was set back', async () => {
    const { reader, wait } = setUp('7 100 300\r\n');
    await reader.refresh([7]);
    wait(-500);
    await reader.refresh([7]);
    expect(reader.read([7]).at).toBe(500);
  });

  it('where PowerShell is blocked no process can be read, and it is not asked every time', async () => {
    const { reader, asked, wait } = setUp(null);
    await reader.refresh([7]);
    wait(1000);
    await reader.refresh([7]);
    expect(asked).toHaveLength(1);
    expect(reader.read([7])).toMatchObject({ at: 2000, processes: new Map() });
    wait(60_000);
    await reader.refresh([7]);
    expect(asked).toHaveLength(2);
    reader.close();
  });
});
