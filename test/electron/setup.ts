import type { TestProject } from 'vitest/node';
import setupDesktop from '../desktop/setup.ts';
import { electronHere } from './availability.mjs';

/** A build and the sample models where the tests can run; else a line that nobody overlooks. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | void> {
  const { why } = electronHere();
  if (why === null) return setupDesktop(project);
  project.provide('sampleFiles', []);
  console.warn(`\n!! ${why}: the tests that need the real Electron are SKIPPED.\n   "npx install-electron" gets a binary; ELECTRON_OVERRIDE_DIST_PATH names the folder of one.\n`);
}
