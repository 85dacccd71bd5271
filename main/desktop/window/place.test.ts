import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restorePlace, smallest } from './place.ts';

const main = { x: 0, y: 27, width: 1920, height: 1053 };
const left = { x: -2560, y: 0, width: 2560, height: 1440 };
const saved = { x: 100, y: 100, width: 900, height: 700, maximized: false };

describe('restorePlace', () => {
  it('opens where it was', () => {
    expect(restorePlace(saved, [main, left])).toEqual(saved);
    expect(restorePlace({ ...saved, x: -2000, maximized: true }, [main, left])).toEqual({ ...saved, x: -2000, maximized: true });
  });

  it('lets Electron centre it the first time, no larger than the screen', () => {
    expect(restorePlace(null, [main])).toEqual({ width: 1080, height: 760, maximized: false });
    expect(restorePlace(null, [{ x: 0, y: 0, width: 1024, height: 600 }])).toEqual({ width: 1024, height: 600, maximized: false });
  });

  it('opens centred on the main screen where its own is gone', () => {
    expect(restorePlace({ ...saved, x: -2000, maximized: true }, [main])).toEqual({ width: 900, height: 700, maximized: true });
    expect(restorePlace({ ...saved, x: 1920 }, [main])).toEqual({ width: 900, height: 700, maximized: false });
  });

  it('comes back in whole where a part of it was off the screen', () => {
    expect(restorePlace({ ...saved, x: 1900, y: 1000 }, [main])).toEqual({ ...saved, x: 1020, y: 380 });
    expect(restorePlace({ ...saved, x: -300, y: -50 }, [main])).toEqual({ ...saved, x: 0, y: 27 });
  });

  it('takes the screen that shows most of it', () => {
    expect(restorePlace({ ...saved, x: -800 }, [main, left])).toMatchObject({ x: -900 });
    expect(restorePlace({ ...saved, x: -100 }, [main, left])).toMatchObject({ x: 0 });
  });

  it('is never too small to use, nor larger than the screen', () => {
    expect(restorePlace({ ...saved, width: 1, height: 1 }, [main])).toMatchObject(smallest);
    expect(restorePlace({ x: 0, y: 0, width: 9000, height: 9000, maximized: false }, [main])).toMatchObject({ x: 0, y: 27, width: 1920, height: 1053 });
  });

  it('opens where the system names no screen at all', () => {
    expect(restorePlace(saved, [])).toEqual({ width: 900, height: 700, maximized: false });
  });

  it('whatever was saved and whichever screens are there: the title is in reach, the size can be used', () => {
    const size = fc.integer({ min: 500, max: 5000 });
    const at = fc.integer({ min: -6000, max: 6000 });
    const screen = fc.record({ x: at, y: at, width: size, height: size });
    const place = fc.record({ x: at, y: at, width: fc.integer({ min: 1, max: 9000 }), height: fc.integer({ min: 1, max: 9000 }), maximized: fc.boolean() });
    fc.assert(
      fc.property(place, fc.array(screen, { minLength: 1, maxLength: 3 }), (was, screens) => {
        const { x, y, width, height } = restorePlace(was, screens);
        expect(width).toBeGreaterThanOrEqual(smallest.width);
        expect(height).toBeGreaterThanOrEqual(smallest.height);
        if (x === undefined || y === undefined) return;
        expect(screens.some((one) => x >= one.x && y >= one.y && x + width <= one.x + one.width && y + height <= one.y + one.height)).toBe(true);
      }),
      { seed: 4 },
    );
  });
});
