import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { problem } from '../../contract/index.ts';
import { ask, lastAt, open, startGateway, until } from './fixture.ts';
import { zstdBomb, zstdCompress } from './zstd.ts';

const chat = { path: '/api/chat', body: { model: 'a', messages: [{ role: 'user', content: 'hi' }], options: { num_ctx: 4096 } } };
const openai = { path: '/v1/chat/completions', body: { model: 'a', messages: [{ role: 'user', content: 'hi' }] } };

describe('Ollama fails', () => {
  it('restarts in mid-stream: the client’s answer breaks off, and the model is not held', async () => {
    const { port, fake, ports } = await startGateway({ ollama: { tokensPerSecond: 50 } });
    const response = await open(port, { ...chat, body: { ...chat.body, options: { num_ctx: 4096, num_predict: 500 } } });
    const broken = new Promise<string>((resolve) => response.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? '')));
    await new Promise<void>((resolve) => response.once('data', () => resolve()));
    response.resume();
    await fake.restart();
    expect(await broken).toBe('ECONNRESET');
    await until(() => ports.held() === 0);
  });

  it('is not there: said in the language of the route', async () => {
    const { port, fake } = await startGateway();
    await ask(port, chat);
    await fake.goDown();
    const native = await ask(port, chat);
    expect([native.status, native.json['error']]).toEqual([502, expect.stringContaining(`Ollama does not answer at ${fake.url}.`)]);
    expect((await ask(port, openai)).json).toMatchObject({ error: { type: 'api_error', code: 'provider-down', param: null } });
    expect((await ask(port, { ...openai, path: '/v1/messages' })).json).toMatchObject({ type: 'error', error: { type: 'api_error' }, request_id: expect.stringMatching(/^req_/) as string });
  });

  it('resets before its answer: 502, and the model is not held', async () => {
    const { port, fake, ports } = await startGateway();
    await ask(port, chat);
    fake.fault({ route: '/api/chat', kind: 'reset' });
    expect((await ask(port, chat)).status).toBe(502);
    expect(ports.held()).toBe(0);
  });

  it('closed an idle connection: the request is sent once more on a new one', async () => {
    // Closes every connection as soon as a second request comes on it, as a server does whose idle limit has just passed.
    let served = 0;
    const seen = new WeakSet<Socket>();
    const server: Server = createServer((request, response) => {
      if (seen.has(request.socket)) return void request.socket.resetAndDestroy();
      seen.add(request.socket);
      served++;
      request.resume().on('end', () => response.end('{"done":true}'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port, ports } = await startGateway();
    ports.models.backendOf = () => ({ kind: 'server', dialect: 'ollama', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, headers: {} });
    for (let i = 0; i < 4; i++) expect((await ask(port, chat)).text).toBe('{"done":true}');
    expect(served).toBe(4);
  });

  it('answers what is no answer: 502, and neither the model nor Airdock goes with it', async () => {
    const answers = ['HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x', 'HTTP/1.1 099 Odd\r\nContent-Length: 0', 'HTTP/1.1 200 O\x01K\r\nContent-Length: 0', 'SSH-2.0-x'];
    let next = '';
    const server = createTcpServer((socket) => void socket.on('error', () => undefined).once('data', () => socket.write(`${next}\r\n\r\n`)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port, ports } = await startGateway();
    ports.models.backendOf = () => ({ kind: 'server', dialect: 'ollama', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, headers: {} });
    for (next of answers) {
      expect((await ask(port, chat)).status, next).toBe(502);
      expect(ports.held()).toBe(0);
    }
  });
});

describe('a request that cannot be answered', () => {
  it('too large: 413 in the language of the route, also where its length is not told', async () => {
    const { port, settings, ports } = await startGateway();
    settings.body_limit_mb = 0.001;
    const large = { ...openai.body, padding: 'x'.repeat(5_000) };
    expect(await ask(port, { ...openai, body: large })).toMatchObject({ status: 413, json: { error: { type: 'invalid_request_error', message: expect.stringContaining('0.001 MB') as string } } });
    expect(await ask(port, { ...chat, body: large, headers: { 'transfer-encoding': 'chunked' } })).toMatchObject({ status: 413, json: { error: expect.stringContaining('0.001 MB') as string } });
    expect(ports.loads).toEqual([]);
  });

  it('no valid JSON: 400, and nothing is loaded', async () => {
    const { port, fake, ports } = await startGateway();
    // Go reads the first value and would take this; what Airdock cannot read it does not pass on.
    for (const body of ['{bad', '{"model":"a"} and more']) {
      expect(await ask(port, { ...chat, body })).toMatchObject({ status: 400, json: { error: expect.stringContaining('not valid JSON') as string } });
      expect((await ask(port, { ...openai, body })).json).toMatchObject({ error: { type: 'invalid_request_error' } });
    }
    expect([fake.requests, ports.loads]).toEqual([[], []]);
  });

  it('a name of a megabyte is refused before it is compared with those of the models', async () => {
    const { port, ports } = await startGateway();
    const resolve = ports.models.resolve;
    const asked: string[] = [];
    ports.models.resolve = (name) => (asked.push(name), resolve('a'));
    const model = 'x'.repeat(1_000_000);
    for (const path of ['/api/chat', '/v1/chat/completions', '/v1/messages']) expect((await ask(port, { path, body: { model, messages: [] } })).status).toBe(400);
    expect((await ask(port, { path: '/api/show', body: { model: model.slice(0, 600) } })).status).toBe(400);
    expect(asked).toEqual([]);
  });

  it('an unknown model: 404, after one look at what is there now', async () => {
    const { port, fake } = await startGateway();
    expect(await ask(port, { ...chat, body: { ...chat.body, model: 'nope' } })).toMatchObject({ status: 404, json: { error: expect.stringMatching(/^model 'nope' not found: /) as string } });
    expect((await ask(port, { ...openai, body: { ...openai.body, model: 'nope' } })).json).toMatchObject({ error: { type: 'not_found_error', code: 'model_not_found' } });
    // Who asks again and again does not keep Ollama listing its models.
    expect(fake.requests.filter(({ path }) => path === '/api/tags')).toHaveLength(1);
    fake.install({ name: 'new', blob: 'blob-new' });
    expect((await ask(port, { ...chat, body: { ...chat.body, model: 'new' } })).status).toBe(200);
  });

  it('a model that came since the last look is found', async () => {
    const { port, fake, ports } = await startGateway();
    fake.install({ name: 'new', blob: 'blob-new' });
    expect((await ask(port, { ...chat, body: { ...chat.body, model: 'new' } })).status).toBe(200);
    expect(ports.loads).toEqual(['new:latest']);
  });

  it('an online model takes no place: its requests are passed on as they are', async () => {
    const { port, fake, ports } = await startGateway();
    fake.install({ name: 'big', blob: 'blob-big', remote: { model: 'big', host: 'https://example.com:443' } });
    for (const model of ['big', 'other:cloud']) await ask(port, { ...chat, body: { ...chat.body, model, keep_alive: '1h' } });
    expect(fake.requests.filter(({ path }) => path === '/api/chat').map(({ body }) => (body as { model: string; keep_alive: string }).keep_alive)).toEqual(['1h', '1h']);
    expect(ports.loads).toEqual([]);
  });

  it('what the manager refuses comes with a status that says whether trying again makes sense', async () => {
    const { port, ports } = await startGateway();
    const expected = [
      [problem('needs-room', 'It waits for room.', 'Try later.'), true, 503],
      [problem('frozen', 'Nothing is loaded now.'), false, 503],
      [problem('too-big', 'It never fits.'), false, 500],
      [problem('no-room', 'There is no room.'), false, 500],
      [problem('load-failed', 'It could not be loaded.'), false, 500],
    ] as const;
    for (const [cause, temporary, status] of expected) {
      ports.refusal = { ok: false, problem: cause, temporary };
      const native = await ask(port, chat);
      expect([native.status, native.json['error']]).toEqual([status, 'hint' in cause ? `${cause.message} ${cause.hint}` : cause.message]);
      expect(native.headers[status === 503 ? 'retry-after' : 'x-should-retry']).toBe(status === 503 ? '10' : 'false');
      expect((await ask(port, openai)).json).toMatchObject({ error: { type: 'api_error', code: cause.code } });
    }
  });
});

describe('a packed body', () => {
  it('is passed on as it came, and its model is known', async () => {
    const { port, fake, ports } = await startGateway();
    for (const [encoding, bytes] of [['gzip', gzipSync(JSON.stringify(openai.body))], ['zstd', zstdCompress(JSON.stringify({ ...openai.body, model: 'b' }))]] as const) {
      await ask(port, { path: openai.path, body: bytes, headers: { 'content-encoding': encoding } });
      expect(lastAt(fake, openai.path).headers).toMatchObject({ 'content-encoding': encoding, 'content-length': String(bytes.length) });
    }
    expect(ports.loads).toEqual(['a:latest', 'b:latest']);
  });

  it('is unpacked where another name must be in it', async () => {
    const { port, fake } = await startGateway();
    const bytes = gzipSync(JSON.stringify({ ...openai.body, model: 'ollama/a' }));
    expect((await ask(port, { path: openai.path, body: bytes, headers: { 'content-encoding': 'gzip' } })).status).toBe(200);
    expect(lastAt(fake, openai.path).headers['content-encoding']).toBeUndefined();
    expect(lastAt(fake, openai.path).body['model']).toBe('a:latest');
  });

  it('that becomes too large is refused', async () => {
    const { port, settings, ports } = await startGateway();
    settings.body_limit_mb = 0.01;
    const bomb = JSON.stringify({ ...openai.body, padding: '0'.repeat(50_000) });
    for (const [encoding, bytes] of [['gzip', gzipSync(bomb)], ['zstd', zstdBomb('{"model":"a","messages":[],"padding":"', 50_000, '"}')], ['compress', Buffer.from('x')]] as const) {
      expect(bytes.length).toBeLessThan(1_000);
      expect((await ask(port, { path: openai.path, body: bytes, headers: { 'content-encoding': encoding } })).status, encoding).toBe(400);
    }
    expect(ports.loads).toEqual([]);
    settings.body_limit_mb = 1;
    expect((await ask(port, { path: openai.path, body: zstdBomb('{"model":"a","messages":[],"padding":"', 50_000, '"}'), headers: { 'content-encoding': 'zstd' } })).status).not.toBe(413);
    expect(ports.loads).toEqual(['a:latest']);
  });
});

describe('a slow reader', () => {
  it('slows its own answer down and is not buffered for', async () => {
    const total = 32 * 1024 * 1024;
    let written = 0;
    const server = createServer((request, response) => {
      request.resume();
      const piece = Buffer.alloc(64 * 1024, 'x');
      const write = (): void => {
        while (written < total) {
          written += piece.length;
          if (!response.write(piece)) return void response.once('drain', write);
        }
        response.end();
      };
      write();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port, ports } = await startGateway();
    ports.models.backendOf = () => ({ kind: 'server', dialect: 'ollama', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, headers: {} });
    const response = await open(port, chat);
    // Nobody reads: what is under way fits into sockets and high-water marks.
    let before = -1;
    await until(() => {
      const still = before === written && written > 0;
      before = written;
      return still;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(written).toBeLessThan(total / 2);
    expect(ports.held()).toBe(1);
    let read = 0;
    for await (const piece of response) read += (piece as Buffer).length;
    expect(read).toBe(total);
    await until(() => ports.held() === 0);
  });
});

it('an unknown name is refused with what is not known while Ollama is down', async () => {
  const { port, ports } = await startGateway();
  ports.ollamaUp = false;
  const refused = await ask(port, { path: '/api/chat', body: { model: 'not-known', messages: [] } });
  expect(refused.status).toBe(404);
  expect(refused.json['error']).toMatch(/^model 'not-known' not found: .* Ollama does not answer at http:\/\/127\.0\.0\.1:\d+, so its models are not known:/);
});
