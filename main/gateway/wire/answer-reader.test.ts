import http from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRandom } from '../../../test/simulation/random.ts';
import { createAnswerReader, type AnswerHead, type Reading } from './answer-reader.ts';

interface Seen {
  head: AnswerHead | null;
  /** The body, and the pieces in which it came. */
  body: string;
  pieces: string[];
  end: Reading | 'done by close' | 'broken';
}

/** What a reader makes of these reads, after which the server closes the connection. */
function readAll(reads: readonly Buffer[]): Seen {
  const seen: Seen = { head: null, body: '', pieces: [], end: 'more' };
  const reader = createAnswerReader({
    head: (head) => (seen.head = head),
    piece: (bytes, from, to) => void seen.pieces.push(bytes.toString('latin1', from, to)),
  });
  for (const read of reads) if (seen.end === 'more') seen.end = reader.read(read);
  if (seen.end === 'more') seen.end = reader.closed() === 'done' ? 'done by close' : 'broken';
  seen.body = seen.pieces.join('');
  return seen;
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const one = (text: string): Seen => readAll([latin1(text)]);

/** What Node's own client makes of the same bytes; null: an error. */
async function byNode(bytes: Buffer): Promise<{ status: number; headers: string[]; body: string } | null> {
  const server = createServer((socket) => void socket.on('error', () => undefined).once('data', () => socket.end(bytes)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return new Promise((resolve) => {
    const sent = http.request({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, method: 'POST', agent: false }, (incoming) => {
      let body = '';
      incoming.setEncoding('latin1').on('data', (piece: string) => (body += piece));
      incoming.on('error', () => resolve(null));
      incoming.on('end', () => resolve({ status: incoming.statusCode!, headers: incoming.rawHeaders, body }));
    });
    sent.on('error', () => resolve(null));
    sent.on('upgrade', () => resolve(null));
    sent.end();
  });
}

const chunked = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';

describe('an answer', () => {
  it('in chunks: each is a piece', () => {
    expect(one(`${chunked}3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n`)).toMatchObject({
      head: { status: 200, statusText: 'OK', headers: ['Content-Type', 'text/event-stream'], chunked: true },
      body: 'abc0123456789abcdef',
      pieces: ['abc', '0123456789abcdef'],
      end: 'done',
    });
  });

  it('with a length, without a body, and up to the end of the connection', () => {
    expect(one('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc')).toMatchObject({ body: 'abc', end: 'done' });
    expect(one('HTTP/1.1 204 No Content\r\n\r\n')).toMatchObject({ body: '', end: 'done' });
    expect(one('HTTP/1.1 500 \r\n\r\nabc')).toMatchObject({ body: 'abc', end: 'done by close' });
    expect(one('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc')).toMatchObject({ body: 'abc', end: 'broken' });
    expect(one(`${chunked}3\r\nabc\r\n`)).toMatchObject({ body: 'abc', end: 'broken' });
  });

  it('is the last one on its connection where either side says so, or more comes behind it', () => {
    expect(one('HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n').end).toBe('last');
    expect(one('HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n').end).toBe('last');
    expect(one('HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n').end).toBe('done');
    expect(one('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabHTTP').end).toBe('last');
  });

  it('comes after others that only announce it', () => {
    expect(one('HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na')).toMatchObject({ head: { status: 200, headers: ['Content-Length', '1'] }, body: 'a', end: 'done' });
  });

  const none: readonly string[] = [
    'SSH-2.0-x\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    'HTTP/1.1 200 OK\r\nA B: c\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nA : c\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nA: c\r\n d\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nA: c\x00d\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na',
    'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\na',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
    `${chunked}x\r\na\r\n0\r\n\r\n`,
    `${chunked}1\r\nab\r\n0\r\n\r\n`,
    `${chunked}1 2\r\nab\r\n0\r\n\r\n`,
    `HTTP/1.1 200 OK\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`,
  ];
  it.each(none.map((text) => [text.slice(0, 100), text]))('%j is none, as it is none for Node', async (_, text) => {
    const bytes = latin1(text);
    const seen = one(text);
    expect(seen.end).toBe('wrong');
    expect(readAll(Array.from(bytes, (byte) => Buffer.from([byte]))).end).toBe('wrong');
    expect(await byNode(bytes)).toBeNull();
  });

  it('that no server of Node’s could pass on is none either', () => {
    for (const line of ['099 Odd', '200 O\x01K', '2000 OK']) expect(one(`HTTP/1.1 ${line}\r\nContent-Length: 0\r\n\r\n`).end).toBe('wrong');
  });

  it('is read alike however the network cuts it, and as Node reads it', async () => {
    const random = createRandom(11);
    const int = (low: number, high: number): number => low + random.int(high - low + 1);
    for (let round = 0; round < 60; round++) {
      const pieces = Array.from({ length: int(0, 6) }, () => Array.from({ length: int(1, int(1, 3) === 1 ? 300 : 20) }, () => String.fromCharCode(int(0, 255))).join(''));
      const body = pieces.join('');
      const inChunks = int(0, 1) === 1;
      const announced = int(0, 3) === 0 ? 'HTTP/1.1 100 Continue\r\n\r\n' : '';
      const extension = (): string => (int(0, 3) === 0 ? ';a="b c"' : '');
      const size = (length: number): string => (int(0, 1) === 1 ? length.toString(16) : `0${length.toString(16).toUpperCase()}`) + extension();
      const content = inChunks
        ? `Transfer-Encoding: chunked\r\nX-Two:  b \t\r\n\r\n${pieces.map((piece) => `${size(piece.length)}\r\n${piece}\r\n`).join('')}0\r\n${int(0, 1) === 1 ? 'X-After: 1\r\n' : ''}\r\n`
        : `content-LENGTH: ${body.length}\r\nX-Two:  b \t\r\n\r\n${body}`;
      const bytes = latin1(`${announced}HTTP/1.1 200 \r\nKeep-Alive: timeout=5\r\nX-One: \xe4\r\n${content}`);
      const cuts = Array.from({ length: int(0, 12) }, () => int(0, bytes.length)).sort((a, b) => a - b);
      const reads = [0, ...cuts].map((from, i) => bytes.subarray(from, cuts[i] ?? bytes.length)).filter((read) => read.length > 0);
      const whole = readAll([bytes]);
      const seen = readAll(reads);
      expect({ ...seen, pieces: [] }, JSON.stringify(bytes.toString('latin1'))).toEqual({ ...whole, pieces: [] });
      expect(whole.pieces).toEqual(inChunks || body === '' ? pieces : [body]);
      expect([whole.body, whole.end]).toEqual([body, 'done']);
      if (round >= 15) continue;
      const other = await byNode(bytes);
      const ends = (names: readonly string[]): string[] => names.filter((_, i) => !/^(keep-alive|transfer-encoding)$/i.test(names[i - (i % 2)]!));
      expect({ status: whole.head!.status, headers: whole.head!.headers, body: whole.body }).toEqual({ ...other, headers: ends(other!.headers) });
    }
  });
});
