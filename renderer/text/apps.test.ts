import { afterEach, describe, expect, it } from 'vitest';
import { changeLanguage, text } from './text.ts';

describe.each([
  ['en', ['A program has waited 8 s', 'curl and a program wait, up to 1 min', '3 programs wait, up to 8 s'], ['Answering a web page for 8 s', 'Answering Zed', 'Answering Zed and a program', 'Answering 3 programs']],
  ['de', ['Ein Programm wartet seit 8 s', 'curl und ein Programm warten, bis zu 1 Min.', '3 Programme warten, bis zu 8 s'], ['Antwortet einer Webseite seit 8 s', 'Antwortet Zed', 'Antwortet Zed und einem Programm', 'Antwortet 3 Programmen']],
] as const)('who asks, in %s', (language, waiting, answering) => {
  afterEach(() => changeLanguage('en', []));

  it('is a sentence also where somebody does not say who it is', async () => {
    await changeLanguage(language, []);
    const { waits, answering: answers } = text.requests;
    expect([waits(['a program'], 8_000), waits(['curl', 'a program'], 70_000), waits(['a', 'b', 'c'], 8_000)]).toEqual(waiting);
    expect([answers(['a web page'], 8_000), answers(['Zed'], null), answers(['Zed', 'a program'], 8_000), answers(['a', 'b', 'c'], 8_000)]).toEqual(answering);
  });
});

it('one model in the way is one, and many are counted', async () => {
  expect([text.requests.why['in-use'](['a']), text.requests.why['in-use'](['a', 'b']), text.requests.why['in-use'](['a', 'b', 'c'])]).toEqual(['a is in use', 'a and b are in use', '3 models are in use']);
  await changeLanguage('de', []);
  expect([text.requests.why.leaving(['a']), text.requests.why.leaving(['a', 'b', 'c'])]).toEqual(['a verlässt den Speicher', '3 Modelle verlassen den Speicher']);
  await changeLanguage('en', []);
});
