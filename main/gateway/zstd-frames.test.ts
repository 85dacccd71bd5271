import { describe, expect, it } from 'vitest';
import { zstdBomb, zstdCompress } from '../../test/gateway/zstd.ts';
import { unpack } from './decode.ts';
import { isModestZstd } from './zstd-frames.ts';

const mb = 1024 * 1024;
const frame = zstdCompress('{"model":"a"}');
const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2]);
/** The header of a frame that needs so much, then an empty last block. */
const claimOfSize = (size: number): Buffer => Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xe0]), bytesOf(BigInt(size)), Buffer.from([1, 0, 0])]);
const claimOfWindow = (descriptor: number): Buffer => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, descriptor, 1, 0, 0]);

function bytesOf(size: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(size);
  return bytes;
}

describe('what unpacking a zstd body would take', () => {
  it('is modest for real frames, one or several', async () => {
    for (const body of [frame, Buffer.concat([frame, frame]), Buffer.concat([skippable, frame]), zstdBomb('', 100_000, ''), zstdCompress('x'.repeat(200_000))]) expect(isModestZstd(body, mb)).toBe(true);
    // Windows are what packers ask for by default, however small the limit: 1 kB, 2 MB, 8 MB.
    for (const descriptor of [0, 11 << 3, 13 << 3]) expect(isModestZstd(claimOfWindow(descriptor), 1000)).toBe(true);
    expect((await unpack(Buffer.concat([frame, frame]), 'zstd', mb))?.toString()).toBe('{"model":"a"}{"model":"a"}');
  });

  it('is not for a few bytes that claim gigabytes, wherever they stand', async () => {
    for (const claim of [claimOfSize(2 ** 30), claimOfSize(9 * mb), claimOfWindow((13 << 3) | 1), claimOfWindow(21 << 3), claimOfWindow(0xff)]) {
      for (const body of [claim, Buffer.concat([frame, claim]), Buffer.concat([skippable, claim])]) {
        expect(isModestZstd(body, mb)).toBe(false);
        expect(await unpack(body, 'zstd', mb)).toBeNull();
      }
    }
    expect(isModestZstd(claimOfSize(9 * mb), 10 * mb)).toBe(true);
  });

  it('is not known for what is cut off or something else', () => {
    for (let length = 1; length < frame.length; length++) expect(isModestZstd(frame.subarray(0, length), mb)).toBe(false);
    for (const body of [Buffer.from('{"model":"a"}'), Buffer.concat([frame, Buffer.from('x')])]) expect(isModestZstd(body, mb)).toBe(false);
  });
});
