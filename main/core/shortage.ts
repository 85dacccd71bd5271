import {
  ENOUGH_FACTOR, GROWN_MIN_BYTES, GROWN_SHARE, SHORT_MAX_BYTES, SHORT_MIN_BYTES, SHORT_SHARE, SHORT_VRAM_MAX_BYTES, SHORT_VRAM_MIN_BYTES, SHORT_VRAM_SHARE,
  STALLS_FULL_PERCENT, STALLS_ROOM_SHARE, STALLS_SOME_PERCENT, YIELD_UNUSED_MS,
} from './limits.ts';
import { otherPrograms, slotsIn, vramLookAwake, type Room } from './room.ts';
import { idleMs } from './standing.ts';
import type { CoreState, HostMemory } from './types.ts';
import type { Shortage, Yielding } from './yield-state.ts';

type Held = NonNullable<Yielding['least']>;

/** What other programs hold at present. `vram` null: not known just now. */
interface HeldNow {
  ram: number;
  vram: Held['vram'] | null;
}

export function heldByOthers(state: CoreState, memory: HostMemory): HeldNow {
  if (!isVramCurrent(state, memory)) return { ram: otherPrograms(state), vram: null };
  const vram: Record<string, number> = {};
  for (const { id, free, total } of memory.vram) {
    const ours = slotsIn(state, 'host').reduce((sum, slot) => sum + (slot.booked.vram[id] ?? 0), 0);
    vram[id] = Math.max(0, total - free - ours);
  }
  return { ram: otherPrograms(state), vram };
}

/** The smaller of both, part by part; a device that has only now come begins with what is held there. */
export function lessOf(a: Held | null, b: HeldNow): Held {
  if (a === null) return anew(a, b);
  if (b.vram === null) return { ram: Math.min(a.ram, b.ram), vram: a.vram };
  const vram: Record<string, number> = {};
  for (const [id, bytes] of Object.entries(b.vram)) vram[id] = Math.min(bytes, a.vram[id] ?? bytes);
  return { ram: Math.min(a.ram, b.ram), vram };
}

/** What they hold now is theirs; as far as that is not known, what was theirs before. */
export function anew(before: Held | null, { ram, vram }: HeldNow): Held {
  return { ram, vram: vram ?? before?.vram ?? {} };
}

/**
 * Whether the devices were looked at since a model last came or went. Before that, what is free there and what models are booked for do not belong
 * together: what a model has just given back would look like other programs'.
 */
function isVramCurrent(state: CoreState, memory: HostMemory): boolean {
  const looked = vramLookAwake(state, memory);
  for (const gone of state.goneAt.values()) if (gone > looked) return false;
  return slotsIn(state, 'host').every(({ sinceAwake }) => sinceAwake <= looked);
}

/** Whether other programs hold more RAM than they did at least. */
export function haveOthersGrown(least: Held | null, now: HeldNow, memory: HostMemory): boolean {
  return least !== null && now.ram - least.ram >= grownBy(totalOf(memory));
}

/** What other programs are short of since they have grown; null: nothing, or nobody but the models made it so. */
export function findShortage(state: CoreState, memory: HostMemory, least: Held | null, now: HeldNow): Shortage | null {
  if (least === null) return null;
  if (haveOthersGrown(least, now, memory)) {
    const total = totalOf(memory);
    if (memory.available < shortBelow(total)) return { sign: 'available', figure: memory.available };
    if (memory.level === 'warning' || memory.level === 'critical') return { sign: 'system', figure: memory.available };
    if (memory.pressure && isStalled(memory.pressure, 1) && roomBesideMapped(state, memory) < total * STALLS_ROOM_SHARE && !wasUsedLately(state)) {
      return { sign: 'stalls', figure: memory.pressure.some };
    }
  }
  for (const { id, free, total } of memory.vram) {
    const held = now.vram?.[id];
    const before = least.vram[id];
    if (held !== undefined && before !== undefined && free < shortOfVram(total) && held - before >= grownBy(total)) return { sign: 'vram', figure: free, device: id };
  }
  return null;
}

/** The same sign with its figure of now; null: it is over, by a good margin. */
export function stillShort(state: CoreState, memory: HostMemory, short: Shortage): Shortage | null {
  switch (short.sign) {
    case 'available':
      return memory.available < ENOUGH_FACTOR * shortBelow(totalOf(memory)) ? { ...short, figure: memory.available } : null;
    case 'system':
      return memory.level === 'warning' || memory.level === 'critical' ? { ...short, figure: memory.available } : null;
    case 'stalls':
      // While a model answers, nobody can tell whose waiting it is.
      return memory.pressure && isStalled(memory.pressure, 0.5) && !wasUsedLately(state) ? { ...short, figure: memory.pressure.some } : null;
    case 'vram': {
      const device = memory.vram.find(({ id }) => id === short.device);
      return device && device.free < ENOUGH_FACTOR * shortOfVram(device.total) ? { ...short, figure: device.free } : null;
    }
    case 'over':
      return null;
  }
}

/** Whether the sign is as strong as where it began (those that are late fall for a while before they are over), and was seen more than once. */
export function isStrong(state: CoreState, memory: HostMemory, short: NonNullable<Yielding['short']>): boolean {
  if (short.sign === 'vram') return isVramCurrent(state, memory) && vramLookAwake(state, memory) > short.sinceAwake;
  return short.sign !== 'stalls' || (memory.pressure !== null && isStalled(memory.pressure, 1));
}

/** Room as it is seen from where nothing would be short: what is missing there is to be freed. */
export function roomUntilEnough(state: CoreState, memory: HostMemory, short: Shortage): Room {
  const total = totalOf(memory);
  switch (short.sign) {
    case 'vram': {
      const device = memory.vram.find(({ id }) => id === short.device);
      return { ram: null, vram: device ? { [device.id]: device.free - ENOUGH_FACTOR * shortOfVram(device.total) } : {}, slots: Infinity };
    }
    case 'stalls':
      return { ram: Math.min(-1, roomBesideMapped(state, memory) - total * STALLS_ROOM_SHARE), vram: {}, slots: Infinity };
    default:
      // Where there seems to be enough and the system says that there is not, one model is tried at a time.
      return { ram: Math.min(-1, memory.available - enoughOf(memory)), vram: {}, slots: Infinity };
  }
}

/** With this much left nothing is short, nor soon again. */
export function enoughOf(memory: HostMemory): number {
  return ENOUGH_FACTOR * shortBelow(totalOf(memory));
}

export function enoughVram(total: number): number {
  return ENOUGH_FACTOR * shortOfVram(total);
}

function totalOf(memory: HostMemory): number {
  return Math.min(memory.total, memory.cgroupLimit ?? Infinity);
}

function shortBelow(total: number): number {
  return Math.min(SHORT_MAX_BYTES, Math.max(SHORT_MIN_BYTES, total * SHORT_SHARE));
}

function shortOfVram(total: number): number {
  return Math.min(SHORT_VRAM_MAX_BYTES, Math.max(SHORT_VRAM_MIN_BYTES, total * SHORT_VRAM_SHARE));
}

function grownBy(total: number): number {
  return Math.max(GROWN_MIN_BYTES, total * GROWN_SHARE);
}

function isStalled({ some, full }: { some: number; full: number }, factor: number): boolean {
  return some >= STALLS_SOME_PERCENT * factor || full >= STALLS_FULL_PERCENT * factor;
}

/** Mapped weights count as available however often they are read. */
function roomBesideMapped(state: CoreState, memory: HostMemory): number {
  let mapped = 0;
  for (const slot of slotsIn(state, 'host')) mapped += memory.resident.get(slot.key)?.file ?? 0;
  return memory.available - mapped;
}

/** A model that answers makes pages of its weights come and go: that is waiting of its own making, which the averages remember for a while. */
function wasUsedLately(state: CoreState): boolean {
  return slotsIn(state, 'host').some((slot) => slot.state !== 'unloading' && idleMs(state, slot) < YIELD_UNUSED_MS);
}
