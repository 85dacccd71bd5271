import type { FileFacts, FileKind } from '../../../contract/index.ts';
import { languageOf, textTypeOf, typeByName } from './languages.ts';
import { sniffContent, type Sniff } from './sniff.ts';
import { tokensOf } from './tokens.ts';

export interface FileSample {
  name: string | null;
  sizeBytes: number | null;
  /** As somebody says; only believed where the content says nothing. */
  mime: string | null;
  head: Uint8Array | null;
}

const EMPTY = 'inode/x-empty';
const UNKNOWN = 'application/octet-stream';

/** What a file is: by its content where the first bytes are there, else by what was said of it, else by its name. */
export async function identify(sample: FileSample, sniff: Sniff = sniffContent): Promise<FileFacts> {
  const { mime, from } = await typeOf(sample, sniff);
  const kind = kindOf(mime);
  return {
    name: sample.name,
    mime,
    kind,
    language: kind === 'code' ? languageOf(mime) : null,
    sizeBytes: sample.sizeBytes,
    tokens: tokensOf(kind, sample.sizeBytes),
    knownFrom: from,
  };
}

async function typeOf({ name, sizeBytes, mime, head }: FileSample, sniff: Sniff): Promise<{ mime: string; from: FileFacts['knownFrom'] }> {
  if (sizeBytes === 0) return { mime: EMPTY, from: 'content' };
  const given = plainMime(mime);
  if (head !== null && head.length > 0) {
    const [signed, text] = [await sniff(head), asText(head, sizeBytes === null || sizeBytes > head.length)];
    // Two letters are a mark of some formats, and the beginning of many a word ("BMW", "MZ"): what reads as text is text, but for formats that are written in it.
    if (signed !== null && (text === null || writtenAsText.test(signed))) return { mime: signed, from: 'content' };
    if (text !== null) {
      const told = textTypeOf(text, name);
      if (told) return told;
      return given !== null && isTextual(given) ? { mime: given, from: 'given' } : { mime: 'text/plain', from: 'content' };
    }
    // Bytes that are neither text nor known: a name that says "text" is wrong, and one that says "image" proves nothing.
    return given !== null && !isTextual(given) && given !== UNKNOWN ? { mime: given, from: 'given' } : { mime: UNKNOWN, from: 'nothing' };
  }
  if (given !== null) return { mime: given, from: 'given' };
  const named = name === null ? null : typeByName(name);
  return named === null ? { mime: UNKNOWN, from: 'nothing' } : { mime: named, from: 'name' };
}

const writtenAsText = /^(application\/(pdf|postscript|eps|rtf)$|text\/)/;

const plainMime = (mime: string | null): string | null => mime?.split(';')[0]?.trim().toLowerCase() || null;

const isTextual = (mime: string): boolean => ['text', 'code', 'data'].includes(kindOf(mime));

const dataTypes = new Set(['application/json', 'application/yaml', 'application/toml', 'application/xml', 'text/xml', 'text/csv', 'text/tab-separated-values', 'text/x-log', 'text/calendar', 'text/x-yaml', 'application/x-yaml', 'application/x-ndjson']);
const textTypes = new Set(['application/x-tex', 'message/rfc822']);
/** With the spellings of the library and those of browsers and servers. */
const archives = new Set(
  'zip gzip x-bzip2 x-xz zstd x-7z-compressed vnd.rar x-rar-compressed x-tar java-archive x-lzip x-lz4 x-compress x-cpio x-ace-compressed x-arj x-lzh-compressed vnd.ms-cab-compressed x-deb x-rpm x-unix-archive x-asar vnd.android.package-archive'
    .split(' ')
    .map((name) => `application/${name}`),
);
/** Containers and formats whose first word does not say what they hold. */
const otherKinds: ReadonlyMap<string, FileKind> = new Map([
  ['application/ogg', 'audio'],
  ['application/mxf', 'video'],
  ['application/vnd.ms-asf', 'video'],
  ['application/vnd.rn-realmedia', 'video'],
  ['application/postscript', 'document'],
  ['application/x-mobipocket-ebook', 'document'],
  ['application/vnd.visio', 'document'],
  ['application/vnd.ms-fontobject', 'unknown'],
  // A drawing of lines that only its own program can show.
  ['image/vnd.dwg', 'unknown'],
]);

/** What a model gets to see of it. */
export function kindOf(mime: string): FileKind {
  if (mime === EMPTY) return 'empty';
  if (mime === 'application/pdf') return 'pdf';
  if (dataTypes.has(mime) || mime.endsWith('+json')) return 'data';
  if (archives.has(mime)) return 'archive';
  const other = otherKinds.get(mime);
  if (other !== undefined) return other;
  if (languageOf(mime) !== null) return 'code';
  if (/^application\/(vnd\.(openxmlformats-officedocument|oasis\.opendocument|ms-|apple\.)|msword|x-cfb|rtf|epub\+zip)/.test(mime)) return 'document';
  const top = mime.split('/')[0];
  if (top === 'image' || top === 'audio' || top === 'video') return top;
  return top === 'text' || textTypes.has(mime) ? 'text' : 'unknown';
}

/** The beginning of a text, or null. UTF-16 counts with its mark only: without one it is hard to tell from anything else. */
function asText(head: Uint8Array, isCut: boolean): string | null {
  const [first, second] = head;
  const encoding = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  const read = decode(head, encoding, isCut) ?? asLatin(head);
  // Control characters that no text has; the escape of coloured logs is one that some have.
  return read === null || /[\0-\x07\x0e-\x1a\x1c-\x1f\x7f]/.test(read) ? null : read;
}

function decode(bytes: Uint8Array, encoding: string, isCut: boolean): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return null;
  }
}

/** Old texts have one byte per letter; most of them are still letters, digits and blanks. */
function asLatin(head: Uint8Array): string | null {
  const plain = head.reduce((count, byte) => count + (byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127) ? 1 : 0), 0);
  return plain / head.length > 0.85 ? Buffer.from(head).toString('latin1') : null;
}
