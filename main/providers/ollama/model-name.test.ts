import { expect, it } from 'vitest';
import { isOwnComputer, listedName, parseModelName } from './model-name.ts';

it.each([
  ['llama3.2', 'llama3.2:latest', false],
  [' llama3.2:3b ', 'llama3.2:3b', false],
  ['library/llama3.2', 'llama3.2:latest', false],
  ['me/model:tag', 'me/model:tag', false],
  ['registry.example/team/model', 'registry.example/team/model:latest', false],
  ['https://registry.example/team/model:q4', 'registry.example/team/model:q4', false],
  ['127.0.0.1:5000/a/b', '127.0.0.1:5000/a/b:latest', true],
  ['localhost:5000/a/b', 'localhost:5000/a/b:latest', true],
  ['[::1]:5000/a/b', '[::1]:5000/a/b:latest', true],
  ['127.0.0.1.example/a/b', '127.0.0.1.example/a/b:latest', false],
  ['10.0.0.1/a/b', '10.0.0.1/a/b:latest', false],
])('%j is %s', (text, listed, own) => {
  const name = parseModelName(text)!;
  expect(listedName(name)).toBe(listed);
  expect(isOwnComputer(name)).toBe(own);
});

it.each(['', ' ', 'a b', '..', '../x', 'x/../y', 'a/b/c/d', 'x:', ':x', 'x:y:z', 'modell-für-alle', '😀', 'x;rm -rf', '$(x)', '-x', `${'x'.repeat(81)}`, 'ho st/a/b', 'a@b/c/d', 'x%2fy', 'host:99999/a/b', '999.1.1.1/a/b', '[:::]/a/b', 'xn--a/a/b'])('%j is no name', (text) => expect(parseModelName(text)).toBeNull());
