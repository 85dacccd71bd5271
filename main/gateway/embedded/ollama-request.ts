import { z } from 'zod';
import type { CatalogModel, ChatMessage } from '../../providers/provider.ts';
import { readKeepAlive } from '../ollama/keep-alive.ts';
import { readOptions } from './ollama-options.ts';
import { anything, flag, invalid, listOf, object, read, text, unsupported, type Body, type Reading, type TextWork, type Unfit } from './reading.ts';

/** load: nothing to answer; the model is to be in memory. */
export type OllamaText = { kind: 'load' } | { kind: 'text'; work: TextWork };

const common = {
  stream: flag.nullish(),
  format: anything,
  options: object.nullish(),
  keep_alive: anything,
  think: anything,
  tools: anything,
  images: anything,
  logprobs: flag.nullish(),
};

const generateSchema = z.object({ ...common, prompt: text.nullish(), system: text.nullish(), raw: flag.nullish(), template: text.nullish(), suffix: text.nullish(), context: anything });

const messageSchema = z.object({ role: text, content: text.nullish(), images: anything, tool_calls: anything }, { error: 'must be a message' });
const chatSchema = z.object({ ...common, messages: listOf(messageSchema, 'messages').nullish() });

export function readGenerate(body: Body, name: string, model: CatalogModel): Reading<OllamaText> {
  const asked = read(generateSchema, body);
  if (!asked.ok) return asked;
  const { prompt, system, raw, template, suffix, context } = asked.value;
  const wrong = unfitFor('generate', name, model, asked.value);
  if (wrong) return wrong;
  if (suffix) return lacks(name, 'insert');
  if (template) return unsupported(`"${name}" answers by the template in its own file; "template" is not supported here`);
  if (isAsked(context)) return unsupported('"context" is not supported here; send the conversation to /api/chat');
  if (!prompt) return { ok: true, value: { kind: 'load' } };
  return withCommon(asked.value, { kind: 'prompt', prompt, template: raw !== true, ...(system && raw !== true ? { system } : {}) });
}

export function readChat(body: Body, name: string, model: CatalogModel): Reading<OllamaText> {
  const asked = read(chatSchema, body);
  if (!asked.ok) return asked;
  const wrong = unfitFor('chat', name, model, asked.value);
  if (wrong) return wrong;
  const messages: ChatMessage[] = [];
  for (const { role: said, content, images, tool_calls: calls } of asked.value.messages ?? []) {
    const role = said.toLowerCase();
    if (isAsked(images)) return lacks(name, 'vision');
    if (role === 'tool' || isAsked(calls)) return lacks(name, 'tools');
    if (role !== 'system' && role !== 'user' && role !== 'assistant') return invalid(`invalid role "${said}": system, user and assistant are known here`);
    messages.push({ role, content: content ?? '' });
  }
  if (messages.length === 0) return { ok: true, value: { kind: 'load' } };
  return withCommon(asked.value, { kind: 'chat', messages });
}

type Common = z.infer<z.ZodObject<typeof common>>;

function unfitFor(route: 'generate' | 'chat', name: string, model: CatalogModel, { keep_alive: keepAlive, think, tools, images, logprobs }: Common): Unfit | null {
  const wrong = unfitKeepAlive(keepAlive);
  if (wrong) return wrong;
  if (!model.capabilities.includes('completion')) return lacks(name, route);
  if (isAsked(images)) return lacks(name, 'vision');
  if (isAsked(tools)) return lacks(name, 'tools');
  if (isAsked(think)) return lacks(name, 'thinking');
  return logprobs ? lacks(name, 'logprobs') : null;
}

/** It decides nothing here, but what Ollama would not understand is a mistake here as well. */
export function unfitKeepAlive(value: unknown): Unfit | null {
  if (readKeepAlive(value) !== 'invalid') return null;
  if (typeof value !== 'string') return invalid(`Unsupported type: '${typeof value === 'boolean' ? 'bool' : typeof value}'`);
  const bare = /^[-+]?[\d.]*\d[\d.]*$/.test(value);
  return invalid(bare ? `time: missing unit in duration ${JSON.stringify(value)}` : `time: invalid duration ${JSON.stringify(value)}`);
}

function withCommon({ stream, format, options }: Common, input: TextWork['input']): Reading<OllamaText> {
  const read = readOptions(options ?? {});
  if (!read.ok) return read;
  const json = jsonOf(format);
  if (json === undefined) return invalid(`invalid format ${JSON.stringify(format)}: "json" or a JSON schema is expected`);
  return { ok: true, value: { kind: 'text', work: { input, ...read.value, json, stream: stream ?? true } } };
}

/** undefined: neither of what Ollama knows. */
function jsonOf(format: unknown): TextWork['json'] | undefined {
  if (format == null || format === '') return null;
  if (format === 'json') return 'any';
  return typeof format === 'object' && !Array.isArray(format) ? (format as Record<string, unknown>) : undefined;
}

/** In Ollama's words, which clients know. */
export function lacks(name: string, what: string): Unfit {
  return unsupported(`${JSON.stringify(name)} does not support ${what}`);
}

/** Some clients send what they do not want as an empty list or false. */
function isAsked(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value != null && value !== false && value !== '';
}
