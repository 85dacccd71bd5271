import type { TestProject } from 'vitest/node';
import makeSamples from '../app/setup.ts';
import { buildAll } from './build-all.ts';

/** Once per run: a fresh build, and the sample models. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildAll();
  return makeSamples(project);
}
