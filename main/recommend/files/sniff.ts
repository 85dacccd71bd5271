/** Finds a file's MIME type in its first bytes; null where they say nothing. */
export type Sniff = (head: Uint8Array) => string | null | Promise<string | null>;

/**
 * By the library `file-type`, which is fetched when the first file is looked at. It reads containers to their ends, and a head has none: what it
 * then leaves open is told by the marks below.
 */
export const sniffContent: Sniff = async (head) => {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  // The one format that it does not know is Airdock's own trade.
  if (text.startsWith('GGUF')) return 'application/x-gguf';
  const { fileTypeFromBuffer } = await import('file-type');
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  // "audio/ogg; codecs=opus"
  const plain = found?.mime.split(';')[0] ?? null;
  const mime = plain === null ? null : (registered.get(plain) ?? plain);
  if (mime === 'application/zip') return insideZip(text);
  // Its first stream is often one that only describes the others.
  if (mime === 'application/ogg' || (mime === null && text.startsWith('OggS\0'))) return text.includes('\x80theora') ? 'video/ogg' : 'application/ogg';
  return mime ?? brokenOff.find(([, mark]) => mark.test(text))?.[0] ?? null;
};

/** Names that are registered, and that settings therefore go by, for older ones. */
const registered: ReadonlyMap<string, string> = new Map([
  ['audio/x-m4a', 'audio/mp4'],
  ['application/x-rar-compressed', 'application/vnd.rar'],
]);

/** Formats whose kind the library wants to know from what lies behind the first bytes: the directory of a TIFF, the chunk after a long one. */
const brokenOff: readonly (readonly [mime: string, mark: RegExp])[] = [
  ['image/tiff', /^(II\*\0|MM\0\*)/],
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['audio/mpeg', /^ID3[\x02-\x04]/],
  ['video/webm', /^\x1aE\xdf\xa3[^]{0,60}webm/],
  ['video/matroska', /^\x1aE\xdf\xa3[^]{0,60}matroska/],
];

/** Which office format a ZIP is stands in a part that can lie far behind the first bytes; the names of the parts before it stand there. */
function insideZip(text: string): string {
  // OpenDocument and EPUB begin with an uncompressed entry that names the type.
  const named = /^PK\x03\x04[^]{26}mimetype(application\/[\w.+-]+?)(?:PK|$)/.exec(text)?.[1];
  if (named) return named;
  const office = 'application/vnd.openxmlformats-officedocument';
  for (const [part, format] of officeParts) if (part.test(text)) return `${office}.${format}`;
  // Where not even the first names of such parts are in the head, it is a document of some kind all the same.
  return /\[Content_Types\]\.xml|_rels\/\.rels|docProps\//.test(text) ? `${office}.wordprocessingml.document` : 'application/zip';
}

const officeParts: readonly (readonly [part: RegExp, format: string])[] = [
  [/PK\x03\x04[^]{26}word\/(document|_rels|settings|styles|fontTable|theme|media|webSettings|numbering|header|footer)/, 'wordprocessingml.document'],
  [/PK\x03\x04[^]{26}xl\/(workbook|_rels|worksheets|drawings|styles|sharedStrings|theme|media|tables)/, 'spreadsheetml.sheet'],
  [/PK\x03\x04[^]{26}ppt\/(presentation|_rels|slides|slideLayouts|slideMasters|theme|media|presProps)/, 'presentationml.presentation'],
];
