import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../../../test/temp-dir.ts';
import { createSleepDelay } from './sleep-delay.ts';

async function start(platform: 'linux' | 'darwin' = 'linux') {
  const dir = await tempDir();
  const log = path.join(dir, 'log');
  await writeFile(log, '');
  // Holds on until its input ends, as the real one does with `cat`.
  await writeFile(path.join(dir, 'systemd-inhibit'), `#!/bin/sh\necho "took $*" >> ${log}\n/bin/cat\necho released >> ${log}\n`);
  await chmod(path.join(dir, 'systemd-inhibit'), 0o755);
  const world = { wanted: true };
  const delay = createSleepDelay({ platform, env: { PATH: dir }, wanted: () => world.wanted });
  const lines = async () => (await readFile(log, 'utf8')).split('\n').filter(Boolean).map((line) => line.split(' ')[0]);
  return { delay, world, log, lines };
}

describe.skipIf(process.platform === 'win32')('the delay before a sleep', () => {
  it('is held once, until it is released, and again after that', async () => {
    const { delay, log, lines } = await start();
    delay.follow();
    delay.follow();
    await expect.poll(lines).toEqual(['took']);
    expect(await readFile(log, 'utf8')).toContain('--what=sleep --mode=delay');
    delay.release();
    delay.release();
    await expect.poll(lines).toEqual(['took', 'released']);
    delay.follow();
    await expect.poll(lines).toEqual(['took', 'released', 'took']);
    delay.release();
    await expect.poll(lines).toHaveLength(4);
  });

  it('ends with the setting, and is not held without it', async () => {
    const { delay, world, lines } = await start();
    world.wanted = false;
    delay.follow();
    world.wanted = true;
    delay.follow();
    await expect.poll(lines).toEqual(['took']);
    world.wanted = false;
    delay.follow();
    await expect.poll(lines).toEqual(['took', 'released']);
  });

  it('is for Linux alone, and no matter where there is no systemd', async () => {
    const mac = await start('darwin');
    mac.delay.follow();
    const without = createSleepDelay({ platform: 'linux', env: { PATH: '/nowhere' }, wanted: () => true });
    without.follow();
    await new Promise((resolve) => setTimeout(resolve, 100));
    without.follow();
    without.release();
    expect(await mac.lines()).toEqual([]);
  });
});
