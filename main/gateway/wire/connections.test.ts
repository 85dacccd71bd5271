import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createConnections, type ConnectionUser } from './connections.ts';

const nobody: ConnectionUser = { read: () => true, closed: () => undefined };

it('what is not used any more is closed after a while, and what is in use is not', async () => {
  const arrived: Socket[] = [];
  const server = createServer((socket) => void arrived.push(socket.on('error', () => undefined).resume()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const connections = createConnections({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }, 10);
  onTestFinished(() => {
    connections.close();
    server.close();
  });
  const used = connections.take(nobody, false);
  const unused = connections.take(nobody, false);
  await expect.poll(() => arrived.length).toBe(2);
  const left = once(server, 'connection').then(() => true);
  unused.release();
  await expect.poll(() => arrived.filter(({ closed, readableEnded }) => closed || readableEnded).length).toBe(1);
  // The next request does not get the one that was closed.
  connections.take(nobody, false);
  expect(await left).toBe(true);
  used.send('still here', Buffer.alloc(0));
  await expect.poll(() => arrived.some(({ bytesRead }) => bytesRead === 10)).toBe(true);
});
