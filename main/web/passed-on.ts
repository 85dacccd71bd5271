import type { IncomingMessage } from 'node:http';
import { shownSecrets } from './authenticate.ts';
import { hopHeader, withHop } from './hops.ts';
import { isSameSecret } from './sessions.ts';

/**
 * Changes a program's request to what a server behind Airdock may see of its headers (`rawHeaders`, which are what is passed on; `headers` stay).
 * Airdock's own keys open nothing there and are nobody else's business. The origin has been decided about here, by Airdock's list; Ollama would
 * refuse it by its own. And the request tells that it has been here.
 */
export function prepareForOthers(request: IncomingMessage, { instance, secrets }: { instance: string; secrets: readonly string[] }): void {
  const { rawHeaders, headers } = request;
  const own = shownSecrets(headers).some((shown) => secrets.some((secret) => isSameSecret(shown, secret)));
  const dropped = new Set(['origin', hopHeader, ...(own ? ['authorization', 'x-api-key'] : [])]);
  const kept: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) if (!dropped.has(rawHeaders[i]!.toLowerCase())) kept.push(rawHeaders[i]!, rawHeaders[i + 1]!);
  rawHeaders.splice(0, rawHeaders.length, ...kept, hopHeader, withHop(headers, instance));
}
