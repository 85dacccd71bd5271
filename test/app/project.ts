import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { end } from './airdock.ts';
import { root } from './build-app.ts';
import type { Place, Test } from './place.ts';
import { startNode, type Started } from './processes.ts';

/** Somebody's project that has Airdock among its packages. */
export interface Project {
  /** Writes a script and runs it with the environment of its place; ended with the test at the latest. */
  run(name: string, source: string, args?: readonly string[]): Promise<Started>;
}

export async function newProject(test: Test, place: Place): Promise<Project> {
  const dir = path.join(place.root, 'project');
  await mkdir(path.join(dir, 'node_modules'), { recursive: true });
  await symlink(root, path.join(dir, 'node_modules', 'airdock'), 'junction');
  return {
    async run(name, source, args = []) {
      const file = path.join(dir, `${name}.mjs`);
      await writeFile(file, source);
      const started = startNode([file, ...args], { env: place.env, cwd: dir });
      test.onTestFinished(() => end(started));
      return started;
    },
  };
}
