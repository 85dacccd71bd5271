import { z } from 'zod';
import { problemCodeSchema } from './errors.ts';
import { wantedSchema } from './wanted.ts';

export const activityKindSchema = z.enum([
  'loaded', // a load finished
  'unloaded', // a model left memory
  'refused', // a load was refused
  'failed', // a load or unload failed
  'appeared', // another program loaded it
  'disappeared', // it left memory without Airdock's doing
  'crashed', // its process died
  'provider', // a provider came, went or changed
  'memory', // over budget, and back
  'setting', // config, pin, freeze, pause
  'notice', // advice, wrong estimates and the like
]);
export type ActivityKind = z.infer<typeof activityKindSchema>;

export const activityReasonSchema = z.enum([
  'asked', // by a person or a client
  'room', // to make room for another model
  'idle', // idle timeout
  'pressure', // over budget or other programs need RAM
  'limit', // a lowered limit
  'pinned', // kept in memory from the start
  'replace', // another context size
  'foreign', // another program
  'restart', // the provider restarted
  'sleep', // before the computer slept
  'shutdown', // Airdock ended
  'other',
]);
export type ActivityReason = z.infer<typeof activityReasonSchema>;

/** What an entry is about, where its kind, code and figures do not tell: for words in another language than the engine's. */
export const activityPartsSchema = z.discriminatedUnion('what', [
  // Refused was an unload, not a load; without a model: of all that is unused.
  z.object({ what: z.literal('unload') }),
  // Paths of the settings as in the config file, and their values as JSON; null: not set. At most three of them.
  z.object({ what: z.literal('settings'), changes: z.array(z.object({ path: z.array(z.string()), before: z.string().nullable(), after: z.string().nullable() })), more: z.number() }),
  // A mode was begun or ended; `over`: by its time.
  z.object({ what: z.literal('mode'), mode: z.enum(['freeze', 'pause', 'hold']), on: z.boolean(), over: z.boolean() }),
  z.object({ what: z.literal('pin'), pinned: z.boolean() }),
  // What a model takes beside what had been estimated, bytes over all pools; `grown`: in use, not right after its load.
  z.object({ what: z.literal('estimate'), estimated: z.number(), taken: z.number(), grown: z.boolean() }),
  // With the entry's name: it was downloaded or taken in, or not.
  z.object({ what: z.literal('download'), state: z.enum(['done', 'stopped', 'failed']) }),
  z.object({ what: z.literal('deleted') }),
  // It was in memory at the start: an Airdock before this one had loaded it.
  z.object({ what: z.literal('stayed') }),
  // It made room, and why it rather than another.
  z.object({ what: z.literal('wanted'), ...wantedSchema.shape }),
  // It went for other programs. What showed their need: RAM that was left, the share of time (per cent) that programs waited for memory, the system's
  // own word (with the RAM left), graphics memory that was left, or what was held beyond all there is; bytes where nothing else is said.
  z.object({ what: z.literal('yield'), sign: z.enum(['available', 'stalls', 'system', 'vram', 'over']), figure: z.number() }),
  z.object({ what: z.literal('provider'), label: z.string(), status: z.enum(['up', 'starting', 'down', 'absent']) }),
]);
export type ActivityParts = z.infer<typeof activityPartsSchema>;

/** One decision or event, kept across restarts: "why is codellama not loaded?" is answered from these. */
export const activitySchema = z.object({
  id: z.number(),
  at: z.number(),
  kind: activityKindSchema,
  reason: activityReasonSchema,
  /** Model id and short name, where it is about one. */
  model: z.string().nullable(),
  name: z.string().nullable(),
  provider: z.string().nullable(),
  /** The other model: the newcomer that took the room. */
  forModel: z.string().nullable(),
  /** Who asked. */
  by: z.string().nullable(),
  code: problemCodeSchema.nullable(),
  /** The whole of it in one sentence. */
  text: z.string(),
  ram: z.number().nullable(),
  tookMs: z.number().nullable(),
  /** Older entries have none, and what a newer Airdock wrote is no reason to lose an entry. */
  parts: activityPartsSchema.optional().catch(undefined),
});
export type Activity = z.infer<typeof activitySchema>;

/** Where a person's own clicks and words come from. Every other `by` is a program, or Airdock itself. */
export const surfacesOfPeople: readonly string[] = ['dashboard', 'tray', 'command line', 'config file'];

export function isPerson(by: string | null): boolean {
  return by !== null && surfacesOfPeople.includes(by);
}
