import type { useFilesText } from '../../text/files.ts';

/** More names are counted, not listed. */
const MOST = 4;

export const shownNames = (words: ReturnType<typeof useFilesText>, names: readonly string[]): string => words.more(names.slice(0, MOST), Math.max(0, names.length - MOST));
