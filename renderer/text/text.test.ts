import { afterEach, describe, expect, it } from 'vitest';
import { problem, problemCodes } from '../../contract/index.ts';
import { overSentence, refusal } from '../../main/core/sentences.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { formatBytes } from './format.ts';
import { locale } from './language.ts';
import { changeLanguage, text } from './text.ts';

type Leaf = [path: string, value: unknown];
function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, path === '' ? key : `${path}.${key}`));
}

describe('the German texts', () => {
  const german = new Map(leaves(de));

  it('have the places of the English ones, and no empty one', () => {
    expect([...german.keys()].sort()).toEqual(leaves(en).map(([path]) => path).sort());
    for (const [path, value] of german) expect(value === '' && !leaves(en).some(([other, english]) => other === path && english === ''), path).toBe(false);
  });

  it('have no English where people would notice', () => {
    const sentences = leaves(en).filter(([, value]) => typeof value === 'string' && value.includes(' '));
    const same = sentences.filter(([path, value]) => german.get(path) === value).map(([path]) => path);
    // A command is the same in every language.
    expect(same.filter((path) => !/command|Placeholder|start\./.test(path))).toEqual([]);
  });
});

describe('the language of the screen', () => {
  afterEach(() => changeLanguage('en', []));

  it('changes all words, figures and times at once', async () => {
    expect(await changeLanguage('de', ['en-GB', 'de-AT'])).toBe(true);
    expect(text.pages.memory).toBe('Speicher');
    expect(formatBytes(4.5 * 1024 ** 3)).toBe('4,5 GB');
    expect(locale).toBe('de-AT');
  });

  it('is the one that was asked for last', async () => {
    const german = changeLanguage('de', []);
    const english = changeLanguage('en', ['en-US']);
    expect(await Promise.all([german, english])).toEqual([false, true]);
    expect(text).toBe(en);
  });
});

describe('problems', () => {
  it('are told in the engine’s words in English, and by their code in German', () => {
    const cause = problem('no-room', 'qwen3 needs 2.4 GB more.', 'Close a program.');
    expect(en.problemWords(cause)).toEqual({ message: cause.message, hint: cause.hint, detail: null });
    expect(de.problemWords(cause)).toEqual({
      message: 'Dafür lässt sich nicht genug Speicher freimachen.',
      hint: 'Andere Programme schließen oder unbenutzte Modelle entladen.',
      detail: 'qwen3 needs 2.4 GB more. Close a program.',
    });
  });

  it('have German words for every code', () => {
    for (const code of problemCodes) expect(de.problemWords(problem(code, 'x')).message, code).not.toBe('x');
  });

  it('of the page itself are German already', () => {
    for (const own of [de.problems.unreachable, de.problems.signedOut, de.problems.badAnswer(500)]) {
      expect(de.problemWords(own)).toEqual({ message: own.message, hint: own.hint ?? null, detail: null });
    }
  });
});

it('what a source of models advises is told by what it is about', () => {
  const advice = { id: 'prompt-cache', text: 'Engine.', command: null, parts: { name: 'llama3.2', bytes: 1.5 * 1024 ** 3 } };
  expect(de.sourceAdvice(advice)).toMatch(/^llama3.2 belegt 1[.,]5 GB mehr, als Ollama angibt/);
  expect(de.sourceAdvice({ ...advice, id: 'something-new' })).toBe('Engine.');
  expect(en.sourceAdvice(advice)).toBe('Engine.');
});

describe('hints', () => {
  it('name the button that ends a freeze as it stands on the page', () => {
    expect(refusal.frozen('llama3.2').hint).toContain(`“${en.banners.end.freeze}”`);
    expect(de.problemWords(refusal.frozen('llama3.2')).hint).toBe(`Erst das ${de.banners.end.freeze}.`);
  });
});

describe('what is over budget', () => {
  const gb = 1024 ** 3;
  const over = (bytes: number, reserve: number) => de.overBudget({ bytes, since: 0, sentence: overSentence(bytes, reserve) }, reserve);
  it('is told in German as the engine tells it: the reserve, where that alone is too much', () => {
    expect(over(9 * gb, 10 * gb)).toMatch(/^Sie halten 10.0 GB für andere Programme frei, doch 9.0 GB davon sind belegt\. Senken Sie .* „Speicher, der frei bleibt“\./);
    expect(over(9 * gb, 8 * gb)).toMatch(/^Modelle und andere Programme belegen 9\.0 GB mehr, als da ist\./);
    expect(overSentence(9 * gb, 10 * gb)).toContain('You keep 10.0 GB free');
    expect(overSentence(9 * gb, 8 * gb)).not.toContain('You keep');
  });
});

describe('a load that is refused because its model cannot be exchanged', () => {
  it('is not said to be in use, which it may not be', () => {
    const told = de.problemWords(refusal.busyReplace('llama3.2', 'pinned'));
    expect(told.message).toBe('Das Modell ist mit anderer Kontextgröße im Speicher und lässt sich gerade nicht austauschen.');
    expect(de.problemWords(problem('in-use', 'llama3.2 is in use.')).message).toBe('Das Modell ist gerade in Gebrauch.');
  });
});

describe('a time without use', () => {
  it.each([[en, 'while there is room', 'never'], [de, 'solange Platz ist', 'nie']] as const)('is no promise to stay', (words, room, never) => {
    for (const said of [words.idleTime.named('x', null), words.idleTime.standard(null), words.status.stays]) expect(said).toContain(room);
    // The button has room for one word: it stands under "unload when unused", and is part of its full name.
    expect(words.idleTime.short(null)).toBe(never);
    expect(words.idleTime.named('x', null)).toContain(never);
  });
});

describe('a time without use that is chosen for one model', () => {
  it.each([[en, '5 min'], [de, '5 Min.']] as const)('tells after how long its room is free for others, where that is its only end', (words, time) => {
    expect(words.idleTime.choice('auto')).toContain(time);
    expect(words.idleTime.choice(null)).not.toContain(time);
  });
});

describe('advice', () => {
  const advice = (id: string) => ({ id, text: 'Engine.', action: { label: 'Do', operation: 'configSet', input: {} } });
  it('is told by what it is about', () => {
    expect(de.adviceText(advice('limit:3')).label).toBe('3 Modelle erlauben');
    // The engine gives it also for a single load that was refused: nothing is said of models that replace each other.
    expect(de.adviceText(advice('limit:3')).text).toBe('Platz für ein weiteres Modell wäre da, nur die Grenze steht im Weg. 3 Modelle erlauben?');
    expect(de.adviceText({ ...advice('limit:4'), text: 'Unless OLLAMA_MAX_LOADED_MODELS says otherwise.' }).text).toMatch(/Ollama hat eine eigene Grenze/);
    expect(de.adviceText(advice('keep:ollama/llama3.2:latest')).text).toMatch(/^llama3.2 wurde/);
    expect(de.adviceText(advice('something-new'))).toEqual({ text: 'Engine.', label: 'Do' });
    expect(en.adviceText(advice('limit:3'))).toEqual({ text: 'Engine.', label: 'Do' });
  });
});
