import { randomBytes } from 'node:crypto';
import type { ProblemCode } from '../../../contract/index.ts';

/** OpenAI's words for what programs ask about; everything else is told by Airdock's own code. */
const codes: Partial<Record<ProblemCode, string>> = { 'unknown-model': 'model_not_found', unauthorized: 'invalid_api_key' };

export function openaiError(status: number, code: ProblemCode, message: string): unknown {
  const type = status === 404 ? 'not_found_error' : status === 401 ? 'authentication_error' : status < 500 ? 'invalid_request_error' : 'api_error';
  return { error: { message, type, param: null, code: codes[code] ?? code } };
}

const anthropicTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'invalid_request_error',
  413: 'request_too_large',
  503: 'overloaded_error',
};

export function anthropicError(status: number, message: string): unknown {
  return { type: 'error', error: { type: anthropicTypes[status] ?? 'api_error', message }, request_id: `req_${randomBytes(12).toString('hex')}` };
}
