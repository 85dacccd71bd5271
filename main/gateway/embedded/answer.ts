import { isOver, sendJson, type Call } from '../call.ts';
import type { CatalogModel, Inference } from '../../providers/provider.ts';
import { answerText, type Held } from './answer-text.ts';
import { answerEmbeddings, readOllamaEmbed, readOllamaEmbeddings, readOpenAiEmbeddings, type EmbedWork } from './embeddings.ts';
import { loadedAnswer, ollamaForm } from './ollama-form.ts';
import { readChat, readGenerate, type OllamaText } from './ollama-request.ts';
import { chatForm, completionForm } from './openai-form.ts';
import { readChatCompletion, readCompletion, type OpenAiText } from './openai-request.ts';
import { unsupported, type Body, type Reading, type Unfit } from './reading.ts';
import { tellUnfit } from './tell-unfit.ts';

export interface EmbeddedRequest {
  /** The client's JSON as it came; null: it sent none. */
  body: Body | null;
  model: CatalogModel;
  /** The model's name as the client wrote it, for answers that repeat it. */
  name: string;
  inference: Inference;
}

/** A request for a model for which Airdock answers by itself, understood and found to be answerable. */
export interface EmbeddedAnswer {
  kind: 'embedded';
  /** Answers in the language of the route. The model is in memory and held until the promise settles, which never rejects. */
  answer(held: Omit<Held, 'inference' | 'id'>): Promise<void>;
}

type Answer = (held: Held) => Promise<void>;
type Reader = (call: Call, request: EmbeddedRequest & { body: Body }) => Reading<Answer>;

/**
 * Reads a request before its model is loaded: what cannot be answered must not make room for itself. null: it was refused, in
 * the language of its route.
 */
export function readEmbedded(call: Call, request: EmbeddedRequest): EmbeddedAnswer | null {
  const { body, model, name, inference } = request;
  const reader = Object.hasOwn(readers, call.path) ? readers[call.path] : undefined;
  const read = reader && body ? reader(call, { ...request, body }) : elsewhere(name);
  if (!read.ok) {
    tellUnfit(call, read);
    return null;
  }
  return { kind: 'embedded', answer: (held) => read.value({ ...held, inference, id: model.id }) };
}

const readers: Readonly<Record<string, Reader>> = {
  '/api/generate': (call, { body, name, model }) => native(call, 'generate', name, readGenerate(body, name, model)),
  '/api/chat': (call, { body, name, model }) => native(call, 'chat', name, readChat(body, name, model)),
  '/api/embed': (call, { body, name, model }) => embeddings(call, readOllamaEmbed(body, name, model)),
  '/api/embeddings': (call, { body, name, model }) => embeddings(call, readOllamaEmbeddings(body, name, model)),
  '/v1/chat/completions': (call, { body, name, model }) => openai(call, name, model, chatForm, readChatCompletion(body)),
  '/v1/completions': (call, { body, name, model }) => openai(call, name, model, completionForm, readCompletion(body)),
  '/v1/embeddings': (call, { body, name, model }) => embeddings(call, readOpenAiEmbeddings(body, name, model)),
};

function native(call: Call, route: 'generate' | 'chat', name: string, read: Reading<OllamaText>): Reading<Answer> {
  if (!read.ok) return read;
  const { value } = read;
  if (value.kind === 'text') return { ok: true, value: (held) => answerText(call, held, value.work, ollamaForm(route, name)) };
  return {
    ok: true,
    value: (): Promise<void> => {
      if (!isOver(call)) sendJson(call, 200, loadedAnswer(route, name));
      return Promise.resolve();
    },
  };
}

function openai(call: Call, name: string, { capabilities }: CatalogModel, formOf: typeof chatForm, read: Reading<OpenAiText>): Reading<Answer> {
  if (!read.ok) return read;
  if (!capabilities.includes('completion')) return unsupported(`"${name}" makes embeddings and no text. Send requests for it to /v1/embeddings.`, 'model');
  const { work, includeUsage } = read.value;
  return { ok: true, value: (held) => answerText(call, held, work, formOf({ model: name, includeUsage })) };
}

function embeddings(call: Call, read: Reading<EmbedWork>): Reading<Answer> {
  if (!read.ok) return read;
  return { ok: true, value: (held) => answerEmbeddings(call, held, read.value) };
}

function elsewhere(name: string): Unfit {
  return unsupported(`"${name}" is run by Airdock itself, which does not answer this route. Send requests for it to /v1/chat/completions, /v1/completions or /v1/embeddings, or to Ollama’s /api/chat, /api/generate or /api/embed.`);
}
