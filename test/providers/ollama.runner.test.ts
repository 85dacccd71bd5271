import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CatalogModel, Provider } from '../../main/providers/provider.ts';
import type { FakeOllama } from '../fakes/ollama/index.ts';
import { fakeSubject, load, look, modelOf, never, providerFor, seen, until } from './ollama-subject.ts';

const mib = 1024 * 1024;
const blob = `runner of ${process.pid}`;
const blobPath = `/models/blobs/sha256-${createHash('sha256').update(`blob ${blob}`).digest('hex')}`;

/** A real process that looks like a runner: `/slots` says what its standard input was told, `extra` bytes of RAM are really held. */
const runnerProgram = `
  let busy = false;
  const held = Buffer.alloc(Number(process.argv.at(-1)), 1);
  process.stdin.on('data', (text) => { busy = String(text).trim().endsWith('busy'); process.stdout.write('ok' + held.length * 0); });
  if (process.argv.includes('stubborn')) process.on('SIGTERM', () => {});
  require('node:http').createServer((request, response) => {
    if (request.url !== '/slots') return response.writeHead(404).end();
    response.end(JSON.stringify([{ id: 0, is_processing: false }, { id: 1, is_processing: busy }]));
  }).listen(Number(process.argv[process.argv.indexOf('--port') + 1]), '127.0.0.1', () => process.stdout.write('up'));
`;

describe.skipIf(process.platform !== 'linux')('a runner on this computer', () => {
  let fake: FakeOllama;
  let provider: Provider;
  let model: CatalogModel;
  const children: ChildProcess[] = [];

  async function startRunner({ as = 'llama-server', extraBytes = 0, stubborn = false } = {}): Promise<ChildProcess> {
    const port = 20_000 + (process.pid % 20_000) + children.length;
    const words = as === 'ollama' ? ['runner'] : [];
    const args = ['-e', runnerProgram, '--', ...words, '--model', blobPath, '--port', String(port), stubborn ? 'stubborn' : 'obedient', String(extraBytes)];
    const child = spawn(process.execPath, args, { argv0: `/opt/${as}`, stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    return child;
  }

  async function tell(child: ChildProcess, words: string): Promise<void> {
    child.stdin?.write(`${words}\n`);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
  }

  beforeEach(async () => {
    ({ fake } = await fakeSubject('0.33', { models: [{ name: 'one', blob, ramBytes: 4 * mib }] }));
    provider = providerFor(fake.url);
    model = await modelOf(provider, 'one:latest');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
    }
    await provider.stop();
    await fake.close();
  });

  it.each(['llama-server', 'ollama'])('is found by its command line and measured (%s)', async (as) => {
    const child = await startRunner({ as });
    const outcome = await load(provider, model);
    expect(outcome).toMatchObject({ ok: true, pid: child.pid, source: 'measured' });
    if (outcome.ok) expect(outcome.footprint.ram).toBeGreaterThan(20 * mib);
    expect(await seen(provider, model.weights)).toMatchObject({ pid: child.pid, canEnd: true, busy: as === 'ollama' ? null : false });
  });

  it('is not any other program that has the file on its command line, nor one of two', async () => {
    await startRunner({ as: 'editor' });
    expect(await load(provider, model)).toMatchObject({ ok: true, pid: null, source: 'reported' });
    await startRunner();
    await startRunner();
    await provider.unload({ weights: model.weights, ifUnusedSince: null }, never);
    expect(await load(provider, model)).toMatchObject({ ok: true, pid: null });
  });

  it('says whether it is busy, right before an unload too', async () => {
    const child = await startRunner();
    await load(provider, model);
    await tell(child, 'busy');
    const busy = await seen(provider, model.weights);
    expect(busy?.busy).toBe(true);
    expect(Math.abs((busy?.lastUsed ?? 0) - Date.now())).toBeLessThan(1_000);
    expect((await provider.unload({ weights: model.weights, ifUnusedSince: Date.now() + 1_000 }, never)).kind).toBe('in-use');
    expect(await provider.rearm(model.weights, 900_000)).toEqual({ ok: false });
    await tell(child, 'idle');
    expect((await seen(provider, model.weights))?.busy).toBe(false);
  });

  it('must have ended before an unload is told as done', async () => {
    const child = await startRunner();
    await load(provider, model);
    let done = false;
    const leaving = provider.unload({ weights: model.weights, ifUnusedSince: null }, never).then((outcome) => {
      done = true;
      return outcome;
    });
    await fake.until(() => fake.runners().length === 0);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(done).toBe(false);
    child.kill('SIGKILL');
    expect(await leaving).toEqual({ kind: 'gone' });
  });

  it('that dies by itself is told once, and is off the list although Ollama keeps it there', async () => {
    const child = await startRunner();
    await load(provider, model);
    await look(provider);
    const deaths: string[] = [];
    const stop = provider.onCrash((weights, problem) => deaths.push(`${weights}: ${problem.message}`));
    child.kill('SIGKILL');
    await until(() => look(provider), ({ loaded }) => loaded?.length === 0);
    await look(provider);
    expect(deaths).toEqual([`${model.weights}: The process of one:latest ended by itself.`]);
    expect(fake.runners()).toHaveLength(1);
    const next = await startRunner();
    expect(await load(provider, model)).toMatchObject({ ok: true, pid: next.pid });
    expect(await seen(provider, model.weights)).toMatchObject({ pid: next.pid });
    stop();
  });

  it.each([false, true])('is ended where it does not let go (stubborn: %s), which is no crash', async (stubborn) => {
    const child = await startRunner({ stubborn });
    await load(provider, model);
    fake.neverLetGo(blob);
    const deaths: string[] = [];
    provider.onCrash((weights) => deaths.push(weights));
    const leaving = provider.unload({ weights: model.weights, ifUnusedSince: null }, never);
    await fake.until(() => fake.requests.some(({ body }) => JSON.stringify(body ?? '').includes('"keep_alive":0')));
    expect(await provider.endRunner(model.weights)).toEqual({ ok: true });
    await until(() => child.signalCode, (signal) => signal === (stubborn ? 'SIGKILL' : 'SIGTERM'));
    expect(await leaving).toEqual({ kind: 'gone' });
    await until(() => look(provider), ({ loaded }) => loaded?.length === 0);
    expect(deaths).toEqual([]);
  }, 15_000);

  it('cannot be ended where it is not seen', async () => {
    await load(provider, model);
    expect(await provider.endRunner(model.weights)).toMatchObject({ ok: false, problem: { code: 'unload-failed' } });
  });

  it('that holds far more than Ollama says leads to advice with a command', async () => {
    await startRunner({ extraBytes: 320 * mib });
    await load(provider, model);
    const { advice } = (await look(provider)).status;
    expect(advice).toHaveLength(1);
    expect(advice[0]).toMatchObject({ id: 'prompt-cache', command: expect.stringContaining('LLAMA_ARG_CACHE_RAM=') as string });
    expect(advice[0]?.text).toContain('one:latest holds 0.3 GB more');
  });

  it('is left alone where Ollama’s memory is another', async () => {
    await startRunner();
    const elsewhere = providerFor(fake.url, { memory: 'own' });
    expect(await load(elsewhere, await modelOf(elsewhere, 'one:latest'))).toMatchObject({ ok: true, pid: null, source: 'reported' });
    await elsewhere.stop();
  });
});
