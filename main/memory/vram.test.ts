import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunCommand } from './run-command.ts';
import { createVramReader } from './vram.ts';

const MIB = 1024 * 1024;
let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'airdock-vram-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

function setUp(answers: { text: string | null; tookMs?: number }[], platform: NodeJS.Platform = 'linux', arch = 'x64') {
  let time = 0;
  const asked: string[] = [];
  const run: RunCommand = async (file) => {
    asked.push(file);
    const { text, tookMs = 0 } = answers.shift() ?? { text: null };
    // Long enough for a second call to arrive.
    await delay(20);
    time += tookMs;
    return text;
  };
  const vram = createVramReader({ platform, arch, root, now: () => time, run });
  return { vram, asked, wait: (ms: number) => (time += ms) };
}

describe('createVramReader', () => {
  it('knows nothing before the first refresh, then the last picture', async () => {
    const { vram } = setUp([{ text: 'GPU-1, RTX, 8192, 8000\n' }]);
    expect(vram.last()).toEqual({ vram: [], unified: false });
    await vram.refresh([]);
    expect(vram.last().vram).toEqual([{ id: 'GPU-1', name: 'RTX', total: 8192 * MIB, free: 8000 * MIB }]);
  });

  it('asks again as often as asking is cheap, and once for calls at the same time', async () => {
    const { vram, asked, wait } = setUp([{ text: 'GPU-1, RTX, 8192, 8000\n', tookMs: 100 }, { text: 'GPU-1, RTX, 8192, 500\n' }]);
    await Promise.all([vram.refresh([]), vram.refresh([])]);
    wait(4000);
    await vram.refresh([]);
    expect(asked).toHaveLength(1);
    wait(1000);
    await vram.refresh([]);
    expect(asked).toHaveLength(2);
    expect(vram.last().vram[0]?.free).toBe(500 * MIB);
  });

  it('asks sooner where the processes of models are others, but not where there is no GPU', async () => {
    const { vram, asked, wait } = setUp([{ text: 'GPU-1, RTX, 8192, 100\n', tookMs: 1000 }, { text: 'GPU-1, RTX, 8192, 8000\n', tookMs: 1000 }]);
    await vram.refresh([7, 8]);
    wait(500);
    await vram.refresh([8, 7]);
    expect(asked).toHaveLength(1);
    await vram.refresh([8]);
    expect(asked).toHaveLength(2);
    wait(2000);
    await vram.refresh([8]);
    expect(asked).toHaveLength(2);
    expect(vram.last().vram[0]?.free).toBe(8000 * MIB);
    const none = setUp([]);
    await none.vram.refresh([]);
    none.wait(5000);
    await none.vram.refresh([7]);
    expect(none.asked).toHaveLength(2);
  });

  it('leaves a computer without a GPU alone for ten minutes', async () => {
    const { vram, asked, wait } = setUp([]);
    await vram.refresh([]);
    expect(asked).toEqual(['nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi']);
    wait(9 * 60_000);
    await vram.refresh([]);
    expect(asked).toHaveLength(2);
    wait(60_000);
    await vram.refresh([]);
    expect(asked).toHaveLength(4);
    expect(vram.last()).toEqual({ vram: [], unified: false });
  });

  it('goes on after the clock was set back', async () => {
    const { vram, wait } = setUp([{ text: 'GPU-1, RTX, 8192, 8000\n' }, { text: 'GPU-1, RTX, 8192, 500\n' }]);
    await vram.refresh([]);
    wait(-3_600_000);
    await vram.refresh([]);
    expect(vram.last().vram[0]?.free).toBe(500 * MIB);
  });

  it('says when the devices were looked at: with several, the older look', async () => {
    const card = path.join(root, 'sys/class/drm/card1/device');
    await mkdir(card, { recursive: true });
    await writeFile(path.join(card, 'mem_info_vram_total'), '8192');
    await writeFile(path.join(card, 'mem_info_vram_used'), '0');
    const { vram, wait } = setUp([{ text: 'GPU-1, RTX, 8192, 8000\n', tookMs: 100 }]);
    wait(1000);
    await vram.refresh([]);
    wait(3000);
    await vram.refresh([]);
    expect(vram.last().vramAt).toBe(1000);
    // The tool does not answer: its figures are as old as they were.
    wait(60_000);
    await vram.refresh([]);
    expect(vram.last()).toMatchObject({ vramAt: 1000, vram: [{ id: 'GPU-1' }, { name: 'AMD GPU' }] });
  });

  it('keeps the last figures of a GPU that does not answer', async () => {
    const { vram, wait } = setUp([{ text: 'GPU-1, RTX, 8192, 8000\n' }]);
    await vram.refresh([]);
    wait(2000);
    await vram.refresh([]);
    expect(vram.last().vram).toHaveLength(1);
  });

  it('reads AMD cards from sysfs', async () => {
    const card = path.join(root, 'sys/class/drm/card1/device');
    await mkdir(card, { recursive: true });
    await mkdir(path.join(root, 'sys/class/drm/card1-DP-1'), { recursive: true });
    await mkdir(path.join(root, 'sys/class/drm/card0/device'), { recursive: true });
    await writeFile(path.join(card, 'mem_info_vram_total'), `${16 * 1024 * MIB}\n`);
    await writeFile(path.join(card, 'mem_info_vram_used'), `${1024 * MIB}\n`);
    const { vram } = setUp([]);
    await vram.refresh([]);
    expect(vram.last().vram).toEqual([{ id: 'pci-device', name: 'AMD GPU', total: 16 * 1024 * MIB, free: 15 * 1024 * MIB }]);
  });

  it('on a Mac asks nothing; Apple silicon shares its memory', async () => {
    const apple = setUp([], 'darwin', 'arm64');
    await apple.vram.refresh([]);
    expect(apple.vram.last()).toEqual({ vram: [], unified: true });
    expect(setUp([], 'darwin', 'x64').vram.last().unified).toBe(false);
    expect(apple.asked).toEqual([]);
  });

  it('on Windows takes the tool from the system folder only', async () => {
    const { vram, asked } = setUp([], 'win32');
    await vram.refresh([]);
    expect(asked).toEqual([expect.stringMatching(/^[A-Z]:\\.*\\System32\\nvidia-smi\.exe$/i)]);
  });
});
