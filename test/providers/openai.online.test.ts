import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { modelNamed, poll, providerFor, subject, never } from './openai-subject.ts';

const key = 'sk-secret-0123456789';
const withKey = { key_env: 'THERE_KEY' };
const env = { THERE_KEY: key };

describe('an online server', () => {
  it('lists its models, none of which is Airdock’s to load', async () => {
    const { provider, fake } = await subject({ models: [{ name: 'big' }, { name: 'org/other:free' }], key, base: '/api/v1' }, withKey, { env });
    const { status, models, loaded } = await poll(provider);
    expect(status).toMatchObject({ status: 'up', problem: null, memory: 'own', url: fake.baseUrl });
    expect(models).toMatchObject([
      { id: 'there/big', providerName: 'big', elsewhere: 'online', estimate: { ram: 0, vram: {} } },
      { id: 'there/org/other:free', elsewhere: 'online' },
    ]);
    expect(loaded).toEqual([]);
    expect(provider.upstream).toEqual({ url: fake.url, base: '/api/v1', headers: { authorization: `Bearer ${key}` } });
  });

  it('has the models that are named, whether the server lists any or not', async () => {
    const { provider, fake } = await subject({ models: [{ name: 'a' }, { name: 'b' }] }, { models: ['b', 'c', 'b'] });
    expect((await poll(provider)).models?.map((model) => model.providerName)).toEqual(['b', 'c']);
    fake.fault = { status: 404, body: '' };
    const other = providerFor({ base_url: fake.baseUrl, models: ['x'] });
    expect(await poll(other)).toMatchObject({ status: { status: 'up' }, models: [{ providerName: 'x' }] });
  });

  it('is asked seldom, and at once after its time', async () => {
    const { provider, fake, clock } = await subject({ models: [{ name: 'a' }] });
    await poll(provider);
    await poll(provider);
    expect(fake.requests).toHaveLength(1);
    clock.now += 60_000;
    await poll(provider);
    expect(fake.requests).toHaveLength(2);
  });

  it('says once which variable holds a wrong key, and shows the key nowhere', async () => {
    const { provider, fake, clock } = await subject({ key: 'another', models: [{ name: 'a' }] }, withKey, { env });
    const report = await poll(provider);
    expect(report.status).toMatchObject({ status: 'down', problem: { code: 'bad-key', message: 'There does not accept the key in the variable THERE_KEY (status 401).' } });
    expect(JSON.stringify(report)).not.toContain(key);
    clock.now += 60_000;
    await poll(provider);
    expect(fake.requests).toHaveLength(1);
    const answer = await provider.generate({ id: 'there/a', prompt: 'x', maxTokens: 1, signal: never });
    expect(answer).toMatchObject({ ok: false, problem: { code: 'generate-failed' } });
    expect(JSON.stringify(answer)).toContain('Incorrect API key');
    expect(JSON.stringify(answer)).not.toContain(key);
  });

  it.each([
    [{}, {}, 'wants a key'],
    [withKey, {}, 'The variable THERE_KEY, which is to hold the key for There, is not set.'],
    [withKey, { THERE_KEY: 'two words' }, 'cannot be a key'],
    [{ key_env: key }, env, 'is no name of an environment variable'],
    [{ base_url: `http://me:${key}@127.0.0.1:1/v1` }, {}, 'do not belong there'],
    [{ base_url: `http://127.0.0.1:1/v1?key=${key}` }, {}, 'do not belong there'],
    [{ base_url: 'ftp://127.0.0.1' }, {}, 'must begin with http'],
    [{ base_url: 'nonsense' }, {}, 'cannot be read'],
  ])('explains %o', async (settings, environment, words) => {
    const { provider, fake } = await subject({ key }, settings, { env: environment });
    const report = await poll(provider);
    expect(report.status).toMatchObject({ status: 'down', problem: { message: expect.stringContaining(words) as string } });
    expect(JSON.stringify(report)).not.toContain(key);
    expect(fake.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
  });

  it.each([
    [{ status: 500, body: '{"error":{"message":"overloaded"}}' }, 'answered with status 500: overloaded.'],
    [{ status: 200, body: '<html>Welcome</html>' }, 'is no list of models'],
    [{ status: 200, body: '{"data": [{"id": "a"}' }, 'is no list of models'],
    [{ status: 404, body: '' }, 'has no list of models at'],
    [{ status: 429, body: '' }, 'asked too often'],
    [{ status: 508, body: '' }, 'leads back to Airdock itself'],
    [{ status: 301, body: '' }, 'to another address (status 301), and that is not followed'],
  ])('explains %o, and recovers', async (fault, words) => {
    const { provider, fake, clock } = await subject({ models: [{ name: 'a' }] });
    fake.fault = fault;
    expect(await poll(provider)).toMatchObject({ models: null, status: { status: 'down', problem: { message: expect.stringContaining(words) as string } } });
    fake.fault = null;
    clock.now += 120_000;
    expect(await poll(provider)).toMatchObject({ models: [{ providerName: 'a' }], status: { status: 'up', problem: null } });
  });

  it('keeps its models while it is down, or asked too often', async () => {
    const { provider, fake, clock } = await subject({ models: [{ name: 'a' }] });
    await poll(provider);
    fake.fault = { status: 429, body: '' };
    clock.now += 60_000;
    expect(await poll(provider)).toMatchObject({ models: [{ providerName: 'a' }], status: { status: 'up' } });
    await fake.close();
    clock.now += 120_000;
    expect(await poll(provider)).toMatchObject({ models: [{ providerName: 'a' }], status: { status: 'down', problem: { message: `Nothing answers at ${fake.baseUrl}.` } } });
  });

  it('does not keep others waiting for a slow list, and takes that when it has come', async () => {
    const { provider, fake } = await subject({ models: [{ name: 'a' }] }, {}, { times: { patience: 20 } });
    fake.fault = 'hang';
    expect(await poll(provider)).toMatchObject({ models: null, status: { status: 'starting', problem: null } });
    expect(fake.requests).toHaveLength(1);
    fake.release();
    await expect.poll(async () => (await poll(provider)).status.status).toBe('up');
    expect(fake.requests).toHaveLength(1);
  });

  it('gives up on a list that never comes', async () => {
    const { provider, fake } = await subject({ models: [{ name: 'a' }] }, {}, { times: { look: 30 } });
    fake.fault = 'hang';
    expect((await poll(provider)).status).toMatchObject({ status: 'down', problem: { message: 'There did not answer within 1 s.' } });
  });

  it('leaves out what cannot be a model, and takes five thousand', async () => {
    const many = Array.from({ length: 5_000 }, (_, i) => ({ name: `m${i}` }));
    const { provider } = await subject({ models: [{ name: '' }, { name: 'with\nline' }, { name: 'half \ud83e' }, { name: '🦙 "x" $(y)' }, ...many] });
    const { models } = await poll(provider);
    expect(models).toHaveLength(5_001);
    expect(models?.[0]?.id).toBe('there/🦙 "x" $(y)');
  });

  it('tells what the lists of several services tell of a model', async () => {
    const server = createServer((_request, response) => {
      const data = [{ id: 'm', context_length: 9_000, architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] }, supported_parameters: ['tools', 'seed'] }, null, 3, { id: 7 }];
      response.end(JSON.stringify(data));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const provider = providerFor({ base_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    expect((await poll(provider)).models).toMatchObject([{ providerName: 'm', maxContextLength: 9_000, capabilities: ['completion', 'vision', 'tools'] }]);
  });

  it('answers a prompt with its key', async () => {
    const { provider, fake } = await subject({ models: [{ name: 'a' }], key }, withKey, { env });
    expect(await provider.generate({ id: 'there/a', prompt: 'hi', maxTokens: 5, signal: never })).toEqual({ ok: true, text: 'hello', tokens: 2 });
    expect(fake.requests.at(-1)?.body).toMatchObject({ model: 'a', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] });
    expect((await modelNamed(provider, 'a')).id).toBe('there/a');
  });
});
