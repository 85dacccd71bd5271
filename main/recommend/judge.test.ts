import { describe, expect, it } from 'vitest';
import { readAnswer } from './judge.ts';
import { createRecommender } from './recommender.ts';
import { fileOf, portFrom, valueOf, type ModelWish } from '../../test/recommender-fixture.ts';

const two: ModelWish[] = [
  { name: 'a', parameterSize: '8B', fit: 'loaded' },
  { name: 'b', parameterSize: '8B' },
];

async function chosen(models: readonly ModelWish[], answer: () => Promise<string | null>, files = [fileOf('text/plain')], settings: { withModel?: boolean; fileTypes?: Record<string, string> } = { withModel: true }) {
  const asked: { id: string; prompt: string }[] = [];
  const { port } = portFrom(models, {
    ...settings,
    ask: (id, prompt) => {
      asked.push({ id, prompt });
      return answer();
    },
  });
  const recommender = createRecommender({ provider: port });
  const { recommendations } = valueOf(await recommender.recommend(files));
  return { asked, recommender, models: recommendations.map(({ model }) => model?.name), by: recommendations[0]?.chosenBy, reason: recommendations[0]?.reason };
}

describe('a model in memory is asked', () => {
  it('and its choice counts', async () => {
    const { asked, models, by, reason } = await chosen(two, async () => 'Sure! {"model": 2}');
    expect({ models, by }).toEqual({ models: ['b'], by: 'model' });
    expect(reason).toContain('was chosen by a model in memory');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ id: 'p/a', prompt: expect.stringMatching(/text\/plain[^]*1\. a: 8B[^]*2\. b: 8B/) });
  });

  it('about the kind of a file, never its name', async () => {
    const { asked } = await chosen(two, async () => null, [fileOf('text/plain', 10, 'diary-of-anna.txt')]);
    expect(asked[0]?.prompt).not.toContain('diary');
  });

  it('once for each type', async () => {
    const { asked, recommender, models } = await chosen(two, async () => '{"model": 2}', [fileOf('text/plain', 10), fileOf('text/plain', 20), fileOf('text/markdown', 10)]);
    expect(models).toEqual(['b', 'b', 'b']);
    await recommender.recommend([fileOf('text/plain', 30)]);
    expect(asked).toHaveLength(2);
  });
});

describe('the rules’ choice stands', () => {
  it.for<[string, () => Promise<string | null>]>([
    ['without an answer', async () => null],
    ['on no JSON', async () => 'The second one.'],
    ['on another shape', async () => '{"model": "b"}'],
    ['on a number that none has', async () => '{"model": 3}'],
    ['on a failure', () => Promise.reject(new Error('gone'))],
  ])('%s', async ([, answer]) => expect(await chosen(two, answer)).toMatchObject({ models: ['a'], by: 'rules' }));

  it.for<[string, ModelWish[], { withModel?: boolean; fileTypes?: Record<string, string> }]>([
    ['where it is switched off', two, {}],
    ['where none is in memory', two.map((one) => ({ ...one, fit: 'fits' as const })), { withModel: true }],
    ['where the one in memory is busy', two.map((one) => ({ ...one, inUse: true })), { withModel: true }],
    ['where the one in memory is a sample', two.map((one) => ({ ...one, sample: one.fit === 'loaded' })), { withModel: true }],
    ['where there is nothing to choose', two.slice(0, 1), { withModel: true }],
    ['where the settings name one', two, { withModel: true, fileTypes: { 'text/*': 'a' } }],
  ])('unasked %s', async ([, models, settings]) => {
    expect((await chosen(models, async () => '{"model": 2}', undefined, settings)).asked).toEqual([]);
  });

  it('and after no answer it is asked again another time', async () => {
    const { asked, recommender } = await chosen(two, async () => null);
    await recommender.recommend([fileOf('text/plain')]);
    expect(asked).toHaveLength(2);
  });
});

it('who gives no answer is asked once in a batch, however many files it has', async () => {
  const files = ['text/plain', 'text/plain', 'text/markdown', 'text/csv'].map((mime) => fileOf(mime));
  expect((await chosen(two, async () => null, files)).asked).toHaveLength(1);
});

it('readAnswer finds the object among words', () => {
  expect(readAnswer('{"x": 1} then ```json\n{"model": 4}\n```')).toBe(4);
  expect(readAnswer('{model: 1}')).toBeNull();
  expect(readAnswer('{"model": 0}')).toBeNull();
});
