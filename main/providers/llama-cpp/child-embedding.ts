import type { LlamaEmbeddingContext, LlamaModel } from 'node-llama-cpp';
import type { LoadedGguf } from './child-model.ts';
import type { EmbedDone, LoadMessage } from './messages.ts';
import { Refusal } from './refusal.ts';

/** llama.cpp's number for taking the last token's vector, which alone does not need all tokens in one batch. */
const POOLING_LAST = 3;

/** Proves that embeddings come out, and makes them for requests: of length one, as clients of both dialects expect them. */
export async function createEmbedder(model: LlamaModel, context: LlamaEmbeddingContext, order: LoadMessage): Promise<LoadedGguf> {
  const { vector } = await context.getEmbeddingFor('Hello');
  if (vector.length === 0) throw new Error('The model gave an empty embedding.');
  const most = longestInput(model, order);

  async function embed(inputs: readonly string[], signal: AbortSignal): Promise<EmbedDone> {
    let promptTokens = 0;
    for (const [at, input] of inputs.entries()) {
      const which = inputs.length === 1 ? 'the input' : `input ${at + 1}`;
      const first = inputs.length === 1 ? 'The input' : `Input ${at + 1}`;
      if (input === '') throw new Refusal('bad-request', `There is nothing in ${which} to make an embedding of.`);
      const tokens = context.calculateInputLength(input);
      if (tokens > most) throw new Refusal('bad-request', `${first} has ${tokens} tokens, but the model takes at most ${most} at a time.`);
      promptTokens += tokens;
    }
    const vectors: number[][] = [];
    for (const input of inputs) {
      if (signal.aborted) throw new Refusal('cancelled', 'the request was cancelled');
      vectors.push(normalized((await context.getEmbeddingFor(input)).vector));
    }
    return { vectors, promptTokens };
  }

  return { generate: () => Promise.reject(new Refusal('bad-request', 'This model makes embeddings, not text.')), embed };
}

/** The context, less the place that the library keeps; where all tokens count, they have to be evaluated in one go. */
function longestInput(model: LlamaModel, { contextLength, batch }: LoadMessage): number {
  const metadata: unknown = model.fileInfo.architectureMetadata;
  const pooling = typeof metadata === 'object' && metadata !== null && 'pooling_type' in metadata ? metadata.pooling_type : null;
  return pooling === POOLING_LAST ? contextLength - 1 : Math.min(contextLength - 1, batch);
}

function normalized(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  if (!Number.isFinite(length)) throw new Error('the model gave numbers that are not finite');
  return length === 0 ? [...vector] : vector.map((each) => each / length);
}
