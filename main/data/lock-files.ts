import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { errorCode } from './file-errors.ts';
import { processIdentitySchema } from './process-identity.ts';

/** What a generation's folder says about its holder. */
export const holderSchema = z.object({
  format: z.literal(1),
  process: processIdentitySchema,
  /** Tells this Airdock from an earlier one of the same process. */
  instance: z.string(),
  since: z.number(),
  url: z.string().nullable(),
  released: z.boolean(),
});
export type Holder = z.infer<typeof holderSchema>;

const STALE_TEMP_MS = 10 * 60_000;
const HOLDER = 'holder.json';
const FLOOR = 'lock.floor';

export const generationPath = (dir: string, generation: number): string => path.join(dir, `lock.${generation}`);

/** The highest generation that exists, or null, and the number that the next one takes. */
export function findTop(dir: string): { top: number | null; next: number } {
  // The listing only helps where somebody removed the floor file. What counts is the look-up of single names, which, unlike
  // a listing, cannot miss what is made or removed meanwhile.
  let top = Math.max(readFloor(dir), ...listGenerations(dir));
  while (existsSync(generationPath(dir, top + 1))) top += 1;
  return { top: top > 0 && existsSync(generationPath(dir, top)) ? top : null, next: top + 1 };
}

export function readFloor(dir: string): number {
  const text = readText(path.join(dir, FLOOR));
  const value = Number(text);
  return text !== null && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

export function writeFloor(dir: string, generation: number): void {
  replaceFile(path.join(dir, FLOOR), `${generation}\n`, dir);
}

export type HolderRead = { kind: 'holder'; holder: Holder } | { kind: 'missing' } | { kind: 'unreadable' };

export function readHolder(dir: string, generation: number): HolderRead {
  const text = readText(path.join(generationPath(dir, generation), HOLDER));
  if (text === null) return { kind: 'missing' };
  try {
    const parsed = holderSchema.safeParse(JSON.parse(text));
    return parsed.success ? { kind: 'holder', holder: parsed.data } : { kind: 'unreadable' };
  } catch {
    return { kind: 'unreadable' };
  }
}

export function writeHolder(dir: string, generation: number, holder: Holder): void {
  const folder = generationPath(dir, generation);
  replaceFile(path.join(folder, HOLDER), serialize(holder), folder);
}

/** A folder that is complete before it gets its name. */
export function makeCandidate(dir: string, holder: Holder): string {
  const folder = path.join(dir, `.lock-${randomBytes(8).toString('hex')}`);
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(path.join(folder, HOLDER), serialize(holder), { mode: 0o600 });
  return folder;
}

/**
 * Gives the candidate its name; false where that generation exists already. rename(2) never replaces a folder that is not
 * empty (ENOTEMPTY or EEXIST; on Windows no folder at all), which makes it create-if-absent with the content in place,
 * also on file systems without hard links.
 */
export function nameCandidate(dir: string, candidate: string, generation: number): boolean {
  const target = generationPath(dir, generation);
  for (let attempt = 0; ; attempt += 1) {
    try {
      renameSync(candidate, target);
      return true;
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR' || existsSync(target)) return false;
      // A cleaner took the candidate of a taker that slept for long: begin anew.
      if (code === 'ENOENT' && existsSync(dir)) return false;
      if (!retryOnWindows(code, attempt)) throw error;
    }
  }
}

/** Removes a generation's folder. It leaves its name first, so that nobody ever meets it half empty under that name. */
export function removeGeneration(dir: string, generation: number): void {
  const trash = path.join(dir, `.lock-${randomBytes(8).toString('hex')}`);
  try {
    renameSync(generationPath(dir, generation), trash);
    removeFolder(trash);
  } catch {
    return;
  }
}

export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    return;
  }
}

/** Removes generations below the floor and what takers that were killed left behind. */
export function sweep(dir: string, floor: number): void {
  for (const generation of listGenerations(dir)) if (generation < floor) removeGeneration(dir, generation);
  for (const name of listNames(dir)) {
    const file = path.join(dir, name);
    if (name.startsWith('.lock-') && isOlderThan(file, STALE_TEMP_MS)) removeFolder(file);
  }
}

function listGenerations(dir: string): number[] {
  return listNames(dir).flatMap((name) => {
    const match = /^lock\.(\d{1,15})$/.exec(name);
    return match ? [Number(match[1])] : [];
  });
}

function listNames(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function isOlderThan(file: string, ms: number): boolean {
  try {
    return Date.now() - statSync(file).mtimeMs > ms;
  } catch {
    return false;
  }
}

function serialize(holder: Holder): string {
  return `${JSON.stringify(holder, null, 2)}\n`;
}

/** Synchronous, so that a lock can be released while the process exits. */
function replaceFile(file: string, text: string, tempFolder: string): void {
  const temp = path.join(tempFolder, `.lock-${randomBytes(8).toString('hex')}`);
  try {
    writeFileSync(temp, text, { mode: 0o600, flag: 'wx' });
    for (let attempt = 0; ; attempt += 1) {
      try {
        renameSync(temp, file);
        return;
      } catch (error) {
        if (!retryOnWindows(errorCode(error), attempt)) throw error;
      }
    }
  } catch (error) {
    rmSync(temp, { force: true });
    throw error;
  }
}

function readText(file: string): string | null {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT' || code === 'ENOTDIR') return null;
      if (!retryOnWindows(code, attempt)) throw error;
    }
  }
}

/** On Windows a file that somebody has open for a moment can be neither replaced nor, while it is replaced, read. */
function retryOnWindows(code: string, attempt: number): boolean {
  if (process.platform !== 'win32' || attempt >= 20 || !['EPERM', 'EACCES', 'EBUSY'].includes(code)) return false;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5 + attempt * 5);
  return true;
}
