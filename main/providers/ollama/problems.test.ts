import { expect, it } from 'vitest';
import { providerProblem, type Asked } from './problems.ts';

const server = (from: Asked['from'], further: string | null = null): Asked => ({ url: 'http://box:1', further, from, keyEnv: null });
const hintOf = (asked: Asked, detail = 'ECONNREFUSED') => providerProblem({ kind: 'refused', detail }, asked, 'ps').hint;

it('a wrong address is mended where it comes from', () => {
  expect(hintOf(server('default'))).toBe('Start Ollama: open its app, or run "ollama serve".');
  expect(hintOf(server('setting'))).toBe('Start Ollama there, or check providers.ollama.host.');
  expect(hintOf(server('environment'))).toContain('check OLLAMA_HOST, from which that address comes');
  expect(hintOf(server('environment'), 'ENOTFOUND')).toContain('Check OLLAMA_HOST');
  expect(hintOf(server('environment', 'nas'))).toBe('Start Ollama there, or check "host" of nas under providers.ollama_hosts.');
  const loop = { kind: 'status', status: 508, message: null } as const;
  expect(providerProblem(loop, server('environment'), 'ps').hint).toMatch(/^It comes from OLLAMA_HOST\. Set providers\.ollama\.host to the address/);
  expect(providerProblem(loop, server('setting'), 'ps').hint).toMatch(/^Set providers\.ollama\.host to the address/);
});
