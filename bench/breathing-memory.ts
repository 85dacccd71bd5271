import { GIB, type MemorySample } from '../contract/index.ts';
import type { MemoryReader, Resident } from '../main/memory/memory.ts';
import { createRandom } from '../test/simulation/random.ts';

const MIB = GIB / 1024;
const SEED = 20_261;
/** Bytes by which a second moves what other programs hold: a few MB at least, some 15 in the mean, now and then tens. */
const LEAST_STEP = 3 * MIB;
const MEAN_STEP = 15 * MIB;
const LARGEST_STEP = 90 * MIB;
/** How far it strays from where it began; a machine that runs out of memory is another matter. */
const STRAY = 0.4 * GIB;

export interface Breathing {
  reader: MemoryReader;
  /** A model's process appears, with what it holds. */
  hold(pid: number, held: Resident): void;
  /** What the last 15 minutes were like, by the same drift. */
  past(until: number, models: number): MemorySample[];
}

/** The memory of a machine on which other programs live: what they hold drifts from second to second, from a seed. */
export function breathingMemory({ total, others, now }: { total: number; others: number; now(): number }): Breathing {
  const random = createRandom(SEED);
  const processes = new Map<number, Resident>();
  let held = others;
  let second = Math.floor(now() / 1_000);

  /** Steps of an exponential spread, up or down; the further away from home, the likelier the way back. */
  function drift(): void {
    const spread = -Math.log(1 - random.next()) * (MEAN_STEP - LEAST_STEP);
    const up = random.chance(0.5 - (held - others) / (2 * STRAY));
    held += Math.min(LARGEST_STEP, LEAST_STEP + spread) * (up ? 1 : -1);
  }

  return {
    reader: {
      read(pids) {
        for (const today = Math.floor(now() / 1_000); second < today; second += 1) drift();
        const anon = [...processes.values()].reduce((sum, one) => sum + one.anon, 0);
        const stalled = Math.round(random.next() * 60) / 100;
        return {
          at: now(),
          total,
          available: Math.round((total - held - anon) / 4096) * 4096,
          cgroupLimit: null,
          pressure: { some: stalled, full: Math.round(stalled * 50) / 100 },
          processes: new Map(pids.flatMap((pid) => (processes.has(pid) ? [[pid, processes.get(pid)!] as const] : []))),
          vram: [],
          unified: false,
        };
      },
      refresh: () => Promise.resolve(),
      largestPrograms: () => Promise.resolve([]),
      close: () => undefined,
    },
    hold: (pid, resident) => void processes.set(pid, resident),
    past(until, models) {
      const samples: MemorySample[] = [];
      for (let at = until - 895_000; at < until; at += 5_000) {
        for (let each = 0; each < 5; each += 1) drift();
        samples.push({ at, free: total - held - models, models, otherPrograms: held });
      }
      return samples;
    },
  };
}
