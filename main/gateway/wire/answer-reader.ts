import { isHopByHop } from '../passed-headers.ts';

/*
 * Reads one answer of HTTP/1.1 from the bytes of a connection. Node's own client makes several streams and objects for each request; a
 * gateway that adds little to the first byte has no use for them. As strict as Node's: what is not clearly an answer is none.
 */

export interface AnswerHead {
  status: number;
  statusText: string;
  /** Names and values in turn, as they came, without what belongs to the connection. */
  headers: readonly string[];
  /** Comes in chunks: each is one piece, or several where it came in several. */
  chunked: boolean;
}

export interface AnswerSink {
  head(head: AnswerHead): void;
  /** The next bytes of the body; they are valid only during the call. */
  piece(bytes: Buffer, from: number, to: number): void;
}

/** more: it goes on · done: it is complete, and the connection can take another request · last: it is complete, and the connection can not · wrong: this is no answer. */
export type Reading = 'more' | 'done' | 'last' | 'wrong';

export interface AnswerReader {
  read(bytes: Buffer): Reading;
  /** The server has closed the connection. done: that was the end of the answer. */
  closed(): 'done' | 'broken';
  /** Whether anything has been told of it. */
  begun(): boolean;
}

const mostHeadBytes = 16 * 1024;
/** A chunk's line: its size and whatever extensions a server may add. */
const mostLineBytes = 4 * 1024;
const endOfHead = '\r\n\r\n';

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: (.*))?$/;
const token = /^[\w!#$%&'*+.^`|~-]+$/;
/** All that a line may have is what is printable, the tab, and what is beyond ASCII. */
const unfit = /[^\t\x20-\x7e\x80-\xff]/;

type HeaderKind = 'content-length' | 'transfer-encoding' | 'connection' | 'hop' | 'message';
/** Servers send the same names again and again; whoever invents names must not fill the memory. */
const kinds = new Map<string, HeaderKind>();
const mostKinds = 500;

type State = 'head' | 'length' | 'until-close' | 'chunk-line' | 'chunk' | 'chunk-end' | 'trailers' | 'over';

export function createAnswerReader(sink: AnswerSink): AnswerReader {
  let state: State = 'head';
  let begun = false;
  let reusable = true;
  /** Bytes of the body, or of the chunk, that are still to come. */
  let left = 0;
  /** The beginning of a head or a line whose end has not come yet. */
  let kept = '';

  /** Reads a head from `at`; its end, or -1 where more has to come, or -2 where it is none. */
  function readHead(bytes: Buffer, at: number): number {
    let text: string;
    let next: number;
    const end = kept === '' ? bytes.indexOf(endOfHead, at, 'latin1') : -1;
    if (end !== -1) {
      text = bytes.toString('latin1', at, end);
      next = end + endOfHead.length;
    } else {
      const before = kept.length;
      kept += bytes.toString('latin1', at, Math.min(bytes.length, at + mostHeadBytes + endOfHead.length - before));
      const found = kept.indexOf(endOfHead, Math.max(0, before - endOfHead.length));
      if (found === -1) return kept.length > mostHeadBytes ? -2 : -1;
      text = kept.slice(0, found);
      next = at + found + endOfHead.length - before;
      kept = '';
    }
    if (text.length > mostHeadBytes) return -2;
    return takeHead(text) ? next : -2;
  }

  function takeHead(text: string): boolean {
    const read = text === latest?.text ? latest.head : readHeadText(text);
    if (read === null) return false;
    latest = { text, head: read };
    // Further answers may be told before the answer; a switch to another protocol was asked for by nobody.
    if (read.status < 200) return read.status !== 101;
    reusable = read.reusable;
    left = read.length ?? 0;
    state = read.bare || read.length === 0 ? 'over' : read.chunked ? 'chunk-line' : read.length === null ? 'until-close' : 'length';
    begun = true;
    sink.head(read);
    return true;
  }

  /** A line from `at` that ends with CRLF; its end, or -1 where more has to come, or -2 where it is none. Its text is in `kept`. */
  function readLine(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(10, at);
    kept += bytes.toString('latin1', at, Math.min(end === -1 ? bytes.length : end + 1, at + mostLineBytes + 1));
    if (kept.length > mostLineBytes) return -2;
    if (end === -1) return -1;
    if (!kept.endsWith('\r\n')) return -2;
    kept = kept.slice(0, -2);
    return unfit.test(kept) ? -2 : end + 1;
  }

  /** The size of the chunk whose line begins at `at`, where that is short and complete, as nearly all are: its end. -1: it has to be read with care. */
  function readPlainSize(bytes: Buffer, at: number): number {
    if (kept !== '') return -1;
    let size = 0;
    let next = at;
    for (; next < at + 8 && next < bytes.length; next++) {
      const digit = hexDigit(bytes[next]!);
      if (digit === -1) break;
      size = size * 16 + digit;
    }
    if (next === at || next + 1 >= bytes.length || bytes[next] !== 13 || bytes[next + 1] !== 10) return -1;
    left = size;
    return next + 2;
  }

  function readSize(bytes: Buffer, at: number): number {
    const plain = readPlainSize(bytes, at);
    if (plain !== -1) return plain;
    const next = readLine(bytes, at);
    if (next < 0) return next;
    const size = /^([\da-f]{1,12})[\t ]*(?:;.*)?$/i.exec(kept)?.[1];
    kept = '';
    if (size === undefined) return -2;
    left = Number.parseInt(size, 16);
    return next;
  }

  /** Bytes of the body from `at`, as far as they belong to it. */
  function takeBody(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + left);
    left -= end - at;
    sink.piece(bytes, at, end);
    return end;
  }

  /** One part of the answer from `at`: its end, or -1 where more has to come, or -2 where this is no answer. */
  function readPart(bytes: Buffer, at: number): number {
    switch (state) {
      case 'head':
        return readHead(bytes, at);
      case 'chunk-line': {
        const next = readSize(bytes, at);
        if (next >= 0) state = left === 0 ? 'trailers' : 'chunk';
        return next;
      }
      case 'chunk': {
        const next = takeBody(bytes, at);
        if (left === 0) state = 'chunk-end';
        return next;
      }
      case 'chunk-end': {
        // Nearly always both are there.
        if (kept === '' && bytes[at] === 13 && bytes[at + 1] === 10) {
          state = 'chunk-line';
          return at + 2;
        }
        const next = readLine(bytes, at);
        if (next < 0) return next === -1 && kept !== '\r' ? -2 : next;
        if (kept !== '') return -2;
        state = 'chunk-line';
        return next;
      }
      case 'trailers': {
        const next = readLine(bytes, at);
        if (next < 0) return next;
        if (kept === '') state = 'over';
        kept = '';
        return next;
      }
      case 'length': {
        const next = takeBody(bytes, at);
        if (left === 0) state = 'over';
        return next;
      }
      case 'until-close':
        sink.piece(bytes, at, bytes.length);
        return bytes.length;
      case 'over':
        return -2;
    }
  }

  return {
    read(bytes) {
      let at = 0;
      while (at < bytes.length && state !== 'over') {
        at = readPart(bytes, at);
        if (at === -2) return 'wrong';
        if (at === -1) return 'more';
      }
      if (state !== 'over') return 'more';
      // What comes behind an answer that nobody asked for makes everything after it doubtful.
      return reusable && at === bytes.length ? 'done' : 'last';
    },
    closed: () => (state === 'until-close' || state === 'over' ? 'done' : 'broken'),
    begun: () => begun,
  };
}

interface HeadRead extends AnswerHead {
  /** Of the body; null: not told. */
  length: number | null;
  /** It has no body, whatever it tells. */
  bare: boolean;
  /** The connection can take another request after it. */
  reusable: boolean;
}

/** Within a second a server's heads are mostly the same to the letter. */
let latest: { text: string; head: HeadRead } | null = null;

/** null: it is none. */
function readHeadText(text: string): HeadRead | null {
  const lines = text.split('\r\n');
  const [, minor, code = '', statusText = ''] = statusLine.exec(lines[0]!) ?? [];
  if (minor === undefined || unfit.test(statusText)) return null;
  const status = Number(code);
  const headers: string[] = [];
  let length: string | null = null;
  let coding: string | null = null;
  let connection = '';
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i]!;
    const name = line.slice(0, Math.max(0, line.indexOf(':')));
    const kind = kindOf(name);
    if (kind === null || unfit.test(line)) return null;
    const value = withoutSpace(line, name.length + 1);
    if (kind === 'content-length') {
      // Twice is once too often, whatever it says.
      if (length !== null || !/^\d{1,15}$/.test(value)) return null;
      length = value;
    } else if (kind === 'transfer-encoding') coding = coding === null ? value : `${coding}, ${value}`;
    else if (kind === 'connection') connection += `,${value.toLowerCase()}`;
    if (kind === 'content-length' || kind === 'message') headers.push(name, value);
  }
  if (coding !== null && (length !== null || coding.toLowerCase() !== 'chunked')) return null;
  const bare = status === 204 || status === 304;
  const chunked = !bare && coding !== null;
  const stays = minor === '1' ? !saysConnection(connection, 'close') : saysConnection(connection, 'keep-alive');
  return { status, statusText, headers, chunked, length: length === null ? null : Number(length), bare, reusable: stays && (bare || chunked || length !== null) };
}

/** What a header of this name is about; null: no header has such a name. */
function kindOf(name: string): HeaderKind | null {
  const known = kinds.get(name);
  if (known !== undefined) return known;
  if (!token.test(name)) return null;
  const lower = name.toLowerCase();
  const kind = lower === 'content-length' || lower === 'transfer-encoding' || lower === 'connection' ? lower : isHopByHop(name) ? 'hop' : 'message';
  if (kinds.size < mostKinds) kinds.set(name, kind);
  return kind;
}

function saysConnection(told: string, option: string): boolean {
  return told !== '' && told.split(',').some((one) => one.trim() === option);
}

/** Other spaces than these two are part of a value. */
function withoutSpace(line: string, from: number): string {
  let start = from;
  let end = line.length;
  while (start < end && isSpace(line.charCodeAt(start))) start++;
  while (end > start && isSpace(line.charCodeAt(end - 1))) end--;
  return line.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
