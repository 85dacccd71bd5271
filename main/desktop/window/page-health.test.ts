import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { start } from './window-fixture.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

/** As often as it is begun anew without a question. Returns the loads, the first of them not counted. */
async function crashedThrice({ page, window }: Pick<Awaited<ReturnType<Awaited<ReturnType<typeof start>>['open']>>, 'page' | 'window'>) {
  const loads = vi.spyOn(window, 'loadURL');
  for (let count = 1; count <= 3; count += 1) {
    page.crash();
    await vi.waitFor(() => expect(loads).toHaveBeenCalledTimes(count));
  }
  return loads;
}

describe('a page that ends', () => {
  it.each([['crashed'], ['oom'], ['killed']] as const)('by "%s" is begun anew, in the same window', async (reason) => {
    const { fake, dashboard, open, gone } = await start();
    const { page, window } = await open();
    const loads = vi.spyOn(window, 'loadURL');
    page.crash(reason);
    await vi.waitFor(() => expect(loads).toHaveBeenCalledWith('app://airdock/'));
    expect(gone).toEqual([{ reason, restarted: true }]);
    expect([fake.windows().length, dashboard.visible()]).toEqual([1, true]);
  });

  it('by hanging is ended and begun anew', async () => {
    const { open, gone } = await start();
    const { page, window } = await open();
    const loads = vi.spyOn(window, 'loadURL');
    page.hang();
    await vi.waitFor(() => expect(loads).toHaveBeenCalledTimes(1));
    expect(gone).toEqual([{ reason: 'unresponsive', restarted: true }]);
  });

  it('is left alone where somebody debugs it', async () => {
    const { open, gone } = await start();
    const { page } = await open();
    page.contents.openDevTools();
    page.hang();
    expect(gone).toEqual([]);
  });

  it('more than three times in a minute is not begun anew until a person says so', async () => {
    const { fake, open, gone } = await start();
    const { page, window } = await open();
    const loads = await crashedThrice({ page, window });
    page.crash();
    page.crash();
    const question = await fake.dialogs.next();
    expect(fake.dialogs.asked).toHaveLength(1);
    expect(gone.map(({ restarted }) => restarted)).toEqual([true, true, true, false, false]);
    expect(question.buttons).toEqual(['Open it again', 'Leave it closed']);
    expect(question.options.detail).toContain('models are not affected');
    question.answer('Open it again');
    await vi.waitFor(() => expect(loads).toHaveBeenCalledTimes(4));
    page.crash();
    await vi.waitFor(() => expect(loads).toHaveBeenCalledTimes(5));
  });

  it('again after a minute is begun anew', async () => {
    const { fake, open, gone, pass } = await start();
    const { page, window } = await open();
    const loads = vi.spyOn(window, 'loadURL');
    for (let count = 1; count <= 6; count += 1) {
      page.crash();
      await vi.waitFor(() => expect(loads).toHaveBeenCalledTimes(count));
      pass(21_000);
    }
    expect(gone.every(({ restarted }) => restarted)).toBe(true);
    expect(fake.dialogs.asked).toEqual([]);
  });

  it('too often, and is closed: the window goes, and can be had again', async () => {
    const { fake, open } = await start();
    const { page, window } = await open();
    await crashedThrice({ page, window });
    page.crash();
    (await fake.dialogs.next()).answer(null);
    await vi.waitFor(() => expect(fake.openWindows()).toEqual([]));
    await open();
  });

  it('unseen takes its window along, and nobody is asked', async () => {
    const { fake, open, gone } = await start();
    const { page, close } = await open();
    close();
    page.crash();
    expect(gone).toEqual([{ reason: 'crashed', restarted: false }]);
    expect(fake.openWindows()).toEqual([]);
    expect(fake.dialogs.asked).toEqual([]);
  });

  it('before it was there, because it cannot be loaded, is asked about after three attempts', async () => {
    const { fake, dashboard, gone } = await start({ openPage: () => ({ loaded: Promise.reject(new Error('ERR_FAILED')), receive() {}, close() {} }) as never });
    dashboard.show();
    const question = await fake.dialogs.next();
    expect(gone.map(({ reason, restarted }) => `${reason} ${restarted}`)).toEqual([...Array(3).fill('load-failed true'), 'load-failed false']);
    question.answer('Leave it closed');
    await vi.waitFor(() => expect(fake.openWindows()).toEqual([]));
  });

  it('with a bridge that does not run is told to the log', async () => {
    const { open, faults } = await start();
    (await open()).page.emitter.emit('preload-error', {}, '/preload', new Error('no bridge'));
    expect(faults).toHaveLength(1);
  });
});
