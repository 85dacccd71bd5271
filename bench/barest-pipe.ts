import http from 'node:http';

/**
 * The least that Node can do between a client and a server whose requests name a model: read the body, parse it, forward it over a
 * kept-alive connection, pipe the answer. A process of its own: `node barest-pipe.js URL`.
 */
const { hostname, port } = new URL(process.argv[2] ?? '');
const agent = new http.Agent({ keepAlive: true, maxFreeSockets: 256 });

const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    JSON.parse(body.toString('utf8'));
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const sent = http.request({ agent, hostname, port, method: request.method, path: request.url, headers }, (incoming) => {
      response.writeHead(incoming.statusCode ?? 502, incoming.headers);
      incoming.pipe(response);
    });
    sent.on('error', () => response.destroy());
    sent.end(body);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as { port: number }).port));
// Nobody is left to answer.
process.on('disconnect', () => process.exit());
