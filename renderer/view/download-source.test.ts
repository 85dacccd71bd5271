import { expect, it } from 'vitest';
import { isPath, leadOf, withoutQuotes } from './download-source.ts';

it.each(['/home/me/m.gguf', '~/m.gguf', 'C:\\models\\m.gguf', 'd:/m.gguf', '\\\\nas\\m.gguf', ' /x.gguf'])('%s is a path', (text) => expect(isPath(text)).toBe(true));
it.each(['llama3.2', 'me/model:tag', 'https://x.example/m.gguf', 'localhost:5000/a/b'])('%s is none', (text) => expect(isPath(text)).toBe(false));
it('takes quotation marks off', () => {
  expect(withoutQuotes(' "C:\\m.gguf" ')).toBe('C:\\m.gguf');
  expect(withoutQuotes("'/a b.gguf'")).toBe('/a b.gguf');
  expect(withoutQuotes('"half')).toBe('"half');
});

it('knows the parts of one split model by what they share', () => {
  expect(leadOf('m-00002-of-00003.gguf')).toBe(leadOf('m-00001-of-00003.gguf'));
  expect(leadOf('m-00001-of-00003.gguf')).not.toBe(leadOf('n-00001-of-00003.gguf'));
  expect(leadOf('m.gguf')).toBe('m.gguf');
});
