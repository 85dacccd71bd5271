import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configSchema, defaultConfig } from './config.ts';
import { presets } from './presets.ts';
import { anyModel, type SettingFact, settingFacts } from './setting-facts.ts';

interface Shape {
  type?: string | string[];
  enum?: string[];
  const?: unknown;
  anyOf?: Shape[];
  minimum?: number;
  maximum?: number;
  default?: unknown;
  properties?: Record<string, Shape>;
  additionalProperties?: Shape | boolean;
  items?: Shape;
}

/** The facts as the schema has them. */
function factsOf(shape: Shape, path: readonly string[] = []): [string, SettingFact][] {
  const below = Object.entries(shape.properties ?? {});
  if (typeof shape.additionalProperties === 'object' && shape.additionalProperties.properties) below.push([anyModel, shape.additionalProperties]);
  if (below.length > 0) return below.flatMap(([key, child]) => factsOf(child, [...path, key]));
  return [[path.join('.'), { path, kind: kindOf(shape, path), default: shape.default }]];
}

function kindOf(shape: Shape, path: readonly string[]): SettingFact['kind'] {
  const alternatives = Array.isArray(shape.type) ? shape.type.map((type) => ({ ...shape, type })) : (shape.anyOf ?? [shape]);
  const parts = alternatives.flatMap((one) => one.anyOf ?? [one]);
  const nullable = parts.some(({ type }) => type === 'null');
  const words = parts.flatMap((one) => (typeof one.const === 'string' ? [one.const] : []));
  const real = parts.find(({ type, const: word }) => type !== 'null' && word === undefined) ?? shape;
  if (real.enum) return { type: 'choice', options: real.enum };
  switch (real.type) {
    case 'boolean':
      return { type: 'switch' };
    case 'array':
      return { type: real.items?.properties ? 'entries' : 'list' };
    case 'string':
      return { type: 'text', nullable };
    case 'object':
      return { type: 'pairs' };
    default: {
      const whole = real.type === 'integer';
      const max = real.maximum === undefined || real.maximum === Number.MAX_SAFE_INTEGER ? null : real.maximum;
      return { type: 'number', unit: unitOf(path.at(-1) ?? ''), whole, min: real.minimum ?? 0, max, nullable, ...(words.length > 0 && { words }) };
    }
  }
}

function unitOf(name: string) {
  if (name.endsWith('_seconds')) return 'seconds';
  if (name.endsWith('_gb')) return 'gb';
  if (name.endsWith('_mb')) return 'mb';
  if (name === 'queue_limit') return 'requests';
  if (name === 'context_length') return 'tokens';
  if (name === 'threads' || name === 'port') return name;
  return 'models';
}

describe('the facts of every setting', () => {
  it('are those of the schema', () => {
    expect(settingFacts).toEqual(Object.fromEntries(factsOf(z.toJSONSchema(configSchema, { io: 'input' }) as Shape)));
  });

  it('have the same default for what no preset is chosen for as the preset that then counts', () => {
    const balanced = presets.find(({ name }) => name === 'balanced');
    expect(defaultConfig.models).toMatchObject(balanced?.values ?? {});
  });
});
