import type { FileKind } from '../../../contract/index.ts';

/**
 * Bytes of a file for one token, on the low side, so that a text is rather thought too long than cut off: prose of European languages has
 * 3.5 to 4.5 (other scripts have more bytes and fewer letters for each token, which comes to about the same), code 3 to 3.5, figures and
 * braces 2 to 2.5.
 */
const bytesPerToken: Partial<Record<FileKind, number>> = { text: 3.5, code: 3, data: 2.2 };

/** What vision models make of one picture, whatever its size in bytes: from 256 to about 1,500. */
const TOKENS_OF_IMAGE = 1_500;

/** How much of a context a file takes; null where its size does not tell (the text in a PDF, the length of a recording). */
export function tokensOf(kind: FileKind, sizeBytes: number | null): number | null {
  if (kind === 'image') return TOKENS_OF_IMAGE;
  const bytes = bytesPerToken[kind];
  return bytes === undefined || sizeBytes === null ? null : Math.ceil(sizeBytes / bytes);
}

/** Room for the question and the answer beside the file. */
export const TOKENS_FOR_ANSWER = 1_024;
