/** Finds a file's MIME type in its first bytes; null where they say nothing. The seam for a library that knows more of them. */
export type Sniff = (head: Uint8Array) => string | null | Promise<string | null>;

/** Where something stands, and what: letters as they are, "?" for any byte. */
type Mark = readonly [offset: number, bytes: string];
type Signature = readonly [mime: string, ...marks: Mark[]];

/** The first that matches counts. Containers (ZIP, RIFF, ISO media, Ogg, Matroska) are looked into below. */
const signatures: readonly Signature[] = [
  ['image/png', [0, '\x89PNG\r\n\x1a\n']],
  ['image/jpeg', [0, '\xff\xd8\xff']],
  ['image/gif', [0, 'GIF8?a']],
  ['image/webp', [0, 'RIFF????WEBP']],
  ['image/tiff', [0, 'II*\0']],
  ['image/tiff', [0, 'MM\0*']],
  ['image/bmp', [0, 'BM'], [6, '\0\0\0\0']],
  ['image/x-icon', [0, '\0\0\x01\0']],
  ['image/jxl', [0, '\0\0\0\x0cJXL ']],
  ['image/vnd.adobe.photoshop', [0, '8BPS']],
  ['application/pdf', [0, '%PDF-']],
  ['audio/wav', [0, 'RIFF????WAVE']],
  ['audio/flac', [0, 'fLaC']],
  ['audio/mpeg', [0, 'ID3']],
  ['audio/aiff', [0, 'FORM????AIF']],
  ['audio/midi', [0, 'MThd']],
  ['audio/amr', [0, '#!AMR']],
  ['video/x-msvideo', [0, 'RIFF????AVI ']],
  ['video/mpeg', [0, '\0\0\x01\xba']],
  ['video/x-flv', [0, 'FLV\x01']],
  ['application/gzip', [0, '\x1f\x8b\x08']],
  ['application/x-bzip2', [0, 'BZh']],
  ['application/x-xz', [0, '\xfd7zXZ\0']],
  ['application/zstd', [0, '\x28\xb5\x2f\xfd']],
  ['application/x-7z-compressed', [0, '7z\xbc\xaf\x27\x1c']],
  ['application/vnd.rar', [0, 'Rar!\x1a\x07']],
  ['application/x-tar', [257, 'ustar']],
  ['application/x-cfb', [0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1']],
  ['application/x-sqlite3', [0, 'SQLite format 3\0']],
  ['application/x-executable', [0, '\x7fELF']],
  ['application/x-gguf', [0, 'GGUF']],
  ['application/wasm', [0, '\0asm']],
];

export const sniffSignature = (head: Uint8Array): string | null => {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  if (text.startsWith('PK\x03\x04')) return insideZip(text);
  if (text.startsWith('OggS')) return text.includes('theora') ? 'video/ogg' : 'audio/ogg';
  if (text.startsWith('\x1aE\xdf\xa3')) return text.slice(0, 64).includes('webm') ? 'video/webm' : 'video/x-matroska';
  if (text.slice(4, 8) === 'ftyp') return isoMedia(text.slice(8, 12));
  const found = signatures.find(([, ...marks]) => marks.every((mark) => matches(text, mark)));
  if (found) return found[0];
  return isMpegAudio(head) ? 'audio/mpeg' : null;
};

function matches(text: string, [offset, bytes]: Mark): boolean {
  return [...bytes].every((byte, index) => byte === '?' || text[offset + index] === byte);
}

function insideZip(text: string): string {
  // OpenDocument and EPUB begin with an uncompressed entry that names the type.
  const named = /^.{26}\x08\0..mimetype(application\/[\w.+-]+?)(?:PK|$)/s.exec(text)?.[1];
  if (named) return named;
  if (!/\[Content_Types\]\.xml|_rels\/|docProps\//.test(text)) return 'application/zip';
  const office = 'application/vnd.openxmlformats-officedocument';
  if (text.includes('word/')) return `${office}.wordprocessingml.document`;
  if (text.includes('xl/')) return `${office}.spreadsheetml.sheet`;
  if (text.includes('ppt/')) return `${office}.presentationml.presentation`;
  // Which of the three stands further back than the first bytes.
  return /\[Content_Types\]\.xml/.test(text) ? `${office}.wordprocessingml.document` : 'application/zip';
}

function isoMedia(brand: string): string {
  if (/^(heic|heix|hevc|mif1|msf1)/.test(brand)) return 'image/heic';
  if (/^avi[fs]/.test(brand)) return 'image/avif';
  if (/^M4[AB]/.test(brand)) return 'audio/mp4';
  return brand.startsWith('qt') ? 'video/quicktime' : 'video/mp4';
}

/** A frame of MPEG audio: eleven bits set, then no reserved version, layer, bit rate or sampling rate. UTF-16 begins with the same byte. */
function isMpegAudio(head: Uint8Array): boolean {
  const [first = 0, second = 0, third = 0] = head;
  const layer = (second >> 1) & 3;
  return first === 0xff && (second & 0xe0) === 0xe0 && ((second >> 3) & 3) !== 1 && layer !== 0 && second !== 0xfe && second !== 0xff && (third >> 4) !== 15 && (third >> 4) !== 0 && ((third >> 2) & 3) !== 3;
}
