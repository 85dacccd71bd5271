import fc from 'fast-check';
import { parse, type ParseError } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { removeFromText, setGroupInText, setInText } from './edit-text.ts';

const read = (text: string): unknown => {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  expect([text, errors]).toEqual([text, []]);
  return value;
};

const commented = `// top
{
  "models": {
    "a": 1, // about a
    // about b
    "b": 2 // about b, too
  } /* end */
}
`;

describe('setInText', () => {
  it('replaces a value and nothing else', () => {
    expect(setInText(commented, ['models', 'a'], [true])).toBe(commented.replace('"a": 1', '"a": [\n      true\n    ]'));
    expect(setInText(commented, ['models', 'b'], 3)).toBe(commented.replace('2', '3'));
  });

  it('adds a key after the last one and leaves that one its comment', () => {
    expect(setInText(commented, ['models', 'c'], 3)).toBe(commented.replace('2 // about b, too', '2, // about b, too\n    "c": 3'));
    expect(setInText(commented, ['ui', 'theme'], 'dark')).toBe(commented.replace('} /* end */', '}, /* end */\n  "ui": {\n    "theme": "dark"\n  }'));
  });

  it.each([
    ['', '{\n  "a": {\n    "b": 1\n  }\n}\n'],
    ['// mine', '// mine\n{\n  "a": {\n    "b": 1\n  }\n}\n'],
    ['{}', '{\n  "a": {\n    "b": 1\n  }\n}'],
    ['{ /* none */ }', '{ /* none */\n  "a": {\n    "b": 1\n  }\n}'],
    ['{"x":1}', '{"x":1, "a": {"b":1}}'],
    ['{"x":1,}', '{"x":1, "a": {"b":1},}'],
    ['{\r\n\t"x": 1,\r\n}\r\n', '{\r\n\t"x": 1,\r\n\t"a": {\r\n\t\t"b": 1\r\n\t},\r\n}\r\n'],
    ['{"a": null}', '{"a": {\n    "b": 1\n  }}'],
    ['{\n  "x": 1 }', '{\n  "x": 1,\n  "a": {\n    "b": 1\n  }\n}'],
  ])('into %j', (before, after) => {
    expect(setInText(before, ['a', 'b'], 1)).toBe(after);
    expect(read(after)).toMatchObject({ a: { b: 1 } });
  });
});

describe('setGroupInText', () => {
  const known = (path: readonly string[]) => path.at(-1) !== 'b';
  it('replaces what is known, and keeps what nobody knows and every comment', () => {
    const edited = setGroupInText(commented, ['models'], { c: 3 }, known);
    expect(read(edited)).toEqual({ models: { b: 2, c: 3 } });
    for (const comment of ['// about a', '// about b', '/* end */']) expect(edited).toContain(comment);
  });

  it('puts the group there where there is none', () => {
    expect(read(setGroupInText(commented, ['memory'], { c: 3 }, known))).toEqual({ models: { a: 1, b: 2 }, memory: { c: 3 } });
    expect(read(setGroupInText(commented, ['models', 'a'], { c: 3 }, known))).toEqual({ models: { a: { c: 3 }, b: 2 } });
    expect(read(setGroupInText('', ['models'], { c: 3 }, known))).toEqual({ models: { c: 3 } });
  });
});

describe('removeFromText', () => {
  it.each([
    [commented, ['models', 'a'], commented.replace('    "a": 1, // about a', '    // about a')],
    ['{ "a": 1, }', ['a'], '{  }'],
    ['{ "a": 1, "b": 2 }', ['b'], '{ "a": 1  }'],
    ['{\n  "a": 1,\n  "b": 2\n}', ['b'], '{\n  "a": 1\n}'],
    ['{\n  "a": 1,\n  "b": 2\n}', ['a'], '{\n  "b": 2\n}'],
    ['{ "a": 1 }', ['x'], '{ "a": 1 }'],
    ['', ['x'], ''],
  ])('from %j %j', (before, path, after) => {
    expect(removeFromText(before, path)).toBe(after);
    read(after);
  });
});

describe('any sequence of edits', () => {
  const key = fc.constantFrom('a', 'b', 'llama.cpp', '"');
  const edit = fc.record({ path: fc.array(key, { minLength: 1, maxLength: 3 }), value: fc.option(fc.jsonValue({ maxDepth: 1 }), { nil: undefined }) });
  const start = fc.constantFrom<string>('', '{}', commented, '{"a": {"b": 1,},}', '{\r\n    // x\r\n    "a": {} // y\r\n}', '{ "a": 1 /* k */ , /* l */ "b": 2 }');

  it('gives valid text with the wanted value, and loses no comment', () => {
    fc.assert(
      fc.property(start, fc.array(edit, { maxLength: 6 }), (text, edits) => {
        let current: string = text;
        for (const { path, value } of edits) {
          current = value === undefined ? removeFromText(current, path) : setInText(current, path, value);
          const at = path.reduce<unknown>((inner, one) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[one] : undefined), read(current) ?? {});
          expect(JSON.stringify(at)).toBe(JSON.stringify(value));
        }
        if (text.includes('// top')) expect(current).toContain('// top');
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
