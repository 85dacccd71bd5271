import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { isModestZstd } from './zstd-frames.ts';

const gunzip = promisify(zlib.gunzip);
const inflate = promisify(zlib.inflate);
const brotli = promisify(zlib.brotliDecompress);

/** zstd is unpacked in pieces, so that what unpacks to too much is noticed before it is there. */
const pieceBytes = 64 * 1024;

/**
 * A readable copy of a packed body, to learn which model it is for; the body itself is passed on as it came.
 * null: it cannot be unpacked, or would become larger than `maxBytes`.
 */
export async function unpack(bytes: Buffer, encoding: string, maxBytes: number): Promise<Buffer | null> {
  const options = { maxOutputLength: maxBytes };
  try {
    switch (encoding.trim().toLowerCase()) {
      case 'zstd':
        return isModestZstd(bytes, maxBytes) ? unpackZstd(bytes, maxBytes) : null;
      case 'gzip':
        return await gunzip(bytes, options);
      case 'deflate':
        return await inflate(bytes, options);
      case 'br':
        return await brotli(bytes, options);
      default:
        return null;
    }
  } catch {
    return null;
  }
}

function unpackZstd(bytes: Buffer, maxBytes: number): Buffer {
  const out: Buffer[] = [];
  let size = 0;
  const stream = new Decompress((piece) => {
    size += piece.length;
    if (size > maxBytes) throw new RangeError('The unpacked body is too large.');
    out.push(Buffer.from(piece));
  });
  for (let at = 0; at < bytes.length; at += pieceBytes) stream.push(bytes.subarray(at, at + pieceBytes), at + pieceBytes >= bytes.length);
  return Buffer.concat(out, size);
}
