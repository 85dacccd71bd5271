import { z } from 'zod';
import type { InferenceRequest } from '../provider.ts';

/** What the provider tells a child. The channel is private to the two processes. */
export type ToChild =
  | LoadMessage
  | { type: 'generate'; id: number; work: GenerateWork }
  | { type: 'embed'; id: number; inputs: readonly string[] }
  | { type: 'abort'; id: number }
  | { type: 'exit' };

export interface LoadMessage {
  type: 'load';
  file: string;
  /** Tokens. */
  contextLength: number;
  embedding: boolean;
  /** Tokens that are evaluated at a time. */
  batch: number;
  gpu: boolean;
  gpuLayers: number;
  useMmap: boolean;
  threads: number;
}

/** One answer to be written. */
export interface GenerateWork extends Pick<InferenceRequest, 'input' | 'maxTokens' | 'stop' | 'sampling'> {
  /** What the answer must look like, in llama.cpp's notation. */
  grammar: string | null;
}

const bytes = z.number().nonnegative();

const readySchema = z.object({
  type: z.literal('ready'),
  gpu: z.boolean(),
  gpuLayers: z.number(),
  /** Anonymous memory before the context was made, file-backed memory before the weights; null where the OS does not split it. */
  baseline: z.object({ anon: bytes, file: bytes }).nullable(),
  /** Resident altogether when ready, for systems where the parent cannot ask. */
  resident: bytes,
  /** llama.cpp's own figures: what it has reserved, touched yet or not. */
  weights: z.object({ ram: bytes, vram: bytes }),
  context: z.object({ ram: bytes, vram: bytes }),
  mapped: z.boolean(),
  /** Bytes read from the disk itself while loading; null where that is not told. */
  diskRead: bytes.nullable(),
});
export type Ready = z.infer<typeof readySchema>;

const doneSchema = z.object({
  finish: z.enum(['stop', 'length', 'cancelled']),
  promptTokens: z.number(),
  completionTokens: z.number(),
  promptMs: z.number(),
  completionMs: z.number(),
});
export type GenerateDone = z.infer<typeof doneSchema>;

const embeddedSchema = z.object({ vectors: z.array(z.array(z.number())), promptTokens: z.number() });
export type EmbedDone = z.infer<typeof embeddedSchema>;

/** What a child tells the provider; validated, for a child runs foreign native code on foreign files. */
export const fromChildSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), fraction: z.number().min(0).max(1) }),
  readySchema,
  /** The load failed; the child ends by itself. `engine`: llama.cpp itself could not be started. */
  z.object({ type: z.literal('failed'), stage: z.enum(['engine', 'model']), message: z.string(), log: z.array(z.string()) }),
  /** A piece of the answer, as it comes. */
  z.object({ type: z.literal('text'), id: z.number(), text: z.string() }),
  z.object({ type: z.literal('generated'), id: z.number(), done: doneSchema }),
  z.object({ type: z.literal('embedded'), id: z.number(), done: embeddedSchema }),
  /** `cancelled`: an embedding was aborted; an aborted answer is `generated` as far as it came. */
  z.object({ type: z.literal('request-failed'), id: z.number(), code: z.enum(['generate-failed', 'bad-request', 'cancelled']), message: z.string() }),
]);
export type FromChild = z.infer<typeof fromChildSchema>;

/** Why a request got no answer. */
export type RequestFailure = Pick<Extract<FromChild, { type: 'request-failed' }>, 'code' | 'message'>;
