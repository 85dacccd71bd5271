import { expect, it } from 'vitest';
import { withAsker } from './looking.ts';

it.each([
  ['m was loaded in 2.0 s.', 'command line', 'm was loaded in 2.0 s. (command line)'],
  ['m was unloaded to make room for n, asked for by Zed.', 'Zed', 'm was unloaded to make room for n, asked for by Zed.'],
  ['m takes 2.0 GB.', null, 'm takes 2.0 GB.'],
])('who was behind it is named once: %s', (text, by, line) => expect(withAsker({ text, by })).toBe(line));
