import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, expect, it } from 'vitest';
import type { Problem } from '../../contract/index.ts';
import { changeLanguage } from '../text/text.ts';
import { ProblemLine } from './problem-text.tsx';

const problem: Problem = { code: 'forbidden', message: 'Only an installed Airdock can start at login.', hint: 'This one runs from its sources.' };
const line = () => renderToStaticMarkup(createElement(ProblemLine, { problem }));

afterEach(() => changeLanguage('en', ['en']));

it('is what the engine says, in English', async () => {
  await changeLanguage('en', ['en']);
  expect(line()).toBe('Only an installed Airdock can start at login. This one runs from its sources.');
});

it('is told in German, with the engine’s own words marked as English', async () => {
  await changeLanguage('de', ['de']);
  expect(line()).toBe('Das ist hier nicht erlaubt.<span lang="en"> Only an installed Airdock can start at login. This one runs from its sources.</span>');
});
