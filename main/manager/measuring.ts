import { READING_FRESH_MS } from '../core/limits.ts';
import type { CoreState, Residency } from '../core/types.ts';
import type { MemoryReader, MemoryReading } from '../memory/memory.ts';
import type { NewEvent } from './new-event.ts';

export interface MeasuringDeps {
  memory: MemoryReader;
  state(): CoreState;
  dispatch(event: NewEvent): void;
  stopped(): boolean;
  now(): number;
  /** What models hold was read, by weights. */
  onResident(resident: ReadonlyMap<string, Residency>): void;
  onFault(fault: unknown): void;
}

/** Reads the memory and feeds the core with what is there and what its models hold. */
export function createMeasuring(deps: MeasuringDeps) {
  let reading: MemoryReading | null = null;
  let refreshing = false;

  /** Where a reading takes the OS a while (macOS, Windows), it is brought up to date in the background and then used. */
  function measure(): void {
    readMemory();
    if (refreshing || deps.stopped() || reading === null || Math.abs(deps.now() - reading.at) < READING_FRESH_MS / 2) return;
    refreshing = true;
    const pids = [...deps.state().slots.values()].flatMap((slot) => (slot.pid === null ? [] : [slot.pid]));
    void deps.memory
      .refresh(pids)
      .then(() => {
        if (!deps.stopped()) readMemory();
      })
      .catch(deps.onFault)
      .finally(() => {
        refreshing = false;
      });
  }

  function readMemory(): void {
    const pids: number[] = [];
    const keys = new Map<number, string>();
    for (const slot of deps.state().slots.values()) {
      if (slot.pid === null || deps.state().providers.get(slot.provider)?.domain !== 'host') continue;
      pids.push(slot.pid);
      keys.set(slot.pid, slot.key);
    }
    try {
      reading = deps.memory.read(pids);
    } catch (fault) {
      return deps.onFault(fault);
    }
    const resident = new Map<string, Residency>();
    for (const [pid, held] of reading.processes) {
      const key = keys.get(pid);
      if (key) resident.set(key, held);
    }
    const { at, total, available, cgroupLimit, pressure, level = null, vram, vramAt } = reading;
    deps.dispatch({ type: 'memory', memory: { at, total, available, cgroupLimit, pressure, level, vram, ...(vramAt !== undefined && { vramAt }), resident } });
    deps.onResident(resident);
  }

  return { measure, reading: (): MemoryReading | null => reading };
}
