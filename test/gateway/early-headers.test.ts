import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { open, startGateway } from './fixture.ts';

it('headers that come long before the first piece are passed on at once', async () => {
  const answers: ServerResponse[] = [];
  const server = createServer((request, response) => {
    answers.push(response);
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port, ports } = await startGateway();
  ports.models.backendOf = () => ({ kind: 'server', dialect: 'ollama', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, headers: {} });
  // Resolves with the headers: nothing else has been sent yet.
  const response = await open(port, { path: '/v1/chat/completions', body: { model: 'a', messages: [] } });
  expect(response.headers['content-type']).toBe('text/event-stream');
  answers[0]!.end('data: [DONE]\n\n');
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += piece as string;
  expect(text).toBe('data: [DONE]\n\n');
});
