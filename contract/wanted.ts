import { z } from 'zod';

/** How much a model is wanted: what speaks for another one to go. */
export const wantedSchema = z.object({
  /** How often it was used, as far as that is remembered; 0: no use is known. */
  uses: z.number(),
  /** It was used more often than is remembered. */
  more: z.boolean(),
  /** In which time, ms; null: within a minute, of which there is nothing to tell. */
  withinMs: z.number().nullable(),
  /** How long loading it again is expected to take; null: not known. */
  reloadMs: z.number().nullable(),
});
export type Wanted = z.infer<typeof wantedSchema>;
