import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { passHead } from './call.ts';

const passed = ['Set-Cookie', 'a=1', 'set-cookie', 'b=2', 'Vary', 'Accept', 'Content-Length', '0'];

it.each([
  ['no headers of its own', {}, ['Accept']],
  ['those of a page, and what lets another origin read', { Vary: 'Origin', 'Access-Control-Allow-Origin': 'http://page.example', 'Referrer-Policy': 'no-referrer' }, ['Origin', 'Accept']],
])('an answer is passed on with all its headers by a server that set %s', async (_, own, vary) => {
  const server = createServer((_request, response) => {
    for (const [name, value] of Object.entries(own)) response.setHeader(name, value);
    passHead(response, 201, 'Just so', passed);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => get({ port: (server.address() as AddressInfo).port, agent: false }, resolve).on('error', reject));
  incoming.resume();
  expect([incoming.statusCode, incoming.statusMessage, incoming.headers['referrer-policy']]).toEqual([201, 'Just so', undefined]);
  expect([incoming.headers['set-cookie'], incoming.headersDistinct['vary'], incoming.headers['content-length']]).toEqual([['a=1', 'b=2'], vary, '0']);
  expect(incoming.headers['access-control-allow-origin']).toBe((own as Record<string, string>)['Access-Control-Allow-Origin']);
});
