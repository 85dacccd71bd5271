import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GIB } from '../../contract/index.ts';
import { startFakeOpenAi, type OpenAiKind } from '../fakes/openai-server.ts';
import { tempDir } from '../temp-dir.ts';
import { load, loadedNames, modelNamed, never, poll, subject } from './openai-subject.ts';

const mib = 1024 * 1024;
const models = [{ name: 'one', sizeBytes: 100 * mib }, { name: 'two', sizeBytes: 200 * mib }];
const local = { local: true };
const unload = (provider: Awaited<ReturnType<typeof subject>>['provider'], name: string) => provider.unload({ weights: `openai:there:${name}`, ifUnusedSince: null }, never);

/** What holds for every kind that can be told to load and unload. */
describe.each<OpenAiKind>(['llama-router', 'lm-studio', 'vllm-sleeps'])('%s', (kind) => {
  const own = kind === 'vllm-sleeps' ? [{ name: 'one' }] : models;
  async function asleep(options: Parameters<typeof subject>[2] = {}, loadMs = 20) {
    const made = await subject({ kind, models: own, loadMs }, { ...local, ram_gb: 2 }, options);
    made.fake.asleep = true;
    return made;
  }

  it('lists what it could load, counts what is in memory, and can be told to unload', async () => {
    const { provider, fake } = await asleep();
    expect(await poll(provider)).toMatchObject({ status: { status: 'up', memory: 'host', canUnload: true, incarnation: '1' }, loaded: [] });
    fake.load('one');
    fake.asleep = false;
    const { models: listed, loaded } = await poll(provider);
    expect(listed?.map((model) => model.providerName)).toEqual(own.map(({ name }) => name));
    expect(listed?.every((model) => model.elsewhere === undefined && model.estimate.ram > 0)).toBe(true);
    expect(loaded).toMatchObject([{ name: 'one', id: 'there/one', weights: 'openai:there:one', reported: listed![0]!.estimate }]);
  });

  it('loads: the model works when the load has ended', async () => {
    const { provider } = await asleep();
    const outcome = await load(provider, await modelNamed(provider, 'one'));
    expect(outcome).toMatchObject({ ok: true, source: 'estimated' });
    expect(await loadedNames(provider)).toEqual(['one']);
  });

  it('unloads, and knows what is gone already', async () => {
    const { provider } = await asleep();
    await load(provider, await modelNamed(provider, 'one'));
    expect(await unload(provider, 'one')).toEqual({ kind: 'gone' });
    expect(await loadedNames(provider)).toEqual([]);
    expect(await unload(provider, 'one')).toEqual({ kind: 'gone' });
  });

  it('says that it has gone, and comes back as another one', async () => {
    const { provider, fake } = await asleep();
    const model = await modelNamed(provider, 'one');
    await load(provider, model);
    const port = Number(new URL(fake.url).port);
    await fake.close();
    expect(await poll(provider)).toMatchObject({ status: { status: 'down', problem: { code: 'provider-down' } }, models: null, loaded: [] });
    expect(await load(provider, model)).toMatchObject({ ok: false, kind: 'provider-down' });
    const again = await startFakeOpenAi({ kind, models: own }, port);
    onTestFinished(() => again.close());
    expect((await poll(provider)).status).toMatchObject({ status: 'up', incarnation: '2' });
  });
});

describe('llama-server with several models', () => {
  it('takes the size of the files, of all parts of a model', async () => {
    const dir = await tempDir();
    const files = ['a.gguf', 'b-00001-of-00002.gguf', 'b-00002-of-00002.gguf'];
    for (const file of files) await writeFile(path.join(dir, file), Buffer.alloc(1000));
    const { provider } = await subject({ kind: 'llama-router', models: [{ name: 'a', path: path.join(dir, files[0]!) }, { name: 'b', path: path.join(dir, files[1]!) }, { name: 'gone', path: path.join(dir, 'no.gguf') }] }, { ...local, ram_gb: 3 });
    const { models: listed } = await poll(provider);
    expect(listed?.map((model) => model.sizeBytes)).toEqual([1000, 2000, 0]);
    expect(listed?.map((model) => model.estimate.ram)).toEqual([1100 + 256 * mib, 2200 + 256 * mib, 3 * GIB]);
  });

  it('says that a load failed', async () => {
    const { provider, fake } = await subject({ kind: 'llama-router', models }, local);
    fake.failLoads = true;
    expect(await load(provider, await modelNamed(provider, 'one'))).toMatchObject({ ok: false, kind: 'failed', problem: { message: 'There did not load one.' } });
  });

  it('leaves nothing behind where a load is cancelled', async () => {
    const { provider, fake } = await subject({ kind: 'llama-router', models, loadMs: 60_000 }, local);
    const model = await modelNamed(provider, 'one');
    const cancel = new AbortController();
    const loading = load(provider, model, { signal: cancel.signal });
    await expect.poll(() => fake.models.get('one')?.status).toBe('loading');
    cancel.abort();
    expect(await loading).toMatchObject({ ok: false, kind: 'cancelled' });
    expect(fake.models.get('one')?.status).toBe('unloaded');
  });

  it('does not unload, to make room, what is answering another program', async () => {
    const { provider, fake } = await subject({ kind: 'llama-router', models: [{ name: 'a/b c' }] }, local);
    fake.load('a/b c');
    fake.busy = true;
    expect(await provider.unload({ weights: 'openai:there:a/b c', ifUnusedSince: 1 }, never)).toEqual({ kind: 'in-use', lastUsed: null });
    expect(fake.models.get('a/b c')?.status).toBe('loaded');
    fake.busy = false;
    expect(await provider.unload({ weights: 'openai:there:a/b c', ifUnusedSince: 1 }, never)).toEqual({ kind: 'gone' });
  });

  it('does not wait for ever for a load', async () => {
    const { provider, fake } = await subject({ kind: 'llama-router', models: [{ name: 'one' }], loadMs: 60_000 }, local, { times: { load: 60 } });
    expect(await load(provider, await modelNamed(provider, 'one'))).toMatchObject({ ok: false, kind: 'timeout', problem: { code: 'load-timeout' } });
    expect(fake.models.get('one')?.status).toBe('unloaded');
  });

  it('loads what sleeps over there, which counts as running there and is refused', async () => {
    const { provider, fake } = await subject({ kind: 'llama-router', models }, local);
    const model = await modelNamed(provider, 'one');
    fake.models.get('one')!.status = 'sleeping';
    expect(await load(provider, model)).toMatchObject({ ok: true, contextLength: 4096 });
    expect(await loadedNames(provider)).toEqual(['one']);
    const told = fake.requests.filter(({ method }) => method === 'POST').map(({ path: at }) => at);
    expect(told).toEqual(['/models/load', '/models/unload', '/models/load']);
  });

  it('does not wake what sleeps', async () => {
    const { provider, fake } = await subject({ kind: 'llama-router', models }, local);
    fake.models.get('one')!.status = 'sleeping';
    await poll(provider);
    expect(await provider.unload({ weights: 'openai:there:one', ifUnusedSince: 1 }, never)).toEqual({ kind: 'gone' });
    expect(fake.models.get('one')?.status).toBe('sleeping');
  });

  it('knows the context with which it is started there, which no load can change', async () => {
    const { provider, fake } = await subject({ kind: 'llama-router', models }, local);
    expect((await poll(provider)).models).toMatchObject([{ contextLength: null, maxContextLength: 4096, capabilities: ['completion'] }, {}]);
    fake.load('one');
    expect(await poll(provider)).toMatchObject({ models: [{ maxContextLength: 4096 }, {}], loaded: [{ contextLength: 4096 }] });
  });

  it('counts what is loading or asleep over there as not in memory, and joins a load that it finds', async () => {
    const { provider, fake } = await subject({ kind: 'llama-router', models }, local);
    const model = await modelNamed(provider, 'one');
    fake.models.get('one')!.status = 'sleeping';
    expect(await loadedNames(provider)).toEqual([]);
    fake.load('one');
    expect(await load(provider, model)).toMatchObject({ ok: true });
  });
});

describe('LM Studio', () => {
  it('loads with the context that is asked for, and tells what it has', async () => {
    const { provider, fake } = await subject({ kind: 'lm-studio', models }, local);
    const model = await modelNamed(provider, 'one');
    expect(model).toMatchObject({ contextLength: 2048, maxContextLength: 8192, quantization: 'Q4_K_M', parameterSize: '7B', capabilities: ['completion', 'vision'] });
    expect(await load(provider, model, { contextLength: 4000 })).toMatchObject({ ok: true, contextLength: 4000 });
    expect(fake.requests.find(({ path: at }) => at === '/api/v1/models/load')?.body).toEqual({ model: 'one', context_length: 4000 });
  });

  it('unloads every copy of a model', async () => {
    const { provider, fake } = await subject({ kind: 'lm-studio', models }, local);
    fake.load('one');
    fake.models.get('one')!.instances.push({ id: 'one:2', contextLength: 4096 });
    expect(await unload(provider, 'one')).toEqual({ kind: 'gone' });
    expect(fake.requests.filter(({ path: at }) => at === '/api/v1/models/unload').map(({ body }) => body)).toEqual([{ instance_id: 'one' }, { instance_id: 'one:2' }]);
  });

  it('says when the memory was not enough', async () => {
    const { provider, fake } = await subject({ kind: 'lm-studio', models }, local);
    fake.failLoads = true;
    expect(await load(provider, await modelNamed(provider, 'one'))).toMatchObject({ ok: false, kind: 'oom', problem: { code: 'out-of-memory' } });
  });

  it('before 0.4.0 shows what is loaded, and cannot be told to unload it', async () => {
    const { provider, fake } = await subject({ kind: 'lm-studio-old', models }, { ...local, ram_gb: 1 });
    fake.load('one');
    const { status, models: listed, loaded } = await poll(provider);
    expect(status.canUnload).toBe(false);
    expect(loaded).toMatchObject([{ name: 'one', reported: { ram: GIB } }]);
    expect(listed?.map((model) => model.elsewhere)).toEqual([undefined, 'here']);
    expect(await unload(provider, 'one')).toMatchObject({ kind: 'failed', problem: { code: 'unload-failed' } });
  });
});

describe('vLLM', () => {
  it('lets go of the weights too, and loads them again before it answers', async () => {
    const { provider, fake } = await subject({ kind: 'vllm-sleeps', models: [{ name: 'one' }] }, { ...local, ram_gb: 8 }, { vramDevice: () => 'gpu0' });
    const model = await modelNamed(provider, 'one');
    expect(model).toMatchObject({ estimate: { ram: 0, vram: { gpu0: 8 * GIB } }, maxContextLength: 8192 });
    expect(await unload(provider, 'one')).toEqual({ kind: 'gone' });
    expect(await load(provider, model)).toMatchObject({ ok: true, device: 'gpu' });
    const told = fake.requests.filter(({ method }) => method === 'POST').map(({ path: at }) => at);
    expect(told).toEqual(['/sleep?level=2', '/wake_up?tags=weights', '/collective_rpc', '/wake_up?tags=kv_cache']);
  });

  it('without its sleep mode cannot be told to unload', async () => {
    const { provider } = await subject({ kind: 'vllm', models: [{ name: 'one' }] }, local);
    expect(await poll(provider)).toMatchObject({ status: { canUnload: false }, loaded: [{ name: 'one' }] });
  });
});

describe('other servers of this computer', () => {
  it('llama-server with one model has that in memory', async () => {
    const { provider } = await subject({ kind: 'llama-single', models: [{ name: 'one', sizeBytes: 100 * mib }] }, local);
    expect(await poll(provider)).toMatchObject({ status: { version: 'llama-server', canUnload: false }, loaded: [{ name: 'one', contextLength: 2048, reported: { ram: 366 * mib } }] });
  });

  it('what tells nothing of its memory is left to itself', async () => {
    const { provider } = await subject({ kind: 'plain', models }, local);
    expect(await poll(provider)).toMatchObject({ status: { status: 'up' }, models: [{ elsewhere: 'here' }, { elsewhere: 'here' }], loaded: [] });
  });

  it('takes only the models that are named', async () => {
    for (const kind of ['llama-router', 'lm-studio', 'lm-studio-old', 'plain'] as const) {
      const { provider } = await subject({ kind, models }, { ...local, models: ['two'] });
      expect((await poll(provider)).models?.map((model) => model.providerName), kind).toEqual(['two']);
    }
  });

  it.each<OpenAiKind>(['llama-router', 'llama-single', 'lm-studio', 'vllm-sleeps', 'plain'])('%s is not hammered with a key that it refuses, and asked again after a while', async (kind) => {
    const { provider, fake, clock } = await subject({ kind, models: [{ name: 'one' }], key: 'right' }, { ...local, key_env: 'THERE_KEY' }, { env: { THERE_KEY: 'wrong-one' } });
    for (let second = 0; second < 120; second++) {
      const report = await poll(provider);
      expect(report.status).toMatchObject({ status: 'down', problem: { code: 'bad-key', message: 'There does not accept the key in the variable THERE_KEY (status 401).' } });
      expect(JSON.stringify(report)).not.toContain('wrong-one');
      clock.now += 1_000;
    }
    expect(fake.requests).toHaveLength(1);
    await poll(provider);
    expect(fake.requests).toHaveLength(2);
  });

  it.each<OpenAiKind>(['llama-router', 'llama-single', 'lm-studio', 'lm-studio-old', 'vllm', 'vllm-sleeps', 'plain'])('%s that comes to answer HTML is down with one sentence, and up again afterwards', async (kind) => {
    const { provider, fake } = await subject({ kind, models: [{ name: 'one', loaded: true }] }, local);
    const before = await poll(provider);
    for (const fault of [{ status: 200, body: '<!doctype html><title>Sign in</title>' }, { status: 502, body: '<html>Bad gateway</html>' }]) {
      fake.fault = fault;
      const { status, models: listed, loaded } = await poll(provider);
      expect(status).toMatchObject({ status: 'down', problem: { code: 'provider-down', message: expect.stringMatching(/^[^<>]+\.$/) as string } });
      // It is not known, so nothing is taken for gone.
      expect([listed, loaded]).toEqual([null, null]);
    }
    fake.fault = null;
    expect(await poll(provider)).toEqual(before);
  });

  it('is absent where nothing has answered yet, and down where something else answers', async () => {
    const { provider, fake, clock } = await subject({ kind: 'llama-router', models }, local);
    fake.fault = { status: 200, body: '<html></html>' };
    expect((await poll(provider)).status).toMatchObject({ status: 'down', problem: { message: expect.stringContaining('no list of models') as string } });
    fake.fault = { status: 401, body: '' };
    expect((await poll(provider)).status).toMatchObject({ status: 'down', problem: { code: 'bad-key', message: 'There wants a key.' } });
    clock.now += 120_000;
    await fake.close();
    expect(await poll(provider)).toMatchObject({ status: { status: 'absent', problem: { message: `Nothing answers at ${fake.baseUrl}.` } }, loaded: [] });
  });

  it('notices that another kind of server answers at the same address', async () => {
    const { provider, fake } = await subject({ kind: 'llama-router', models }, local);
    await poll(provider);
    const port = Number(new URL(fake.url).port);
    await fake.close();
    await poll(provider);
    const other = await startFakeOpenAi({ kind: 'lm-studio', models }, port);
    onTestFinished(() => other.close());
    expect((await poll(provider)).status).toMatchObject({ status: 'up', version: 'LM Studio' });
  });
});
