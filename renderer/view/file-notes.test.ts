import { expect, it } from 'vitest';
import { fileOf, portFrom, valueOf, type ModelWish } from '../../test/recommender-fixture.ts';
import { createRecommender } from '../../main/recommend/recommender.ts';
import { kindRules } from '../../main/recommend/rules.ts';
import { noteOf } from './file-notes.ts';

it('knows every note of the recommender that is about a kind of file', () => {
  const said = Object.values(kindRules).flatMap((rule) => ('note' in rule || 'orNote' in rule ? [rule.note, rule.orNote] : [])).filter((note) => note !== undefined);
  expect(said.length).toBeGreaterThan(3);
  expect(said.filter((note) => noteOf(note) === null)).toEqual([]);
});

it('knows every other one, or has it as data, so that none is left in English', async () => {
  const sees: ModelWish = { name: 'eyes', capabilities: ['completion', 'vision'], parameterSize: '3B', maxContextLength: 4_096 };
  const talks: ModelWish = { name: 'talker', parameterSize: '8B', maxContextLength: 4_096 };
  const { port } = portFrom([sees, talks], { fileTypes: { '*.sql': 'gone', '*.md': 'eyes' } });
  // A picture takes the one that sees, which then does for the text as well.
  const files = [fileOf('image/png'), fileOf('text/plain'), fileOf('text/plain', 900_000), fileOf('application/sql', 9, 'a.sql'), fileOf('text/markdown', 900_000, 'a.md')];
  const { recommendations } = valueOf(await createRecommender({ provider: port }).recommend(files));
  const known = recommendations.flatMap(({ notes }) => notes.map((note) => noteOf(note)));
  expect(known).toEqual(expect.arrayContaining(['long', 'together']));
  for (const { notes, unheeded } of recommendations) expect(notes.filter((note) => noteOf(note) === null)).toHaveLength(unheeded === undefined ? 0 : 1);
  expect(recommendations.filter(({ unheeded }) => unheeded !== undefined).length).toBeGreaterThan(0);
});
