import { apiPrefix, healthSchema } from '../../../contract/index.ts';
import type { HttpResult, JsonHttp } from '../http.ts';

/** Nobody waits longer for a figure that the next look brings as well. */
const limitMs = 1_000;
/** What was told before counts so long where it is not told anew. */
const keptMs = 30_000;
/** What is no Airdock may be exchanged for one. */
const askAgainMs = 60_000;

export interface AirdockBudget {
  /** Bytes that the computer there can give models altogether; null: it is no Airdock, or does not tell. Never rejects. */
  read(signal: AbortSignal): Promise<number | null>;
}

/** What an Airdock that answers in Ollama's place has for models. Its figures want its key for apps, which goes with every request. */
export function createAirdockBudget(http: JsonHttp, now: () => number): AirdockBudget {
  let isAirdock = false;
  let askedAt = -Infinity;
  let told: { capacity: number; at: number } | null = null;

  const get = (path: string, signal: AbortSignal): Promise<HttpResult> => http.request({ method: 'GET', path, timeoutMs: limitMs, signal });

  return {
    async read(signal) {
      if (!isAirdock) {
        if (now() - askedAt < askAgainMs) return null;
        const health = await get(`${apiPrefix}/health`, signal);
        // Where nobody answers, the next look asks again.
        if (health.ok || health.failure.kind === 'status') askedAt = now();
        isAirdock = health.ok && isHealth(health.body);
        if (!isAirdock) return null;
      }
      const figures = await get('/metrics', signal);
      const capacity = figures.ok ? capacityIn(figures.body) : null;
      if (capacity !== null) told = { capacity, at: now() };
      else if (told === null || now() - told.at > keptMs) {
        told = null;
        isAirdock = false;
      }
      return told?.capacity ?? null;
    },
  };
}

function isHealth(body: string): boolean {
  try {
    return healthSchema.safeParse(JSON.parse(body)).success;
  } catch {
    return false;
  }
}

/** The figure in the text of `/metrics`. */
function capacityIn(figures: string): number | null {
  const found = /^airdock_memory_capacity_bytes (\S+)$/m.exec(figures);
  const bytes = found ? Number(found[1]) : NaN;
  return Number.isFinite(bytes) ? Math.max(0, bytes) : null;
}
