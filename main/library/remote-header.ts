import type { IncomingMessage } from 'node:http';
import { problem, type Problem } from '../../contract/index.ts';
import type { ByteSource } from '../providers/llama-cpp/gguf/cursor.ts';
import { readGgufFrom, type GgufInfo } from '../providers/llama-cpp/gguf/read.ts';
import { connectionProblem, getUrl, statusProblem } from './http-get.ts';

/** No head of a file that is worth looking at from afar is longer. */
const MOST_BYTES = 64 * 1024 * 1024;
const LIMIT_MS = 60_000;

export interface RemoteFile {
  /** null: not told. */
  bytes: number | null;
  /** null: the size is not told, so that the header cannot be judged. */
  gguf: GgufInfo | null;
}

/** Reads the head of a GGUF file at its address, and drops the connection. */
export async function readRemoteHeader(url: URL, name: string, outer: AbortSignal): Promise<{ ok: true; file: RemoteFile } | { ok: false; problem: Problem }> {
  const signal = AbortSignal.any([outer, AbortSignal.timeout(LIMIT_MS)]);
  const opened = await getUrl(url, { signal, headers: { range: 'bytes=0-' } });
  if (!opened.ok) return opened;
  const { response } = opened;
  try {
    const wrong = statusProblem(opened.url.host, response.statusCode ?? 0);
    if (wrong) return { ok: false, problem: wrong.problem };
    const bytes = sizeOf(response);
    const source = forwards(response);
    if (bytes === null) return (await beginsAsGguf(source)) ? { ok: true, file: { bytes, gguf: null } } : { ok: false, problem: noGguf(url.host) };
    const read = await readGgufFrom(source, bytes, name);
    if (read.ok) return { ok: true, file: { bytes, gguf: read.gguf } };
    return { ok: false, problem: read.problem.message.includes('not a GGUF') ? noGguf(url.host) : problem(read.problem.code, read.problem.message, 'Look for another download of this model.') };
  } catch (error) {
    if (error instanceof TooFar) return { ok: false, problem: problem('bad-file', `The head of ${name} is longer than that of any real model.`) };
    return { ok: false, problem: connectionProblem(url.host, error as NodeJS.ErrnoException, outer).problem };
  } finally {
    response.destroy();
  }
}

export function noGguf(host: string): Problem {
  return problem('bad-file', `What ${host} sends is no GGUF file.`, 'It may be a page about the model: copy the address of its download.');
}

/** Bytes of the whole file, as an answer to a request from its beginning tells. */
export function sizeOf(response: IncomingMessage): number | null {
  const range = /^bytes \d+-\d+\/(\d{1,15})$/.exec(response.headers['content-range'] ?? '')?.[1];
  const told = response.statusCode === 206 ? range : response.headers['content-length'];
  return told !== undefined && /^\d{1,15}$/.test(told) ? Number(told) : null;
}

class TooFar extends Error {}

async function beginsAsGguf(source: ByteSource): Promise<boolean> {
  const head = Buffer.alloc(4);
  return (await source.read(head, 0, 4, 0)).bytesRead === 4 && head.toString('latin1') === 'GGUF';
}

/** What comes over the network as something that can be read forwards. */
function forwards(stream: IncomingMessage): ByteSource {
  const pieces = stream[Symbol.asyncIterator]();
  let kept = Buffer.alloc(0);
  let keptFrom = 0;
  let ended = false;
  return {
    async read(buffer, offset, length, position) {
      if (position < keptFrom) throw new Error('a header is read forwards');
      const waiting: Buffer[] = [];
      let have = keptFrom + kept.length;
      const drop = Math.min(kept.length, position - keptFrom);
      if (drop > 0) waiting.push(kept.subarray(drop));
      else waiting.push(kept);
      keptFrom += drop;
      while (!ended && have < position + length) {
        if (have > MOST_BYTES) throw new TooFar('too far');
        const next: IteratorResult<Buffer> = await pieces.next();
        if (next.done) ended = true;
        else {
          have += next.value.length;
          waiting.push(next.value);
          // What lies before is never asked for again: a long skip must not fill the memory.
          while (waiting.length > 1 && keptFrom + waiting[0]!.length <= position) keptFrom += waiting.shift()!.length;
        }
      }
      kept = Buffer.concat(waiting);
      const from = position - keptFrom;
      return { bytesRead: from < 0 || from > kept.length ? 0 : kept.copy(buffer, offset, from, from + length) };
    },
  };
}
