import { chmod, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, inject, it } from 'vitest';
import type { InstalledModel, Outcome, Problem } from '../../contract/index.ts';
import { writeTiny, writeVariant } from '../llama/helpers.ts';
import { load, pidOf, startApp, type App } from './airdock.ts';
import { giveTo, ordinaryUser } from './other-user.ts';
import { newPlace } from './place.ts';
import { isAlive } from './processes.ts';
import { until } from './until.ts';

const samples = inject('sampleFiles');

function problemOf(outcome: Outcome<unknown>): Problem {
  if (outcome.ok) throw new Error('it succeeded');
  return outcome.problem;
}

async function modelsOf(app: App): Promise<Map<string, InstalledModel>> {
  const { models } = await until(() => app.getStatus(), ({ models }) => models.some(({ name }) => name === 'fine'));
  return new Map(models.map((model) => [model.name, model]));
}

/** One sentence for people: no stack, no code of the system. */
function expectSentence({ message }: Problem): void {
  expect(message).toMatch(/^\S[^\n]{15,300}\.$/);
  expect(message).not.toMatch(/Error:|undefined|\bE[A-Z]{4,}\b|\[object/);
}

it('each bad file is told in a sentence of its own, and the app goes on', async (test) => {
  const place = await newPlace(test);
  const folder = path.join(place.root, 'models');
  await mkdir(folder);
  await writeTiny(folder, 'fine');
  await writeFile(path.join(folder, 'empty.gguf'), '');
  await writeFile(path.join(folder, 'text.gguf'), 'This is no model at all, but a letter to a friend.');
  await writeFile(path.join(folder, 'garbage.gguf'), Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(4_000, 0xa7)]));
  await truncate(await writeTiny(folder, 'cut'), 1_000_000);
  await writeVariant(folder, 'perceptron', { architecture: 'perceptron' });
  const vanishing = await writeTiny(folder, 'vanishing');
  await symlink(samples[0] ?? '', path.join(folder, 'outside.gguf'));
  await symlink(path.join(folder, 'nowhere'), path.join(folder, 'dangling.gguf'));
  await place.configure({ models: { directories: [folder, path.join(place.root, 'missing')], max_concurrent_loaded: 8 } });
  const app = await startApp(test, place);

  const listed = await modelsOf(app);
  expect([...listed.keys()].sort()).toEqual(expect.arrayContaining(['cut', 'empty', 'fine', 'garbage', 'outside', 'perceptron', 'text', 'vanishing']));
  await rm(vanishing);
  const expected = { empty: 'is empty', text: 'not a GGUF file', cut: 'cut off', outside: 'outside its folder', perceptron: 'of the kind "perceptron"', vanishing: 'no longer there', garbage: 'garbage.gguf' };
  const told = new Set<string>();
  for (const [name, words] of Object.entries(expected)) {
    const problem = problemOf(await app.loadModel(name));
    expect(problem).toMatchObject({ code: 'bad-file', message: expect.stringContaining(words) });
    expectSentence(problem);
    told.add(problem.message);
  }
  expect(told.size).toBe(Object.keys(expected).length);
  // What the listing knows already is shown there in the same words.
  for (const name of ['empty', 'text', 'cut', 'outside', 'garbage']) expect(listed.get(name)?.problem?.message).toBe(problemOf(await app.loadModel(name)).message);

  const { state } = await app.getStatus();
  expect(state.folders.find(({ path: at }) => at.endsWith('missing'))?.problem).toMatchObject({ code: 'bad-folder' });
  expect(state.folders.find(({ path: at }) => at === folder)?.problem).toBeNull();
  expect(isAlive(pidOf(await load(app, 'fine')))).toBe(true);
  expect((await app.activity()).filter(({ kind }) => kind === 'crashed')).toEqual([]);
  expect(app.process.stderr).toBe('');
});

it.skipIf(process.platform === 'win32')('a folder that this user may not read is named, and used as soon as that changes', async (test) => {
  const place = await newPlace(test);
  const folder = path.join(place.root, 'models');
  await mkdir(folder);
  await writeTiny(folder, 'fine');
  await place.configure({ models: { directories: [folder] } });
  await chmod(place.root, 0o755);
  const user = await ordinaryUser(test, place);
  await giveTo(user, place.root);
  await chmod(folder, 0o000);
  test.onTestFinished(() => chmod(folder, 0o755));
  const app = await startApp(test, place, user);
  const blocked = await until(() => app.getStatus(), ({ state }) => state.folders.some(({ path: at, problem }) => at === folder && problem !== null));
  const problem = blocked.state.folders.find(({ path: at }) => at === folder)?.problem;
  expect(problem).toMatchObject({ code: 'bad-folder', message: expect.stringContaining(folder) });
  expectSentence(problem as Problem);
  expect(problemOf(await app.loadModel('fine'))).toMatchObject({ code: 'unknown-model' });
  await chmod(folder, 0o755);
  // Naming it anew looks at it at once instead of at the next regular look.
  await app.call('removeFolder', { path: folder });
  expect(await app.call('addFolder', { path: folder })).toMatchObject({ ok: true });
  await modelsOf(app);
});

it('names that lead nowhere get the nearest that exist', async (test) => {
  const app = await startApp(test, await newPlace(test, { samples }));
  await until(() => app.getStatus(), ({ models }) => models.length === 3);
  expect(problemOf(await app.loadModel('sample-smal'))).toMatchObject({ code: 'unknown-model', hint: expect.stringMatching(/^Did you mean sample-small/) });
  expect(problemOf(await app.unloadModel('sample-small'))).toMatchObject({ code: 'not-loaded' });
  expect(await app.loadModel('llama.cpp/sample-small')).toMatchObject({ ok: true, value: { model: { name: 'sample-small' } } });
});
