import { describe, expect, it } from 'vitest';
import { jsonGrammar } from './json-grammar.ts';

function refusal(schema: Record<string, unknown>): string {
  const made = jsonGrammar(schema);
  return made.ok ? `accepted: ${made.grammar}` : made.message;
}

/** The rules that a schema adds. */
function rules(schema: Record<string, unknown>): string[] {
  const made = jsonGrammar(schema);
  if (!made.ok) throw new Error(made.message);
  return made.grammar.split('\n').filter((line) => /^(r\d+|root) /.test(line));
}

describe('jsonGrammar', () => {
  it('wants an object where any JSON will do', () => {
    expect(jsonGrammar('any')).toMatchObject({ ok: true, grammar: expect.stringContaining('\nroot ::= object\n') });
  });

  it('keeps the order of properties and lets optional ones be left out', () => {
    expect(rules({ type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } }, required: ['a'] })).toEqual([
      'r1 ::= "\\"b\\"" ":" ws integer',
      'r2 ::= r1  | ""',
      'r3 ::= "," ws r1  | ""',
      'r4 ::= "\\"a\\"" ":" ws string',
      'r5 ::= r4 r3',
      'r6 ::= "," ws r4 r3',
      'r7 ::= "{" ws r5 ws "}"',
      'root ::= r7',
    ]);
  });

  it('writes values that contain quotes and backslashes as they are in JSON', () => {
    expect(rules({ enum: ['say "a\\b"', null, 2, [true]] })[0]).toBe('r1 ::= "\\"say \\\\\\"a\\\\\\\\b\\\\\\"\\"" | "null" | "2" | "[true]"');
    expect(rules({ type: 'string', enum: ['x', 1] })[0]).toBe('r1 ::= "\\"x\\""');
  });

  it('follows references, also to what contains them', () => {
    expect(rules({ $ref: '#/$defs/node', $defs: { node: { type: 'array', items: { $ref: '#/$defs/node' } } } })).toEqual(['r1 ::= r2', 'r2 ::= "[" ws (r1 ("," ws r1){0,} ws)? "]"', 'root ::= r1']);
    expect(rules({ $ref: '#/$defs/a~1%7B', $defs: { 'a/{': { type: 'null' } } })).toEqual(['r1 ::= null', 'root ::= r1']);
  });

  it('ignores what only describes', () => {
    expect(rules({ type: 'boolean', title: 'T', description: 'D', default: false, $schema: 'x' })).toEqual(['root ::= boolean']);
  });

  it('takes what the keywords mean where no type is said', () => {
    expect(rules({ minLength: 2 })[0]).toBe('r1 ::= "\\"" char{2,} "\\""');
    expect(rules({})).toEqual(['root ::= value']);
    expect(rules({ type: ['integer', 'null'], minimum: 3, maximum: 5 })).toEqual(['r1 ::= "3" | "4" | "5"', 'r2 ::= r1 | null', 'root ::= r2']);
  });

  it.each([
    [{ type: 'string', pattern: '^a' }, '"pattern" at its root is not supported'],
    [{ type: 'object', properties: { a: { allOf: [] } } }, '"allOf" at its root.a is not supported'],
    [{ type: 'array', items: { type: 'string', format: 'email' } }, 'the format "email" at its root[] is not supported (only date, time, date-time, uuid)'],
    [{ type: 'thing' }, 'the type "thing" at its root is not known'],
    [{ $ref: 'https://example.com/x' }, '"$ref" at its root leads out of the schema'],
    [{ $ref: '#/$defs/none' }, '"$ref" at its root points to nothing (#/$defs/none)'],
    [{ anyOf: [{ type: 'string' }], minLength: 2 }, '"minLength" beside "anyOf" at its root is not supported'],
    [{ anyOf: [] }, '"anyOf" at its root is no list of schemas'],
    [{ type: 'object', required: ['a'] }, '"required" at its root names "a", which "properties" does not describe'],
    [{ type: 'number', minimum: 2.5 }, 'these limits of the number at its root are not supported'],
    [{ type: 'string', enum: [1] }, 'no value is allowed at its root'],
    [{ type: 'string', minLength: 3, maxLength: 2 }, '"maxLength" at its root is below "minLength"'],
    [{ type: 'string', maxLength: 1e9 }, '"maxLength" at its root is above 2000'],
    [{ type: 'array', items: false }, 'its root[] is no schema'],
  ])('refuses %j', (schema, why) => {
    expect(refusal(schema)).toBe(`The JSON schema cannot be followed: ${why}.`);
  });

  it('refuses a schema that is nested without measure', () => {
    let schema: Record<string, unknown> = { type: 'string' };
    for (let depth = 0; depth < 10_000; depth++) schema = { type: 'array', items: schema };
    expect(refusal(schema)).toContain('nested more than 64 deep');
  });
});
