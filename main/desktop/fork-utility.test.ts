import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeElectron } from '../../test/fakes/electron/index.ts';
import { tempDir } from '../../test/temp-dir.ts';
import type { ChildExit, ChildHandle } from '../airdock.ts';
import { createUtilityFork, exitOf } from './fork-utility.ts';

const fake = createFakeElectron({ autoReady: false });
afterEach(() => fake.dispose());

async function start(script: string): Promise<ChildHandle> {
  fake.becomeReady();
  const file = path.join(await tempDir(), 'child.mjs');
  await writeFile(file, script);
  return createUtilityFork(fake.electron.utilityProcess, { ...process.env, SECRET_KEY: 'x' })(file);
}

const ended = (child: ChildHandle): Promise<ChildExit> => new Promise((resolve) => child.onExit(resolve));
const message = (child: ChildHandle): Promise<unknown> => new Promise((resolve) => child.onMessage(resolve));

describe('createUtilityFork', () => {
  it('is a process that has ended where there can be none', async () => {
    const child = createUtilityFork({
      fork: () => {
        throw new Error('too early');
      },
    } as never)('x.mjs');
    expect(child.pid).toBeNull();
    expect(await ended(child)).toEqual({ code: null, signal: null });
    expect(child.errorText()).toContain('too early');
    child.send({ type: 'exit' });
    child.kill();
  });

  it('delivers what is sent before the process is there, and tells its number', async () => {
    const child = await start(`process.parentPort.on('message', ({ data }) => process.parentPort.postMessage({ echo: data, env: Object.keys(process.env) }))`);
    expect(child.pid).toBeNull();
    const spawned = new Promise<number>((resolve) => child.onSpawn(resolve));
    child.send({ type: 'abort', id: 3 });
    const answer = (await message(child)) as { echo: unknown; env: string[] };
    expect(answer.echo).toEqual({ type: 'abort', id: 3 });
    expect(answer.env).not.toContain('SECRET_KEY');
    expect(await spawned).toBe(child.pid);
    child.kill();
    expect(await ended(child)).toEqual({ code: null, signal: 'SIGKILL' });
    expect(child.pid).toBe(await spawned);
    // After its end nothing of it throws.
    child.send({ type: 'exit' });
    child.kill();
  });

  it('ends a process that has been given up before it was there, and one that does not listen', async () => {
    const early = await start('setInterval(() => undefined, 1000)');
    early.kill();
    expect(await ended(early)).toEqual({ code: null, signal: 'SIGKILL' });
    const deaf = await start(`process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000); process.parentPort.postMessage('up')`);
    await message(deaf);
    deaf.kill();
    expect(await ended(deaf)).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('keeps the last words and the code of one that fails', async () => {
    const child = await start(`process.stderr.write('x'.repeat(20000) + 'out of memory', () => process.exit(70))`);
    expect(await ended(child)).toEqual({ code: 70, signal: null });
    await expect.poll(() => child.errorText().endsWith('out of memory')).toBe(true);
    expect(child.errorText().length).toBeLessThanOrEqual(8192);
  });
});

describe('exitOf', () => {
  it('tells a signal from a code', () => {
    expect(exitOf(0, 'linux')).toEqual({ code: 0, signal: null });
    expect(exitOf(1, 'linux')).toEqual({ code: 1, signal: null });
    expect(exitOf(70, 'linux')).toEqual({ code: 70, signal: null });
    expect(exitOf(70 << 8, 'linux')).toEqual({ code: 70, signal: null });
    expect(exitOf(9, 'linux')).toEqual({ code: null, signal: 'SIGKILL' });
    expect(exitOf(139, 'linux')).toEqual({ code: null, signal: 'SIGSEGV' });
    expect(exitOf(0xc0000005, 'win32')).toEqual({ code: 0xc0000005, signal: null });
  });
});
