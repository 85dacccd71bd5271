/** Windows that every packer may use, however little it packs (RFC 8878 asks readers for as much). */
const commonWindow = 8 * 1024 * 1024;

/**
 * Whether unpacking a zstd body takes no more memory than `maxBytes` or what is common. A few bytes can ask for a window of
 * gigabytes, and the reader gives it before it looks at the rest; so all frame headers are looked at first.
 */
export function isModestZstd(bytes: Buffer, maxBytes: number): boolean {
  const most = Math.max(maxBytes, commonWindow);
  let at = 0;
  while (at < bytes.length) {
    if (at + 8 > bytes.length) return false;
    const magic = bytes.readUInt32LE(at);
    if (magic >>> 4 === 0x184d2a5) {
      at += 8 + bytes.readUInt32LE(at + 4);
      continue;
    }
    if (magic !== 0xfd2fb528) return false;
    const header = readHeader(bytes, at + 4);
    if (header === null || header.window > most) return false;
    const end = endOfBlocks(bytes, header.end);
    if (end === null) return false;
    at = end + (header.checksum ? 4 : 0);
  }
  return at === bytes.length;
}

function readHeader(bytes: Buffer, at: number): { window: number; checksum: boolean; end: number } | null {
  const flags = bytes[at]!;
  const single = (flags & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][flags & 3]!;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][flags >> 6]!;
  const sizeAt = at + 1 + (single ? 0 : 1) + dictionary;
  const end = sizeAt + sizeBytes;
  if (end > bytes.length) return null;
  const checksum = (flags & 4) !== 0;
  if (!single) {
    const descriptor = bytes[at + 1]!;
    const base = 2 ** (10 + (descriptor >> 3));
    return { window: base + (base / 8) * (descriptor & 7), checksum, end };
  }
  const size = sizeBytes === 8 ? Number(bytes.readBigUInt64LE(sizeAt)) : bytes.readUIntLE(sizeAt, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
  return { window: size, checksum, end };
}

function endOfBlocks(bytes: Buffer, from: number): number | null {
  for (let at = from; at + 3 <= bytes.length; ) {
    const head = bytes.readUIntLE(at, 3);
    // Of a block that repeats one byte, only that byte is there.
    at += 3 + (((head >> 1) & 3) === 1 ? 1 : head >> 3);
    if (at > bytes.length) return null;
    if (head & 1) return at;
  }
  return null;
}
