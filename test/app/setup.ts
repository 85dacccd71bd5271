import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { createSampleMaker } from '../../main/providers/llama-cpp/index.ts';
import { buildApp } from './build-app.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The three sample models, made once; tests link them and never write. */
    sampleFiles: string[];
  }
}

/** Once per run: brings the build up to date and makes the sample models. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildApp();
  const dir = await mkdtemp(path.join(os.tmpdir(), 'airdock-samples-'));
  const made = await createSampleMaker({ dir }).make({ signal: new AbortController().signal });
  if (!made.ok) throw new Error(made.problem.message);
  project.provide('sampleFiles', made.files);
  return () => rm(dir, { recursive: true, force: true });
}
