import { expect, it } from 'vitest';
import { toServer } from './upstream.ts';

const server = { kind: 'server', url: 'http://box', headers: {} } as const;

it.each([
  ['an Ollama that is this computer’s own, as it came', { ...server, dialect: 'ollama' as const }, '/api/chat', undefined, false],
  ['a further Ollama, behind its path', { ...server, dialect: 'ollama' as const, base: '/ai' }, '/api/chat', '/ai/api/chat?x=1', true],
  ['a further Ollama without a path', { ...server, dialect: 'ollama' as const, base: '' }, '/v1/chat/completions', '/v1/chat/completions?x=1', true],
  ['another server, at what it has for /v1', { ...server, dialect: 'openai' as const, base: '/api/v1' }, '/v1/chat/completions', '/api/v1/chat/completions?x=1', true],
])('a request reaches %s', (_what, backend, path, there, alone) => {
  const to = toServer(backend, { path, url: `${path}?x=1` });
  expect(to.path).toBe(there);
  expect(to.without.includes('authorization')).toBe(alone);
  expect(to.without.includes('cookie')).toBe(alone);
});
