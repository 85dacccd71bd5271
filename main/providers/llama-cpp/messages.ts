import { z } from 'zod';

/** What the provider tells a child. The channel is private to the two processes. */
export type ToChild =
  | LoadMessage
  | { type: 'generate'; id: number; prompt: string; maxTokens: number }
  | { type: 'abort'; id: number }
  | { type: 'exit' };

export interface LoadMessage {
  type: 'load';
  file: string;
  /** Tokens. */
  contextLength: number;
  embedding: boolean;
  gpu: boolean;
  gpuLayers: number;
  useMmap: boolean;
  threads: number;
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

/** What a child tells the provider; validated, for a child runs foreign native code on foreign files. */
export const fromChildSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), fraction: z.number().min(0).max(1) }),
  readySchema,
  /** The load failed; the child ends by itself. `engine`: llama.cpp itself could not be started. */
  z.object({ type: z.literal('failed'), stage: z.enum(['engine', 'model']), message: z.string(), log: z.array(z.string()) }),
  z.object({ type: z.literal('generated'), id: z.number(), text: z.string(), tokens: z.number() }),
  z.object({ type: z.literal('generate-failed'), id: z.number(), message: z.string() }),
]);
export type FromChild = z.infer<typeof fromChildSchema>;
