import { askList, chosen, type Server } from '../server.ts';
import type { LocalKind } from './kind.ts';

/** llama-server with one model: that is in memory for as long as the server runs. */
export function createSingle(server: Server): LocalKind {
  return { label: 'llama-server', choosesContext: false, look: (signal) => lookAtList(server, 'in', signal) };
}

/** A server of which nothing more is known than the language it speaks: it may load and unload as it likes. */
export function createUnknown(server: Server): LocalKind {
  return { label: 'OpenAI-compatible', choosesContext: false, look: (signal) => lookAtList(server, 'unknown', signal) };
}

async function lookAtList(server: Server, memory: 'in' | 'unknown', signal: AbortSignal): ReturnType<LocalKind['look']> {
  const answer = await askList(server, signal);
  if (!answer.ok) return answer;
  if (answer.listed === null) return { ok: false, failure: 'no-list' };
  const models = chosen(server.settings, answer.listed).map(({ name, listed }) => ({
    name,
    memory,
    failed: false,
    sizeBytes: listed?.sizeBytes ?? null,
    onGpu: false,
    contextLength: listed?.contextLength ?? null,
    // Started with that context, it cannot be told another one.
    about: { maxContextLength: (memory === 'in' ? listed?.contextLength : null) ?? listed?.maxContextLength ?? null, capabilities: listed?.capabilities ?? [] },
  }));
  return { ok: true, models };
}
