import { expect, it } from 'vitest';
import { GIB } from '../contract/index.ts';
import { breathingMemory } from './breathing-memory.ts';

const MIB = GIB / 1024;
const began = 1_700_000_000_000;

function breathing() {
  const clock = { now: began };
  return { clock, ...breathingMemory({ total: 64 * GIB, others: 28 * GIB, now: () => clock.now }) };
}

it('moves by a few MB to tens of MB a second, up and down, and stays near where it began', () => {
  const { clock, reader } = breathing();
  const read = Array.from({ length: 3_000 }, () => {
    clock.now += 1_000;
    return reader.read([]).available;
  });
  const steps = read.slice(1).map((one, index) => (one - read[index]!) / MIB);
  const sizes = steps.map(Math.abs);
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  expect(Math.min(...sizes)).toBeGreaterThan(2);
  expect(Math.max(...sizes)).toBeLessThan(100);
  expect(mean).toBeGreaterThan(10);
  expect(mean).toBeLessThan(20);
  expect(steps.filter((step) => step > 0).length / steps.length).toBeCloseTo(0.5, 1);
  expect(Math.max(...read.map((one) => Math.abs(one - 36 * GIB)))).toBeLessThan(0.5 * GIB);
});

it('is the same however often it is read within a second', () => {
  const { reader } = breathing();
  expect(reader.read([]).available).toBe(reader.read([]).available);
});

it('holds what processes hold, of which only the anonymous part is missing elsewhere', () => {
  const { reader, hold } = breathing();
  const before = reader.read([]).available;
  hold(1, { anon: GIB, file: 7 * GIB });
  const { available, processes } = reader.read([1, 2]);
  expect(before - available).toBe(GIB);
  expect([...processes]).toEqual([[1, { anon: GIB, file: 7 * GIB }]]);
});

it('has a past of fifteen minutes', () => {
  const samples = breathing().past(began, 32 * GIB);
  expect(samples).toHaveLength(179);
  for (const { free, models, otherPrograms } of samples) expect(free + models + otherPrograms).toBe(64 * GIB);
});
