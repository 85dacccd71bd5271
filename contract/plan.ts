import { z } from 'zod';
import { problemSchema } from './errors.ts';
import { fitSchema, footprintSchema, footprintSourceSchema } from './models.ts';
import { wantedSchema } from './wanted.ts';

export const programUseSchema = z.object({ name: z.string(), bytes: z.number() });
export type ProgramUse = z.infer<typeof programUseSchema>;

/** One model that a plan names: what it holds and how long it has been unused. */
export const planVictimSchema = z.object({
  id: z.string(),
  name: z.string(),
  ram: z.number(),
  idleMs: z.number(),
  /** Why it rather than another. Only where models are chosen by what they are worth. */
  wanted: wantedSchema.optional(),
  /** It is past its idle timeout, so unloading it needs nobody's consent. */
  expired: z.boolean(),
});
export type PlanVictim = z.infer<typeof planVictimSchema>;

/** What a load would do, computed by the same function that later does it. */
export const planSchema = z.object({
  id: z.string(),
  name: z.string(),
  fit: fitSchema,
  /** True where a plain load goes ahead; false where it needs `force` (see `unloads`) or is refused (see `problem`). */
  canLoad: z.boolean(),
  footprint: footprintSchema,
  footprintSource: footprintSourceSchema,
  /** Free for models before the load, bytes; null where the provider's memory is not known. */
  freeRam: z.number().nullable(),
  unloads: z.array(planVictimSchema),
  /** What makes them go: the limit on models alone, or the memory. null where none go. */
  because: z.enum(['limit', 'memory', 'context']).nullable(),
  /** Models that stand in the way and may not be unloaded, with the reason. */
  blockers: z.array(z.object({ id: z.string(), name: z.string(), why: z.enum(['in-use', 'pinned', 'loading', 'foreign', 'stuck', 'provider-down']) })),
  /** Other programs' use, largest first, on a refusal for want of RAM. */
  programs: z.array(programUseSchema),
  /** What would make it fit, best first: a smaller context, a smaller quantisation of the same model, less of another program. */
  helps: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('context'), contextLength: z.number(), ram: z.number() }),
      z.object({ kind: z.literal('model'), id: z.string(), name: z.string(), ram: z.number() }),
      z.object({ kind: z.literal('program'), name: z.string(), bytes: z.number() }),
    ]),
  ),
  /** The refusal rests on an estimate alone: `tryOnce` may be offered. */
  mayTryOnce: z.boolean(),
  expectedLoadMs: z.number().nullable(),
  /** The plan in one sentence. */
  sentence: z.string(),
  problem: problemSchema.nullable(),
});
export type Plan = z.infer<typeof planSchema>;
