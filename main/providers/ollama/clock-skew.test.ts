import { describe, expect, it } from 'vitest';
import { noSkew, observeClock } from './clock-skew.ts';

/** An answer of a server whose clock is `ahead` ms ahead, with 2 ms on each way. */
function answer(at: number, ahead: number) {
  return { dateMs: Math.floor((at + 2 + ahead) / 1000) * 1000, sentAt: at, receivedAt: at + 4 };
}

describe('observeClock', () => {
  it('is 0 for equal clocks, whatever the second', () => {
    let skew = noSkew;
    for (let at = 1_000_000; at < 1_030_000; at += 737) {
      skew = observeClock(skew, answer(at, 0));
      expect(skew.skewMs).toBe(0);
    }
  });

  it.each([-90_000, -4321, 5678, 3_600_123])('narrows a difference of %i ms', (ahead) => {
    let skew = noSkew;
    for (let at = 1_000_000; at < 1_030_000; at += 737) skew = observeClock(skew, answer(at, ahead));
    expect(Math.abs(skew.skewMs - ahead)).toBeLessThan(60);
    expect(skew.uncertaintyMs).toBeLessThan(60);
  });

  it('starts anew when a clock was set', () => {
    let skew = observeClock(noSkew, answer(1_000_500, 10_000));
    skew = observeClock(skew, answer(1_001_700, -10_000));
    expect(Math.abs(skew.skewMs + 10_000)).toBeLessThan(600);
  });

  it('keeps what it knows where the header is missing', () => {
    const skew = observeClock(noSkew, answer(1_000_500, 10_000));
    expect(observeClock(skew, { dateMs: null, sentAt: 5, receivedAt: 6 })).toBe(skew);
  });
});
