import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { startWeb } from '../../test/web-fixture.ts';

it('requests sent before the answer to the first is there have their turn one after the other, and none without its client', async () => {
  const begun: ServerResponse[] = [];
  const { port, server } = await startWeb();
  server.attach((_request, response, path) => {
    if (path !== '/v1/slow') return false;
    begun.push(response);
    response.on('close', () => closed++);
    return true;
  });
  let closed = 0;
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (piece: string) => (text += piece));
  const one = `POST /v1/slow HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 2\r\n\r\n{}`;
  socket.write(one + one + one);
  await expect.poll(() => begun.length).toBe(1);
  begun[0]!.end('first');
  await expect.poll(() => begun.length).toBe(2);
  begun[1]!.write('second');
  await expect.poll(() => text).toMatch(/first[^]*second/);
  socket.destroy();
  await once(begun[1]!, 'close');
  expect([begun.length, closed]).toEqual([2, 2]);
});
