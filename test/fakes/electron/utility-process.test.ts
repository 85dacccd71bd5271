import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type * as Electron from 'electron';
import { expect, it, onTestFinished } from 'vitest';
import { tempDir } from '../../temp-dir.ts';
import { createFakeElectron } from './index.ts';

async function forkOf(source: string, options: Electron.ForkOptions = {}) {
  const fake = createFakeElectron();
  onTestFinished(() => fake.dispose());
  await fake.electron.app.whenReady();
  const file = path.join(await tempDir(), 'child.mjs');
  await writeFile(file, source);
  return { fake, child: fake.electron.utilityProcess.fork(file, [], { stdio: 'pipe', ...options }) };
}

it('is a real process that talks through parentPort, and has no channel of Node', async () => {
  const { child, fake } = await forkOf(`
    process.parentPort.on('message', ({ data }) => process.parentPort.postMessage({ data, send: typeof process.send, type: process.type, own: process.pid }));`);
  // Sent before it runs: kept until somebody listens.
  child.postMessage({ hello: new Date(5) });
  expect(child.pid).toBeUndefined();
  await once(child, 'spawn');
  const { pid } = child;
  const [answer] = (await once(child, 'message')) as [unknown];
  expect(answer).toEqual({ data: { hello: new Date(5) }, send: 'undefined', type: 'utility', own: pid });
  expect(fake.utilities.alive()).toHaveLength(1);
  const exit = once(child, 'exit');
  expect(child.kill()).toBe(true);
  await exit;
  expect([child.pid, child.kill(), fake.utilities.alive().length]).toEqual([undefined, false, 0]);
});

it('tells the code it ended with, and what it wrote', async () => {
  const { child } = await forkOf(`process.stderr.write('oh no'); process.exitCode = 7; process.parentPort.once('message', () => process.exit(7));`);
  let wrote = '';
  child.stderr?.on('data', (text: Buffer) => (wrote += text.toString()));
  child.postMessage('go');
  const [code] = (await once(child, 'exit')) as [number];
  expect([code, wrote]).toEqual([7, 'oh no']);
});

it('refuses what cannot be cloned', async () => {
  const { child } = await forkOf(`process.parentPort.on('message', () => undefined);`);
  expect(() => child.postMessage(() => 1)).toThrow('could not be cloned');
});

it('ends with the app', async () => {
  const { child, fake } = await forkOf(`process.parentPort.on('message', () => undefined);`);
  await once(child, 'spawn');
  const exit = once(child, 'exit');
  fake.electron.app.quit();
  await exit;
});

it('keeps to the environment it is given', async () => {
  const { child } = await forkOf(`process.parentPort.on('message', () => process.parentPort.postMessage(Object.keys(process.env).filter((key) => key !== 'PATH')));`, { env: { PATH: process.env.PATH ?? '', ONLY: '1' } });
  child.postMessage('?');
  const [keys] = (await once(child, 'message')) as [string[]];
  expect(keys).toEqual(['ONLY']);
});

it('starts the app again, not a script, where a utility process forks', async () => {
  const { child, fake } = await forkOf(`
    import { fork } from 'node:child_process';
    process.parentPort.on('message', () => fork('/some/script.js').once('exit', (code) => process.parentPort.postMessage({ code, execArgv: process.execArgv })));`);
  child.postMessage('go');
  const [answer] = (await once(child, 'message')) as [unknown];
  expect(answer).toEqual({ code: 0, execArgv: [] });
  expect(fake.utilities.strayForks).toEqual(['/some/script.js']);
});
