import { problem } from '../../contract/index.ts';
import type { Call } from './call.ts';
import type { GatewayParts } from './deps.ts';
import type { Outgoing, Upstream } from './forward.ts';
import { refuse } from './refuse.ts';

/** Passes a request on to where it belongs and says so in the client's language where nobody answers there. Resolves when it is over. */
export async function passOn(parts: GatewayParts, call: Call, label: string, outgoing: Outgoing): Promise<'answered' | 'failed'> {
  const outcome = await parts.forwarder.forward(call, outgoing);
  if (outcome.kind === 'unreachable') {
    const hint = `The connection failed: ${outcome.detail}.`;
    refuse(call, { status: 502, problem: problem('provider-down', `${label} does not answer at ${outgoing.to.url}.`, hint) });
  }
  return outcome.kind === 'answered' && outcome.status < 400 ? 'answered' : 'failed';
}

/** To Ollama, where one is configured. */
export async function passToOllama(parts: GatewayParts, call: Call, outgoing: Omit<Outgoing, 'to'>): Promise<'answered' | 'failed'> {
  const ollama = parts.ports.models.ollama();
  if (ollama) return passOn(parts, call, 'Ollama', { ...outgoing, to: ollamaUpstream(ollama.url) });
  refuse(call, { status: 503, problem: problem('provider-down', 'This needs Ollama, and none is configured.', 'Turn it on in the settings (providers.ollama).') });
  return 'failed';
}

export function ollamaUpstream(url: string): Upstream {
  return { url, headers: {} };
}
