import { chown, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'vitest';
import { runHeadless } from './airdock.ts';
import type { Place } from './place.ts';

/** Nobody, on most systems; on all of them neither root nor a person. */
const nobody = 65_534;

/**
 * Root may read and write everything, so where the tests run as root somebody else has to be refused. Who starts the app then; nothing
 * to set where this user is an ordinary one. Skips the test where another user could not even read the app.
 */
export async function ordinaryUser(test: TestContext, place: Place): Promise<{ uid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const { code } = await runHeadless(test, place, ['--help'], { uid: nobody, cwd: '/' }).ended;
  if (code !== 0) test.skip('the project lies where only root can read it');
  return { uid: nobody };
}

/** Makes this folder and all below it that user's, if there is one to make it. */
export async function giveTo({ uid }: { uid?: number }, folder: string): Promise<void> {
  if (uid === undefined) return;
  const below = await readdir(folder, { recursive: true });
  for (const file of ['', ...below]) await chown(path.join(folder, file), uid, uid);
}
