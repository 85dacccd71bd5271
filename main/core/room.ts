import type { Footprint } from '../../contract/index.ts';
import { SETTLE_MS, VRAM_SETTLE_MS } from './limits.ts';
import type { CoreState, HostMemory, Job, Slot } from './types.ts';

/** The memory that a slot or job takes part in: this computer's, or a provider's own. */
export function domainOf(state: CoreState, provider: string): string {
  return state.providers.get(provider)?.domain ?? 'host';
}

export function slotsIn(state: CoreState, domain: string): Slot[] {
  const found: Slot[] = [];
  for (const slot of state.slots.values()) if (domainOf(state, slot.provider) === domain) found.push(slot);
  return found;
}

/** Jobs whose room is booked and whose load has not begun (then their slot counts instead). */
export function reservedIn(state: CoreState, domain: string): Job[] {
  const found: Job[] = [];
  for (const job of state.jobs.values()) {
    if (job.state === 'reserved' && domainOf(state, providerOf(state, job.modelId)) === domain) found.push(job);
  }
  return found;
}

function providerOf(state: CoreState, modelId: string): string {
  return state.catalog.byId.get(modelId)?.provider ?? modelId.slice(0, modelId.indexOf('/'));
}

/** RAM that counts for a slot: what is booked, or what it is seen to hold where that is more. Bytes. */
export function ramHeld(state: CoreState, slot: Slot): number {
  const resident = domainOf(state, slot.provider) === 'host' ? state.memory?.resident.get(slot.key) : undefined;
  return resident ? Math.max(slot.booked.ram, resident.anon + resident.file) : slot.booked.ram;
}

/** Anonymous bytes that `available` has already lost to a slot. Where the process cannot be read, what the provider reports counts as resident once it is loaded. */
function anonHeld(state: CoreState, slot: Slot): number {
  const resident = state.memory?.resident.get(slot.key);
  // What is swapped out gives no RAM back.
  if (resident) return resident.anon - (resident.swapped ?? 0);
  return slot.state === 'loading' || slot.pid !== null ? 0 : slot.booked.ram;
}

/** Something has just gone, and its memory may still be on its way back: nobody else goes for want of it. */
export function settling(state: CoreState): boolean {
  const { memory } = state;
  const looked = memory && memory.vram.length > 0 ? vramLookAwake(state, memory) : Infinity;
  for (const at of state.goneAt.values()) {
    const ago = state.awake - at;
    if (ago < SETTLE_MS || (ago < VRAM_SETTLE_MS && looked < at)) return true;
  }
  return false;
}

/** Credited time of the last look at the graphics devices. */
export function vramLookAwake(state: CoreState, memory: HostMemory): number {
  return state.awake - Math.max(0, state.now - (memory.vramAt ?? memory.at));
}

/**
 * A load whose process cannot be read is counted twice while it grows (booked, and missing in what is
 * available): nobody is refused or unloaded on such a picture, only made to wait for its end.
 */
export function blurred(state: CoreState, domain: string): boolean {
  if (domain !== 'host') return false;
  return slotsIn(state, domain).some((s) => s.state === 'loading' && !state.memory?.resident.has(s.key));
}

/** The pools of one memory. `ram` null: not known, so only the count limits. */
export interface Room {
  ram: number | null;
  vram: Readonly<Record<string, number>>;
  slots: number;
}

/**
 * What is free for models right now, by the formula of docs/memory.md:
 * available + Σ anonymous of models − reserve − Σ max(booked, resident). May be negative.
 */
export function freeRam(state: CoreState, domain: string): number | null {
  let held = 0;
  let anon = 0;
  for (const slot of slotsIn(state, domain)) {
    held += ramHeld(state, slot);
    if (domain === 'host') anon += anonHeld(state, slot);
  }
  if (domain !== 'host') {
    const capacity = ownCapacity(state, domain);
    return capacity === null ? null : capacity - held;
  }
  if (!state.memory) return 0;
  const byMachine = state.memory.available + anon - reserveOf(state) - held;
  return state.config.maxUsage === null ? byMachine : Math.min(byMachine, state.config.maxUsage - held);
}

function ownCapacity(state: CoreState, domain: string): number | null {
  for (const provider of state.providers.values()) if (provider.domain === domain) return provider.ownCapacity;
  return null;
}

/** What the machine could give to models if none were loaded and no other program ran: the line between "not now" and "too big". */
export function largestPossible(state: CoreState, domain: string): number | null {
  if (domain !== 'host') return ownCapacity(state, domain);
  if (!state.memory) return null;
  const machine = Math.min(state.memory.total, state.memory.cgroupLimit ?? Infinity) - reserveOf(state);
  return state.config.maxUsage === null ? machine : Math.min(machine, state.config.maxUsage);
}

/** Bytes that the settings keep free for other programs. More than there is cannot be kept free. */
export function reserveOf(state: CoreState): number {
  if (!state.memory) return state.config.reserve;
  return Math.min(state.config.reserve, state.memory.total, state.memory.cgroupLimit ?? Infinity);
}

/** What other programs hold, bytes. */
export function otherPrograms(state: CoreState): number {
  if (!state.memory) return 0;
  let anon = 0;
  for (const slot of slotsIn(state, 'host')) anon += anonHeld(state, slot);
  const total = Math.min(state.memory.total, state.memory.cgroupLimit ?? Infinity);
  return Math.max(0, total - state.memory.available - anon);
}

/** Free room now, without regard to what is about to leave or arrive. */
export function roomNow(state: CoreState, domain: string): Room {
  const slots = slotsIn(state, domain);
  const vram: Record<string, number> = {};
  if (domain === 'host') {
    for (const device of state.memory?.vram ?? []) {
      // A loaded model's VRAM is already missing in `free`; one that is loading may not have taken it yet.
      const loading = slots.reduce((sum, slot) => sum + (slot.state === 'loading' ? (slot.booked.vram[device.id] ?? 0) : 0), 0);
      vram[device.id] = device.free - loading;
    }
  }
  return { ram: freeRam(state, domain), vram, slots: state.config.limit - slots.length };
}

/** Room once everything that is leaving has left and everything that is booked has come, except the job `but`. */
export function roomSoon(state: CoreState, domain: string, but: string | null): Room {
  let room = roomNow(state, domain);
  for (const slot of slotsIn(state, domain)) {
    if (slot.state === 'unloading') room = addRoom(room, heldFootprint(state, slot), 1);
  }
  for (const job of reservedIn(state, domain)) {
    if (job.key !== but) room = addRoom(room, job.need, -1);
  }
  return room;
}

export function heldFootprint(state: CoreState, slot: Slot): Footprint {
  return { ram: ramHeld(state, slot), vram: slot.booked.vram };
}

/** `room` with `count` models of that footprint more free room (negative: less). */
export function addRoom(room: Room, footprint: Footprint, count: number): Room {
  const vram = { ...room.vram };
  for (const [device, bytes] of Object.entries(footprint.vram)) {
    if (device in vram) vram[device] = (vram[device] ?? 0) + bytes * count;
  }
  return { ram: room.ram === null ? null : room.ram + footprint.ram * count, vram, slots: room.slots + count };
}

export function fitsIn(need: Footprint, room: Room): boolean {
  if (room.slots < 1) return false;
  if (room.ram !== null && need.ram > room.ram) return false;
  for (const [device, bytes] of Object.entries(need.vram)) {
    const free = room.vram[device];
    if (free !== undefined && bytes > free) return false;
  }
  return true;
}
