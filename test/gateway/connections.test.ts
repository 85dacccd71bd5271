import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { ask, open, startGateway, until, type GatewayFixture, type RunningGateway } from './fixture.ts';

const path = '/v1/chat/completions';
const body = JSON.stringify({ model: 'a', messages: [] });

/** A gateway before a server whose every byte the test decides: `serve` gets each connection. */
async function startBefore(serve: (socket: Socket) => void, fixture?: GatewayFixture): Promise<RunningGateway & { connections: () => number }> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const running = await startGateway(fixture);
  running.ports.models.backendOf = () => ({ kind: 'server', dialect: 'ollama', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, headers: {} });
  return { ...running, connections: () => connections };
}

/** All that a client reads which sends these bytes and then listens. */
function rawAnswer(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(request, 'latin1'));
    socket.setEncoding('latin1').on('data', (piece: string) => (text += piece)).on('end', () => resolve(text)).on('error', reject);
  });
}

const chunked = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\none \xe4\r\n3\r\ntwo\r\n0\r\n\r\n';

it('an answer in chunks reaches a client in the same chunks, and one that knows none without them', async () => {
  const { port } = await startBefore((socket) => void socket.on('data', () => socket.write(chunked, 'latin1')));
  const request = (version: string): string => `POST ${path} HTTP/${version}\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4);
  expect(bodyOf(await rawAnswer(port, request('1.1')))).toBe('5\r\none \xe4\r\n3\r\ntwo\r\n0\r\n\r\n');
  const old = await rawAnswer(port, request('1.0'));
  expect(old).not.toMatch(/transfer-encoding/i);
  expect(bodyOf(old)).toBe('one \xe4two');
});

it('a connection serves one request after the other, and none after an answer that ends it', async () => {
  let last = false;
  const { port, connections } = await startBefore((socket) => void socket.on('data', () => socket.write(`HTTP/1.1 200 OK\r\n${last ? 'Connection: close\r\n' : ''}Content-Length: 2\r\n\r\nok`)));
  for (let i = 0; i < 3; i++) expect((await ask(port, { path, body })).text).toBe('ok');
  expect(connections()).toBe(1);
  last = true;
  for (let i = 0; i < 2; i++) expect((await ask(port, { path, body })).text).toBe('ok');
  expect(connections()).toBe(2);
});

it('what comes unasked behind an answer is nobody’s answer', async () => {
  const { port, connections } = await startBefore((socket) => void socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong')));
  for (let i = 0; i < 2; i++) expect((await ask(port, { path, body })).text).toBe('ok');
  expect(connections()).toBe(2);
});

it('a server that answers before it has read the whole request is heard, and its connection is not used again', async () => {
  const { port, ports, connections } = await startBefore((socket) => {
    socket.once('data', () => {
      socket.pause();
      socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\n\r\nlarge');
    });
  });
  const large = JSON.stringify({ model: 'a', messages: [{ role: 'user', content: 'x'.repeat(20_000_000) }] });
  for (let i = 0; i < 2; i++) expect(await ask(port, { path, body: large })).toMatchObject({ status: 413, text: 'large' });
  expect(connections()).toBe(2);
  await until(() => ports.held() === 0);
});

it('an error without end behind a stream that has begun is not waited for', async () => {
  let gone = false;
  const running = await startBefore(
    (socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 500 Odd\r\nContent-Length: 999999\r\n\r\n');
        socket.write('x'.repeat(70_000));
      });
      socket.on('close', () => (gone = true));
    },
    { options: { firstCommentMs: 1 } },
  );
  const go = running.fake.pauseLoads();
  const response = await open(running.port, { path, body: JSON.stringify({ model: 'a', messages: [], stream: true }) });
  const broken = new Promise<void>((resolve) => response.once('error', () => resolve()));
  response.resume();
  go();
  await broken;
  await until(() => gone && running.ports.held() === 0);
});

it('what is under way at the end of Airdock is not sent once more', async () => {
  let asked = 0;
  const { port, gateway, connections } = await startBefore((socket) => void socket.on('data', () => ++asked === 1 && socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')));
  await ask(port, { path, body });
  const second = ask(port, { path, body });
  await until(() => asked === 2);
  gateway.close();
  expect((await second).status).toBe(502);
  expect([asked, connections()]).toEqual([2, 1]);
});
