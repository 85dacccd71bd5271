import { describe, expect, it } from 'vitest';
import { createSerial } from './serial.ts';

const forever = new AbortController().signal;

function gate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

describe('createSerial', () => {
  it('runs one at a time in the order asked, also after a failure', async () => {
    const serial = createSerial();
    const first = gate();
    const order: number[] = [];
    const one = serial.run(forever, async () => {
      await first.passed;
      order.push(1);
      throw new Error('no');
    });
    const two = serial.run(forever, async () => order.push(2));
    first.open();
    await expect(one).rejects.toThrow('no');
    await two;
    expect(order).toEqual([1, 2]);
  });

  it('lets go of whoever gives up while waiting, without running the task', async () => {
    const serial = createSerial();
    const first = gate();
    const one = serial.run(forever, () => first.passed.then(() => 'one'));
    const gaveUp = new AbortController();
    let ran = false;
    const two = serial.run(gaveUp.signal, async () => {
      ran = true;
    });
    gaveUp.abort();
    expect(await two).toBeNull();
    first.open();
    expect(await one).toBe('one');
    expect(await serial.run(forever, async () => 'three')).toBe('three');
    expect(ran).toBe(false);
  });
});
