import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { ask, open, startGateway, until, type RunningGateway } from './fixture.ts';

const chat = { path: '/api/chat', body: { model: 'a', messages: [{ role: 'user', content: 'hi' }], options: { num_ctx: 4096 } }, headers: { 'user-agent': 'ollama-python/0.4' } };

/** Behind the gateway a server that answers as `answer` says, and tells when its client has gone. */
async function startBehind(answer: (write: (piece: Buffer) => boolean, drained: (then: () => void) => void) => void): Promise<RunningGateway & { gone: () => boolean }> {
  let gone = false;
  const server = createServer((request, response) => {
    request.resume();
    response.on('close', () => (gone = true));
    answer((piece) => response.write(piece), (then) => response.once('drain', then));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void (server.closeAllConnections(), server.close()));
  const running = await startGateway({ options: { stalledMs: 150 } });
  running.ports.models.backendOf = () => ({ kind: 'server', dialect: 'ollama', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, headers: {} });
  return { ...running, gone: () => gone };
}

it('a reader that stops reading does not hold its model for ever: the connection ends, and the activity says so', async () => {
  const piece = Buffer.alloc(64 * 1024, 'x');
  const { port, ports, gone } = await startBehind((write, drained) => {
    const on = (): void => {
      while (write(piece));
      drained(on);
    };
    on();
  });
  const response = await open(port, chat);
  response.pause();
  const broken = new Promise<void>((resolve) => response.once('error', () => resolve()));
  expect(ports.held()).toBe(1);
  await until(() => ports.held() === 0);
  await until(gone);
  expect(ports.notes.map(({ text }) => text)).toContainEqual(expect.stringMatching(/^a: ollama-python read nothing of its answer for .*, so Airdock closed its connection/));
  response.resume();
  await broken;
});

it('an answer in which nothing comes for long, and one that is read slowly, have all the time in the world', async () => {
  let more = (): void => undefined;
  const { port, ports } = await startBehind((write) => {
    write(Buffer.from('{"first":true}\n'));
    more = () => void write(Buffer.from('{"second":true}\n'));
  });
  const response = await open(port, chat);
  await new Promise<void>((resolve) => response.once('data', () => resolve()));
  // Longer than a reader may stall, twice.
  for (let i = 0; i < 2; i++) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(ports.held()).toBe(1);
    const next = new Promise<string>((resolve) => response.once('data', (piece: Buffer) => resolve(piece.toString())));
    more();
    expect(await next).toContain('second');
  }
  response.destroy();
  await until(() => ports.held() === 0);
});

it.each([chat.path, '/api/show', '/api/copy'])('a request to %s whose body does not come is given up, and so is its room', async (path) => {
  const { port, settings } = await startGateway({ options: { stalledMs: 150 }, ports: { key: 'key' } });
  settings.bodies_limit_mb = 0.001;
  const sent = httpRequest({ host: '127.0.0.1', port, method: 'POST', path, headers: { 'content-length': '1000', authorization: 'Bearer key' }, agent: false });
  const ended = new Promise<void>((resolve) => sent.once('error', () => resolve()));
  sent.write('{"model":');
  await ended;
  expect((await ask(port, chat)).status).toBe(200);
});
