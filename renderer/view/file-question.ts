import type { FileSubject, HEAD_BYTES } from '../../contract/index.ts';

// Written out, because importing the value would bring the schemas (and zod) into the page.
const headBytes: typeof HEAD_BYTES = 4_100;
/** A call takes at most 1 MB, and nobody reads more rows than that. */
export const MOST_FILES = 100;

export interface FileQuestion<T = File> {
  /** What is asked about, and its names in the same order. */
  subjects: FileSubject[];
  names: string[];
  /** Models themselves: they are brought in, not asked about. */
  gguf: T[];
  /** Folders, and files that have gone or may not be read. */
  unreadable: string[];
}

type Readable = Pick<File, 'name' | 'size' | 'type' | 'slice'>;

/** What Airdock is told of files: name, size, type and the first bytes. The rest is never read. */
export async function questionAbout<T extends Readable>(files: readonly T[]): Promise<FileQuestion<T>> {
  const question: FileQuestion<T> = { subjects: [], names: [], gguf: [], unreadable: [] };
  const looked = await Promise.all(files.slice(0, MOST_FILES).map(async (file) => ({ file, head: await headOf(file) })));
  for (const { file, head } of looked) {
    if (head === null) question.unreadable.push(file.name);
    else if (/\.gguf$/i.test(file.name) || head.startsWith('GGUF')) question.gguf.push(file);
    else {
      question.subjects.push(subjectOf(file, head));
      question.names.push(file.name);
    }
  }
  return question;
}

/** One letter for each byte; null where the file cannot be read, as a folder cannot. */
async function headOf(file: Readable): Promise<string | null> {
  try {
    return String.fromCharCode(...new Uint8Array(await file.slice(0, headBytes).arrayBuffer()));
  } catch {
    return null;
  }
}

function subjectOf({ name, size, type }: Readable, head: string): FileSubject {
  // "application/octet-stream" says that nothing is known, and a type of which too much is written nothing at all.
  const mime = type === '' || type === 'application/octet-stream' || type.length > 255 ? {} : { mime: type };
  return { name: name.slice(-4096), sizeBytes: size, ...mime, ...(head === '' ? {} : { head: btoa(head) }) };
}
