import http from 'node:http';

export interface Answered {
  status: number;
  /** From the order to send until the first byte of the answer's body, and until its end, ms. */
  firstMs: number;
  totalMs: number;
  bytes: number;
  /** The whole answer, where it was asked for. */
  text: string;
}

const agents = new Map<string, http.Agent>();

/** One request over a kept-alive connection, as a client sends it whose library wants some key. Rejects where no whole answer comes. */
export async function ask(url: string, path: string, body: unknown, options: { keepText?: boolean } = {}): Promise<Answered> {
  // A server closes a connection that was idle for seconds, and that may cross with the request: libraries try once more, too.
  return (await askOnce(url, path, body, options)) ?? (await askOnce(url, path, body, options)) ?? Promise.reject(new Error(`${url} closes its connections.`));
}

/** null: the connection was an old one and was closed. */
function askOnce(url: string, path: string, body: unknown, { keepText = false }: { keepText?: boolean }): Promise<Answered | null> {
  let agent = agents.get(url);
  if (!agent) agents.set(url, (agent = new http.Agent({ keepAlive: true, maxFreeSockets: 2_000 })));
  const { hostname, port } = new URL(url);
  const bytes = Buffer.from(JSON.stringify(body));
  const headers = { 'content-type': 'application/json', 'content-length': bytes.length, authorization: 'Bearer none', 'user-agent': 'bench/1.0' };
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let firstMs = Number.NaN;
    let size = 0;
    const kept: Buffer[] = [];
    const sent = http.request({ agent, hostname, port, method: 'POST', path, headers }, (incoming) => {
      incoming.on('data', (chunk: Buffer) => {
        if (size === 0) firstMs = performance.now() - began;
        size += chunk.length;
        if (keepText) kept.push(chunk);
      });
      incoming.on('error', reject);
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, firstMs, totalMs: performance.now() - began, bytes: size, text: Buffer.concat(kept).toString('utf8') }));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => (sent.reusedSocket && Number.isNaN(firstMs) && error.code === 'ECONNRESET' ? resolve(null) : reject(error)));
    sent.end(bytes);
  });
}

/** The same, where anything but success is a fault of the benchmark. */
export async function askWell(...request: Parameters<typeof ask>): Promise<Answered> {
  const answer = await ask(...request);
  if (answer.status !== 200) throw new Error(`${request[0]}${request[1]} answered ${answer.status}.`);
  return answer;
}

/** Ends the connections, so that the next measurement begins with none. */
export function hangUp(): void {
  for (const agent of agents.values()) agent.destroy();
  agents.clear();
}
