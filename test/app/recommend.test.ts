import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, it } from 'vitest';
import type { Recommended } from '../../contract/index.ts';
import { load, startApp } from './airdock.ts';
import { root } from './build-app.ts';
import { commandLine } from './cli.ts';
import { newPlace, type Place } from './place.ts';
import { newProject } from './project.ts';

const samples = inject('sampleFiles');

async function filesIn(place: Place, contents: Readonly<Record<string, string>>): Promise<string[]> {
  const files = Object.keys(contents).map((name) => path.join(place.root, name));
  await Promise.all(Object.entries(contents).map(([name, content]) => writeFile(path.join(place.root, name), content, 'latin1')));
  return files;
}

const loadsIn = async (place: Place): Promise<number> => [...(await readFile(path.join(place.dataDir, 'activity.jsonl'), 'utf8')).matchAll(/"kind":"loaded"/g)].length;

it('airdock recommend tells the model, the reason and what a load would do, in words and as data', async (test) => {
  const place = await newPlace(test, { samples, config: { models: { max_concurrent_loaded: 1 } } });
  const app = await startApp(test, place);
  const { run, json } = commandLine(test, place);
  expect((await run(['config', 'set', 'models.file_types.*.sql', 'sample-medium'])).code).toBe(0);
  expect(await json('config', 'get', 'models.file_types')).toEqual({ '*.sql': 'sample-medium' });
  const [text = '', picture = '', query = '', archive = ''] = await filesIn(place, { 'plain.png': 'Just words.\n', 'picture.txt': '\x89PNG\r\n\x1a\n', 'query.sql': 'select 1;\n', 'all.zip': 'PK\x03\x04' });

  const alone = await run(['recommend', text]);
  expect(alone).toMatchObject({ code: 0, stderr: '' });
  expect(alone.stdout).toMatch(/plain\.png: text\/plain\n\nUse +sample-\w+\nWhy +sample-\w+ reads and writes text \(a sample: it answers nonsense\), and fits into free memory\.\nLoading +sample-\w+ \(0\.\d GB\) fits now\.\nOr +sample-/);
  expect(await run(['recommend', picture])).toEqual({ code: 1, stdout: `${picture}: image/png\nNo installed model sees images.\n`, stderr: '' });
  expect(await run(['recommend', path.join(place.root, 'none.txt')])).toMatchObject({ code: 1, stdout: expect.stringContaining('does not exist') });
  expect(await run(['recommend'])).toMatchObject({ code: 2, stderr: expect.stringContaining('needs a FILE, or --task') });
  expect(await run(['recommend', '--task', 'dance'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--task takes one of chat, code') });
  expect((await run(['recommend', '--task', 'code'])).stdout).toMatch(/^Use +sample-/);

  await load(app, 'sample-small');
  const many = await json<Recommended>('recommend', text, query, archive, path.join(place.root, 'none.txt'), picture);
  expect(many).toMatchObject({ loads: 1, left: [2, 3, 4], groups: [{ name: 'sample-small', files: [0], loads: false }, { name: 'sample-medium', files: [1], loads: true, unloads: [{ name: 'sample-small', due: false }] }] });
  expect(many.recommendations[1]).toMatchObject({ chosenBy: 'settings', file: { language: 'SQL' }, model: { canLoad: false, unloads: [{ name: 'sample-small', idleMs: expect.any(Number) }] } });
  const words = await run(['recommend', text, query, archive]);
  expect(words.stdout).toMatch(/^2 files on 2 models with 1 load: first sample-small, then sample-medium\. For 1 file no model is right\.\n\nsample-small +in memory +.*plain\.png\nsample-medium +to be loaded +.*query\.sql\n[^]*Without a model\n .*all\.zip +It is an archive/);
  // It told, and changed nothing.
  expect((await app.loaded()).map(({ name }) => name)).toEqual(['sample-small']);
  const kept = await readFile(path.join(place.dataDir, 'activity.jsonl'), 'utf8');
  expect(kept).not.toMatch(/plain\.png|select 1|Just words/);
});

it.skipIf(process.platform === 'win32')('bash completes its files, and its tasks', async (test) => {
  const place = await newPlace(test);
  await filesIn(place, { 'photo.png': 'x', 'phone.txt': 'x' });
  const complete = async (line: string): Promise<string[]> => {
    const script = `airdock() { "${process.execPath}" "${path.join(root, 'dist/main/cli.js')}" "$@"; }
source <(airdock completion bash)
COMP_LINE=$1 COMP_POINT=\${#1}
_airdock
printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await promisify(execFile)('bash', ['-c', script, 'bash', line], { env: place.env, cwd: place.root });
    return stdout.trimEnd().split('\n').sort();
  };
  expect(await complete('airdock recommend photo.png pho')).toEqual(['phone.txt', 'photo.png']);
  expect(await complete('airdock recommend --task tr')).toEqual(['translation']);
  expect(await complete('airdock recommend --js')).toEqual(['--json']);
});

it('a batch loads each model once, where the order of the files loads one for each', async (test) => {
  const files = { 'a.md': 'one\n', 'a.py': 'one = 1\n', 'b.md': 'two\n', 'b.py': 'two = 2\n', 'c.md': 'three\n', 'c.py': 'three = 3\n' };
  const config = { models: { max_concurrent_loaded: 1, file_types: { '*.md': 'sample-small', '*.py': 'sample-medium' } } };
  const loop = (each: string): string => `
    import { createModelRecommender, getModelManager } from 'airdock';
    const manager = await getModelManager();
    const recommender = createModelRecommender({ provider: manager });
    const files = process.argv.slice(2);
    const began = performance.now();
    const work = (file, model) => model.generate(String(file), { maxTokens: 1 }).then(() => model.name);
    ${each}
    console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000 }));
    await manager.close();
  `;
  const naive = loop(`for (const file of files) {
      const told = await recommender.recommend(file);
      console.log(file, await manager.use(told.value.model.id, (model) => work(file, model), { force: true }));
    }`);
  const grouped = loop(`for await (const done of recommender.run(files, work, { force: true, afterwards: 'unload' })) console.log(files[done.index], done.ok ? done.value : done.problem.message);`);

  const took: Record<string, { loads: number; seconds: number }> = {};
  for (const [name, source] of Object.entries({ naive, grouped })) {
    const place = await newPlace(test, { samples, config });
    const named = await filesIn(place, files);
    const script = await (await newProject(test, place)).run(name, source, named);
    expect(await script.ended, script.stderr).toEqual({ code: 0, signal: null });
    for (const file of named) expect(script.stdout).toContain(`${file} ${file.endsWith('.md') ? 'sample-small' : 'sample-medium'}\n`);
    const { seconds } = JSON.parse(/\{.*\}/.exec(script.stdout)?.[0] ?? '{}') as { seconds: number };
    took[name] = { loads: await loadsIn(place), seconds };
  }
  expect(took).toMatchObject({ naive: { loads: 6 }, grouped: { loads: 2 } });
  expect(took['grouped']?.seconds).toBeLessThan(took['naive']?.seconds ?? 0);
  process.stdout.write(`A batch of six files: ${JSON.stringify(took)}\n`);
});
