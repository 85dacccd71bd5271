import { appendFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { takeLock } from '../main/data/lock.ts';

/**
 * Takes and lets go the lock of a directory again and again. While it owns it, it also binds an address that the kernel
 * gives to one live process only: that a second owner finds it in use is the proof of a broken lock.
 * With `hold` for the number of rounds it takes the lock once and keeps it until it is killed.
 */
const [dir = '', name = '', log = '', rounds = '0'] = process.argv.slice(2);
// '@' stands for the zero byte of Linux's abstract addresses, which no command line can carry.
const address = name.replace(/^@/, '\0');

function bind(): Promise<(() => Promise<void>) | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(address, () => resolve(() => new Promise((done) => server.close(() => done()))));
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function hold(): Promise<void> {
  const taken = await takeLock(dir);
  appendFileSync(log, `${taken.ok ? 'OWN' : 'REFUSED'} ${process.pid}\n`);
  setInterval(() => undefined, 60_000);
}

async function race(): Promise<void> {
  for (let round = 0; round < Number(rounds); round += 1) {
    const taken = await takeLock(dir, { beforeCreate: () => pause(Math.random() < 0.5 ? 0 : Math.random() * 8) });
    if (!taken.ok) {
      if (taken.problem.code !== 'already-running') appendFileSync(log, `PROBLEM ${process.pid} ${taken.problem.message}\n`);
      await pause(Math.random() * 3);
      continue;
    }
    const free = await bind();
    appendFileSync(log, `${free ? 'OWN' : 'TWO-OWNERS'} ${process.pid}\n`);
    await pause(Math.random() * 2);
    await free?.();
    if (Math.random() < 0.2) process.exit(0);
    taken.lock.release();
  }
}

await (rounds === 'hold' ? hold() : race());
