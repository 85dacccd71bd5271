import { isFields, parseJson } from '../listing.ts';
import { askList, chosen, type Server } from '../server.ts';
import type { HttpRequest } from '../../http.ts';
import type { LocalKind, Looked, Told } from './kind.ts';

const sleepMs = 120_000;

/**
 * vLLM: one model in the graphics card's memory. With `--enable-sleep-mode` and VLLM_SERVER_DEV_MODE=1 it gives that memory back.
 * Level 2 of its sleep, which lets go of the weights too: level 1 would put them into RAM, which is no unloading.
 */
export async function createVllm(server: Server, signal: AbortSignal): Promise<LocalKind> {
  const { http, address } = server;
  const sleeps = (await isSleeping(server, signal)) !== null;

  async function look(signal: AbortSignal): Promise<Looked> {
    const [answer, asleep] = await Promise.all([askList(server, signal), sleeps ? isSleeping(server, signal) : null]);
    if (!answer.ok) return answer;
    if (answer.listed === null) return { ok: false, failure: 'no-list' };
    const models = chosen(server.settings, answer.listed).map(({ name, listed }) => ({
      name,
      memory: asleep === true ? ('out' as const) : ('in' as const),
      failed: false,
      sizeBytes: null,
      onGpu: true,
      contextLength: listed?.contextLength ?? null,
      about: { maxContextLength: listed?.maxContextLength ?? null },
    }));
    return { ok: true, models };
  }

  async function tell(path: string, timeoutMs: number, signal: AbortSignal, body?: HttpRequest['body']): Promise<Told> {
    return http.request({ method: 'POST', path: `${address.root}${path}`, timeoutMs, signal, ...(body === undefined ? {} : { body }) });
  }

  if (!sleeps) return { label: 'vLLM', choosesContext: false, look };
  return {
    label: 'vLLM',
    choosesContext: false,
    look,
    async load(_name, _contextLength, timeoutMs, signal) {
      const steps = [() => tell('/wake_up?tags=weights', timeoutMs, signal), () => tell('/collective_rpc', timeoutMs, signal, { method: 'reload_weights' }), () => tell('/wake_up?tags=kv_cache', timeoutMs, signal)];
      for (const step of steps) {
        const told = await step();
        if (!told.ok) return told;
      }
      return { ok: true };
    },
    unload: (_name, signal) => tell('/sleep?level=2', sleepMs, signal),
  };
}

/** null: it does not know that question. */
async function isSleeping({ http, address, times }: Server, signal: AbortSignal): Promise<boolean | null> {
  const answer = await http.request({ method: 'GET', path: `${address.root}/is_sleeping`, timeoutMs: times.look, signal });
  const value = answer.ok ? parseJson(answer.body) : null;
  const sleeping = isFields(value) ? value['is_sleeping'] : null;
  return typeof sleeping === 'boolean' ? sleeping : null;
}
