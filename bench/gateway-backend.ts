import http from 'node:http';
import { startFakeOllama, type FakeModel } from '../test/fakes/ollama/index.ts';

/**
 * The server behind everything that `gateway` compares, in a process of its own. It is a fake Ollama, with a bare source of tokens
 * before it: the fake answers one request per model at a time, each token from a timer, which is right for an Ollama and too slow for
 * a load. What streams is answered by the source; everything else (lists, loads, unloads) goes to the fake.
 */

/** What an order for tokens looks like: fields of an OpenAI request's body, one of which no server knows. */
export interface TokenOrder {
  max_tokens: number;
  /** 0: as fast as they are taken. */
  tokens_per_second: number;
}

/** Sent to the parent process at the start. After that, any message is answered with the number of loads that have been begun. */
export interface BackendAddresses {
  /** Tokens and the fake's other routes. */
  source: string;
  /** The fake alone. */
  ollama: string;
}

export interface BackendOptions {
  models: readonly FakeModel[];
  unloadMs: number;
  maxLoaded: number;
}

/** In the form in which Ollama's /v1 gives them. */
const chunk = Buffer.from(
  'data: {"id":"chatcmpl-417","object":"chat.completion.chunk","created":1763890123,"model":"bench","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":" token"},"finish_reason":null}]}\n\n',
);
const lastChunk = Buffer.from('data: [DONE]\n\n');

const options = JSON.parse(process.argv[2] ?? '') as BackendOptions;
const fake = await startFakeOllama({ version: '0.24', models: [...options.models], unloadMs: options.unloadMs, maxLoaded: options.maxLoaded, maxQueue: 2_000, tokensPerSecond: 1_000, answerTokens: 1 });
const agent = new http.Agent({ keepAlive: true });

const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (piece: Buffer) => chunks.push(piece));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const order = request.url === '/v1/chat/completions' ? (JSON.parse(body.toString('utf8')) as TokenOrder) : null;
    if (order) stream(response, order);
    else passToFake(request, response, body);
  });
});

function stream(response: http.ServerResponse, { max_tokens: count, tokens_per_second: rate }: TokenOrder): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  let sent = 0;
  const began = performance.now();
  // A token per turn of the event loop: servers write each one as it comes, and many streams share the turns.
  const next = (): void => {
    if (response.destroyed) return;
    if (sent++ === count) return void response.end(lastChunk);
    const taken = response.write(chunk);
    if (rate > 0) setTimeout(next, Math.max(0, began + (sent * 1000) / rate - performance.now()));
    else if (taken) setImmediate(next);
    else response.once('drain', next);
  };
  next();
}

function passToFake(request: http.IncomingMessage, response: http.ServerResponse, body: Buffer): void {
  const { method, url: path, headers } = request;
  const sent = http.request({ agent, host: '127.0.0.1', port: fake.port, method, path, headers: { ...headers, host: `127.0.0.1:${fake.port}` } }, (incoming) => {
    response.writeHead(incoming.statusCode ?? 502, incoming.rawHeaders);
    incoming.pipe(response);
  });
  sent.on('error', () => response.destroy());
  response.on('close', () => sent.destroy());
  sent.end(body);
}

server.listen(0, '127.0.0.1', () => process.send?.({ source: `http://127.0.0.1:${(server.address() as { port: number }).port}`, ollama: fake.url } satisfies BackendAddresses));
process.on('message', () => process.send?.(fake.loadsStarted.length));
// Nobody is left to answer.
process.on('disconnect', () => process.exit());
