import { createServer, request as httpRequest, type ClientRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import v8 from 'node:v8';
import vm from 'node:vm';
import { expect, it, onTestFinished } from 'vitest';
import { ask, open, startGateway, until } from './fixture.ts';

const chat = { path: '/api/chat', body: { model: 'a', messages: [{ role: 'user', content: 'hi' }], options: { num_ctx: 4096 } } };
const openai = { path: '/v1/chat/completions', body: { model: 'a', messages: [{ role: 'user', content: 'hi' }] } };
const anthropic = { path: '/v1/messages', body: { model: 'a', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] } };

/** A request whose body is only begun; `more` sends the rest. */
function begin(port: number, headers: Record<string, string>, first: string): ClientRequest {
  const sent = httpRequest({ host: '127.0.0.1', port, method: 'POST', path: chat.path, headers: { 'content-type': 'application/json', ...headers }, agent: false });
  sent.on('error', () => undefined);
  sent.write(first);
  onTestFinished(() => void sent.destroy());
  return sent;
}

it('bodies take no more together than they may: 503 in the language of the route, before anything is read', async () => {
  const { port, settings, ports } = await startGateway();
  settings.bodies_limit_mb = 0.01;
  // Its length is told: it has that room before it comes.
  const slow = begin(port, { 'content-length': '9000' }, '{"model":"a",');
  const padded = (asking: typeof chat | typeof openai): typeof asking => ({ ...asking, body: { ...asking.body, padding: 'x'.repeat(3_000) } as never });
  await new Promise<void>((resolve) => slow.once('socket', (socket) => (socket.connecting ? socket.once('connect', () => resolve()) : resolve())));
  // Its headers have been read when another connection that came later is answered.
  await ask(port, { method: 'GET', path: '/metrics' });
  const refused = await ask(port, padded(chat));
  expect([refused.status, refused.headers['retry-after'], refused.json['error']]).toEqual([503, '10', expect.stringMatching(/0\.01 MB that they may have together.*gateway\.bodies_limit_mb/)]);
  expect((await ask(port, padded(openai))).json).toMatchObject({ error: { type: 'api_error', code: 'limit-reached' } });
  expect(await ask(port, padded(anthropic as never))).toMatchObject({ status: 503, json: { type: 'error', error: { type: 'overloaded_error' } } });
  expect(await ask(port, { path: '/api/show', body: { model: 'a', padding: 'x'.repeat(3_000) } })).toMatchObject({ status: 503 });
  expect(ports.loads).toEqual([]);
  // What fits beside it is not refused, and its room is there again when it leaves.
  expect((await ask(port, chat)).status).toBe(200);
  slow.destroy();
  // The end of its connection has been noticed when the request is counted.
  while (!(await ask(port, { method: 'GET', path: '/metrics' })).text.includes('status="499"'));
  expect((await ask(port, padded(chat))).status).toBe(200);
});

it('a body whose length is not told takes room as it comes', async () => {
  const { port, settings } = await startGateway();
  settings.bodies_limit_mb = 0.01;
  begin(port, { 'content-length': '8000' }, '{"model":"a",');
  const refused = new Promise<number>((resolve) => {
    const sent = begin(port, { 'transfer-encoding': 'chunked' }, '{"model":"a","padding":"');
    sent.on('response', (response) => (response.resume(), resolve(response.statusCode ?? 0)));
    for (let i = 0; i < 10; i++) sent.write('x'.repeat(1_000));
  });
  expect(await refused).toBe(503);
});

it('a body alone is let in up to its own limit, and while its answer streams others have the room', async () => {
  const { port, settings, ports } = await startGateway({ ollama: { tokensPerSecond: 50 } });
  settings.bodies_limit_mb = 0.001;
  const large = { ...chat, body: { ...chat.body, padding: 'x'.repeat(5_000), options: { num_ctx: 4096, num_predict: 1_000 } } };
  const first = await open(port, large);
  await new Promise<void>((resolve) => first.once('data', () => resolve()));
  const second = await open(port, { ...large, body: { ...large.body, model: 'b' } });
  expect([first.statusCode, second.statusCode]).toEqual([200, 200]);
  await new Promise<void>((resolve) => second.once('data', () => resolve()));
  expect(ports.held()).toBe(2);
  first.destroy();
  second.destroy();
  await until(() => ports.held() === 0);
});

it('what a request had is really gone while it is answered', async () => {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  const answering: ServerResponse[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.write('{"first":true}\n');
      answering.push(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void (server.closeAllConnections(), server.close()));
  const { port, ports } = await startGateway();
  ports.models.backendOf = () => ({ kind: 'server', dialect: 'ollama', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, headers: {} });
  // One buffer for all, so that what this side keeps is no more than that.
  const body = Buffer.from(JSON.stringify({ ...chat.body, padding: 'x'.repeat(4_000_000) }));
  const kept = (): number => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = kept();
  for (let i = 0; i < 10; i++) {
    const response = await open(port, { ...chat, body });
    await new Promise<void>((resolve) => response.once('data', () => resolve()));
  }
  expect(answering).toHaveLength(10);
  await expect.poll(() => kept() - before).toBeLessThan(body.length * 2);
});
