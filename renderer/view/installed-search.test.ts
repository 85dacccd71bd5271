import { expect, it } from 'vitest';
import { installed } from '../../test/browser/fixtures.ts';
import { matches, searchText } from './installed-search.ts';

const model = installed('llama3.2-vision', 12, { family: 'mllama', parameterSize: '10.7B', quantization: 'Q4_K_M', capabilities: ['completion', 'vision'] });
const found = (query: string) => matches(searchText(model, (name) => (name === 'vision' ? 'sees pictures' : name)), query);

it.each(['', '  ', 'LLAMA', 'mllama', 'q4_k', '10.7b', 'vision', 'pictures', 'ollama/', 'vision  q4', 'q4 vision '])('finds it by "%s"', (query) => {
  expect(found(query)).toBe(true);
});

it.each(['gemma', 'vision q8', 'embedding'])('does not find it by "%s"', (query) => {
  expect(found(query)).toBe(false);
});

it('copes with what a source does not tell', () => {
  expect(searchText(installed('x', 1, { family: null, parameterSize: null, quantization: null, capabilities: [] }), (name) => name)).toBe('x ollama/x:latest');
});
