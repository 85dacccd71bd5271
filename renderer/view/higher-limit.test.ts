import { expect, it } from 'vitest';
import { problem } from '../../contract/index.ts';
import { installed, live, llamaCpp, loaded, memory, ollama, plan } from '../../test/browser/fixtures.ts';
import { higherLimit, limitAlone } from './higher-limit.ts';

const model = installed('llama3.2', 4);
const file = installed('file', 1, { provider: 'llama.cpp' });
const rows = (...names: string[]) => names.map((name) => loaded(name, 1));
const elsewhere = { providers: [ollama({ memory: 'own' }), llamaCpp] };
const card = { id: 'gpu', name: 'GPU', total: 5, free: 5 };

it.each([
  ['is one more than the limit', live(rows('a', 'b')), model, { models: 3, ollama: null }],
  ['is one more than there are', live(rows('a', 'b', 'c'), { limit: 1 }), model, { models: 4, ollama: 3 }],
  ['does not count what has the same weights', live(rows('a', 'llama3.2'), { limit: 1 }), model, { models: 2, ollama: null }],
  ['counts what shares the memory', live(rows('a', 'b', 'c'), { limit: 1, ...elsewhere }), file, { models: 2, ollama: null }],
  ['says Ollama’s own limit only where Ollama has a part in it', live([loaded('x', 1, { provider: 'llama.cpp' })], { limit: 3 }), file, { models: 4, ollama: null }],
  ['says Ollama’s own limit also beside Ollama’s models', live(rows('a'), { limit: 3 }), file, { models: 4, ollama: 3 }],
  ['knows that Ollama counts by graphics cards', live(rows('a'), { limit: 6, memory: memory([], { vram: [card, card] }) }), model, { models: 7, ollama: 6 }],
  ['stops at what may be set', live([], { limit: 64 }), model, null],
  ['is not known of a model that is gone', live(), undefined, null],
] as const)('%s', (_what, state, about, expected) => {
  expect(higherLimit(state, about)).toEqual(expected);
});

it('is offered where the limit alone is the cause', () => {
  expect(limitAlone(plan('a', 1, { because: 'limit' }), null)).toBe(true);
  expect(limitAlone(null, problem('limit-reached', 'no'))).toBe(true);
  expect(limitAlone(plan('a', 1, { because: 'memory' }), problem('no-room', 'no'))).toBe(false);
  expect(limitAlone(null, null)).toBe(false);
});
