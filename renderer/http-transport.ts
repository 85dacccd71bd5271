import type { apiPrefix, OperationInput, OperationName, OperationOutput, ServerEvent } from '../contract/index.ts';
import { text } from './text/text.ts';
import { problemIn } from './view/problem-in.ts';
import type { CallResult, Subscription, Transport } from './transport.ts';

// Written out, because importing the value would bring the schemas (and zod) into the page.
const prefix: typeof apiPrefix = '/airdock/v1';
/** Reads answer at once or not at all; a load may take minutes, so nothing else has a limit here. */
const readLimitMs = 8_000;
const quickReads: ReadonlySet<OperationName> = new Set<OperationName>(['configGet', 'activity', 'snapshot', 'history']);
const eventTypes = ['message', 'snapshot', 'state', 'models', 'activity'] as const;

/** The contract over HTTP and server-sent events of the page's own origin; the session is an HttpOnly cookie. */
export function createHttpTransport({ window }: { window: Window & typeof globalThis }): Transport {
  async function post(path: string, body: unknown, limitMs?: number): Promise<Response | null> {
    try {
      return await window.fetch(`${prefix}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        credentials: 'same-origin',
        cache: 'no-store',
        ...(limitMs === undefined ? {} : { signal: AbortSignal.timeout(limitMs) }),
      });
    } catch {
      return null;
    }
  }

  async function call<N extends OperationName>(operation: N, input: OperationInput<N>): Promise<CallResult<N>> {
    const response = await post(operation, input, quickReads.has(operation) ? readLimitMs : undefined);
    if (response === null) return { ok: false, kind: 'unreachable', problem: text.problems.unreachable };
    if (response.status === 401) return { ok: false, kind: 'signed-out', problem: text.problems.signedOut };
    const answer: unknown = await response.json().catch(() => null);
    // A refusal of the operation itself is its output, with status 200; other statuses are about the request.
    if (response.ok && answer !== null) return { ok: true, output: answer as OperationOutput<N> };
    return { ok: false, kind: 'refused', problem: problemIn(answer) ?? text.problems.badAnswer(response.status) };
  }

  function subscribe(onEvent: (event: ServerEvent) => void, onLost: () => void): Subscription {
    const source = new window.EventSource(`${prefix}/events`);
    const close = () => source.close();
    for (const type of eventTypes) {
      source.addEventListener(type, (message: MessageEvent<string>) => onEvent(JSON.parse(message.data) as ServerEvent));
    }
    // The browser's own retry knows neither a 401 nor a growing pause, so the first error ends this subscription.
    source.addEventListener('error', () => {
      close();
      onLost();
    }, { once: true });
    return { close };
  }

  async function signIn(): Promise<void> {
    const code = /^#code=(.+)$/.exec(window.location.hash)?.[1];
    if (code === undefined) return;
    // Out of the address before anything else can see it; a used code is harmless, an unused one is a key.
    window.history.replaceState(null, '', window.location.pathname + window.location.search);
    // A refused code is no failure by itself: a cookie from an earlier visit may still be good. The next call tells.
    await post('session', { code: unescaped(code) });
  }

  return { call, subscribe, signIn };
}

/** Codes have nothing that would be escaped; an address that came by a chat or a mail may have been changed on the way. */
function unescaped(code: string): string {
  try {
    return decodeURIComponent(code);
  } catch {
    return code;
  }
}
