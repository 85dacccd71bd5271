import { problem, type Problem } from '../../contract/index.ts';
import type { Call } from './call.ts';
import type { GatewayParts } from './deps.ts';
import type { FoundModel } from './find-model.ts';
import { memberOf } from './json-edit.ts';
import type { RequestBody } from './read-request.ts';
import { refuse } from './refuse.ts';
import type { GivenUp, Ticket } from './requests.ts';

/** Routes whose answers can be event streams; on the others `stream` means nothing. */
const streams: ReadonlySet<string> = new Set(['/v1/chat/completions', '/v1/completions', '/v1/responses', '/v1/messages']);

/** A request's place among those that wait. */
export interface Place {
  ticket: Ticket;
  /** It does not wait any more: whether its client leaves is not the line's business from now on. */
  settled(): void;
}

/** `as`: the model, or what was asked for while nobody knows yet which model that is. */
export function enterLine({ register, firstCommentMs }: GatewayParts, call: Call, body: RequestBody, as: { model: string; name: string }): Place {
  const { response, client, path } = call;
  const streamed = streams.has(path) && body.json !== null && memberOf(body.json, 'stream') === true;
  const ticket = register.enter({ model: as.model, name: as.name, client: client.name, route: path, whileWaiting: streamed ? commenter(call, firstCommentMs) : undefined });
  const left = (): void => ticket.giveUp('gone');
  response.on('close', left);
  return { ticket, settled: () => response.off('close', left) };
}

/** Which model a name means, where servers have to be asked for it. null: the client was told why it does not hear it, or has gone. */
export async function findInLine(parts: GatewayParts, call: Call, name: string, { ticket }: Place): Promise<FoundModel | null> {
  const { signal } = ticket;
  const found = await new Promise<FoundModel | null>((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
    parts.finder.find(name).then(resolve, reject);
  });
  const why = ticket.givenUp();
  if (why === null) return found;
  if (why !== 'gone') refuse(call, refusalOf(why, parts));
  return null;
}

export function refusalOf(why: Exclude<GivenUp, 'gone'>, { settings }: GatewayParts): { problem: Problem; status: number } {
  const { queue_limit: places, wait_limit_seconds: seconds } = settings();
  const full = problem('limit-reached', `Too many requests wait for their models (${places}).`, 'Try again later; the setting gateway.queue_limit allows more.');
  const late = problem('load-timeout', `The model was not free within ${seconds} s.`, 'Try again later; the setting gateway.wait_limit_seconds allows more.');
  const ending = problem('not-running', 'Airdock is ending.', 'Try again when it runs.');
  return { status: 503, problem: { full, 'too-long': late, ending }[why] };
}

/** Event streams may carry comments, which tell clients and what stands between that somebody is still there. */
function commenter({ response }: Call, firstMs: number): (waitedMs: number) => void {
  let nextMs = firstMs;
  return (waitedMs) => {
    if (waitedMs < nextMs || response.destroyed) return;
    nextMs = waitedMs + firstMs;
    if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
    response.write(': waiting for the model\n\n');
  };
}
