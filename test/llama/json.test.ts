import { describe, expect, it } from 'vitest';
import { answer, ask, load, temporaryFolder, testProvider, writeRandom } from './helpers.ts';

async function random() {
  const folder = await temporaryFolder();
  await writeRandom(folder, 'random');
  const provider = testProvider({ directories: () => [folder] });
  const { model } = await load(provider, 'random');
  return { provider, id: model.id };
}

const wild = (seed: number) => ({ temperature: 3, topK: 0, topP: 1, minP: 0, seed });
const text = (maxLength: number) => ({ type: 'string', maxLength });

describe('JSON of a schema', () => {
  it.each([
    [
      'an object with optional properties',
      { type: 'object', properties: { name: text(6), age: { type: 'integer', minimum: 0 }, ok: { type: 'boolean' } }, required: ['age'] },
      (value: unknown) => {
        const { age, ...rest } = value as { age: number; name?: string; ok?: boolean };
        expect(Number.isInteger(age) && age >= 0).toBe(true);
        expect(Object.keys(rest).every((key) => ['name', 'ok'].includes(key))).toBe(true);
        expect(['string', 'undefined']).toContain(typeof rest.name);
        expect([...(rest.name ?? '')].length).toBeLessThanOrEqual(6);
        expect(['boolean', 'undefined']).toContain(typeof rest.ok);
      },
    ],
    [
      'a list of choices',
      { type: 'array', minItems: 2, maxItems: 4, items: { anyOf: [{ enum: ['a', 'b"\\'] }, { type: 'integer', minimum: -2, maximum: 2 }, { type: 'null' }] } },
      (value: unknown) => {
        const items = value as unknown[];
        expect(items.length).toBeGreaterThanOrEqual(2);
        expect(items.length).toBeLessThanOrEqual(4);
        for (const item of items) expect(['a', 'b"\\', -2, -1, 0, 1, 2, null]).toContain(item);
      },
    ],
    ['a date', { type: 'string', format: 'date-time' }, (value: unknown) => expect(Number.isFinite(Date.parse(value as string))).toBe(true)],
    ['a number', { type: 'number' }, (value: unknown) => expect(Number.isFinite(value)).toBe(true)],
    [
      'what contains itself',
      { $ref: '#/$defs/node', $defs: { node: { type: 'object', properties: { leaf: { type: 'boolean' }, next: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/node' }] } }, required: ['leaf', 'next'], additionalProperties: false } } },
      (value: unknown) => {
        for (let node = value as { leaf: unknown; next: typeof node } | null; node !== null; node = node.next) expect([Object.keys(node), typeof node.leaf]).toEqual([['leaf', 'next'], 'boolean']);
      },
    ],
  ])('%s', async (_name, json, check) => {
    const { provider, id } = await random();
    const seen = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      const said = await answer(provider, id, { maxTokens: null, json, sampling: wild(seed) });
      expect(said.finish).toBe('stop');
      check(JSON.parse(said.text));
      seen.add(said.text);
    }
    expect(seen.size).toBeGreaterThan(6);
  });

  it('of any kind is an object', async () => {
    const { provider, id } = await random();
    let whole = 0;
    for (let seed = 0; seed < 12; seed++) {
      // Seldom ends by itself with weights like these; what does, parses.
      const said = await answer(provider, id, { maxTokens: 400, json: 'any', sampling: { ...wild(seed), temperature: 1 } });
      expect(said.text.startsWith('{')).toBe(true);
      if (said.finish === 'length') continue;
      whole++;
      expect(JSON.parse(said.text)).toBeTypeOf('object');
    }
    expect(whole).toBeGreaterThan(0);
  });

  it('that is not supported is refused, and so is what llama.cpp does not take', async () => {
    const { provider, id } = await random();
    expect((await ask(provider, id, { json: { type: 'string', pattern: 'a+' } })).outcome).toEqual({ ok: false, problem: { code: 'bad-request', message: 'The JSON schema cannot be followed: "pattern" at its root is not supported.' } });
    expect((await ask(provider, id, { json: { $ref: '#' } })).outcome).toEqual({ ok: false, problem: { code: 'bad-request', message: 'The JSON schema cannot be followed: llama.cpp does not accept the grammar that it makes.' } });
    expect(await answer(provider, id)).toMatchObject({ ok: true });
  });
});
