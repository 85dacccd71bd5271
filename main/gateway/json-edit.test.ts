import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asOllamaReads, memberOf, textOfMember, withEachGroup, withMember, withoutMember } from './json-edit.ts';

describe('a change of one member', () => {
  it('leaves the rest of the text as it was written', () => {
    const text = ' { "model" : "a", "keep_alive":"5m" ,\n "seed": 12345678901234567890, "x": 1.0 }\n';
    expect(withoutMember(text, 'keep_alive')).toBe(' { "model" : "a", "seed": 12345678901234567890, "x": 1.0 }\n');
    expect(withoutMember(text, 'x')).toBe(' { "model" : "a", "keep_alive":"5m" ,\n "seed": 12345678901234567890 }\n');
    expect(withMember(text, 'model', '"b"')).toBe(text.replace('"a"', '"b"'));
    expect(withMember(text, 'options', '{}')).toBe(` {"options":{},${text.slice(2)}`);
    expect(withMember(' {}', 'a', '1')).toBe(' {"a":1}');
  });

  it('knows a key in every case and in every way of writing it, and takes the last of several', () => {
    const text = '{"Keep_Alive":1,"m":2,"keep\\u005falive":3,"KEEP_ALIVE":4}';
    expect(JSON.parse(withoutMember(text, 'keep_alive'))).toEqual({ m: 2 });
    expect(textOfMember(text, 'keep_alive')).toBe('4');
    expect(memberOf(JSON.parse(text) as Record<string, unknown>, 'keep_alive')).toBe(4);
    expect(withMember('{"NUM_CTX":1}', 'num_ctx', '2', false)).toBe('{"num_ctx":2,"NUM_CTX":1}');
  });

  it('changes each of several groups, and reads them as one', () => {
    const text = '{"Options":{"num_gpu":0,"seed":12345678901234567890},"model":"a","options": {"num_gpu":1,"x":1}, "options":null}';
    expect(withEachGroup(text, 'options', (group) => withoutMember(group, 'num_gpu'))).toBe('{"Options":{"seed":12345678901234567890},"model":"a","options": {"x":1}, "options":null}');
    expect(asOllamaReads(text, JSON.parse(text) as Record<string, unknown>)).toEqual({ options: null, model: 'a' });
    const merged = '{"options":{"a":1,"b":1},"options":{"b":2}}';
    expect(asOllamaReads(merged, JSON.parse(merged) as Record<string, unknown>)).toEqual({ options: { a: 1, b: 2 } });
    const nulls = '{"model":"a","prompt":"b","keep_alive":0,"model":null,"prompt":null,"keep_alive":null}';
    expect(asOllamaReads(nulls, JSON.parse(nulls) as Record<string, unknown>)).toEqual({ model: 'a', prompt: 'b', keep_alive: null });
  });

  it('is not led astray by what stands in texts', () => {
    const tricky = { a: '}],"keep_alive":1,{"\\', 'b"\\': ['{', { c: ']"' }], keep_alive: '"', d: {} };
    for (const text of [JSON.stringify(tricky), JSON.stringify(tricky, null, 2)]) {
      const { keep_alive: _taken, ...rest } = tricky;
      expect(JSON.parse(withoutMember(text, 'keep_alive'))).toEqual(rest);
    }
  });

  it('a member that is there a hundred thousand times is taken out in one go', () => {
    const many = '"keep_alive":0,'.repeat(100_000);
    expect(withoutMember(`{${many}"model":"a", ${many}"b":1,${many}"keep_alive":0 }`, 'keep_alive')).toBe('{"model":"a", "b":1 }');
    expect(withoutMember(`{ ${many}"keep_alive":0 }`, 'keep_alive')).toBe('{  }');
  });

  it('holds for any object', () => {
    const key = fc.oneof(fc.constantFrom('keep_alive', 'KEEP_alive', 'model', '"', '\\'), fc.string());
    const object = fc.dictionary(key, fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 1, '\t'), fc.jsonValue(), (value, space, put) => {
        const text = JSON.stringify(value, null, space);
        const read = JSON.parse(text) as Record<string, unknown>;
        const others = Object.fromEntries(Object.entries(read).filter(([name]) => name.toLowerCase() !== 'keep_alive'));
        expect(JSON.parse(withoutMember(text, 'keep_alive'))).toEqual(others);
        const set = JSON.parse(withMember(text, 'keep_alive', JSON.stringify(put))) as Record<string, unknown>;
        expect(memberOf(set, 'keep_alive')).toEqual(JSON.parse(JSON.stringify(put)));
        expect(Object.keys(set).filter((name) => name.toLowerCase() !== 'keep_alive').sort()).toEqual(Object.keys(others).sort());
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
