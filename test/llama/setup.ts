import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { createSampleMaker, samplesDirectory } from '../../main/providers/llama-cpp/index.ts';
import { buildChild } from './build-child.ts';

declare module 'vitest' {
  interface ProvidedContext {
    childEntry: string;
    /** A data directory with the three samples in it; tests read it and never write. */
    dataDir: string;
  }
}

/** Once per run: bundles the child and makes the sample models. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const child = await buildChild();
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'airdock-samples-'));
  const made = await createSampleMaker({ dir: samplesDirectory(dataDir) }).make({ signal: new AbortController().signal });
  if (!made.ok) throw new Error(made.problem.message);
  project.provide('childEntry', child.entry);
  project.provide('dataDir', dataDir);
  return async () => {
    await Promise.all([child.remove(), rm(dataDir, { recursive: true, force: true })]);
  };
}
