/** A header that is not what it should be; never leaves the gguf folder. */
export class MalformedGguf extends Error {
  override readonly name = 'MalformedGguf';
}

/** Where a header is read from: a file, or what comes over the network. Reads go forward; each may begin a little before the end of the last. */
export interface ByteSource {
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
}

/** Reads forward through a file in chunks, with a bound on how far. Errors: `MalformedGguf` where the file ends early. */
export interface Cursor {
  /** Where the next value begins. */
  position(): number;
  /** Bytes from here to the end of the file. */
  remaining(): number;
  /** Makes at least `bytes` of contiguous bytes readable. */
  need(bytes: number): Promise<void>;
  /** Bytes that can be read without `need`. */
  buffered(): number;
  /** Moves on without looking; outside the buffer nothing is read. */
  skip(bytes: number): void;
  uint8(): number;
  uint32(): number;
  /** As a number; beyond 2^53 the file is malformed. */
  uint64(): number;
  number(type: NumberType): number;
  text(bytes: number): string;
}

export type NumberType = 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'float32' | 'uint64' | 'int64' | 'float64';

const CHUNK = 256 * 1024;

/** `limit`: no header reaches further than this; bounds the time that a hostile file can take. */
export function createCursor(handle: ByteSource, fileSize: number, limit: number): Cursor {
  let chunk: Buffer = Buffer.alloc(0);
  let chunkStart = 0;
  let at = 0;
  const spare = Buffer.allocUnsafe(CHUNK);

  const end = () => chunkStart + chunk.length;
  const take = (bytes: number): number => {
    const offset = at - chunkStart;
    if (offset < 0 || offset + bytes > chunk.length) throw new MalformedGguf('its header could not be read');
    at += bytes;
    return offset;
  };

  return {
    position: () => at,
    remaining: () => fileSize - at,
    buffered: () => Math.max(0, end() - at),

    async need(bytes) {
      if (at >= chunkStart && end() - at >= bytes) return;
      if (at + bytes > fileSize) throw new MalformedGguf('it ends in the middle of its header');
      if (at + bytes > limit || bytes > CHUNK) throw new MalformedGguf('its header is larger than any real one');
      const { bytesRead } = await handle.read(spare, 0, CHUNK, at);
      if (bytesRead < bytes) throw new MalformedGguf('it ends in the middle of its header');
      chunk = spare.subarray(0, bytesRead);
      chunkStart = at;
    },

    skip(bytes) {
      if (bytes > fileSize - at) throw new MalformedGguf('it ends in the middle of its header');
      at += bytes;
      if (at > limit) throw new MalformedGguf('its header is larger than any real one');
    },

    uint8: () => chunk.readUInt8(take(1)),
    uint32: () => chunk.readUInt32LE(take(4)),

    uint64() {
      const offset = take(8);
      const high = chunk.readUInt32LE(offset + 4);
      if (high > 0x1fffff) throw new MalformedGguf('it holds numbers that cannot be right');
      return high * 0x1_0000_0000 + chunk.readUInt32LE(offset);
    },

    number(type) {
      switch (type) {
        case 'uint8':
          return chunk.readUInt8(take(1));
        case 'int8':
          return chunk.readInt8(take(1));
        case 'uint16':
          return chunk.readUInt16LE(take(2));
        case 'int16':
          return chunk.readInt16LE(take(2));
        case 'uint32':
          return chunk.readUInt32LE(take(4));
        case 'int32':
          return chunk.readInt32LE(take(4));
        case 'float32':
          return chunk.readFloatLE(take(4));
        case 'uint64':
          return Number(chunk.readBigUInt64LE(take(8)));
        case 'int64':
          return Number(chunk.readBigInt64LE(take(8)));
        case 'float64':
          return chunk.readDoubleLE(take(8));
      }
    },

    text(bytes) {
      const offset = take(bytes);
      return chunk.toString('utf8', offset, offset + bytes);
    },
  };
}
