import { z } from 'zod';
import type { ChatMessage, Sampling } from '../../providers/provider.ts';
import { anything, flag, invalid, listOf, numberBetween, object, read, text, unsupported, wholeNumber, type Body, type Reading, type TextWork, type Unfit } from './reading.ts';

export interface OpenAiText {
  work: TextWork;
  includeUsage: boolean;
}

const mostStops = 4;
const stopTold = `must be a text or a list of at most ${mostStops} texts`;

const common = {
  stream: flag.nullish(),
  stream_options: z.object({ include_usage: flag.nullish() }, { error: 'must be an object' }).nullish(),
  max_tokens: wholeNumber().nullish(),
  temperature: numberBetween(0, 2).nullish(),
  top_p: numberBetween(0, 1).nullish(),
  frequency_penalty: numberBetween(-2, 2).nullish(),
  presence_penalty: numberBetween(-2, 2).nullish(),
  seed: wholeNumber().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(mostStops)], { error: stopTold }).nullish(),
};

const messageSchema = z.object({ role: text, content: anything, tool_calls: anything, function_call: anything, audio: anything }, { error: 'must be a message' });
const formatSchema = z.object({ type: text, json_schema: z.object({ schema: object }, { error: 'must be an object with a "schema"' }).optional() }, { error: 'must be an object with a "type"' });
const chatSchema = z.object({
  ...common,
  max_completion_tokens: wholeNumber().nullish(),
  messages: listOf(messageSchema, 'messages').min(1, 'must have at least one message'),
  response_format: formatSchema.nullish(),
});
const completionSchema = z.object({ ...common, prompt: anything });

type Common = z.infer<z.ZodObject<typeof common>>;

/** Fields that would change the answer and are not supported: what they may say, for that asks for nothing. */
const asksNothing: Readonly<Record<string, (value: unknown) => boolean>> = {
  n: (value) => value === 1,
  best_of: (value) => value === 1,
  echo: (value) => value === false,
  suffix: (value) => value === '',
  // In /v1/completions a number, of which zero still asks for the log probability of the chosen token.
  logprobs: (value) => value === false,
  top_logprobs: (value) => value === 0,
  logit_bias: isEmpty,
  tools: isEmpty,
  tool_choice: (value) => value === 'none',
  functions: isEmpty,
  function_call: (value) => value === 'none',
  modalities: (value) => isEmpty(value) || (Array.isArray(value) && value.every((one) => one === 'text')),
  audio: () => false,
  web_search_options: () => false,
  reasoning_effort: (value) => value === 'none',
};

export function readChatCompletion(body: Body): Reading<OpenAiText> {
  const asked = read(chatSchema, body);
  if (!asked.ok) return asked;
  const wrong = unfitField(body);
  if (wrong) return wrong;
  const messages: ChatMessage[] = [];
  for (const [at, message] of asked.value.messages.entries()) {
    const found = messageOf(message, `messages[${at}]`);
    if (!found.ok) return found;
    messages.push(found.value);
  }
  const json = jsonOf(asked.value.response_format);
  if (!json.ok) return json;
  const maxTokens = asked.value.max_completion_tokens ?? asked.value.max_tokens;
  return { ok: true, value: withCommon(asked.value, { input: { kind: 'chat', messages }, json: json.value, maxTokens }) };
}

/** Continues text, as OpenAI's own models for this route do: the prompt goes to the model as it is. */
export function readCompletion(body: Body): Reading<OpenAiText> {
  const asked = read(completionSchema, body);
  if (!asked.ok) return asked;
  const wrong = unfitField(body);
  if (wrong) return wrong;
  const given = asked.value.prompt;
  const prompts: unknown[] = Array.isArray(given) ? given : [given];
  if (prompts.some((one) => typeof one === 'number' || Array.isArray(one))) return unsupported('"prompt" as tokens is not supported here; send it as text.', 'prompt');
  if (prompts.length > 1) return unsupported('Several prompts in one request are not supported here; send one request for each.', 'prompt');
  const [prompt] = prompts;
  if (typeof prompt !== 'string') return invalid('"prompt" must be a text.', 'prompt');
  return { ok: true, value: withCommon(asked.value, { input: { kind: 'prompt', prompt, template: false }, json: null, maxTokens: asked.value.max_tokens }) };
}

function unfitField(body: Body): Unfit | null {
  for (const [key, value] of Object.entries(body)) {
    const name = key.toLowerCase();
    const harmless = Object.hasOwn(asksNothing, name) ? asksNothing[name] : undefined;
    if (harmless && value !== null && !harmless(value)) return unsupported(`"${name}" is not supported by models that Airdock runs itself.`, name);
  }
  return null;
}

function messageOf({ role: said, content, ...more }: z.infer<typeof messageSchema>, at: string): Reading<ChatMessage> {
  for (const [name, value] of Object.entries(more)) {
    if (value != null && !isEmpty(value)) return unsupported(`"${name}" in a message is not supported by models that Airdock runs itself.`, `${at}.${name}`);
  }
  if (said === 'tool' || said === 'function') return unsupported(`Messages of the role "${said}" are not supported by models that Airdock runs itself.`, `${at}.role`);
  // What newer models of OpenAI call the developer's message is what all others call the system's.
  const role = said === 'developer' ? 'system' : said;
  if (role !== 'system' && role !== 'user' && role !== 'assistant') return invalid(`"${at}.role" must be system, developer, user or assistant.`, `${at}.role`);
  if (typeof content === 'string') return { ok: true, value: { role, content } };
  if (content == null && role === 'assistant') return { ok: true, value: { role, content: '' } };
  if (!Array.isArray(content) || content.length === 0) return invalid(`"${at}.content" must be a text or a list of parts.`, `${at}.content`);
  const parts: string[] = [];
  for (const [index, part] of content.entries()) {
    const found = partOf(part, `${at}.content[${index}]`);
    if (!found.ok) return found;
    parts.push(found.value);
  }
  return { ok: true, value: { role, content: parts.join('\n') } };
}

function partOf(part: unknown, at: string): Reading<string> {
  const fields: Readonly<Record<string, unknown>> = typeof part === 'object' && part !== null ? { ...part } : {};
  const type = fields['type'];
  if (typeof type !== 'string') return invalid(`"${at}" must be a part with a "type".`, at);
  const said = type === 'text' ? fields['text'] : type === 'refusal' ? fields['refusal'] : null;
  if (said === null) return unsupported(`Parts of the type "${type}" are not supported by models that Airdock runs itself: they answer text.`, `${at}.type`);
  return typeof said === 'string' ? { ok: true, value: said } : invalid(`"${at}.${type}" must be a text.`, `${at}.${type}`);
}

function jsonOf(format: z.infer<typeof formatSchema> | null | undefined): Reading<TextWork['json']> {
  if (format == null || format.type === 'text') return { ok: true, value: null };
  if (format.type === 'json_object') return { ok: true, value: 'any' };
  if (format.type !== 'json_schema') return unsupported(`The response format "${format.type}" is not supported here.`, 'response_format.type');
  if (!format.json_schema) return invalid('"response_format.json_schema" must be an object with a "schema".', 'response_format.json_schema');
  return { ok: true, value: format.json_schema.schema };
}

interface Differing {
  input: TextWork['input'];
  json: TextWork['json'];
  maxTokens: number | null | undefined;
}

function withCommon({ stream, stream_options: options, stop, ...asked }: Common, { input, json, maxTokens }: Differing): OpenAiText {
  const sampling: Sampling = {
    ...(asked.temperature != null && { temperature: asked.temperature }),
    ...(asked.top_p != null && { topP: asked.top_p }),
    ...(asked.seed != null && { seed: asked.seed }),
    ...(asked.frequency_penalty != null && { frequencyPenalty: asked.frequency_penalty }),
    ...(asked.presence_penalty != null && { presencePenalty: asked.presence_penalty }),
  };
  const stops = stop == null ? [] : typeof stop === 'string' ? [stop] : stop;
  // Clients of local servers say "no limit" with a number below zero.
  const most = maxTokens == null || maxTokens < 0 ? null : maxTokens;
  return { work: { input, maxTokens: most, stop: stops, sampling, json, stream: stream ?? false }, includeUsage: options?.include_usage ?? false };
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
