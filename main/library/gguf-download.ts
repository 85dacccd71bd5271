import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { problem, type Problem } from '../../contract/index.ts';
import { readGguf } from '../providers/llama-cpp/gguf/read.ts';
import { diskProblem, SPARE_BYTES, type FreeDisk } from './disk.ts';
import { connectionProblem, getUrl, statusProblem } from './http-get.ts';
import { noGguf, sizeOf } from './remote-header.ts';

export interface GgufDownload {
  url: URL;
  /** Where it goes; made if need be. */
  folder: string;
  fileName: string;
  signal: AbortSignal;
  freeDisk: FreeDisk;
  onProgress(progress: { doneBytes: number; totalBytes: number | null; checking: boolean }): void;
  /** Waits between attempts after a lost connection, ms; each byte that comes begins them anew. */
  retryMs?: readonly number[];
  silenceMs?: number;
}

/** `kept`: what has come lies there, and a later download of the same address goes on from it. */
export type GgufDownloadResult = { ok: true; file: string; sha256: string; bytes: number } | { ok: false; problem: Problem; kept: boolean };

/** A server that does not tell how much comes may never end: the disk is looked at again after so many bytes. */
const LOOK_AT_DISK_BYTES = 16 * 1024 * 1024;

const retries = [1_000, 3_000, 10_000, 30_000];
const notesSchema = z.object({ url: z.string(), validator: z.string().nullable(), totalBytes: z.number().nullable() });
export type PartNotes = z.infer<typeof notesSchema>;

export const partOf = (file: string): string => `${file}.part`;
const notesOf = (file: string): string => `${file}.part.json`;

/** What an earlier download has noted beside its half of a file; null: nothing that can be used. */
export async function readNotes(file: string): Promise<PartNotes | null> {
  try {
    return notesSchema.parse(JSON.parse(await readFile(notesOf(file), 'utf8')));
  } catch {
    return null;
  }
}

export async function removePart(file: string): Promise<void> {
  await Promise.all([rm(partOf(file), { force: true }), rm(notesOf(file), { force: true })]);
}

/**
 * Downloads a file into `folder`: into `.part`, which becomes the file in one step when all of it is here and its header makes
 * sense. A lost connection goes on where it was, where the server still has the same file; another file is begun anew. Never rejects.
 */
export async function downloadGguf(wish: GgufDownload): Promise<GgufDownloadResult> {
  const file = path.join(wish.folder, wish.fileName);
  const waits = wish.retryMs ?? retries;
  try {
    await mkdir(wish.folder, { recursive: true });
    const taken = await takenProblem(file);
    if (taken) return gone(taken);
    for (let attempt = 0; ; attempt++) {
      const before = await sizeOn(partOf(file));
      const result = await attemptOnce(wish, file);
      if (result.ok || !result.lost) return await settle(result, file);
      if ((await sizeOn(partOf(file))) > before) attempt = 0;
      const wait = waits[attempt];
      if (wait === undefined) return { ok: false, problem: result.problem, kept: (await sizeOn(partOf(file))) > 0 };
      await delay(wait, undefined, { signal: wish.signal });
    }
  } catch (error) {
    if (wish.signal.aborted) return { ok: false, problem: problem('cancelled', 'The download was stopped.'), kept: (await sizeOn(partOf(file))) > 0 };
    await removePart(file).catch(() => undefined);
    return gone(writeProblem(wish.fileName, error));
  }
}

type Attempt = { ok: true; sha256: string; bytes: number } | { ok: false; lost: boolean; keep?: boolean; problem: Problem };

/** Nothing in Airdock's folder is written over. */
export async function takenProblem(file: string): Promise<Problem | null> {
  const there = await stat(file).then(() => true, () => false);
  return there ? problem('bad-request', `${path.basename(file)} is in Airdock's folder already.`, 'Delete it first, or give the new file another name.') : null;
}

const gone = (why: Problem): GgufDownloadResult => ({ ok: false, problem: why, kept: false });

async function settle(result: Attempt, file: string): Promise<GgufDownloadResult> {
  if (result.ok) return { ok: true, file, sha256: result.sha256, bytes: result.bytes };
  if (result.problem.code === 'cancelled' || result.keep) return { ok: false, problem: result.problem, kept: (await sizeOn(partOf(file))) > 0 };
  // What is refused for good leaves nothing behind.
  await removePart(file);
  return gone(result.problem);
}

async function attemptOnce(wish: GgufDownload, file: string): Promise<Attempt> {
  const { url, fileName, signal, freeDisk, onProgress } = wish;
  const notes = await readNotes(file);
  const had = notes !== null && notes.url === url.href && notes.validator !== null ? await sizeOn(partOf(file)) : 0;
  // Before the server is asked: its connection would count as lost while gigabytes are read.
  const kept = createHash('sha256');
  if (had > 0) await hashFile(partOf(file), kept, signal);
  const headers: Record<string, string> = had > 0 && notes?.validator ? { range: `bytes=${had}-`, 'if-range': notes.validator } : {};
  const opened = await getUrl(url, { signal, headers, ...(wish.silenceMs === undefined ? {} : { silenceMs: wish.silenceMs }) });
  if (!opened.ok) return opened;
  const { response } = opened;
  const { host } = opened.url;
  try {
    const status = response.statusCode ?? 0;
    // Nothing lies behind what is here: it is whole already, or was another file.
    if (status === 416 && had > 0) {
      await removePart(file);
      return { ok: false, lost: true, problem: problem('download-failed', `${host} no longer has the rest of ${fileName}.`, 'Try again: it begins anew.') };
    }
    const wrong = statusProblem(host, status);
    if (wrong) return { ok: false, ...wrong };
    const from = status === 206 ? startOf(response) : 0;
    if (from !== 0 && from !== had) return { ok: false, lost: false, problem: problem('download-failed', `${host} sends another part of ${fileName} than the one that was asked for.`) };
    const totalBytes = sizeOf(response);
    const full = diskProblem(fileName, totalBytes === null ? null : totalBytes - from, await freeDisk(wish.folder));
    // Hours of downloading are not thrown away for that: room can be made.
    if (full) return { ok: false, lost: false, keep: from > 0, problem: full };
    // First what is old: bytes of one file beside the notes of another would be taken for its beginning.
    if (from === 0) await rm(partOf(file), { force: true });
    await writeFile(notesOf(file), JSON.stringify({ url: url.href, validator: validatorOf(response), totalBytes } satisfies PartNotes), { mode: 0o600 });

    const hash = from > 0 ? kept : createHash('sha256');
    const handle = await open(partOf(file), from > 0 ? 'a' : 'w');
    let done = from;
    try {
      done = await receive({ response, handle, hash, from, totalBytes, fileName, host, signal, diskFree: () => freeDisk(wish.folder), onProgress: (doneBytes) => onProgress({ doneBytes, totalBytes, checking: false }) });
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (totalBytes !== null && done < totalBytes) throw new LostConnection();
    onProgress({ doneBytes: done, totalBytes, checking: true });
    return await finish(file, fileName, done, hash.digest('hex'));
  } catch (error) {
    if (error instanceof Refused) return { ok: false, lost: false, problem: error.why };
    if (isWriteError(error)) throw error;
    return { ok: false, ...connectionProblem(host, error as NodeJS.ErrnoException, signal) };
  } finally {
    response.destroy();
  }
}

/** The header is read once more, from the disk: what is not a model that can be read must not get its name. */
async function finish(file: string, fileName: string, bytes: number, sha256: string): Promise<Attempt> {
  const header = await readGguf(partOf(file));
  if (!header.ok) return { ok: false, lost: false, problem: { ...header.problem, message: header.problem.message.replaceAll(`${fileName}.part`, fileName) } };
  await rename(partOf(file), file);
  await rm(notesOf(file), { force: true });
  return { ok: true, sha256, bytes };
}

/** What is refused for good, with its reason. */
export class Refused extends Error {
  readonly why: Problem;
  constructor(why: Problem) {
    super(why.message);
    this.why = why;
  }
}
class LostConnection extends Error {
  readonly code = 'ECONNRESET';
}

interface Receiving {
  response: IncomingMessage;
  handle: FileHandle;
  hash: Hash;
  from: number;
  totalBytes: number | null;
  fileName: string;
  host: string;
  signal: AbortSignal;
  diskFree(): Promise<number | null>;
  onProgress(doneBytes: number): void;
}

async function receive({ response, handle, hash, from, totalBytes, fileName, host, signal, diskFree, onProgress }: Receiving): Promise<number> {
  let done = from;
  let lookAt = from + LOOK_AT_DISK_BYTES;
  let head = from > 0 ? null : Buffer.alloc(0);
  for await (const piece of response) {
    signal.throwIfAborted();
    const chunk = piece as Buffer;
    // Known by its first four bytes, before gigabytes of something else lie on the disk.
    if (head !== null) {
      head = Buffer.concat([head, chunk.subarray(0, 4)]).subarray(0, 4);
      if (head.length === 4 && head.toString('latin1') !== 'GGUF') throw new Refused(noGguf(host));
      if (head.length === 4) head = null;
    }
    if (totalBytes !== null && done + chunk.length > totalBytes) throw new Refused(problem('download-failed', `${host} sends more than the ${totalBytes} bytes that it has told of.`));
    hash.update(chunk);
    await handle.appendFile(chunk);
    done += chunk.length;
    if (totalBytes === null && done >= lookAt) {
      lookAt = done + LOOK_AT_DISK_BYTES;
      if (((await diskFree()) ?? Infinity) < SPARE_BYTES) throw new Refused(fullProblem(fileName));
    }
    onProgress(done);
  }
  return done;
}

/** What tells whether it is still the same file: a strong ETag, else the time of its last change. */
function validatorOf({ headers }: IncomingMessage): string | null {
  const { etag } = headers;
  if (etag !== undefined && /^"[^"\r\n]{1,500}"$/.test(etag)) return etag;
  const changed = headers['last-modified'];
  return changed !== undefined && !Number.isNaN(Date.parse(changed)) ? changed : null;
}

function startOf(response: IncomingMessage): number {
  return Number(/^bytes (\d{1,15})-\d+\/(?:\d+|\*)$/.exec(response.headers['content-range'] ?? '')?.[1] ?? -1);
}

async function hashFile(file: string, hash: Hash, signal: AbortSignal): Promise<void> {
  for await (const piece of createReadStream(file, { signal })) hash.update(piece as Buffer);
}

function sizeOn(file: string): Promise<number> {
  return stat(file).then(({ size }) => size, () => 0);
}

const writeCodes = new Set(['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EIO', 'EFBIG', 'ENOENT', 'ENAMETOOLONG', 'EMFILE', 'EISDIR']);

function isWriteError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && writeCodes.has(error.code);
}

const fullProblem = (name: string): Problem => problem('disk-full', `The disk became full while ${name} was written; nothing half-written was left behind.`, 'Free some disk space and try again.');

/** A file that could not be written, in a sentence. */
export function writeProblem(name: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return fullProblem(name);
  if (code === 'EFBIG') return problem('bad-folder', `${name} is larger than the disk's file system takes.`, 'Move the data folder to another disk.');
  return problem('bad-folder', `${name} could not be written (${code}).`, 'Check that the data folder may be written to.');
}
