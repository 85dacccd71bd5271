import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { looksDeadlocked } from '../../main/providers/ollama/index.ts';
import type { OllamaProviderOptions } from '../../main/providers/ollama/index.ts';
import type { Provider } from '../../main/providers/provider.ts';
import type { FakeOllama, FakeOllamaOptions, FakeVersion } from '../fakes/ollama/index.ts';
import { fakeSubject, list, load, look, modelOf, never, providerFor, seen, until } from './ollama-subject.ts';
import type { OtherProgram } from './ollama-subject.ts';

/** What a test can only make a fake server do. */
let fake: FakeOllama;
let other: OtherProgram;
let provider: Provider;
const toClose: (() => Promise<void> | void)[] = [];

async function start(version: FakeVersion = '0.33', server: FakeOllamaOptions = {}, options: Partial<OllamaProviderOptions> = {}): Promise<void> {
  ({ fake, other } = await fakeSubject(version, server));
  toClose.push(() => fake.close());
  provider = providerFor(fake.url, { timeLimits: { version: 500, ps: 500, tags: 500, show: 500 }, ...options });
  toClose.push(() => provider.stop());
}

beforeEach(() => {
  toClose.length = 0;
});
afterEach(async () => {
  for (const close of toClose.reverse()) await close();
});

describe('a server that comes and goes', () => {
  it('is absent where nobody ever answered', async () => {
    const closed = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as net.AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    provider = providerFor(`127.0.0.1:${port}`);
    toClose.push(() => provider.stop());
    const report = await provider.poll({ catalog: true, signal: never });
    expect(report).toMatchObject({ models: null, loaded: null });
    expect(report.status).toMatchObject({ status: 'absent', version: null, incarnation: null, problem: { code: 'provider-down' } });
    expect(report.status.problem?.message).toBe(`Nothing answers at http://127.0.0.1:${port}.`);
    expect(await provider.unload({ weights: 'ollama:x', ifUnusedSince: null }, never)).toMatchObject({ kind: 'failed', problem: { code: 'provider-down' } });
  });

  it('is absent at a host that does not exist', async () => {
    provider = providerFor('no-such-host.invalid');
    toClose.push(() => provider.stop());
    const { status } = await provider.poll({ catalog: true, signal: never });
    expect(status).toMatchObject({ status: 'absent', memory: 'own' });
  });

  it('is down once it had been there, and another incarnation after that', async () => {
    await start();
    expect((await provider.poll({ catalog: true, signal: never })).status).toMatchObject({ status: 'up', incarnation: '1' });
    await fake.goDown();
    expect((await look(provider)).status).toMatchObject({ status: 'down', incarnation: '1' });
    await fake.comeUp();
    expect((await look(provider)).status).toMatchObject({ status: 'up', incarnation: '2' });
    expect((await look(provider)).status.incarnation).toBe('2');
  });

  it('is another incarnation also where it restarts between two looks', async () => {
    await start();
    const model = await modelOf(provider, 'one:latest');
    await load(provider, model);
    await look(provider);
    await fake.restart();
    const report = await look(provider);
    expect(report).toMatchObject({ status: { status: 'up', incarnation: '2' }, loaded: [] });
    expect(await load(provider, model)).toMatchObject({ ok: true });
  });

  it('fails a load and an unload that it takes with it', async () => {
    await start('0.33', { models: [{ name: 'one', blob: 'one', loadMs: 30 }, { name: 'slow', blob: 'slow', loadMs: 60_000 }] });
    const one = await modelOf(provider, 'one:latest');
    const slow = await modelOf(provider, 'slow:latest');
    await load(provider, one);
    const loading = load(provider, slow);
    await fake.until(() => fake.loading() !== null);
    await fake.goDown();
    expect(await loading).toMatchObject({ ok: false, kind: 'provider-down', problem: { code: 'provider-down' } });
    expect(await provider.unload({ weights: one.weights, ifUnusedSince: null }, never)).toMatchObject({ kind: 'failed', problem: { code: 'provider-down' } });
    expect(await load(provider, one)).toMatchObject({ ok: false, kind: 'provider-down' });
  });

  it('finishes an unload after its restart', async () => {
    await start();
    const model = await modelOf(provider, 'one:latest');
    await load(provider, model);
    fake.neverLetGo('one');
    const leaving = provider.unload({ weights: model.weights, ifUnusedSince: null }, never);
    await fake.until(() => fake.requests.some(({ body }) => JSON.stringify(body ?? '').includes('"keep_alive":0')));
    await fake.restart();
    expect(await leaving).toEqual({ kind: 'gone' });
  });
});

describe('models of other kinds', () => {
  const models = [
    { name: 'embedder', blob: 'embedder', capabilities: ['embedding'], loadMs: 20 },
    { name: 'far', blob: 'far', remote: { model: 'far', host: 'https://elsewhere.invalid' } },
    { name: 'painter', blob: 'painter', capabilities: ['image'] },
    { name: 'three', blob: 'three' },
  ];

  it.each(['0.12', '0.24', '0.33'] as const)('embedding-only: loaded, re-armed and unloaded without a context size (%s)', async (version) => {
    await start(version, { models });
    const model = await modelOf(provider, 'embedder:latest');
    expect(model).toMatchObject({ contextLength: null, capabilities: ['embedding'] });
    expect(await load(provider, model)).toMatchObject({ ok: true });
    expect(await provider.rearm(model.weights, 900_000)).toEqual({ ok: true });
    expect(fake.loadsStarted).toHaveLength(1);
    const bodies = fake.requests.filter(({ path: route }) => route === '/api/embed').map(({ body }) => body);
    expect(bodies).toEqual([{ model: 'embedder:latest', keep_alive: 360 }, { model: 'embedder:latest', keep_alive: 900 }]);
    expect(await seen(provider, model.weights)).toMatchObject({ lastUsed: null });
    expect(await provider.generate({ id: model.id, prompt: 'Hi', maxTokens: 2, signal: never })).toMatchObject({ ok: false, problem: { code: 'generate-failed' } });
    expect(await provider.unload({ weights: model.weights, ifUnusedSince: null }, never)).toEqual({ kind: 'gone' });
  });

  it('at a remote service: not listed; images only: listed with the reason', async () => {
    await start('0.33', { models });
    const listed = await list(provider);
    expect(listed.map(({ providerName }) => providerName)).not.toContain('far:latest');
    expect(listed.find(({ providerName }) => providerName === 'painter:latest')?.problem).toMatchObject({ code: 'load-failed' });
  });

  it('partly or wholly on a GPU: booked to the device that is named, else to RAM', async () => {
    const gpu = [{ name: 'half', blob: 'half', gpuShare: 0.5 }, { name: 'all', blob: 'all', gpuShare: 1 }];
    await start('0.33', { models: gpu }, { vramDevice: () => 'gpu0' });
    const half = await modelOf(provider, 'half:latest');
    expect(await load(provider, half)).toMatchObject({ ok: true, device: 'split' });
    const loaded = await seen(provider, half.weights);
    expect(loaded?.reported.vram['gpu0']).toBeGreaterThan(0);
    expect(loaded?.reported.ram).toBeGreaterThan(0);
    expect(await load(provider, await modelOf(provider, 'all:latest'))).toMatchObject({ ok: true, device: 'gpu' });
    const unified = providerFor(fake.url);
    toClose.push(() => unified.stop());
    await list(unified);
    const there = await seen(unified, half.weights);
    expect(there?.reported).toEqual({ ram: (loaded?.reported.ram ?? 0) + (loaded?.reported.vram['gpu0'] ?? 0), vram: {} });
  });
});

describe('a load', () => {
  it.each([
    ['0.24', 'oom', 'oom', 'out-of-memory'],
    ['0.33', 'oom', 'oom', 'out-of-memory'],
    ['0.24', 'crash', 'failed', 'bad-file'],
    ['0.33', 'crash', 'failed', 'bad-file'],
    ['0.24', 'killed', 'failed', 'load-failed'],
    ['0.33', 'killed', 'failed', 'load-failed'],
    ['0.33', 'timeout', 'failed', 'load-failed'],
  ] as const)('on %s that ends with %s is %s', async (version, fault, kind, code) => {
    await start(version);
    const model = await modelOf(provider, 'one:latest');
    fake.failNextLoad(fault);
    expect(await load(provider, model)).toMatchObject({ ok: false, kind, problem: { code } });
    expect(await load(provider, model)).toMatchObject({ ok: true });
  });

  it('that never ends is given up after its limit, and leaves nothing behind', async () => {
    await start('0.33', {}, { loadLimitMs: () => 300 });
    const model = await modelOf(provider, 'one:latest');
    fake.failNextLoad('hang');
    expect(await load(provider, model)).toMatchObject({ ok: false, kind: 'timeout', problem: { code: 'load-timeout' } });
    expect(fake.loading()).toBeNull();
    expect(await load(provider, model)).toMatchObject({ ok: true });
  });

  it('that waits behind the scheduler’s deadlock is recognised, and goes through once what is idle was unloaded', async () => {
    await start('0.33', {}, { loadLimitMs: () => 4_000, deadlockShare: 0.1 });
    const [one, two] = [await modelOf(provider, 'one:latest'), await modelOf(provider, 'two:latest')];
    await load(provider, one);
    fake.jamLoads();
    const outcome = await load(provider, two);
    expect(outcome).toMatchObject({ ok: false, kind: 'timeout', deadlocked: true });
    expect(looksDeadlocked(outcome)).toBe(true);
    expect(await provider.unload({ weights: one.weights, ifUnusedSince: null }, never)).toEqual({ kind: 'gone' });
    expect(await load(provider, two)).toMatchObject({ ok: true });
  });

  it('that waits for a busy model is no deadlock', async () => {
    await start('0.33', { maxLoaded: 1, tokensPerSecond: 50 }, { loadLimitMs: () => 6_000, deadlockShare: 0.05 });
    const two = await modelOf(provider, 'two:latest');
    const asking = other.ask('one', 100);
    await fake.until(() => fake.runners().length === 1);
    expect(await load(provider, two)).toMatchObject({ ok: true });
    await asking;
  });

  it('is not mistaken for a use while it goes on', async () => {
    await start('0.33', { models: [{ name: 'one', blob: 'one', loadMs: 150 }] });
    const model = await modelOf(provider, 'one:latest');
    const loading = load(provider, model);
    while (fake.runners().length === 0) await look(provider);
    await loading;
    expect(await seen(provider, model.weights)).toMatchObject({ lastUsed: null });
  });

  it('never sends the keep-alive that means unload', async () => {
    await start();
    const model = await modelOf(provider, 'one:latest');
    expect(await load(provider, model, { keepAliveMs: 0 })).toMatchObject({ ok: true });
  });

  it('holds back touches while it waits', async () => {
    await start('0.33', { models: [{ name: 'one', blob: 'one' }, { name: 'slow', blob: 'slow', loadMs: 300 }] });
    const one = await modelOf(provider, 'one:latest');
    const slow = await modelOf(provider, 'slow:latest');
    await load(provider, one);
    const loading = load(provider, slow);
    await fake.until(() => fake.loading() !== null);
    expect(await provider.rearm(one.weights, 900_000)).toEqual({ ok: false });
    await loading;
    expect(await provider.rearm(one.weights, 900_000)).toEqual({ ok: true });
  });
});

describe('an unload', () => {
  it('of a model that does not let go stays open until it does', async () => {
    await start();
    const model = await modelOf(provider, 'one:latest');
    await load(provider, model);
    fake.neverLetGo('one');
    let outcome: unknown = null;
    const leaving = provider.unload({ weights: model.weights, ifUnusedSince: null }, never).then((result) => (outcome = result));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(outcome).toBeNull();
    expect(await seen(provider, model.weights)).toMatchObject({ busy: null });
    fake.letGo('one');
    expect(await leaving).toEqual({ kind: 'gone' });
  });

  it('that is given up says so', async () => {
    await start();
    const model = await modelOf(provider, 'one:latest');
    await load(provider, model);
    fake.neverLetGo('one');
    expect(await provider.unload({ weights: model.weights, ifUnusedSince: null }, AbortSignal.timeout(100))).toMatchObject({ kind: 'failed', problem: { code: 'cancelled' } });
  });

  it('that a later request takes back ends as in use', async () => {
    await start();
    const model = await modelOf(provider, 'one:latest');
    await load(provider, model);
    fake.neverLetGo('one');
    const leaving = provider.unload({ weights: model.weights, ifUnusedSince: null }, never);
    await fake.until(() => fake.requests.some(({ body }) => JSON.stringify(body ?? '').includes('"keep_alive":0')));
    await other.ask('one', 2, '10m');
    expect((await leaving).kind).toBe('in-use');
  });

  it('goes by another name where the one it was loaded by was deleted', async () => {
    await start('0.33', { models: [{ name: 'one', blob: 'one' }, { name: 'alias', blob: 'one' }] });
    const model = await modelOf(provider, 'one:latest');
    await load(provider, model);
    fake.uninstall('one');
    expect(await provider.unload({ weights: model.weights, ifUnusedSince: null }, never)).toEqual({ kind: 'gone' });
  });

  it.each(['deleted', 'replaced'])('of a model whose only name was %s says that it stays until it expires', async (how) => {
    await start();
    const model = await modelOf(provider, 'one:latest');
    await load(provider, model);
    if (how === 'deleted') fake.uninstall('one');
    else fake.install({ name: 'one', blob: 'newer', digest: 'ab'.repeat(32) });
    const outcome = await provider.unload({ weights: model.weights, ifUnusedSince: null }, never);
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code: 'unload-failed' } });
    if (outcome.kind === 'failed') expect(outcome.problem.message).toContain('until it expires');
    await list(provider);
    expect(await seen(provider, model.weights)).toMatchObject({ id: null, name: 'one:latest', weights: model.weights });
  });
});

describe('whose memory', () => {
  const options = { memory: 'auto', platform: 'linux' } as const;

  it('is its own on another host, with its capacity where that is known', async () => {
    await start('0.33', {}, { memory: 'own', ownRamBytes: 8e9 });
    expect((await look(provider)).status).toMatchObject({ memory: 'own', ownCapacity: 8e9 });
  });

  it('is this computer’s on loopback, but in WSL only with a process of Ollama’s beside', async () => {
    const procRoot = mkdtempSync(path.join(os.tmpdir(), 'airdock-proc-'));
    toClose.push(() => rmSync(procRoot, { recursive: true }));
    await start('0.33', {}, { ...options, procRoot });
    expect((await look(provider)).status).toMatchObject({ memory: 'host', ownCapacity: null });
    const { mkdirSync, writeFileSync } = await import('node:fs');
    writeFileSync(path.join(procRoot, 'version'), 'Linux version 5.15.90.1-microsoft-standard-WSL2');
    const inWsl = providerFor(fake.url, { ...options, procRoot });
    toClose.push(() => inWsl.stop());
    expect((await look(inWsl)).status.memory).toBe('own');
    mkdirSync(path.join(procRoot, '77'));
    writeFileSync(path.join(procRoot, '77', 'comm'), 'ollama\n');
    const beside = providerFor(fake.url, { ...options, procRoot });
    toClose.push(() => beside.stop());
    expect((await look(beside)).status.memory).toBe('host');
  });
});

it('finds out by itself about a model that was installed and loaded since its last list', async () => {
  let clock = Date.now();
  await start('0.33', {}, { now: () => clock });
  await list(provider);
  clock += 11_000;
  fake.install({ name: 'new', blob: 'new' });
  await other.load('new');
  const report = await until(() => look(provider), ({ loaded }) => loaded?.[0]?.id === 'ollama/new:latest');
  expect(report.loaded?.[0]?.weights).toMatch(/^ollama:sha256-/);
});
