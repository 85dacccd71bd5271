import { sendJson, type Call } from '../call.ts';
import { ollamaError } from '../ollama/errors.ts';
import { anthropicError } from '../openai/errors.ts';
import type { Unfit } from './reading.ts';

/** Refuses in the language of the route; OpenAI's has a place for the field that is meant. */
export function tellUnfit(call: Call, { message, param, code }: Unfit): void {
  const { dialect } = call.route;
  if (dialect === 'openai') sendJson(call, 400, { error: { message, type: 'invalid_request_error', param, code } });
  else sendJson(call, 400, dialect === 'anthropic' ? anthropicError(400, message) : ollamaError(message));
}
