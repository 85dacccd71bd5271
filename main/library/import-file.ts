import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { problem, type Outcome, type Problem } from '../../contract/index.ts';
import { readGguf, type GgufInfo } from '../providers/llama-cpp/gguf/read.ts';
import { diskProblem, type FreeDisk } from './disk.ts';
import { partNames, safeName } from './file-names.ts';
import { partOf, Refused, takenProblem, writeProblem } from './gguf-download.ts';

export interface ImportPlan {
  /** The file that was named, and the other parts of a split model beside it. */
  files: readonly { from: string; to: string; bytes: number }[];
  totalBytes: number;
  /** Header of the first part. */
  gguf: GgufInfo;
}

/** Looks at a file that is to be taken in: its header decides, not its name. Copies nothing. */
export async function planImport(file: string, folder: string): Promise<Outcome<ImportPlan>> {
  const no = (why: Problem): Outcome<ImportPlan> => ({ ok: false, problem: why });
  if (!path.isAbsolute(file)) return no(problem('bad-request', `${file} is not a full path.`, 'Give the whole path, from the root or the drive on.'));
  let real: string;
  try {
    real = await realpath(file);
    const found = await stat(real);
    if (found.isDirectory()) return no(problem('bad-file', `${file} is a folder, not a file.`, 'A whole folder is added under “Where models come from”.'));
    if (!found.isFile()) return no(problem('bad-file', `${file} is no file.`));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return no(problem('bad-file', code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read (${code}).`, 'Check the spelling, and the rights of the file.'));
  }
  const files: { from: string; to: string; bytes: number }[] = [];
  let first: GgufInfo | null = null;
  for (const name of partNames(path.basename(real))) {
    const from = path.join(path.dirname(real), name);
    const found = await stat(from).catch(() => null);
    if (found === null) return no(problem('bad-file', `${path.basename(real)} is part of a split model, and ${name} is missing beside it.`, 'Put all parts into one folder.'));
    const header = await readGguf(from);
    if (!header.ok) return no(header.problem);
    if (header.gguf.role === 'adapter') return no(problem('bad-file', `${name} is an adapter, not a model by itself.`));
    first ??= header.gguf;
    const to = path.join(folder, safeName(name));
    const taken = await takenProblem(to);
    if (taken) return no(taken);
    files.push({ from, to, bytes: found.size });
  }
  if (first === null) return no(problem('bad-file', `${file} is no model.`));
  return { ok: true, value: { files, totalBytes: files.reduce((sum, one) => sum + one.bytes, 0), gguf: first } };
}

export interface ImportWish {
  plan: ImportPlan;
  /** A second name for the same bytes, instead of a copy. */
  link: boolean;
  folder: string;
  signal: AbortSignal;
  freeDisk: FreeDisk;
  onProgress(progress: { doneBytes: number; totalBytes: number }): void;
}

/** Takes the files in, all or none. Never rejects. */
export async function importFiles({ plan, link: linked, folder, signal, freeDisk, onProgress }: ImportWish): Promise<Outcome<{ checksums: { file: string; sha256: string }[] }>> {
  const taken: string[] = [];
  const checksums: { file: string; sha256: string }[] = [];
  let doneBytes = 0;
  try {
    await mkdir(folder, { recursive: true });
    const full = linked ? null : diskProblem(path.basename(plan.files[0]?.to ?? ''), plan.totalBytes, await freeDisk(folder));
    if (full) return { ok: false, problem: full };
    for (const { from, to, bytes } of plan.files) {
      // It may have come since, while this one waited for its turn.
      const there = await takenProblem(to);
      if (there) throw new Refused(there);
      if (linked) {
        await link(from, to);
        taken.push(to);
      } else {
        taken.push(partOf(to));
        checksums.push({ file: path.basename(to), sha256: await copy(from, partOf(to), signal, (more) => onProgress({ doneBytes: (doneBytes += more), totalBytes: plan.totalBytes })) });
        if ((await stat(partOf(to))).size !== bytes) throw new Refused(problem('bad-file', `${path.basename(from)} changed while it was copied.`, 'Wait until whatever writes it has finished.'));
      }
    }
    if (!linked) {
      for (const { to } of plan.files) {
        await rename(partOf(to), to);
        taken.push(to);
      }
    }
    return { ok: true, value: { checksums } };
  } catch (error) {
    await Promise.all(taken.map((file) => rm(file, { force: true }).catch(() => undefined)));
    if (signal.aborted) return { ok: false, problem: problem('cancelled', 'The copying was stopped.') };
    if (error instanceof Refused) return { ok: false, problem: error.why };
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (linked && (code === 'EXDEV' || code === 'EPERM' || code === 'ENOTSUP')) {
      return { ok: false, problem: problem('bad-file', 'A second name for the file is possible only on the same disk.', 'Copy it instead, or add its folder to those that Airdock searches.') };
    }
    return { ok: false, problem: writeProblem(path.basename(plan.files[0]?.to ?? 'the file'), error) };
  }
}

async function copy(from: string, to: string, signal: AbortSignal, wrote: (bytes: number) => void): Promise<string> {
  const hash = createHash('sha256');
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      wrote(chunk.length);
      done(null, chunk);
    },
  });
  await pipeline(createReadStream(from, { highWaterMark: 1024 * 1024 }), watch, createWriteStream(to), { signal });
  return hash.digest('hex');
}
