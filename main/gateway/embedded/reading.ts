import { z } from 'zod';
import type { InferenceRequest } from '../../providers/provider.ts';

export type Body = Readonly<Record<string, unknown>>;

/** What a client wants written, whichever language it said it in. */
export interface TextWork extends Omit<InferenceRequest, 'id' | 'signal' | 'onText'> {
  stream: boolean;
}

/** Why a request is not even tried: always the client's to change, so 400. `param` in OpenAI's way of writing; Ollama has none. */
export interface Unfit {
  ok: false;
  message: string;
  param: string | null;
  code: 'invalid_value' | 'unsupported_parameter';
}

export type Reading<T> = { ok: true; value: T } | Unfit;

export function invalid(message: string, param: string | null = null): Unfit {
  return { ok: false, message, param, code: 'invalid_value' };
}

export function unsupported(message: string, param: string | null = null): Unfit {
  return { ok: false, message, param, code: 'unsupported_parameter' };
}

/** Both originals read absent and null alike, so each of these may be both where it is not asked for by its schema. */
export const text = z.string({ error: 'must be a text' });
export const flag = z.boolean({ error: 'must be true or false' });
export const anything = z.unknown().optional();
export const object = z.record(z.string(), z.unknown(), { error: 'must be an object' });

export function wholeNumber(): z.ZodNumber {
  return z.number({ error: 'must be a whole number' }).refine(Number.isInteger, 'must be a whole number');
}

export function numberBetween(least: number, most: number): z.ZodNumber {
  const told = `must be a number from ${least} to ${most}`;
  return z.number({ error: told }).min(least, told).max(most, told);
}

export function listOf<T>(item: z.ZodType<T>, what: string): z.ZodArray<z.ZodType<T>> {
  return z.array(item, { error: `must be a list of ${what}` });
}

/** Fields that the schema does not name are ignored, as both originals do. */
export function read<T>(schema: z.ZodType<T>, body: Body): Reading<T> {
  const parsed = schema.safeParse(withFoldedKeys(body));
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  const param = pathOf(issue?.path ?? []);
  return invalid(`"${param}" ${issue?.message ?? 'is not understood'}.`, param);
}

/** The case of a field's name does not matter, and the last of several wins: so does the rest of the gateway read bodies. */
function withFoldedKeys(body: Body): Body {
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key.toLowerCase(), value]));
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((told, part) => (typeof part === 'number' ? `${told}[${part}]` : told === '' ? String(part) : `${told}.${String(part)}`), '');
}
