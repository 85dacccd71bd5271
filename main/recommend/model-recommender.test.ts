import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ModelManager } from '../../contract/index.ts';
import { createManagerFixture } from '../../test/manager-fixture.ts';
import { catalogModel } from '../../test/scripted-provider.ts';
import { createModelRecommender, type RecommendSubject } from './model-recommender.ts';

const models = [
  catalogModel('p/talker', 4, { capabilities: ['completion'], parameterSize: '8B' }),
  catalogModel('p/eyes', 4, { capabilities: ['completion', 'vision'], parameterSize: '3B' }),
];

async function started(change: Partial<ModelManager> = {}, offered = models) {
  const fixture = await createManagerFixture({ models: offered });
  const dir = await mkdtemp(path.join(os.tmpdir(), 'airdock-recommend-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const text = path.join(dir, 'a.txt');
  await writeFile(text, 'words');
  const recommender = createModelRecommender({ provider: { ...fixture.manager, ...change }, settings: async () => ({ fileTypes: {}, withModel: false, onlineServers: [] }) });
  return { ...fixture, recommender, dir, text };
}

describe('recommend', () => {
  it('takes a task, a MIME type, a path, or what is known of a file', async () => {
    const { recommender, text } = await started();
    const told = async (subject: RecommendSubject) => {
      const answer = await recommender.recommend(subject);
      return answer.ok ? [answer.value.task, answer.value.file?.mime ?? null, answer.value.model?.name] : answer.problem.code;
    };
    expect(await told('image')).toEqual(['image', null, 'eyes']);
    expect(await told('image/png')).toEqual(['image', 'image/png', 'eyes']);
    expect(await told(text)).toEqual(['chat', 'text/plain', 'talker']);
    expect(await told({ name: 'photo.jpg' })).toEqual(['image', 'image/jpeg', 'eyes']);
    expect(await told(path.join(path.dirname(text), 'chat'))).toBe('bad-file');
  });
});

describe('recommendMany', () => {
  it('leaves what cannot be read, in its place', async () => {
    const { recommender, dir, text } = await started();
    const gone = path.join(dir, 'gone');
    const answer = await recommender.recommendMany([gone, text, dir, 'image/png']);
    expect(answer).toMatchObject({ ok: true, value: { left: [0, 2], groups: [{ name: 'eyes', files: [1, 3] }] } });
    expect(answer.ok && answer.value.sentence).toMatch(/ 2 files could not be read\.$/);
    expect(answer.ok && answer.value.recommendations.map(({ reason }) => reason)).toMatchObject([`${gone} does not exist.`, expect.stringContaining('eyes'), `${dir} is a folder.`, expect.stringContaining('eyes')]);
    expect(await recommender.recommendMany([gone])).toMatchObject({ ok: true, value: { left: [0], groups: [], recommendations: [{ model: null }] } });
    expect(await recommender.recommendMany([])).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
  });
});

it('run has the subjects themselves, and only models that can be held', async () => {
  const { manager } = await createManagerFixture({ models });
  const status = await manager.getStatus();
  // The one that would be best is brought by its server, so nobody can hold it.
  const served = { ...status, models: status.models.map((model) => (model.name === 'talker' ? { ...model, fit: { kind: 'served' as const } } : model)) };
  const held: string[] = [];
  const { recommender, text } = await started({
    getStatus: async () => served,
    loadModel: async () => ({ ok: true, value: { model: undefined as never, already: true, unloaded: [], tookMs: 0 } }),
    use: async (id, fn) => (held.push(id), fn({ id, name: id, provider: 'p', contextLength: null, generate: async () => '' })),
  });
  const first = await recommender.recommend(text);
  expect(first.ok && first.value.model?.name).toBe('talker');
  const done: unknown[] = [];
  for await (const result of recommender.run([text], (subject) => subject)) done.push(result);
  expect(done).toEqual([{ index: 0, model: { id: 'p/eyes', name: 'eyes' }, ok: true, value: text }]);
  expect(held).toEqual(['p/eyes']);
});
