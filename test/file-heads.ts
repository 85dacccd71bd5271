import { crc32, deflateRawSync, gzipSync } from 'node:zlib';

/** Small files of many formats, made here: whole ones, that a library may read to their ends. All pure. */

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const le = (value: number, bytes: 2 | 4): Buffer => {
  const out = Buffer.alloc(bytes);
  out.writeUIntLE(value, 0, bytes);
  return out;
};
const be = (value: number, bytes: 2 | 4): Buffer => le(value, bytes).reverse();
const join = (...parts: (string | Uint8Array)[]): Buffer => Buffer.concat(parts.map((part) => (typeof part === 'string' ? latin(part) : part)));

/** With a comment of that many bytes before its picture: cameras and editors write long ones. */
export function png(commentBytes = 0): Buffer {
  const chunk = (type: string, data: Uint8Array): Buffer => join(be(data.length, 4), type, data, be(crc32(join(type, data)), 4));
  const head = chunk('IHDR', join(be(1, 4), be(1, 4), Buffer.from([8, 0, 0, 0, 0])));
  return join('\x89PNG\r\n\x1a\n', head, commentBytes === 0 ? '' : chunk('tEXt', Buffer.alloc(commentBytes, 'c')), chunk('IDAT', deflateRawSync(Buffer.from([0, 0]))), chunk('IEND', Buffer.alloc(0)));
}

export const jpeg = (): Buffer => join('\xff\xd8\xff\xe0', be(16, 2), 'JFIF\0\x01\x01\0\0\x01\0\x01\0\0', '\xff\xdb', be(67, 2), Buffer.alloc(65, 1), '\xff\xd9');
export const gif = (): Buffer => join('GIF89a', le(1, 2), le(1, 2), '\x80\0\0\0\0\0\xff\xff\xff\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;');
const riff = (form: string, ...chunks: Buffer[]): Buffer => join('RIFF', le(4 + chunks.reduce((sum, { length }) => sum + length, 0), 4), form, ...chunks);
export const webp = (): Buffer => riff('WEBP', join('VP8 ', le(10, 4), '\x30\x01\0\x9d\x01\x2a\x01\0\x01\0'));
export const wav = (): Buffer => riff('WAVE', join('fmt ', le(16, 4), le(1, 2), le(1, 2), le(8000, 4), le(8000, 4), le(1, 2), le(8, 2)), join('data', le(64, 4), Buffer.alloc(64, 128)));
export const avi = (): Buffer => riff('AVI ', join('LIST', le(60, 4), 'hdrlavih', le(56, 4), Buffer.alloc(56)));

/** Its directory stands behind the picture, as most programs write it. */
export function tiff(pictureBytes: number): Buffer {
  const directory = join(le(1, 2), le(256, 2), le(3, 2), le(1, 4), le(1, 4), le(0, 4));
  return join('II*\0', le(8 + pictureBytes, 4), Buffer.alloc(pictureBytes, 200), directory);
}

export const isoMedia = (brand: string): Buffer => join(be(24, 4), 'ftyp', brand, be(0, 4), 'mp42', 'isom', be(16, 4), 'mdat', Buffer.alloc(8, 7));
export const flac = (): Buffer => join('fLaC', '\x80\0\0\x22', Buffer.alloc(34, 16));
/** An MP3 with a cover of that size before its sound. */
export const mp3 = (coverBytes: number): Buffer => join('ID3\x03\0\0', Buffer.from([21, 14, 7, 0].map((shift) => ((coverBytes + 10) >> shift) & 127)), 'APIC', be(coverBytes, 4), '\0\0', Buffer.alloc(coverBytes, 3), mpegFrames());
export const mpegFrames = (): Buffer => join(...Array.from({ length: 3 }, () => join('\xff\xfb\x90\x64', Buffer.alloc(413, 0))));

/** One page with a packet in it. */
export const ogg = (...packets: string[]): Buffer =>
  join(...packets.map((packet, index) => join('OggS\0\x02', Buffer.alloc(8), le(7 + index, 4), le(0, 4), le(0, 4), '\x01', String.fromCharCode(packet.length), packet)));
export const opus = (): Buffer => ogg(`OpusHead\x01\x02${'\0'.repeat(9)}`);
/** Theora behind a stream that describes it, as programs for films write it. */
export const theora = (): Buffer => ogg(`fishead\0\x03\0${'\0'.repeat(54)}`, `\x80theora\x03\x02\x01${'\0'.repeat(32)}`);

export function matroska(docType: 'webm' | 'matroska'): Buffer {
  const element = (id: string, data: string | Buffer): Buffer => join(id, String.fromCharCode(0x80 | data.length), data);
  const header = join(element('\x42\x86', '\x01'), element('\x42\xf7', '\x01'), element('\x42\xf2', '\x04'), element('\x42\xf3', '\x08'), element('\x42\x82', docType), element('\x42\x87', '\x04'));
  return join(element('\x1aE\xdf\xa3', header), '\x18S\x80g\x01\xff\xff\xff\xff\xff\xff\xff');
}

interface ZipEntry {
  name: string;
  data: string | Uint8Array;
  stored?: boolean;
}

/** A whole ZIP, with its directory at the end. */
export function zip(...entries: ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, stored = false } of entries) {
    const plain = Buffer.from(data);
    const packed = stored ? plain : deflateRawSync(plain);
    const facts = join(le(20, 2), le(0, 2), le(stored ? 0 : 8, 2), le(0, 4), le(crc32(plain), 4), le(packed.length, 4), le(plain.length, 4), le(name.length, 2), le(0, 2));
    const local = join('PK\x03\x04', facts, name, packed);
    directory.push(join('PK\x01\x02', le(20, 2), facts, le(0, 2), le(0, 2), le(0, 2), le(0, 4), le(offset, 4), name));
    locals.push(local);
    offset += local.length;
  }
  const index = join(...directory);
  return join(...locals, index, 'PK\x05\x06', le(0, 4), le(entries.length, 2), le(entries.length, 2), le(index.length, 4), le(offset, 4), le(0, 2));
}

export const openDocument = (mime: string): Buffer => zip({ name: 'mimetype', data: mime, stored: true }, { name: 'content.xml', data: '<office:document-content/>' });

/** An office file as the library knows it by its list of parts; that list can stand first or, behind `before`, out of a head's reach. */
export function office(format: string, ...before: ZipEntry[]): Buffer {
  const types = `<?xml version="1.0"?><Types><Override PartName="/doc.xml" ContentType="application/vnd.openxmlformats-officedocument.${format}.main+xml"/></Types>`;
  return zip(...before, { name: '[Content_Types].xml', data: types }, { name: '_rels/.rels', data: '<Relationships/>' });
}

export const gzip = (): Buffer => gzipSync('some text that is packed');

export function tar(): Buffer {
  const header = Buffer.alloc(512);
  header.write('notes.txt', 0);
  header.write('0000644\x000001750\x000001750\x0000000000005\x0014000000000\x00        0', 100, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return join(header, 'hello', Buffer.alloc(507), Buffer.alloc(1024));
}

export const elf = (): Buffer => join('\x7fELF\x02\x01\x01', Buffer.alloc(57));
export const sqlite = (): Buffer => join('SQLite format 3\0', be(4096, 2), '\x01\x01\0\x40\x20\x20', Buffer.alloc(76));
export const pdf = (): Buffer => latin('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n');
