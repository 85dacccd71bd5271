import { describe, expect, it } from 'vitest';
import { isEndless, observeUse } from './last-use.ts';
import type { OwnAct, RunnerUse, Sighting } from './last-use.ts';

const t0 = Date.parse('2026-03-01T10:00:00Z');
const endlessMs = 9_223_372_036_854.775;

/** A look `s` seconds after t0, answered within 4 ms, at an expiry given in seconds after t0. */
function look(s: number, expiresAt: number, more: Partial<Sighting> = {}): Sighting {
  return { expiresAt: t0 + expiresAt * 1000, askedAt: t0 + s * 1000, seenAt: t0 + s * 1000 + 4, absentAt: null, slackMs: 0, unloading: false, processing: null, ...more };
}

function run(looks: readonly Sighting[], acts: readonly OwnAct[] = []): RunnerUse {
  let use: RunnerUse | null = null;
  for (const one of looks) use = observeUse(use, one, acts.filter((act) => act.to <= one.seenAt));
  if (use === null) throw new Error('no looks');
  return use;
}

const ago = (use: RunnerUse) => (use.lastUsed === null ? null : (use.lastUsed - t0) / 1000);

describe('a foreign model', () => {
  it('that appears between two looks has the default keep-alive from then on', () => {
    const use = run([look(10, 308.2, { absentAt: t0 + 8000 })]);
    expect(use).toMatchObject({ keepAliveMs: 300_000, busy: null });
    expect(ago(use)).toBe(8.2);
  });

  it.each([60, 300, 1800, 3600, 86400])('is known by a jump of its expiry to %i s after its use', (keep) => {
    const use = run([look(0, 200), look(1, 200), look(2, 1.7 + keep)]);
    expect(use.keepAliveMs).toBe(keep * 1000);
    expect(ago(use)).toBeCloseTo(1.7, 3);
  });

  it('keeps its last use while its expiry stands still', () => {
    const use = run([look(0, 200), look(2, 301.5), look(3, 301.5), look(60, 301.5)]);
    expect(ago(use)).toBe(1.5);
    expect(use.busy).toBeNull();
  });

  it('is busy, and tells its keep-alive, while its expiry moves with the clock', () => {
    const looks = [look(0, 1234.002), look(1, 1235.003), look(2, 1236.002)];
    expect(run(looks)).toMatchObject({ busy: true, keepAliveMs: 1_234_000, lastUsed: t0 + 2004 });
  });

  it('has its last use at the end of the first request once the expiry stops moving', () => {
    const use = run([look(0, 1234.002), look(1, 1235.003), look(2, 1235.42), look(3, 1235.42)]);
    expect(use).toMatchObject({ keepAliveMs: 1_234_000, busy: null });
    expect(ago(use)).toBe(1.42);
  });

  it('is seen as moving at its first look where the keep-alive is endless', () => {
    const use = run([look(5, 5.002 + endlessMs / 1000, { absentAt: t0 + 3000 })]);
    expect(use).toMatchObject({ busy: true, keepAliveMs: Infinity });
  });

  it('is trackable with an endless keep-alive', () => {
    const use = run([look(5, 2.25 + endlessMs / 1000), look(9, 7.5 + endlessMs / 1000), look(10, 7.5 + endlessMs / 1000)]);
    expect(use.keepAliveMs).toBe(Infinity);
    expect(use.lastUsed).toBe(t0 + 7500);
  });

  it('that was there before the first look is guessed to have been used lately rather than long ago', () => {
    expect(ago(run([look(100, 150)]))).toBe(90);
    expect(ago(run([look(100, 390)]))).toBe(90);
    expect(ago(run([look(100, 4000)]))).toBe(-3200);
  });

  it('changes its keep-alive when another program sets one', () => {
    const use = run([look(0, 250), look(2, 301.5), look(4, 3602.9)]);
    expect(use.keepAliveMs).toBe(3_600_000);
    expect(ago(use)).toBeCloseTo(2.9, 3);
  });

  it('was used at the latest when the change was seen, where no keep-alive explains it', () => {
    const use = run([look(0, 250), look(1, 1777.77)]);
    expect(use.keepAliveMs).toBeNull();
    expect(use.lastUsed).toBe(t0 + 1004);
  });

  it('is busy when its expiry has passed and it is still there, and idle since its end later', () => {
    const looks = [look(0, 55), look(10, 67), look(66, 67)];
    expect(run(looks).busy).toBeNull();
    expect(run([...looks, look(67.5, 67)]).busy).toBeNull();
    expect(run([...looks, look(75, 67)])).toMatchObject({ busy: true, lastUsed: t0 + 75_004 });
    expect(run([...looks, look(75, 67), look(80, 138.2)])).toMatchObject({ busy: null, lastUsed: t0 + 78_200 });
  });

  it('is not called busy by an expiry that Airdock itself set by an unload', () => {
    expect(run([look(0, 250), look(10, 5, { unloading: true })]).busy).toBeNull();
  });

  it('is believed over its expiry where its runner can be asked', () => {
    expect(run([look(0, 250), look(2, 250, { processing: true })])).toMatchObject({ busy: true, lastUsed: t0 + 2004 });
    expect(run([look(0, 250), look(2, 250, { processing: false })])).toMatchObject({ busy: false });
    const stopping = run([look(0, 55), look(75, 55, { processing: false })]);
    expect(stopping.busy).toBe(false);
    expect(stopping.lastUsed).toBeLessThan(t0);
    // A request between its admission and its first batch: the expiry knows, the slots not yet.
    expect(run([look(0, 1234.002), look(1, 1235.003, { processing: false })]).busy).toBe(true);
  });

  it('never goes back in time', () => {
    const use = run([look(0, 55), look(75, 55), look(76, 360.5)]);
    expect(use.lastUsed).toBeGreaterThanOrEqual(t0 + 75_004);
  });
});

describe("Airdock's own acts", () => {
  const load: OwnAct = { id: 1, from: t0 + 1000, to: t0 + 4000, keepAliveMs: 360_000 };

  it('are not uses: a load', () => {
    expect(run([look(5, 363.999, { absentAt: t0 })], [load])).toMatchObject({ lastUsed: null, busy: null, keepAliveMs: 360_000 });
  });

  it('are not uses: an endless load', () => {
    const endless = { ...load, keepAliveMs: Infinity };
    expect(run([look(5, 3.999 + endlessMs / 1000, { absentAt: t0 })], [endless])).toMatchObject({ lastUsed: null, keepAliveMs: Infinity });
  });

  it('are not uses: a touch, which keeps the last use that was known', () => {
    const touch: OwnAct = { id: 1, from: t0 + 20_000, to: t0 + 20_003, keepAliveMs: 900_000 };
    const use = run([look(0, 250), look(2, 301.5), look(21, 920.001)], [touch]);
    expect(ago(use)).toBe(1.5);
    expect(use.keepAliveMs).toBe(900_000);
  });

  it('make the keep-alive of later uses known, however odd it is', () => {
    const odd = { ...load, keepAliveMs: 77_123 };
    const use = run([look(5, 81.122, { absentAt: t0 }), look(100, 170.623)], [odd]);
    expect(ago(use)).toBe(93.5);
  });

  it('count as keep-alive even where the model was busy and its expiry did not move yet', () => {
    const touch: OwnAct = { id: 1, from: t0 + 2000, to: t0 + 2003, keepAliveMs: 77_000 };
    const use = run([look(0, 250), look(3, 250), look(9, 84.5)], [touch]);
    expect(ago(use)).toBe(7.5);
  });

  it('do not hide a use after them', () => {
    expect(ago(run([look(5, 363.999, { absentAt: t0 }), look(6, 365.5)], [load]))).toBe(5.5);
  });

  it('do not hide a use that ends right behind them', () => {
    expect(ago(run([look(4.001, 363.999, { absentAt: t0 }), look(6, 364.012)], [load]))).toBe(4.012);
  });

  it('account for every expiry while they go on', () => {
    const open = { ...load, to: Infinity };
    let use = observeUse(null, look(4.001, 364.001, { absentAt: t0 }), [open]);
    use = observeUse(use, look(4.5, 364.002), [load]);
    expect(use.lastUsed).toBeNull();
  });

  it('do not hide a first request that is running', () => {
    const use = run([look(5, 363.999, { absentAt: t0 }), look(6, 366.002)], [load]);
    expect(use).toMatchObject({ busy: true, lastUsed: t0 + 6004 });
  });
});

describe('isEndless', () => {
  it('is three centuries, not a year', () => {
    expect(isEndless(Date.parse('2319-03-05T07:14:21.046817206Z'), t0)).toBe(true);
    expect(isEndless(t0 + 365 * 86_400_000, t0)).toBe(false);
  });
});
