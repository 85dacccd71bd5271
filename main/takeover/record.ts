import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { problem, type Outcome } from '../../contract/index.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

/** How things were before Airdock took Ollama's port. */
const recordSchema = z.object({
  takenAt: z.string(),
  /** `gateway.port` and `providers.ollama.host`. */
  gatewayPort: z.number(),
  ollamaHost: z.string().nullable(),
  /** The OLLAMA_HOST that programs got (macOS, Windows). */
  environment: z.string().nullable(),
});
export type Before = z.infer<typeof recordSchema>;

const fileIn = (dir: string): string => path.join(dir, 'ollama-port.json');

/** null: there is none, or none that can be read. */
export async function readBefore(dir: string): Promise<Before | null> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(fileIn(dir), 'utf8')));
  } catch {
    return null;
  }
}

export async function writeBefore(dir: string, before: Before): Promise<Outcome<null>> {
  try {
    await writeFileAtomic(fileIn(dir), `${JSON.stringify(before, null, 2)}\n`);
    return { ok: true, value: null };
  } catch (error) {
    return { ok: false, problem: problem('bad-folder', `What is to be given back cannot be kept in ${fileIn(dir)}: ${(error as Error).message}`, 'Nothing was changed.') };
  }
}

export const forgetBefore = (dir: string): Promise<void> => rm(fileIn(dir), { force: true });
