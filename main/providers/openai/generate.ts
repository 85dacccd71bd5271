import { problem, type Problem } from '../../../contract/index.ts';
import { countOf, isFields, parseJson } from './listing.ts';
import { failureWords } from './problems.ts';
import type { Server } from './server.ts';

/** One answer to one prompt, through the route that every such server has. */
export async function generate(server: Server, { id, prompt, maxTokens, signal }: { id: string; prompt: string; maxTokens: number; signal: AbortSignal }): Promise<{ ok: true; text: string; tokens: number } | { ok: false; problem: Problem }> {
  const model = id.slice(server.id.length + 1);
  const body = { model, messages: [{ role: 'user', content: prompt }], max_tokens: maxTokens, stream: false };
  const answer = await server.http.request({ method: 'POST', path: `${server.address.base}/chat/completions`, body, timeoutMs: Infinity, signal, ownConnection: true });
  if (!answer.ok) {
    if (answer.failure.kind === 'aborted') return { ok: false, problem: problem('cancelled', 'The answer was cancelled.') };
    return { ok: false, problem: problem('generate-failed', `${server.name} did not answer${failureWords(answer.failure, server.key)}.`) };
  }
  const value = parseJson(answer.body);
  const choices = isFields(value) ? value['choices'] : null;
  const first: unknown = Array.isArray(choices) ? choices[0] : null;
  const message = isFields(first) && isFields(first['message']) ? first['message'] : null;
  const text = message?.['content'];
  if (typeof text !== 'string') return { ok: false, problem: problem('generate-failed', `What ${server.name} answered is no answer of a chat.`) };
  const usage = isFields(value) && isFields(value['usage']) ? value['usage'] : {};
  return { ok: true, text, tokens: countOf(usage['completion_tokens']) ?? 0 };
}
