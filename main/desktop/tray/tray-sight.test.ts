import { afterEach, expect, it, vi } from 'vitest';
import type { Platform } from '../parts.ts';
import type { TrayHost } from './tray-host.ts';
import { createTraySight } from './tray-sight.ts';

function setUp(first: TrayHost, { platform = 'linux' as Platform, shown = true } = {}) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const world = { host: first, asked: 0, renewed: 0 };
  const find = async () => {
    world.asked += 1;
    return world.host;
  };
  const sight = createTraySight({ platform, tray: { shown, renew: () => void (world.renewed += 1) }, find });
  return { world, sight, pass: (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000) };
}

afterEach(() => void vi.useRealTimers());

const none: TrayHost = { present: false, ours: false };
const vague: TrayHost = { present: true, ours: null };
const without: TrayHost = { present: true, ours: false };
const seen: TrayHost = { present: true, ours: true };

it.each([['that says nothing of icons', vague], ['without ours', without]])('makes the icon anew, once, for a panel that comes later: %s', async (_name, late) => {
  const { world, pass } = setUp(none);
  await pass(10);
  expect(world.renewed).toBe(0);
  world.host = late;
  await pass(20);
  expect(world.renewed).toBe(1);
  const { asked } = world;
  await pass(3_600);
  expect([world.renewed, world.asked - asked]).toEqual([1, 0]);
});

it('leaves an icon alone that the late panel knows', async () => {
  const { world, pass } = setUp(none);
  world.host = seen;
  await pass(600);
  expect(world.renewed).toBe(0);
});

it.each([['its icon', seen, 0], ['no names', vague, 0], ['no icon at all', without, 1]])('looks once more where a panel was there: it shows %s', async (_name, host, renewed) => {
  const { world, pass } = setUp(host);
  await pass(600);
  expect([world.asked, world.renewed]).toEqual([2, renewed]);
});

it('gives up after some minutes, and at the end', async () => {
  const { world, pass, sight } = setUp(none);
  await pass(600);
  expect(world.asked).toBeLessThan(15);
  const { asked } = world;
  await pass(3_600);
  expect(world.asked).toBe(asked);
  sight.close();
  const second = setUp(none);
  second.sight.close();
  second.world.host = vague;
  await second.pass(600);
  expect([second.world.asked, second.world.renewed]).toEqual([1, 0]);
});

it('asks no more often than every few seconds whether it is to be seen', async () => {
  const { world, sight, pass } = setUp(seen);
  await pass(600);
  const { asked } = world;
  for (let at = 0; at < 100; at += 1) expect(await sight.shown()).toBe(true);
  expect(world.asked - asked).toBe(1);
  world.host = without;
  await pass(6);
  expect(await sight.shown()).toBe(false);
  world.host = none;
  await pass(6);
  expect(await sight.shown()).toBe(false);
  world.host = vague;
  await pass(6);
  expect(await sight.shown()).toBe(true);
});

it.each([['darwin', true], ['win32', true], ['linux', false]] as const)('asks nobody on %s with an icon: %s', async (platform, shown) => {
  const { world, sight, pass } = setUp(none, { platform, shown });
  expect(await sight.shown()).toBe(shown);
  await pass(600);
  expect(world.asked).toBe(0);
});
