import { z } from 'zod';
import { configSchema } from '../../contract/index.ts';
import { nearest } from './nearest.ts';

/** The part of JSON Schema that the settings use. */
interface Shape {
  type?: string | string[];
  enum?: unknown[];
  anyOf?: Shape[];
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Shape>;
  additionalProperties?: Shape | boolean;
  items?: Shape;
  pattern?: string;
  const?: unknown;
}

export type Path = readonly (string | number)[];

export interface SettingsTree {
  /** A dotted path as segments. Keys that hold dots themselves ("llama.cpp", model names) are recognised; null where there is no such setting. */
  resolve(dotted: string): string[] | null;
  /** What may stand at a path, in words: "a whole number from 1 to 64". */
  allowed(path: Path): string;
  /** Keys that no setting has, with the nearest one that exists. */
  unknownKeys(value: unknown): { path: Path; nearest: string | null }[];
  /** The full path of the setting that was most likely meant. */
  suggest(dotted: string): string | null;
}

/** Knows which settings there are, from the schema of the contract. */
export function createSettingsTree(): SettingsTree {
  const root = z.toJSONSchema(configSchema, { io: 'input' }) as Shape;
  return {
    resolve: (dotted) => resolveIn(root, dotted),
    allowed: (path) => describe(path.reduce<Shape | null>(step, root)),
    unknownKeys: (value) => unknownIn(root, value, []),
    suggest: (dotted) => nearest(dotted, leaves(root, '')),
  };
}

/** Dots separate segments on a screen, whatever the segments hold. */
export const formatPath = (path: Path): string => path.map((segment) => (typeof segment === 'number' ? `[${segment}]` : segment)).join('.').replaceAll('.[', '[');

function step(shape: Shape | null, segment: string | number): Shape | null {
  if (shape === null) return null;
  if (typeof segment === 'number') return shape.items ?? null;
  const own = shape.properties && Object.hasOwn(shape.properties, segment) ? shape.properties[segment] : undefined;
  return own ?? (typeof shape.additionalProperties === 'object' ? shape.additionalProperties : null);
}

function resolveIn(shape: Shape, rest: string): string[] | null {
  for (const [key, child] of Object.entries(shape.properties ?? {})) {
    if (rest === key) return [key];
    if (!rest.startsWith(`${key}.`)) continue;
    const below = resolveIn(child, rest.slice(key.length + 1));
    if (below) return [key, ...below];
  }
  const entry = shape.additionalProperties;
  if (typeof entry !== 'object' || rest === '' || rest === '__proto__') return null;
  // A name of anybody's choice, dots and all; what follows its last dot is a key of the entry where such a key exists.
  const dot = rest.lastIndexOf('.');
  const last = rest.slice(dot + 1);
  return dot > 0 && entry.properties && Object.hasOwn(entry.properties, last) ? [rest.slice(0, dot), last] : [rest];
}

function unknownIn(shape: Shape, value: unknown, path: Path): { path: Path; nearest: string | null }[] {
  const { items } = shape;
  if (Array.isArray(value) && items) return value.flatMap((one: unknown, index) => unknownIn(items, one, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    // Editors take the schema's address from it.
    if (path.length === 0 && key === '$schema') return [];
    const known = step(shape, key);
    if (known) return unknownIn(known, child, [...path, key]);
    return shape.properties ? [{ path: [...path, key], nearest: nearest(key, Object.keys(shape.properties)) }] : [];
  });
}

function leaves(shape: Shape, prefix: string): string[] {
  if (!shape.properties) return [prefix];
  return Object.entries(shape.properties).flatMap(([key, child]) => leaves(child, prefix === '' ? key : `${prefix}.${key}`));
}

function describe(shape: Shape | null): string {
  if (shape === null) return 'nothing';
  if (shape.const !== undefined) return JSON.stringify(shape.const);
  if (shape.enum) return `one of ${shape.enum.map((one) => JSON.stringify(one)).join(', ')}`;
  const alternatives = shape.anyOf ?? (Array.isArray(shape.type) ? shape.type.map((type) => ({ ...shape, type })) : null);
  if (alternatives) return alternatives.map(describe).join(' or ');
  switch (shape.type) {
    case 'integer':
      return `a whole number${range(shape)}`;
    case 'number':
      return `a number${range(shape)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return shape.pattern === undefined ? 'a text in quotes' : 'a short name of small letters, digits, ".", "_" and "-"';
    case 'null':
      return 'null';
    case 'array':
      return shape.items?.properties ? 'a list of groups of settings in [ ]' : 'a list of texts in [ ]';
    default:
      return 'a group of settings in { }';
  }
}

function range({ minimum, maximum }: Shape): string {
  const bounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  if (minimum !== undefined && bounded) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `, ${minimum} or more`;
  return bounded ? `, ${maximum} or less` : '';
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
