import { stat } from 'node:fs/promises';
import path from 'node:path';
import { getUrl, statusProblem } from './http-get.ts';
import { sizeOf } from './remote-header.ts';

/** Asking for the size of each part of a model that is split further takes longer than it helps, as does a server that is slow to tell. */
const MOST_ASKED = 40;
const LIMIT_MS = 15_000;

/**
 * Bytes of all parts of a split model together: of those that are here by the disk, of the others by their addresses.
 * null: some address does not tell, which is no reason not to try. Rejects only when `signal` is aborted.
 */
export async function totalOf(files: readonly { fileName: string; url: URL }[], folder: string, signal: AbortSignal, limitMs = LIMIT_MS): Promise<number | null> {
  if (files.length > MOST_ASKED) return null;
  const asking = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  let total = 0;
  for (const { fileName, url } of files) {
    const bytes = (await stat(path.join(folder, fileName)).then(({ size }) => size, () => null)) ?? (await remoteSize(url, asking));
    signal.throwIfAborted();
    if (bytes === null) return null;
    total += bytes;
  }
  return total;
}

async function remoteSize(url: URL, signal: AbortSignal): Promise<number | null> {
  const opened = await getUrl(url, { signal, headers: { range: 'bytes=0-' } });
  if (!opened.ok) return null;
  const { response } = opened;
  const bytes = statusProblem(opened.url.host, response.statusCode ?? 0) ? null : sizeOf(response);
  response.destroy();
  return bytes;
}
