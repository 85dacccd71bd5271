/** A grammar in llama.cpp's notation (GBNF), or the one sentence why there is none. */
export type JsonGrammar = { ok: true; grammar: string } | { ok: false; message: string };

type Schema = Readonly<Record<string, unknown>>;

/** Finite in JavaScript too: fifteen digits and an exponent of two. */
const base: Readonly<Record<string, string>> = {
  ws: String.raw`("" | " " | "\n" [ \t]{0,20})`,
  char: String.raw`[^"\\\x00-\x1f\x7f] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4})`,
  string: String.raw`"\"" char* "\""`,
  natural: '("0" | [1-9] [0-9]{0,14})',
  integer: '"-"? natural',
  fraction: '("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,2})?',
  number: 'integer fraction',
  boolean: '"true" | "false"',
  null: '"null"',
  member: 'string ":" ws value',
  object: '"{" ws (member ("," ws member)* ws)? "}"',
  array: '"[" ws (value ("," ws value)* ws)? "]"',
  value: 'object | array | string | number | boolean | null',
  date: '[0-9]{4} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | "1" [0-9] | "2" [0-8])',
  time: '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{3})? ("Z" | [-+] ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9])',
  hex: '[0-9a-f]',
};

const formats: Readonly<Record<string, string>> = {
  date: String.raw`"\"" date "\""`,
  time: String.raw`"\"" time "\""`,
  'date-time': String.raw`"\"" date "T" time "\""`,
  uuid: String.raw`"\"" hex{8} "-" hex{4} "-" hex{4} "-" hex{4} "-" hex{12} "\""`,
};

/** Keywords that say something about the value without limiting it. */
const annotations = new Set(['title', 'description', 'default', 'examples', 'example', 'deprecated', 'readOnly', 'writeOnly', '$schema', '$id', '$comment', '$defs', 'definitions', 'strict', 'name']);
const byType: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties'],
  array: ['items', 'minItems', 'maxItems'],
  string: ['minLength', 'maxLength', 'format'],
  integer: ['minimum', 'maximum'],
  number: ['minimum', 'maximum'],
  boolean: [],
  null: [],
};
const assertions = new Set(['type', 'enum', 'const', 'anyOf', 'oneOf', '$ref', ...Object.values(byType).flat()]);
/** A schema nested deeper than this is a mistake. */
const DEEPEST = 64;
/** llama.cpp refuses grammars that repeat more often. */
const MOST_REPEATS = 2000;
/** Whole numbers between two limits are spelt out one by one, up to so many. */
const MOST_NUMBERS = 500;

class Unsupported extends Error {}

/**
 * What the answer has to look like: any JSON object, or JSON of a schema. Whatever of a schema the grammar could not hold the
 * model to is refused rather than dropped. Properties come in the schema's order; additional ones only where none are named.
 */
export function jsonGrammar(json: 'any' | Schema): JsonGrammar {
  if (json === 'any') return { ok: true, grammar: write({ ...base, root: 'object' }) };
  try {
    return { ok: true, grammar: write(rulesOf(json)) };
  } catch (error) {
    if (error instanceof Unsupported) return { ok: false, message: `The JSON schema cannot be followed: ${error.message}.` };
    throw error;
  }
}

function write(rules: Readonly<Record<string, string>>): string {
  return `${Object.entries(rules)
    .map(([name, rule]) => `${name} ::= ${rule}`)
    .join('\n')}\n`;
}

function rulesOf(root: Schema): Record<string, string> {
  const rules: Record<string, string> = { ...base };
  const references = new Map<string, string>();
  let count = 0;

  const add = (rule: string): string => {
    const name = `r${++count}`;
    rules[name] = rule;
    return name;
  };

  /** What stands for `schema` in another rule. */
  function expression(schema: unknown, path: string, depth: number): string {
    if (depth > DEEPEST) throw new Unsupported(`it is nested more than ${DEEPEST} deep`);
    if (schema === true) return 'value';
    if (!isSchema(schema)) throw new Unsupported(`${path} is no schema`);
    for (const key of Object.keys(schema)) {
      if (!annotations.has(key) && !assertions.has(key)) throw new Unsupported(`"${key}" at ${path} is not supported`);
    }
    if (schema['$ref'] !== undefined) return alone(schema, '$ref', path, reference(schema['$ref'], path, depth));
    for (const key of ['anyOf', 'oneOf']) {
      const options = schema[key];
      if (options === undefined) continue;
      if (!Array.isArray(options) || options.length === 0) throw new Unsupported(`"${key}" at ${path} is no list of schemas`);
      return alone(schema, key, path, add(options.map((option, at) => expression(option, `${path}.${key}[${at}]`, depth + 1)).join(' | ')));
    }
    const types = typesOf(schema, path);
    if ('const' in schema) return literals([schema['const']], types, path);
    if (schema['enum'] !== undefined) return literals(schema['enum'], types, path);
    if (types === null) return 'value';
    return types.length === 1 ? ofType(types[0] ?? '', schema, path, depth) : add(types.map((type) => ofType(type, schema, path, depth)).join(' | '));
  }

  function reference(pointer: unknown, path: string, depth: number): string {
    if (typeof pointer !== 'string' || !pointer.startsWith('#')) throw new Unsupported(`"$ref" at ${path} leads out of the schema`);
    const known = references.get(pointer);
    if (known !== undefined) return known;
    let target: unknown = root;
    for (const part of pointer.slice(1).split('/').slice(1)) {
      const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
      target = isSchema(target) && Object.hasOwn(target, key) ? target[key] : undefined;
    }
    if (target === undefined) throw new Unsupported(`"$ref" at ${path} points to nothing (${pointer})`);
    const name = add('');
    references.set(pointer, name);
    rules[name] = expression(target, pointer, depth + 1);
    return name;
  }

  function literals(values: unknown, types: readonly string[] | null, path: string): string {
    if (!Array.isArray(values)) throw new Unsupported(`"enum" at ${path} is no list`);
    const fitting = values.filter((value) => types === null || types.some((type) => isOfType(value, type)));
    if (fitting.length === 0) throw new Unsupported(`no value is allowed at ${path}`);
    return add(fitting.map((value) => literal(JSON.stringify(value))).join(' | '));
  }

  function ofType(type: string, schema: Schema, path: string, depth: number): string {
    if (type === 'object') return objectOf(schema, path, depth);
    if (type === 'array') return arrayOf(schema, path, depth);
    if (type === 'string') return stringOf(schema, path);
    if (type === 'integer' || type === 'number') return numberOf(type, schema, path);
    return type;
  }

  function objectOf(schema: Schema, path: string, depth: number): string {
    const properties = schema['properties'] ?? {};
    if (!isSchema(properties)) throw new Unsupported(`"properties" at ${path} is no object`);
    const required = schema['required'] ?? [];
    if (!Array.isArray(required)) throw new Unsupported(`"required" at ${path} is no list`);
    const stranger = required.find((name) => typeof name !== 'string' || !Object.hasOwn(properties, name));
    if (stranger !== undefined) throw new Unsupported(`"required" at ${path} names ${JSON.stringify(stranger)}, which "properties" does not describe`);
    const names = Object.keys(properties);
    if (names.length === 0) {
      const additional = schema['additionalProperties'] ?? true;
      if (additional === true) return 'object';
      if (additional === false) return add('"{" ws "}"');
      const member = add(`string ":" ws ${expression(additional, `${path}.*`, depth + 1)}`);
      return add(`"{" ws (${member} ("," ws ${member})* ws)? "}"`);
    }
    // Two chains over the properties in their order: `first` where none has come yet, `more` where one has, and a comma is due.
    let first = '';
    let more = '';
    for (const name of names.reverse()) {
      const member = add(`${literal(JSON.stringify(name))} ":" ws ${expression(properties[name], `${path}.${name}`, depth + 1)}`);
      const optional = !required.includes(name);
      const skipped = { first, more };
      first = add(`${member} ${more}${optional ? ` | ${skipped.first === '' ? '""' : skipped.first}` : ''}`);
      more = add(`"," ws ${member} ${more}${optional ? ` | ${skipped.more === '' ? '""' : skipped.more}` : ''}`);
    }
    return add(`"{" ws ${first} ws "}"`);
  }

  function arrayOf(schema: Schema, path: string, depth: number): string {
    const least = wholeNumber(schema, 'minItems', path) ?? 0;
    const most = wholeNumber(schema, 'maxItems', path);
    if (most !== null && most < least) throw new Unsupported(`"maxItems" at ${path} is below "minItems"`);
    if (most === 0) return add('"[" ws "]"');
    const item = expression(schema['items'] ?? true, `${path}[]`, depth + 1);
    const rest = `("," ws ${item}){${Math.max(0, least - 1)},${most === null ? '' : most - 1}}`;
    return add(least === 0 ? `"[" ws (${item} ${rest} ws)? "]"` : `"[" ws ${item} ${rest} ws "]"`);
  }

  function stringOf(schema: Schema, path: string): string {
    const least = wholeNumber(schema, 'minLength', path);
    const most = wholeNumber(schema, 'maxLength', path);
    const format = schema['format'];
    if (format !== undefined) {
      const known = typeof format === 'string' && Object.hasOwn(formats, format) ? formats[format] : undefined;
      if (known === undefined) throw new Unsupported(`the format ${JSON.stringify(format)} at ${path} is not supported (only ${Object.keys(formats).join(', ')})`);
      if (least !== null || most !== null) throw new Unsupported(`a format together with a length at ${path} is not supported`);
      return add(known);
    }
    if (least === null && most === null) return 'string';
    if (most !== null && most < (least ?? 0)) throw new Unsupported(`"maxLength" at ${path} is below "minLength"`);
    return add(String.raw`"\"" char{${least ?? 0},${most ?? ''}} "\""`);
  }

  function numberOf(type: 'integer' | 'number', schema: Schema, path: string): string {
    const least = limit(schema, 'minimum', path);
    const most = limit(schema, 'maximum', path);
    if (least === null && most === null) return type;
    if (type === 'integer' && least !== null && most !== null) {
      const [from, to] = [Math.ceil(least), Math.floor(most)];
      if (to < from) throw new Unsupported(`no number is allowed at ${path}`);
      if (to - from < MOST_NUMBERS) return add(Array.from({ length: to - from + 1 }, (_, at) => literal(String(from + at))).join(' | '));
    }
    if (most === null && least === 0) return type === 'integer' ? 'natural' : add('natural fraction');
    if (most === null && least === 1 && type === 'integer') return add('[1-9] [0-9]{0,14}');
    throw new Unsupported(`these limits of the number at ${path} are not supported`);
  }

  rules['root'] = expression(root, 'its root', 0);
  return rules;
}

/** Beside a reference or a choice nothing else may limit the value: both at once would be more than a grammar can hold. */
function alone(schema: Schema, key: string, path: string, found: string): string {
  const other = Object.keys(schema).find((name) => name !== key && !annotations.has(name));
  if (other !== undefined) throw new Unsupported(`"${other}" beside "${key}" at ${path} is not supported`);
  return found;
}

/** Types that are asked for, or meant by the keywords that are there; null: any. */
function typesOf(schema: Schema, path: string): readonly string[] | null {
  const said = schema['type'];
  if (said === undefined) {
    const meant = Object.entries(byType).find(([, keys]) => keys.some((key) => schema[key] !== undefined))?.[0];
    return meant === undefined ? null : [meant === 'integer' ? 'number' : meant];
  }
  const types: unknown[] = Array.isArray(said) ? said : [said];
  const known = types.filter((type): type is string => typeof type === 'string' && Object.hasOwn(byType, type));
  if (known.length === 0 || known.length < types.length) throw new Unsupported(`the type ${JSON.stringify(said)} at ${path} is not known`);
  return known;
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isSchema(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function wholeNumber(schema: Schema, key: string, path: string): number | null {
  const value = schema[key];
  if (value === undefined) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw new Unsupported(`"${key}" at ${path} is no whole number`);
  if (value > MOST_REPEATS) throw new Unsupported(`"${key}" at ${path} is above ${MOST_REPEATS}`);
  return value;
}

function limit(schema: Schema, key: string, path: string): number | null {
  const value = schema[key];
  if (value === undefined) return null;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Unsupported(`"${key}" at ${path} is no number`);
  return value;
}

function literal(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
