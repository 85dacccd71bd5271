import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleForNode, type Bundle } from '../../test/bundle-for-node.ts';
import { tempDir } from '../../test/temp-dir.ts';
import { findHolder, takeLock, type Lock } from './lock.ts';
import { identifySelf, type ProcessIdentity } from './process-identity.ts';

async function take(dir: string): Promise<Lock> {
  const taken = await takeLock(dir);
  if (!taken.ok) throw new Error(taken.problem.message);
  return taken.lock;
}

/** The folder of a generation as some other process would have left it. */
async function plant(dir: string, generation: number, process: Partial<ProcessIdentity>): Promise<void> {
  const holder = { format: 1, process: { ...(await identifySelf()), ...process }, instance: 'x', since: 5, url: null, released: false };
  mkdirSync(path.join(dir, `lock.${generation}`));
  writeFileSync(path.join(dir, `lock.${generation}`, 'holder.json'), JSON.stringify(holder));
}

const unshareArgs = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'];

const generations = (dir: string): string[] => readdirSync(dir).filter((name) => /^lock\.\d+$/.test(name));

describe('takeLock', () => {
  it('gives the lock once, tells the loser who has it and where it answers, and gives it again after release', async () => {
    const dir = await tempDir();
    const lock = await take(dir);
    lock.setUrl('http://127.0.0.1:1');
    const second = await takeLock(dir);
    expect(second).toMatchObject({
      ok: false,
      problem: { code: 'already-running' },
      heldBy: { pid: process.pid, url: 'http://127.0.0.1:1', since: lock.since, instance: lock.instance },
    });
    expect(await findHolder(dir)).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:1' });
    lock.release();
    lock.release();
    lock.setUrl('http://127.0.0.1:2');
    expect(await findHolder(dir)).toBeNull();
    const again = await take(dir);
    expect(again.instance).not.toBe(lock.instance);
    again.release();
  });

  it('keeps one generation, however often it is taken', async () => {
    const dir = await tempDir();
    for (let round = 0; round < 5; round += 1) (await take(dir)).release();
    expect(generations(dir)).toEqual(['lock.5']);
    expect(readdirSync(dir).sort()).toEqual(['lock.5', 'lock.floor']);
  });

  it('goes to one of many takers that saw the same dead holder', async () => {
    const dir = await tempDir();
    await plant(dir, 1, { startTicks: '1', startedAt: 0 });
    const results = await Promise.all(Array.from({ length: 20 }, () => takeLock(dir)));
    const winners = results.flatMap((result) => (result.ok ? [result.lock] : []));
    expect(winners).toHaveLength(1);
    expect(readdirSync(dir).filter((name) => name.startsWith('.lock-'))).toEqual([]);
    winners[0]?.release();
  });

  it('makes a taker give way that slept while its number was used and removed', async () => {
    const dir = await tempDir();
    (await take(dir)).release();
    let wake = (): void => undefined;
    let asleep = (): void => undefined;
    const fellAsleep = new Promise<void>((resolve) => (asleep = resolve));
    let first = true;
    const sleeper = takeLock(dir, {
      beforeCreate: () => {
        if (!first) return Promise.resolve();
        first = false;
        return new Promise((resolve) => {
          wake = resolve;
          asleep();
        });
      },
    });
    await fellAsleep;
    (await take(dir)).release();
    const owner = await take(dir);
    expect(generations(dir)).toEqual(['lock.3']);
    wake();
    expect(await sleeper).toMatchObject({ ok: false, heldBy: { instance: owner.instance } });
    expect(generations(dir)).toEqual(['lock.3']);
    owner.release();
  });

  it('takes over what a power cut left unreadable', async () => {
    const dir = await tempDir();
    mkdirSync(path.join(dir, 'lock.4'));
    writeFileSync(path.join(dir, 'lock.4', 'holder.json'), '');
    (await take(dir)).release();
    expect(generations(dir)).toEqual(['lock.5']);
  });

  it('stays held where only the floor file was lost', async () => {
    const dir = await tempDir();
    (await take(dir)).release();
    const lock = await take(dir);
    renameSync(path.join(dir, 'lock.floor'), path.join(dir, 'gone'));
    expect((await takeLock(dir)).ok).toBe(false);
    lock.release();
  });

  it('says in words that the folder cannot be written', async () => {
    const missing = path.join(await tempDir(), 'not', 'there');
    expect(await takeLock(missing)).toMatchObject({ ok: false, heldBy: null, problem: { code: 'bad-folder' } });
  });

  it.runIf(process.platform === 'linux')('knows a reused pid, an earlier boot, another computer and another container', async () => {
    const self = await identifySelf();
    const cases: [Partial<ProcessIdentity>, 'free' | 'held'][] = [
      [{}, 'held'],
      [{ startTicks: '12345' }, 'free'],
      [{ pid: 2 ** 22 + 1 }, 'free'],
      [{ boot: 'another' }, 'free'], // the temporary folder is on a local file system
      [{ platform: 'win32' }, 'held'],
      [{ pidSpace: 'pid:[1]' }, 'held'], // no socket to ask: in doubt, held
      [{ boot: null, host: 'elsewhere' }, 'held'],
    ];
    for (const [change, expected] of cases) {
      const dir = await tempDir();
      await plant(dir, 1, change);
      const result = await takeLock(dir);
      expect([change, result.ok ? 'free' : 'held']).toEqual([change, expected]);
      if (result.ok) result.lock.release();
    }
    expect(self.startTicks).toMatch(/^\d+$/);
  });
});

describe('takeLock between processes', () => {
  let racer: Bundle;

  beforeAll(async () => {
    racer = await bundleForNode(path.resolve(import.meta.dirname, '../../test/lock-racer.ts'), { inline: true });
  }, 60_000);
  afterAll(() => racer.remove());

  async function scene(): Promise<{ dir: string; log: string; lines: () => string[]; start: (rounds: string, wrapper?: string[]) => ChildProcess }> {
    const dir = await tempDir();
    const log = path.join(await tempDir(), 'log');
    writeFileSync(log, '');
    const address = process.platform === 'win32' ? `\\\\.\\pipe\\${path.basename(dir)}` : `@${path.basename(dir)}`;
    return {
      dir,
      log,
      lines: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
      start: (rounds, wrapper = []) => {
        const [command = '', ...args] = [...wrapper, process.execPath, racer.file, dir, address, log, rounds];
        return spawn(command, args, { stdio: 'ignore' });
      },
    };
  }

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  // macOS has neither abstract addresses nor named pipes for the detector; the code under test is the same.
  it.skipIf(process.platform === 'darwin')('never has two owners, also while owners are killed', async () => {
    const { dir, lines, start } = await scene();
    const total = 30;
    let started = 0;
    let running = 0;
    let kills = 0;
    await new Promise<void>((resolve) => {
      const launch = (): void => {
        if (started === total) {
          if (running === 0) resolve();
          return;
        }
        started += 1;
        running += 1;
        const child = start('60');
        const killer = started % 3 === 0 ? undefined : setTimeout(() => (kills += Number(child.kill('SIGKILL'))), 120 + ((started * 37) % 200));
        child.once('exit', () => {
          clearTimeout(killer);
          running -= 1;
          launch();
        });
      };
      for (let index = 0; index < 8; index += 1) launch();
    });
    expect(lines().filter((line) => !line.startsWith('OWN '))).toEqual([]);
    expect(new Set(lines()).size).toBeGreaterThan(8);
    expect(kills).toBeGreaterThan(5);
    (await take(dir)).release();
    expect(generations(dir)).toHaveLength(1);
  }, 60_000);

  it('stays held while its holder is stopped and is free as soon as it was killed', async () => {
    const { dir, lines, start } = await scene();
    const holder = start('hold');
    try {
      await expect.poll(lines, { timeout: 10_000 }).toEqual([`OWN ${holder.pid}`]);
      if (process.platform !== 'win32') holder.kill('SIGSTOP');
      expect(await takeLock(dir)).toMatchObject({ ok: false, heldBy: { pid: holder.pid } });
    } finally {
      await kill(holder);
    }
    (await take(dir)).release();
  }, 30_000);

  it.runIf(canUnshare())('asks a holder in another pid namespace through its socket', async () => {
    const { dir, lines, start } = await scene();
    const holder = start('hold', ['unshare', ...unshareArgs]);
    try {
      await expect.poll(lines, { timeout: 10_000 }).toHaveLength(1);
      expect(lines()).not.toEqual([`OWN ${holder.pid}`]);
      expect(await takeLock(dir)).toMatchObject({ ok: false, problem: { message: expect.stringContaining('already runs') } });
    } finally {
      await kill(holder);
    }
    await expect.poll(() => findHolder(dir), { timeout: 5000 }).toBeNull();
    (await take(dir)).release();
  }, 30_000);
});

function canUnshare(): boolean {
  return process.platform === 'linux' && spawnSync('unshare', [...unshareArgs, 'true'], { stdio: 'ignore' }).status === 0;
}
