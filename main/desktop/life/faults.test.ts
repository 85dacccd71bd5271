import { EventEmitter } from 'node:events';
import { readdir } from 'node:fs/promises';
import type { MessageBoxOptions } from 'electron';
import { expect, it, vi } from 'vitest';
import { tempDir } from '../../../test/temp-dir.ts';
import { createLog } from '../log/log.ts';
import { desktopText } from '../text/text.ts';
import { watchFaults } from './faults.ts';

async function start({ answer = 1, ending = false, realClock = false } = {}) {
  const process = new EventEmitter();
  const folder = await tempDir();
  const asked: MessageBoxOptions[] = [];
  const done: string[] = [];
  let time = 0;
  const stop = watchFaults({
    process: process as never,
    log: createLog({ folder }),
    version: '1',
    text: () => desktopText('en'),
    ask: async (options) => {
      asked.push(options);
      return { response: answer, checkboxChecked: false };
    },
    openLogFolder: () => done.push('log'),
    restart: () => done.push('restart'),
    isEnding: () => ending,
    ...(realClock ? {} : { now: () => time }),
  });
  const reports = async () => (await readdir(folder)).filter((name) => name.startsWith('crash-')).length;
  return { process, asked, done, reports, stop, pass: (ms: number) => (time += ms) };
}

it('reports an exception and offers to begin anew', async () => {
  const { process, asked, done, reports } = await start({ answer: 0 });
  process.emit('uncaughtException', new Error('torn'));
  await new Promise(setImmediate);
  expect(await reports()).toBe(1);
  expect(asked[0]?.buttons).toEqual(['Restart Airdock', 'Go on', 'Open log folder']);
  expect(done).toEqual(['restart']);
});

it('asks once in a while, however many come, and writes ten reports at most', async () => {
  const { process, asked, reports, pass } = await start();
  for (let number = 0; number < 30; number += 1) process.emit('uncaughtException', new Error('again'));
  expect(asked).toHaveLength(1);
  expect(await reports()).toBe(10);
  pass(11 * 60_000);
  process.emit('uncaughtException', new Error('again'));
  expect(asked).toHaveLength(2);
});

it('asks again in time where the clock was set back', async (test) => {
  vi.useFakeTimers({ now: 1_000_000_000, toFake: ['Date', 'performance'] });
  test.onTestFinished(() => void vi.useRealTimers());
  const { process, asked } = await start({ realClock: true });
  process.emit('uncaughtException', new Error('torn'));
  vi.setSystemTime(0);
  vi.advanceTimersByTime(11 * 60_000);
  process.emit('uncaughtException', new Error('again'));
  expect(asked).toHaveLength(2);
});

it('reports a rejection without a question', async () => {
  const { process, asked, reports } = await start();
  process.emit('unhandledRejection', 'not even an error');
  expect(await reports()).toBe(1);
  expect(asked).toEqual([]);
});

it('says nothing on the way out, of a closed terminal, or after it was stopped', async () => {
  const { process, asked, reports } = await start({ ending: true });
  process.emit('uncaughtException', new Error('late'));
  process.emit('uncaughtException', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  expect(asked).toEqual([]);
  expect(await reports()).toBe(1);
  const second = await start();
  second.stop();
  expect(second.process.listenerCount('uncaughtException')).toBe(0);
});
