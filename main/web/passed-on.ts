import type { IncomingMessage } from 'node:http';
import { hopHeader } from '../../contract/index.ts';
import { withHop } from './hops.ts';

/**
 * Changes a program's request to what a server behind Airdock may see of its headers (`rawHeaders`, which are what is passed on; `headers` stay).
 * Airdock's own keys open nothing there and are nobody else's business. The origin has been decided about here, by Airdock's list; Ollama would
 * refuse it by its own. And the request tells that it has been here.
 * `hasKey`: it shows a key of Airdock's.
 */
export function prepareForOthers(request: IncomingMessage, { instance, hasKey }: { instance: string; hasKey: boolean }): void {
  const { rawHeaders, headers } = request;
  const dropped = hasKey ? droppedWithKey : droppedAlways;
  let kept = 0;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (lengthsDropped.has(name.length) && dropped.has(name.toLowerCase())) continue;
    rawHeaders[kept++] = rawHeaders[i]!;
    rawHeaders[kept++] = rawHeaders[i + 1]!;
  }
  rawHeaders.length = kept;
  rawHeaders.push(hopHeader, withHop(headers, instance));
}

const droppedAlways: ReadonlySet<string> = new Set(['origin', hopHeader]);
const droppedWithKey: ReadonlySet<string> = new Set([...droppedAlways, 'authorization', 'x-api-key']);
/** Most names need not be looked at more closely. */
const lengthsDropped: ReadonlySet<number> = new Set([...droppedWithKey].map(({ length }) => length));
