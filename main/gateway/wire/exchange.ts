import { clearPageHeaders, isOver, passHead, type Call } from '../call.ts';
import { endStreamWith } from '../refuse.ts';
import { breakOff, longestError, settleOnce, staleMs, type Forwarded } from '../forwarded.ts';
import { createAnswerReader, type AnswerHead, type Reading } from './answer-reader.ts';
import type { Connection, Connections } from './connections.ts';

export interface WireRequest {
  /** With the empty line at its end. */
  head: string;
  body: Buffer;
  /** The server has the request and answers it: its body is not needed any more. */
  taken?: (() => void) | undefined;
}

/** How the pieces reach the client: as chunks made here (`frame`), as Node writes them, or all together as the last event of a stream that has begun. */
type Way = 'frames' | 'plain' | 'gather';

const none = Buffer.alloc(0);
const lastFrame = '0\r\n\r\n';
/** A head and a first piece up to this size go out as one string. */
const smallBytes = 4 * 1024;

/** Pieces of the read under way, beginnings and ends in turn; nothing of it outlasts the read. */
const cuts: number[] = [];

/** Sends a request over one of the connections and passes the answer back as it comes. */
export function exchange(call: Call, connections: Connections, request: WireRequest): Promise<Forwarded> {
  const { response } = call;
  return new Promise((resolve) => {
    if (isOver(call)) return resolve({ kind: 'gone' });
    let connection: Connection;
    let heard = false;
    let written = false;
    let status = 0;
    let way: Way = 'frames';
    let gathered = '';
    const began = performance.now();

    const { settle, settled } = settleOnce(response, resolve, () => connection.destroy());
    const fail = (detail: string): void => {
      connection.destroy();
      if (settled()) return;
      if (!reader.begun()) return settle({ kind: 'unreachable', detail });
      settle({ kind: 'broken' });
      breakOff(response);
    };

    function head({ status: told, statusText, headers, chunked }: AnswerHead): void {
      status = told;
      request.body = none;
      request.taken?.();
      if (response.headersSent) {
        // The stream was begun while its client waited: what is not part of it can only be its last event.
        way = status < 300 ? 'plain' : 'gather';
        return;
      }
      // An older client knows no chunks, and an answer with a length has none.
      way = chunked && call.request.httpVersion === '1.1' ? 'frames' : 'plain';
      passHead(response, status, statusText, way === 'frames' ? [...headers, 'Transfer-Encoding', 'chunked'] : [...headers]);
      if (way === 'frames') response.chunkedEncoding = false;
    }

    function piece(bytes: Buffer, from: number, to: number): void {
      if (way !== 'gather') cuts.push(from, to);
      else gathered += bytes.toString('latin1', from, to);
    }

    /** Writes the pieces of one read. False: the client is not to be sent more at present. */
    function write(bytes: Buffer, last: boolean): boolean {
      if (cuts.length === 0 && !(last && way === 'frames')) return true;
      if (way === 'plain') {
        let goesOn = true;
        for (let i = 0; i < cuts.length; i += 2) goesOn = response.write(Buffer.from(bytes.subarray(cuts[i], cuts[i + 1])));
        return goesOn;
      }
      const framed = frame(bytes, last);
      const together = !written && framed.length <= smallBytes;
      written = true;
      return together ? response.write(framed.toString('latin1'), 'latin1') : response.write(framed);
    }

    function finish(): void {
      if (way !== 'gather') response.end();
      else endStreamWith(call, Buffer.from(gathered, 'latin1').toString('utf8').trim().replaceAll('\n', ' '));
      settle({ kind: 'answered', status });
    }

    const reader = createAnswerReader({ head, piece });

    /** Thrown from here, whatever Node refuses to pass on would end the process. */
    function readSafely(bytes: Buffer): Reading {
      try {
        return reader.read(bytes);
      } catch (error) {
        response.statusMessage = '';
        clearPageHeaders(response);
        settle({ kind: 'unreachable', detail: error instanceof Error ? error.message : String(error) });
        return 'wrong';
      }
    }

    function read(bytes: Buffer): boolean {
      heard = true;
      cuts.length = 0;
      const begunBefore = reader.begun();
      const reading = readSafely(bytes);
      // What is too long for the last event of a stream is not waited for either.
      if (reading === 'wrong' || gathered.length > longestError) {
        if (reader.begun() && !settled()) write(bytes, false);
        fail('no answer that HTTP knows');
        return true;
      }
      const over = reading !== 'more';
      const goesOn = write(bytes, over);
      if (over) {
        if (reading === 'done') connection.release();
        else connection.destroy();
        finish();
        return true;
      }
      // Headers that come before the first piece of the body are not kept back for it.
      if (!begunBefore && reader.begun() && cuts.length === 0 && way !== 'gather') response.flushHeaders();
      if (!goesOn) response.once('drain', connection.resume);
      return goesOn;
    }

    function closed(error: NodeJS.ErrnoException | null): void {
      if (settled()) return;
      if (reader.begun() && error === null && reader.closed() === 'done') return finish();
      const code = error === null ? 'ECONNRESET' : (error.code ?? error.message);
      const stale = !heard && connection.reused && (code === 'ECONNRESET' || code === 'EPIPE') && performance.now() - began < staleMs;
      if (stale) return attempt(true);
      fail(code);
    }

    function attempt(anew: boolean): void {
      connection = connections.take({ read, closed }, anew);
      connection.send(request.head, request.body);
    }

    attempt(false);
  });
}

/** The pieces of a read as chunks, each as it came: Node would write each in four parts. `last`: with the end of them all. */
function frame(bytes: Buffer, last: boolean): Buffer {
  let size = last ? lastFrame.length : 0;
  for (let i = 0; i < cuts.length; i += 2) {
    const length = cuts[i + 1]! - cuts[i]!;
    size += digitsOf(length) + 2 + length + 2;
  }
  const out = Buffer.allocUnsafe(size);
  let at = 0;
  for (let i = 0; i < cuts.length; i += 2) {
    const length = cuts[i + 1]! - cuts[i]!;
    const digits = digitsOf(length);
    for (let digit = digits - 1, rest = length; digit >= 0; digit--, rest >>>= 4) out[at + digit] = hexDigits.charCodeAt(rest & 15);
    at = lineEnd(out, at + digits);
    at += bytes.copy(out, at, cuts[i], cuts[i + 1]);
    at = lineEnd(out, at);
  }
  if (last) out.write(lastFrame, at, 'latin1');
  return out;
}

const hexDigits = '0123456789abcdef';

function digitsOf(length: number): number {
  let digits = 1;
  for (let rest = length >>> 4; rest > 0; rest >>>= 4) digits++;
  return digits;
}

function lineEnd(out: Buffer, at: number): number {
  out[at] = 13;
  out[at + 1] = 10;
  return at + 2;
}
