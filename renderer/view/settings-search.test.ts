import { expect, it } from 'vitest';
import { isMeant } from './settings-search.ts';

const texts = ['Größe des Gesprächs', 'models.context_length', 'In Token.'];

it.each(['', '  ', 'größe', 'GROSSE', 'gesprach', 'context_length', 'token größe', 'models.con'])('finds by %j', (query) => {
  expect(isMeant(query, texts)).toBe(true);
});

it.each(['port', 'größe port'])('does not find by %j', (query) => {
  expect(isMeant(query, texts)).toBe(false);
});
