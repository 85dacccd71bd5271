import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, inject, it } from 'vitest';
import { findHolder } from '../../main/data/lock.ts';
import { root } from './build-app.ts';
import { newPlace } from './place.ts';
import { newProject } from './project.ts';

/** The README's example, word for word but for its models: samples take the place of those it names. */
async function loopExample(): Promise<string> {
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  const [, source] = /<!-- example: loop -->\s*```js\n([\s\S]*?)\n```/.exec(readme) ?? [];
  if (source === undefined) throw new Error('README.md has no js block after <!-- example: loop -->');
  return source.replaceAll('llama3.2', 'sample-small').replaceAll('codellama', 'sample-medium');
}

it('the loop of the README does its work on each file and gives everything back', async (test) => {
  const place = await newPlace(test, { samples: inject('sampleFiles') });
  const files = ['notes.md', 'index.js'].map((name) => path.join(place.root, name));
  for (const file of files) await writeFile(file, `This is ${path.basename(file)}.\n`);
  const source = await loopExample();
  expect(source).toContain("from 'airdock'");
  const script = await (await newProject(test, place)).run('loop', source, files);
  const ended = await script.ended;
  expect(script.stderr).toBe('');
  expect(ended).toEqual({ code: 0, signal: null });
  for (const file of files) expect(script.stdout).toContain(path.basename(file));
  const activity = await readFile(path.join(place.dataDir, 'activity.jsonl'), 'utf8');
  for (const name of ['sample-small', 'sample-medium']) expect(activity).toContain(`${name} was loaded in`);
  expect(await findHolder(place.dataDir)).toBeNull();
});
