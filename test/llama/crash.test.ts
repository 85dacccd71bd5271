import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import type { Problem } from '../../contract/index.ts';
import { findModel, isAlive, load, loadRequest, temporaryFolder, testProvider, until, unload, writeTiny } from './helpers.ts';

describe('a process that dies', () => {
  it('is told of at once, in words, and touches nothing else', async () => {
    const folder = await temporaryFolder();
    await writeTiny(folder, 'one');
    await writeTiny(folder, 'two');
    const provider = testProvider({ directories: () => [folder] });
    const crashes: [string, Problem][] = [];
    provider.onCrash((weights, problem) => crashes.push([weights, problem]));
    const one = await load(provider, 'one');
    const two = await load(provider, 'two');

    const answer = provider.generate({ id: one.model.id, prompt: 'On', maxTokens: 2000, signal: new AbortController().signal });
    process.kill(one.pid, 'SIGKILL');
    await until(() => crashes.length > 0, 5000);

    expect(crashes).toEqual([[one.model.weights, { code: 'internal', message: 'The process of one ended unexpectedly (ended by signal SIGKILL).', hint: expect.stringContaining('nothing else') }]]);
    expect(await answer).toMatchObject({ ok: false, problem: { code: 'generate-failed' } });
    const { loaded } = await provider.poll({ catalog: false, signal: new AbortController().signal });
    expect(loaded?.map((seen) => seen.name)).toEqual(['two']);
    expect(await provider.generate({ id: two.model.id, prompt: 'On', maxTokens: 2, signal: new AbortController().signal })).toMatchObject({ ok: true });
    // It can be loaded again, and a wanted end is no crash.
    await load(provider, 'one');
    await unload(provider, one.model.weights);
    expect(crashes).toHaveLength(1);
  });

  it('in the middle of a load fails that load with the way it ended', async () => {
    const provider = testProvider();
    const model = await findModel(provider, 'sample-large');
    const outcome = await provider.load(loadRequest(model, { onProcess: (pid) => process.kill(pid, 'SIGKILL') }));
    expect(outcome).toMatchObject({ ok: false, kind: 'failed', problem: { code: 'load-failed', message: expect.stringContaining('SIGKILL') } });
  });
});

describe('a load that nobody wants any more', () => {
  it('is ended at once, process and all', async () => {
    const provider = testProvider();
    const model = await findModel(provider, 'sample-large');
    const cancel = new AbortController();
    let pid = 0;
    const outcome = await provider.load(
      loadRequest(model, {
        signal: cancel.signal,
        onProcess: (started) => {
          pid = started;
        },
        // The first sign of progress: the weights are being read.
        onProgress: () => cancel.abort(),
      }),
    );
    expect(outcome).toMatchObject({ ok: false, kind: 'cancelled', problem: { code: 'cancelled' } });
    expect(pid).toBeGreaterThan(0);
    expect(isAlive(pid)).toBe(false);
    const { loaded } = await provider.poll({ catalog: false, signal: new AbortController().signal });
    expect(loaded).toEqual([]);
  });

  it('is cancelled by an unload too', async () => {
    const provider = testProvider();
    const model = await findModel(provider, 'sample-large');
    const outcome = provider.load(loadRequest(model, { onProcess: () => void unload(provider, model.weights) }));
    expect(await outcome).toMatchObject({ ok: false, kind: 'cancelled' });
  });
});

describe('the parent', () => {
  it('takes its children along when it is killed', async () => {
    const folder = await temporaryFolder();
    const model = await writeTiny(folder);
    const script = path.join(folder, 'parent.mjs');
    await writeFile(
      script,
      `import { fork } from 'node:child_process';
       const child = fork(process.argv[2], [], { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
       child.on('message', (message) => { if (message.type === 'ready') process.stdout.write(String(child.pid)); });
       child.send({ type: 'load', file: process.argv[3], contextLength: 512, embedding: false, batch: 512, gpu: false, gpuLayers: 0, useMmap: true, threads: 1 });`,
    );
    const parent = spawn(process.execPath, [script, inject('childEntry'), model], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text: Buffer) => resolve(Number(text.toString()))));
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isAlive(pid), 5000);
  });
});
