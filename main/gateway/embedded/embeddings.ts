import { z } from 'zod';
import type { CatalogModel } from '../../providers/provider.ts';
import { isOver, sendJson, type Call } from '../call.ts';
import { refuse } from '../refuse.ts';
import type { Held } from './answer-text.ts';
import { nanoseconds } from './ollama-form.ts';
import { lacks, unfitKeepAlive } from './ollama-request.ts';
import { anything, flag, invalid, read, text, unsupported, wholeNumber, type Body, type Reading } from './reading.ts';
import { tellUnfit } from './tell-unfit.ts';

export interface EmbedWork {
  inputs: readonly string[];
  /** The answer's JSON. */
  answer(vectors: number[][], counts: { promptTokens: number; totalMs: number; loadMs: number }): Reading<unknown>;
}

const atLeastOne = wholeNumber().min(1, 'must be at least 1');

const ollamaSchema = z.object({ input: anything, keep_alive: anything, dimensions: wholeNumber().nullish() });
const ollamaOldSchema = z.object({ prompt: text.nullish(), keep_alive: anything });
const openaiSchema = z.object({
  input: anything,
  encoding_format: z.enum(['float', 'base64'], { error: 'must be "float" or "base64"' }).nullish(),
  dimensions: atLeastOne.nullish(),
  stream: flag.nullish(),
});

/** POST /api/embed. Without input the model is only to be in memory, of whatever kind it is. */
export function readOllamaEmbed(body: Body, name: string, model: CatalogModel): Reading<EmbedWork> {
  const asked = read(ollamaSchema, body);
  if (!asked.ok) return asked;
  const { input, keep_alive: keepAlive, dimensions } = asked.value;
  const wrong = unfitKeepAlive(keepAlive);
  if (wrong) return wrong;
  const given: unknown[] = Array.isArray(input) ? input : input == null || input === '' ? [] : [input];
  const inputs = given.filter((one) => typeof one === 'string');
  if (inputs.length < given.length) return invalid('invalid input type');
  if (inputs.length > 0 && !makesEmbeddings(model)) return lacks(name, 'embeddings');
  return {
    ok: true,
    value: {
      inputs,
      answer(vectors, { promptTokens, totalMs, loadMs }) {
        const embeddings = dimensions != null && dimensions > 0 ? vectors.map((vector) => shortened(vector, dimensions)) : vectors;
        const counts = { total_duration: nanoseconds(totalMs), load_duration: nanoseconds(loadMs), prompt_eval_count: promptTokens };
        return { ok: true, value: { model: name, embeddings, ...(inputs.length > 0 ? counts : {}) } };
      },
    },
  };
}

/** POST /api/embeddings, the older form for one text. */
export function readOllamaEmbeddings(body: Body, name: string, model: CatalogModel): Reading<EmbedWork> {
  const asked = read(ollamaOldSchema, body);
  if (!asked.ok) return asked;
  const { prompt, keep_alive: keepAlive } = asked.value;
  const wrong = unfitKeepAlive(keepAlive);
  if (wrong) return wrong;
  if (prompt && !makesEmbeddings(model)) return lacks(name, 'embeddings');
  return { ok: true, value: { inputs: prompt ? [prompt] : [], answer: ([embedding = []]) => ({ ok: true, value: { embedding } }) } };
}

const mostInputs = 2048;

/** POST /v1/embeddings */
export function readOpenAiEmbeddings(body: Body, name: string, model: CatalogModel): Reading<EmbedWork> {
  const asked = read(openaiSchema, body);
  if (!asked.ok) return asked;
  const { input, encoding_format: encoding, dimensions, stream } = asked.value;
  if (stream) return unsupported('Embeddings come as a whole.', 'stream');
  const inputs = openaiInputs(input);
  if (!inputs.ok) return inputs;
  if (!makesEmbeddings(model)) return unsupported(`"${name}" makes no embeddings.`, 'model');
  return {
    ok: true,
    value: {
      inputs: inputs.value,
      answer(vectors, { promptTokens }) {
        const length = vectors[0]?.length ?? 0;
        if (dimensions != null && dimensions !== length) return unsupported(`"${name}" makes embeddings of ${length} dimensions and no others.`, 'dimensions');
        const data = vectors.map((vector, index) => ({ object: 'embedding', index, embedding: encoding === 'base64' ? base64Of(vector) : vector }));
        return { ok: true, value: { object: 'list', data, model: name, usage: { prompt_tokens: promptTokens, total_tokens: promptTokens } } };
      },
    },
  };
}

function openaiInputs(input: unknown): Reading<readonly string[]> {
  const given: unknown[] = Array.isArray(input) ? input : [input];
  if (given.some((one) => typeof one === 'number' || Array.isArray(one))) return unsupported('"input" as tokens is not supported here; send it as text.', 'input');
  const inputs = given.filter((one) => typeof one === 'string' && one !== '');
  if (inputs.length < given.length || inputs.length === 0) return invalid('"input" must be a text or a list of texts, none of them empty.', 'input');
  if (inputs.length > mostInputs) return invalid(`"input" must have at most ${mostInputs} texts.`, 'input');
  return { ok: true, value: inputs as string[] };
}

export async function answerEmbeddings(call: Call, { inference, id, waitedMs, signal, onTurn }: Held, { inputs, answer }: EmbedWork): Promise<void> {
  const beganAt = performance.now();
  const made = inputs.length === 0 ? { ok: true as const, vectors: [], promptTokens: 0 } : await inference.embed({ id, inputs, signal, onTurn });
  if (isOver(call) || signal.aborted) return;
  if (!made.ok) return refuse(call, { problem: made.problem });
  const written = answer(made.vectors, { promptTokens: made.promptTokens, totalMs: waitedMs + performance.now() - beganAt, loadMs: waitedMs });
  if (written.ok) sendJson(call, 200, written.value);
  else tellUnfit(call, written);
}

function makesEmbeddings({ capabilities }: CatalogModel): boolean {
  return capabilities.includes('embedding');
}

/** The first so many numbers, of length one again: what is done with models that are trained for it, and by Ollama with all. */
function shortened(vector: readonly number[], dimensions: number): number[] {
  if (dimensions >= vector.length) return [...vector];
  const first = vector.slice(0, dimensions);
  const length = Math.hypot(...first);
  return length === 0 ? first : first.map((each) => each / length);
}

/** 32-bit floats, the lowest byte first. */
function base64Of(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [at, each] of vector.entries()) bytes.writeFloatLE(each, at * 4);
  return bytes.toString('base64');
}
