import { describe, expect, it } from 'vitest';
import { exchange, type WireRequest } from '../fakes/ollama/wire.ts';
import { ask, lastAt, startGateway, until } from './fixture.ts';

/** What two answers to the same question cannot share: times, and numbers drawn anew. */
function comparable(text: string): string {
  return text
    .replace(/"(created_at|modified_at|expires_at)":"[^"]*"/g, '"$1":"T"')
    .replace(/"(created|created_at|completed_at|[a-z_]*duration)":\d+/g, '"$1":0')
    .replace(/\b(chatcmpl|cmpl|msg|resp|req)[-_][0-9a-f]+/g, '$1');
}

const chat = { model: 'a', messages: [{ role: 'user', content: 'Say hi.' }], options: { num_ctx: 4096, num_predict: 6 } };

const exchanges: WireRequest[] = [
  { method: 'POST', path: '/api/chat', body: chat },
  { method: 'POST', path: '/api/chat', body: { ...chat, stream: false } },
  { method: 'POST', path: '/api/generate', body: { model: 'A:latest', prompt: 'hello', options: { num_ctx: 4096 } } },
  { method: 'POST', path: '/api/generate', body: { model: 'a', options: { num_ctx: 4096 } } },
  { method: 'POST', path: '/api/chat', body: { ...chat, tools: [{}] } },
  { method: 'POST', path: '/v1/chat/completions', body: { model: 'a', messages: chat.messages, stream: true, stream_options: { include_usage: true } } },
  { method: 'POST', path: '/v1/chat/completions', body: { model: 'a', messages: chat.messages } },
  { method: 'POST', path: '/v1/completions', body: { model: 'a', prompt: 'hello', stream: true } },
  { method: 'POST', path: '/v1/messages', body: { model: 'a', max_tokens: 5, messages: chat.messages, stream: true } },
  // No Ollama that is known counts tokens: its own 404, and neither a key is asked for nor a model loaded.
  { method: 'POST', path: '/v1/messages/count_tokens', body: { model: 'a', messages: chat.messages } },
  { method: 'POST', path: '/v1/responses', body: { model: 'a', input: 'hello' } },
  { method: 'POST', path: '/v1/embeddings', body: { model: 'embedder', input: ['x', 'y'] } },
  { method: 'POST', path: '/api/embed', body: { model: 'embedder', input: 'x' } },
  { method: 'POST', path: '/api/show', body: { model: 'a' } },
  { method: 'GET', path: '/api/tags' },
  { method: 'HEAD', path: '/api/tags' },
  { method: 'HEAD', path: '/' },
  { method: 'GET', path: '/' },
  { method: 'GET', path: '/api/version' },
  { method: 'GET', path: '/v1/models/a' },
  { method: 'GET', path: '/api/nope' },
  { method: 'HEAD', path: '/api/ps' },
  // What names no model cannot load one: the refusal is Ollama's own.
  { method: 'POST', path: '/api/generate', body: {} },
  { method: 'POST', path: '/api/chat', body: { messages: [] } },
  { method: 'POST', path: '/api/generate', body: '' },
];

describe('an answer through the gateway is the answer', () => {
  for (const request of exchanges) {
    const { method, path, body } = request;
    it(`${method} ${path} ${JSON.stringify(body ?? '').slice(0, 70)}`, async () => {
      const { port, fake, ports } = await startGateway();
      // In memory on both sides of the comparison, so that neither answer tells of a load.
      for (const model of ['a', 'embedder']) await ask(port, { path: '/api/embed', body: { model } });
      const direct = await exchange(fake.port, request);
      const through = await exchange(port, request);
      expect(through.status).toBe(direct.status);
      expect(through.chunks.map(comparable)).toEqual(direct.chunks.map(comparable));
      for (const name of ['content-type', 'content-length', 'transfer-encoding', 'cache-control']) {
        // A time of day may be a digit shorter.
        const shown = (value: string | undefined): unknown => (name === 'content-length' ? value !== undefined : value);
        expect(shown(through.headers[name]), name).toBe(shown(direct.headers[name]));
      }
      // Nothing that belongs to pages comes with what is passed on; lists and the greeting are Airdock's own answers.
      if (path !== '/' && path !== '/api/ps') expect(Object.keys(through.headers).filter((name) => !(name in direct.headers) && name !== 'keep-alive')).toEqual([]);
      await until(() => ports.held() === 0);
      expect(ports.faults).toEqual([]);
    });
  }

  it('the request reaches Ollama as it was sent, with its headers', async () => {
    const { port, fake } = await startGateway();
    const body = '{ "model": "a",\n "messages": [{"role":"user","content":"ü"}], "options": {"num_ctx": 4096, "seed": 12345678901234567890} }';
    const { status } = await ask(port, { path: '/api/chat', body, headers: { origin: 'http://127.0.0.1:3000', authorization: 'Bearer ollama', 'x-custom': '1', te: 'trailers' } });
    expect(status).toBe(200);
    const { headers } = lastAt(fake, '/api/chat');
    expect(headers).toMatchObject({ origin: 'http://127.0.0.1:3000', authorization: 'Bearer ollama', 'x-custom': '1', host: `127.0.0.1:${fake.port}`, 'content-length': String(Buffer.byteLength(body)) });
    expect(headers['te']).toBeUndefined();
  });
});
