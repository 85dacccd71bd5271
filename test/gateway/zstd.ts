/** A valid zstd frame of raw blocks: the engines Airdock runs on have no packer for it, and its readers need not care. */
export function zstdCompress(text: string): Buffer {
  const bytes = Buffer.from(text);
  // Magic, a frame header with the content's size in four bytes and a single segment.
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]);
  header.writeUInt32LE(bytes.length, 5);
  const blocks: Buffer[] = [];
  const most = 64 * 1024;
  for (let at = 0; at === 0 || at < bytes.length; at += most) {
    const piece = bytes.subarray(at, at + most);
    const last = at + most >= bytes.length ? 1 : 0;
    const size = Buffer.alloc(3);
    size.writeUIntLE((piece.length << 3) | last, 0, 3);
    blocks.push(size, piece);
  }
  return Buffer.concat([header, ...blocks]);
}

/** A frame of a few bytes that unpacks to `count` zeros between two texts. */
export function zstdBomb(before: string, count: number, after: string): Buffer {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]);
  header.writeUInt32LE(before.length + count + after.length, 5);
  const raw = 0;
  const repeated = 1;
  const block = (kind: number, size: number, last: boolean, content: string): Buffer => {
    const head = Buffer.alloc(3);
    head.writeUIntLE((size << 3) | (kind << 1) | (last ? 1 : 0), 0, 3);
    return Buffer.concat([head, Buffer.from(content)]);
  };
  return Buffer.concat([header, block(raw, before.length, false, before), block(repeated, count, false, '0'), block(raw, after.length, true, after)]);
}
