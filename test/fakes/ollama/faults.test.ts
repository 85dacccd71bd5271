import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { answerFor, call, fakes, generate, inUse, names, open, pause, ps, textOf } from './harness.ts';
import type { FakeVersion, LoadFault } from './types.ts';

const start = fakes();

describe('faults of a route', () => {
  it('garbage, a wrong shape, an empty body, a 500, a proxy page: for as many requests as asked', async () => {
    const fake = await start();
    const read = async (): Promise<[number, string]> => {
      const { status, text } = await call(fake, 'GET', '/api/ps');
      return [status, text];
    };
    fake.fault({ route: '/api/ps', kind: 'garbage', times: 1 });
    const [status, text] = await read();
    expect(status).toBe(200);
    expect(() => JSON.parse(text) as unknown).toThrow();
    fake.fault({ route: '/api/ps', kind: 'shape', times: 1 });
    expect((await read())[1]).toContain('surprise');
    fake.fault({ route: '*', kind: 'empty', times: 1 });
    expect(await read()).toEqual([200, '']);
    const end = fake.fault({ route: '/api/ps', kind: 'status500' });
    expect(await read()).toEqual([500, '{"error":"internal server error"}']);
    expect((await read())[0]).toBe(500);
    end();
    fake.fault({ route: '/api/ps', method: 'POST', kind: 'status500' });
    expect((await read())[0]).toBe(200);
    fake.fault({ route: '/api/ps', kind: 'html' });
    expect((await read())[0]).toBe(502);
    fake.clearFaults();
    expect(await read()).toEqual([200, '{"models":[]}']);
  });

  it('half an answer, a reset, no answer, a slow one', async () => {
    const fake = await start();
    fake.fault({ route: '/api/tags', kind: 'half', times: 1 });
    const response = await open(fake, 'GET', '/api/tags');
    expect(response.statusCode).toBe(200);
    let received = '';
    await expect(textOf(response, (piece) => (received += piece))).rejects.toThrow();
    expect(received).toMatch(/^\{"models":\[/);
    fake.fault({ route: '/api/tags', kind: 'reset', times: 1 });
    await expect(open(fake, 'GET', '/api/tags')).rejects.toThrow('ECONNRESET');
    fake.fault({ route: '/api/tags', kind: 'hang', times: 1 });
    await expect(open(fake, 'GET', '/api/tags', undefined, AbortSignal.timeout(40))).rejects.toThrow();
    fake.fault({ route: '/api/tags', kind: 'slow', delayMs: 50, times: 1 });
    expect((await call(fake, 'GET', '/api/tags')).ms).toBeGreaterThanOrEqual(45);
  });

  it('cuts a stream in its second line', async () => {
    const fake = await start();
    fake.fault({ route: '/api/generate', kind: 'half' });
    const response = await open(fake, 'POST', '/api/generate', { model: 'a', prompt: 'x' });
    let received = '';
    await expect(textOf(response, (piece) => (received += piece))).rejects.toThrow();
    expect(received.split('\n').filter((line) => line.endsWith('}'))).toHaveLength(1);
  });
});

describe('loads that fail', () => {
  const texts: [FakeVersion, Exclude<LoadFault, 'hang'>, RegExp][] = [
    ['0.33', 'oom', /^llama-server reported out-of-memory during startup: .*failed to allocate/],
    ['0.33', 'killed', /^llama-server process has terminated: signal: killed$/],
    ['0.33', 'crash', /^llama-server process has terminated: exit status 1: /],
    ['0.33', 'timeout', /^timed out waiting for llama-server to start - $/],
    ['0.24', 'oom', /^model requires more system memory \(12\.0 GiB\) than is available \(3\.0 GiB\)$/],
    ['0.24', 'killed', /^llama runner process has terminated with exit code -1$/],
    ['0.24', 'crash', /^llama runner process has terminated: /],
    ['0.12', 'timeout', /^timed out waiting for llama runner to start - progress/],
  ];
  it.each(texts)('%s, %s', async (version, kind, text) => {
    const fake = await start({ version });
    fake.failNextLoad(kind);
    const answer = await generate(fake, { model: 'a' });
    expect(answer.status).toBe(500);
    expect(answer.body['error']).toMatch(text);
    expect(await ps(fake)).toEqual([]);
    expect((await generate(fake, { model: 'a' })).status).toBe(200);
  });

  it('one that hangs ends when its client leaves', async () => {
    const fake = await start();
    fake.failNextLoad('hang');
    const leaver = new AbortController();
    const load = expect(generate(fake, { model: 'a' }, leaver.signal)).rejects.toThrow();
    await fake.until(() => fake.loading() === 'a:latest');
    leaver.abort();
    await load;
    await fake.until(() => fake.loading() === null);
    expect((await generate(fake, { model: 'a' })).status).toBe(200);
  });

  it('one whose runner is killed under way', async () => {
    const fake = await start();
    fake.pauseLoads();
    const load = generate(fake, { model: 'a' });
    await fake.until(() => fake.loading() !== null);
    expect(fake.crashRunner('blob-a')).toBe(true);
    expect((await load).body['error']).toBe('llama-server process has terminated: signal: killed');
  });
});

describe('a runner that dies', () => {
  it('ends a stream with a line, stays listed, and is replaced without complaint', async () => {
    const fake = await start();
    await generate(fake, { model: 'a' });
    // Headers come with the first token.
    const response = await open(fake, 'POST', '/api/generate', { model: 'a', prompt: 'x', options: { num_predict: 100_000 } });
    expect(response.statusCode).toBe(200);
    fake.crashRunner('blob-a');
    const text = await textOf(response);
    expect(text.trim().split('\n').at(-1)).toBe('{"error":"an error was encountered while running the model: unexpected EOF"}');
    expect(names(await ps(fake))).toEqual(['a']);
    expect((await answerFor(fake, 'a', 1)).status).toBe(200);
    expect(fake.loadsStarted).toHaveLength(2);
    expect(fake.crashRunner('blob-b')).toBe(false);
  });

  it.each([
    ['0.33', 'an error was encountered while running the model: unexpected EOF'],
    ['0.24', 'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details'],
  ] as const)('before the first token makes it a 500 on %s', async (version, error) => {
    const fake = await start({ version, promptMs: 5000 });
    await generate(fake, { model: 'a' });
    const answer = answerFor(fake, 'a', 5);
    await fake.until(() => inUse(fake, 'blob-a') === 1);
    fake.crashRunner('blob-a');
    expect(await answer).toMatchObject({ status: 500, body: { error } });
  });
});

describe('a model that does not let go', () => {
  it('stays listed with its expiry in the past until it is let go', async () => {
    const fake = await start({ unloadMs: 0 });
    await generate(fake, { model: 'a' });
    fake.neverLetGo('blob-a');
    expect((await generate(fake, { model: 'a', keep_alive: 0 })).body['done_reason']).toBe('unload');
    await pause(30);
    const [entry] = await ps(fake);
    expect(Date.parse(entry?.expires_at ?? '')).toBeLessThan(Date.now());
    fake.letGo('blob-a');
    await fake.until(() => fake.runners().length === 0);
  });

  it('is kept by a request that asks for it again', async () => {
    const fake = await start();
    await generate(fake, { model: 'a' });
    fake.neverLetGo('blob-a');
    await generate(fake, { model: 'a', keep_alive: 0 });
    await pause(10);
    await generate(fake, { model: 'a', keep_alive: '1h' });
    fake.letGo('blob-a');
    await pause(30);
    expect(fake.runners()).toMatchObject([{ blob: 'blob-a', keepAliveMs: 3_600_000 }]);
  });
});

describe('the server itself', () => {
  it('goes down, refuses connections, and comes up empty on the same port', async () => {
    const fake = await start();
    const { port } = fake;
    await generate(fake, { model: 'a' });
    const running = expect(answerFor(fake, 'a', 100_000)).rejects.toThrow();
    await fake.until(() => inUse(fake, 'blob-a') === 1);
    const resume = fake.pauseLoads();
    const loading = fake.use('b', 100_000);
    await fake.until(() => fake.loading() === 'b:latest');
    await fake.goDown();
    await running;
    expect(await loading).toBe('request canceled');
    resume();
    await expect(call(fake, 'GET', '/api/version')).rejects.toThrow('ECONNREFUSED');
    await fake.comeUp();
    expect(fake.port).toBe(port);
    expect(await ps(fake)).toEqual([]);
    expect(names((await call(fake, 'GET', '/api/tags')).body['models'] as never)).toContain('a');
    await fake.restart();
    expect((await generate(fake, { model: 'a' })).status).toBe(200);
  });

  it('logs what it was asked, and what other programs do is not in the log', async () => {
    const fake = await start();
    await fake.loadByOther('a', { keepAliveMs: Infinity, numCtx: 2048 });
    expect(await fake.loadByOther('zzz')).toBe("model 'zzz' not found");
    expect(fake.requests).toEqual([]);
    expect(fake.runners()).toMatchObject([{ keepAliveMs: Infinity, contextLength: 2048 }]);
    fake.unloadByOther('a');
    await fake.until(() => fake.runners().length === 0);
    await generate(fake, { model: 'b', keep_alive: 5 });
    expect(fake.requests).toMatchObject([{ method: 'POST', path: '/api/generate', body: { model: 'b', keep_alive: 5 } }]);
  });

  it('takes a DELETE without a length for one without a body, and the body for another request', async () => {
    const fake = await start();
    const text = await new Promise<string>((resolve) => {
      const socket = connect(fake.port, '127.0.0.1');
      let received = '';
      socket.on('data', (piece) => (received += piece.toString()));
      socket.on('close', () => resolve(received));
      socket.write('DELETE /api/delete HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n{"model":"a"}');
    });
    expect(text).toContain('{"error":"missing request body"}');
    expect(text).toMatch(/400 Bad Request$/);
    expect(names((await call(fake, 'GET', '/api/tags')).body['models'] as never)).toContain('a');
  });
});
