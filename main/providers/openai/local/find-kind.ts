import type { HttpFailure } from '../../http.ts';
import { askList, type Server } from '../server.ts';
import type { LocalKind } from './kind.ts';
import { findLmStudio } from './lm-studio.ts';
import { createSingle, createUnknown } from './plain.ts';
import { createRouter } from './router.ts';
import { createVllm } from './vllm.ts';

/** Finds out what kind of server answers, by its list of models and by what only that kind knows. */
export async function findKind(server: Server, signal: AbortSignal): Promise<{ ok: true; kind: LocalKind } | { ok: false; failure: HttpFailure | 'no-list' }> {
  const answer = await askList(server, signal);
  if (!answer.ok) return answer;
  const { listed } = answer;
  if (listed === null) return { ok: false, failure: 'no-list' };
  if (listed.some(({ status }) => status !== null)) return { ok: true, kind: createRouter(server) };
  if (listed.some(({ ownedBy }) => ownedBy === 'vllm')) return { ok: true, kind: await createVllm(server, signal) };
  if (listed.some(({ ownedBy }) => ownedBy === 'llamacpp')) return { ok: true, kind: createSingle(server) };
  return { ok: true, kind: (await findLmStudio(server, signal)) ?? createUnknown(server) };
}
