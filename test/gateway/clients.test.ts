import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { lastAt, startGateway, until } from './fixture.ts';
import { testKey } from './memory-ports.ts';

const messages = [{ role: 'user' as const, content: 'Say hi.' }];

describe('the ollama client, with only its host changed', () => {
  it('lists, chats, streams, embeds, shows, and reads what is in memory', async () => {
    const { url, ports, fake } = await startGateway();
    const client = new Ollama({ host: url });
    expect((await client.list()).models.map(({ name }) => name)).toContain('a:latest');
    expect((await client.chat({ model: 'a', messages })).message.content).not.toBe('');
    let streamed = '';
    let done = false;
    for await (const part of await client.chat({ model: 'b', messages, stream: true, keep_alive: '1h' })) {
      streamed += part.message.content;
      done = part.done;
    }
    expect([streamed.length > 0, done]).toEqual([true, true]);
    expect(lastAt(fake, '/api/chat').body).not.toHaveProperty('keep_alive');
    expect((await client.generate({ model: 'a', prompt: 'hi', options: { num_predict: 3 } })).eval_count).toBe(3);
    expect((await client.embed({ model: 'embedder', input: ['x', 'y'] })).embeddings).toHaveLength(2);
    expect((await client.show({ model: 'a' })).details.family).toBe('llama');
    expect((await client.version()).version).toMatch(/^\d+\.\d+/);
    await until(() => ports.held() === 0);
    expect((await client.ps()).models).toHaveLength(2);
    expect(ports.notes.map(({ by }) => by)).toContain('ollama-js');
  });

  it('is told that a model is not there, and that a change needs the key', async () => {
    const { url } = await startGateway({ ollama: { registry: [{ name: 'new', blob: 'blob-new', sizeBytes: 1000 }] } });
    await expect(new Ollama({ host: url }).chat({ model: 'nope', messages })).rejects.toMatchObject({ name: 'ResponseError', status_code: 404 });
    await expect(new Ollama({ host: url }).delete({ model: 'a' })).rejects.toMatchObject({ status_code: 401, error: expect.stringContaining('Airdock’s key') as string });
    const withKey = new Ollama({ host: url, headers: { authorization: `Bearer ${testKey}` } });
    const seen: string[] = [];
    for await (const { status } of await withKey.pull({ model: 'new', stream: true })) seen.push(status);
    expect(seen.at(-1)).toBe('success');
    expect(await withKey.delete({ model: 'a' })).toMatchObject({ status: 'success' });
  });

  it('aborts: the model is free', async () => {
    const { url, ports, fake } = await startGateway({ ollama: { tokensPerSecond: 50 } });
    const stream = await new Ollama({ host: url }).chat({ model: 'a', messages, stream: true, options: { num_predict: 500 } });
    await expect(
      (async () => {
        for await (const _part of stream) stream.abort();
      })(),
    ).rejects.toThrow();
    await until(() => fake.runners()[0]?.inUse === 0);
    expect(ports.held()).toBe(0);
  });
});

describe('the openai client', () => {
  it('lists, chats, streams with usage, completes and embeds', async () => {
    const { url, fake } = await startGateway();
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'whatever' });
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids).toContain('a:latest');
    expect((await client.models.retrieve('a')).id).toBe('a');
    const whole = await client.chat.completions.create({ model: 'a', messages });
    expect(whole.choices[0]?.finish_reason).toBe('stop');
    let tokens = 0;
    for await (const part of await client.chat.completions.create({ model: 'a', messages, stream: true, stream_options: { include_usage: true } })) tokens = part.usage?.completion_tokens ?? tokens;
    expect(tokens).toBe(8);
    expect((await client.completions.create({ model: 'a', prompt: 'hi' })).choices[0]?.text).not.toBe('');
    expect((await client.embeddings.create({ model: 'embedder', input: 'x', encoding_format: 'float' })).data).toHaveLength(1);
    expect((await client.responses.create({ model: 'a', input: 'hi' })).output_text).not.toBe('');
    expect(lastAt(fake, '/v1/chat/completions').headers['authorization']).toBe('Bearer whatever');
  });

  it('retries what may succeed later and nothing else', async () => {
    const { url, ports, settings, fake } = await startGateway({ ollama: { tokensPerSecond: 50 }, ports: { places: 1 } });
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'x', maxRetries: 2 });
    let asked = 0;
    const { acquire } = ports.uses;
    ports.uses.acquire = (wish) => {
      asked++;
      return acquire(wish);
    };
    await expect(client.chat.completions.create({ model: 'nope', messages })).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
    fake.failNextLoad('crash');
    await expect(client.chat.completions.create({ model: 'a', messages })).rejects.toMatchObject({ status: 500, code: 'load-failed' });
    expect(asked).toBe(1);
    settings.wait_limit_seconds = 0.02;
    const go = fake.pauseLoads();
    await expect(client.chat.completions.create({ model: 'a', messages }, { maxRetries: 0 })).rejects.toMatchObject({ status: 503 });
    go();
  });

  it('transcriptions: the model is read from the form', async () => {
    const { url, ports, fake } = await startGateway();
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'x', maxRetries: 0 });
    const file = new File(['RIFF'], 'a.wav', { type: 'audio/wav' });
    // The fake has no such route; what counts is that the model was held and the form came through.
    await expect(client.audio.transcriptions.create({ model: 'ollama/b', file })).rejects.toMatchObject({ status: 404 });
    expect(ports.loads).toEqual(['b:latest']);
    const { body, headers } = lastAt(fake, '/v1/audio/transcriptions');
    expect(String(body)).toMatch(/name="model"\r\n\r\nb:latest\r\n/);
    expect(headers['content-length']).toBe(String(Buffer.byteLength(String(body))));
    await until(() => ports.held() === 0);
  });
});
