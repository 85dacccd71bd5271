import { z } from 'zod';
import { fitSchema } from './models.ts';
import { planSchema } from './plan.ts';

/** What somebody wants done, where that is not to be told from a file. */
export const modelTasks = ['chat', 'code', 'image', 'ocr', 'audio', 'video', 'embedding', 'math', 'translation', 'tools', 'thinking'] as const;
export const modelTaskSchema = z.enum(modelTasks);
export type ModelTask = z.infer<typeof modelTaskSchema>;

/** How many bytes of a file's beginning tell what it is. More is taken where somebody has sent more. */
export const HEAD_BYTES = 4_100;
const MAX_HEAD_BYTES = 65_536;

/** A file as its owner describes it. Airdock opens no file for this operation: whoever asks has read the first bytes, or does not send any. */
export const fileSubjectSchema = z.strictObject({
  /** Name or path: its ending and globs of the settings count. */
  name: z.string().max(4096).optional(),
  sizeBytes: z.number().int().nonnegative().optional(),
  /** Counts where no first bytes are there, or where they tell nothing. Whoever does not know it leaves it out: "application/octet-stream" says that it is nothing known. */
  mime: z.string().max(255).optional(),
  /** The first bytes, base64. Used to find the type, and then forgotten. */
  head: z
    .base64()
    .max(Math.ceil(MAX_HEAD_BYTES / 3) * 4)
    .optional(),
});
export type FileSubject = z.infer<typeof fileSubjectSchema>;

export const fileKinds = ['text', 'code', 'data', 'image', 'pdf', 'document', 'audio', 'video', 'archive', 'empty', 'unknown'] as const;
export const fileFactsSchema = z.object({
  name: z.string().nullable(),
  mime: z.string(),
  kind: z.enum(fileKinds),
  /** Of code. */
  language: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  /** How much of a model's context it takes, estimated from its size; null where that says nothing. */
  tokens: z.number().nullable(),
  knownFrom: z.enum(['content', 'given', 'name', 'nothing']),
});
export type FileFacts = z.infer<typeof fileFactsSchema>;
export type FileKind = FileFacts['kind'];

/** A model in memory that would go, or that stands in the way. */
export const standingSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** null: not known. */
  idleMs: z.number().nullable(),
  /** It is past its idle timeout, so it goes soon by itself and needs nobody's consent. */
  due: z.boolean(),
});
export type Standing = z.infer<typeof standingSchema>;

/** What a model's name can say that it was made for. */
export const modelTraits = ['code', 'ocr', 'math', 'translation'] as const;
export type ModelTrait = (typeof modelTraits)[number];

export const suggestionSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Why this one, in one sentence. */
  reason: z.string(),
  /** The context size to load it with; null: its own will do. */
  contextLength: z.number().nullable(),
  fit: fitSchema,
  /** A plain load goes ahead, or nothing has to be loaded. */
  canLoad: z.boolean(),
  /** What loading it would do, in one sentence. */
  plan: z.string(),
  /** It is in memory itself: how long unused, and whether it is about to go. */
  loaded: standingSchema.nullable(),
  unloads: z.array(standingSchema),
  blockers: z.array(standingSchema.extend({ why: planSchema.shape.blockers.element.shape.why })),
  expectedLoadMs: z.number().nullable(),
  /** It was made for the task, as its name says. */
  madeFor: z.enum(modelTraits).optional(),
  /** What is asked of it leaves this computer. */
  online: z.literal(true).optional(),
});
export type Suggestion = z.infer<typeof suggestionSchema>;

export const recommendationSchema = z.object({
  /** null: about a task alone. */
  file: fileFactsSchema.nullable(),
  task: modelTaskSchema.nullable(),
  /** null: none is right for it, and `reason` tells why. */
  model: suggestionSchema.nullable(),
  /** Best first. */
  alternatives: z.array(suggestionSchema),
  reason: z.string(),
  /** settings: `models.file_types` names it · model: one in memory was asked */
  chosenBy: z.enum(['settings', 'rules', 'model']).nullable(),
  /** What else should be known: a name in the settings that no model has, a file that is longer than any context. */
  notes: z.array(z.string()),
  /**
   * The model that the settings name for it, where that was passed over: missing: none of that name is installed · unusable: switched off or broken ·
   * online: such were not asked for · too-big: for this computer · too-long: the file, for its context. A note tells it too.
   */
  unheeded: z.object({ model: z.string(), key: z.string(), why: z.enum(['missing', 'unusable', 'online', 'too-big', 'too-long']) }).optional(),
});
export type Recommendation = z.infer<typeof recommendationSchema>;

/** Files that run together on one model. */
export const fileGroupSchema = z.object({
  id: z.string(),
  name: z.string(),
  contextLength: z.number().nullable(),
  /** Positions in the list that was asked about. */
  files: z.array(z.number().int()),
  /** false: it is in memory. */
  loads: z.boolean(),
  unloads: z.array(standingSchema),
  /** Why it has this place in the order. */
  reason: z.string(),
});
export type FileGroup = z.infer<typeof fileGroupSchema>;

export const recommendedSchema = z.object({
  recommendations: z.array(recommendationSchema),
  /** In the order in which they should run. */
  groups: z.array(fileGroupSchema),
  /** Positions of the files that no model is right for. */
  left: z.array(z.number().int()),
  /** How often a model has to be loaded for all of them. */
  loads: z.number(),
  sentence: z.string(),
});
export type Recommended = z.infer<typeof recommendedSchema>;
