import { expect, it } from 'vitest';
import { createSpeed } from './speed.ts';

it('tells how fast the last seconds were, not the whole of it', () => {
  const speed = createSpeed();
  for (let s = 0; s <= 20; s++) speed.add(s * 1000, s * 100);
  expect(speed.bytesPerSecond()).toBe(100);
  for (let s = 21; s <= 40; s++) speed.add(s * 1000, 2000 + (s - 20) * 1000);
  expect(speed.bytesPerSecond()).toBe(1000);
});

it('tells nothing before it has seen enough, nor across a fresh beginning', () => {
  const speed = createSpeed();
  speed.add(0, 0);
  speed.add(500, 1e9);
  expect(speed.bytesPerSecond()).toBeNull();
  speed.add(2000, 2e9);
  expect(speed.bytesPerSecond()).toBe(1e9);
  speed.add(3000, 0);
  expect(speed.bytesPerSecond()).toBeNull();
});

it('keeps few points however often it is told', () => {
  const speed = createSpeed();
  for (let at = 0; at <= 20_000; at++) speed.add(at, at * 1000);
  expect(speed.bytesPerSecond()).toBeCloseTo(1e6, -3);
});
