import { z } from 'zod';

/*
 * What is read of Ollama's answers. Every field that some version leaves out is optional, every field that is not read is let through:
 * 0.12 has no capabilities in the list, Go writes nil slices as null, and later versions add fields.
 */

const text = z.string().nullish().catch(null);
const count = z.number().nonnegative().nullish().catch(null);

const detailsSchema = z
  .object({ parent_model: text, format: text, family: text, parameter_size: text, quantization_level: text, context_length: count })
  .nullish()
  .catch(null);

export const versionSchema = z.object({ version: z.string().max(100) });

export const taggedModelSchema = z.object({
  name: z.string().min(1),
  size: z.number().nonnegative().catch(0),
  digest: z.string().min(1),
  remote_model: text,
  remote_host: text,
  details: detailsSchema,
  capabilities: z.array(z.string()).nullish().catch(null),
});
export type TaggedModel = z.infer<typeof taggedModelSchema>;

/** One bad entry must not hide the others. */
function lenientList<T extends z.ZodType>(entry: T) {
  return z.array(z.unknown()).transform((items) => items.flatMap((item) => entry.safeParse(item).data ?? []) as z.output<T>[]);
}

export const tagsSchema = z.object({ models: lenientList(taggedModelSchema).nullable() });

export const runningModelSchema = z.object({
  name: z.string().min(1),
  size: z.number().nonnegative().catch(0),
  size_vram: z.number().nonnegative().catch(0),
  digest: z.string().catch(''),
  /** RFC 3339 with nanoseconds; `Date.parse` keeps the milliseconds. */
  expires_at: text,
  /** Missing before 0.9.7. */
  context_length: count,
  details: detailsSchema,
});
export type RunningModel = z.infer<typeof runningModelSchema>;

export const psSchema = z.object({ models: lenientList(runningModelSchema).nullable() });

export const showSchema = z.object({
  modelfile: text,
  details: detailsSchema,
  model_info: z.record(z.string(), z.unknown()).nullish().catch(null),
  capabilities: z.array(z.string()).nullish().catch(null),
});
export type ShownModel = z.infer<typeof showSchema>;

/** A load, an unload, an embedding or a whole answer: only `error` and the text matter. */
export const answerSchema = z.object({
  response: z.string().nullish(),
  done: z.boolean().nullish(),
  done_reason: text,
  eval_count: count,
  error: text,
});
export type Answer = z.infer<typeof answerSchema>;
