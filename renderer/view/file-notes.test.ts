import { expect, it } from 'vitest';
import { kindRules } from '../../main/recommend/rules.ts';
import { noteOf } from './file-notes.ts';

it('knows every note of the recommender that is about a kind of file', () => {
  const said = Object.values(kindRules).flatMap((rule) => ('note' in rule || 'orNote' in rule ? [rule.note, rule.orNote] : [])).filter((note) => note !== undefined);
  expect(said.length).toBeGreaterThan(3);
  expect(said.filter((note) => noteOf(note) === null)).toEqual([]);
  expect(noteOf('The settings name big for *.txt, but no such model is installed.')).toBeNull();
});
