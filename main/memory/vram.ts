import path from 'node:path';
import type { MemoryReading, VramReading } from './memory.ts';
import { nvidiaSmiArgs, parseNvidiaSmi } from './parse-nvidia-smi.ts';
import type { RunCommand } from './run-command.ts';
import { readAmdVram } from './vram-amd.ts';

const TIMEOUT_MS = 5_000;
/** Where no NVIDIA tool answered: an external GPU or a driver may still come. */
const ASK_AGAIN_MS = 10 * 60_000;
/** At least this long between two runs of the tool, and at least fifty times what the last run took. */
const PAUSE_MS = 1_000;
const PAUSE_FACTOR = 50;

export interface VramReader {
  /** The last picture, at once. Empty before the first `refresh` and on a computer without GPU memory of its own. */
  last(): Pick<MemoryReading, 'vram' | 'vramAt' | 'unified'>;
  /** Asks the devices again where that is due, also as soon as there are other processes of models than at the last look; calls in the meantime share one look. Never rejects. */
  refresh(pids: readonly number[]): Promise<void>;
}

export interface VramOptions {
  platform: NodeJS.Platform;
  arch: string;
  root: string;
  now: () => number;
  run: RunCommand;
}

/**
 * Memory of GPUs that have their own: NVIDIA through its command-line tool, AMD on Linux through sysfs. On Apple silicon the
 * GPU uses the computer's RAM and nothing is asked. `systeminformation.graphics()` knows no more about free memory than the
 * NVIDIA tool does, and runs that tool synchronously, which would hold up every request for as long as the driver takes.
 */
export function createVramReader({ platform, arch, root, now, run }: VramOptions): VramReader {
  const appleSilicon = platform === 'darwin' && arch === 'arm64';
  let nvidia: { vram: VramReading[]; unified: boolean } = { vram: [], unified: false };
  let amd: VramReading[] = [];
  let nvidiaAt = 0;
  let amdAt = 0;
  let askedAt = Number.NEGATIVE_INFINITY;
  let pauseMs = 0;
  let askedFor = '';
  let running: Promise<void> | null = null;

  const askNvidia = async (models: string) => {
    askedAt = now();
    askedFor = models;
    const answer = await firstAnswer(run, nvidiaTools(platform));
    const tookMs = Math.max(0, now() - askedAt);
    const seen = answer === null ? null : parseNvidiaSmi(answer);
    const known = nvidia.vram.length > 0 || nvidia.unified;
    if (seen !== null) {
      nvidia = seen;
      nvidiaAt = askedAt;
    }
    // A device that was there and does not answer now keeps its last figures: it is busy or resetting, hardly gone.
    const there = known || nvidia.vram.length > 0 || nvidia.unified;
    pauseMs = there ? Math.max(PAUSE_MS, PAUSE_FACTOR * tookMs) : ASK_AGAIN_MS;
  };

  const look = async (models: string) => {
    if (platform === 'linux') {
      const at = now();
      amd = await readAmdVram(root);
      amdAt = at;
    }
    // A clock that is set back does not keep it waiting until it has caught up.
    // Where there is a device, what models give back is wanted soon, however long its tool takes.
    const changed = models !== askedFor && nvidia.vram.length > 0;
    if (Math.abs(now() - askedAt) >= (changed ? PAUSE_MS : pauseMs)) await askNvidia(models);
  };

  return {
    last() {
      const at = Math.min(nvidia.vram.length > 0 ? nvidiaAt : Infinity, amd.length > 0 ? amdAt : Infinity);
      return { vram: [...nvidia.vram, ...amd], ...(Number.isFinite(at) && { vramAt: at }), unified: appleSilicon || nvidia.unified };
    },
    async refresh(pids) {
      if (platform !== 'linux' && platform !== 'win32') return;
      running ??= look([...pids].sort((a, b) => a - b).join())
        .catch(() => undefined)
        .finally(() => {
          running = null;
        });
      await running;
    },
  };
}

function nvidiaTools(platform: NodeJS.Platform): string[] {
  if (platform === 'win32') return [path.win32.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'nvidia-smi.exe')];
  // WSL puts the tool outside the usual PATH.
  return ['nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi'];
}

async function firstAnswer(run: RunCommand, tools: readonly string[]): Promise<string | null> {
  for (const tool of tools) {
    const answer = await run(tool, nvidiaSmiArgs, TIMEOUT_MS);
    if (answer !== null) return answer;
  }
  return null;
}
