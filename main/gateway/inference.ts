import { problem, type Problem } from '../../contract/index.ts';
import type { CatalogModel } from '../providers/provider.ts';
import { readBody } from './body.ts';
import { isOver, type Call } from './call.ts';
import type { GatewayParts } from './deps.ts';
import { readEmbedded, type EmbeddedAnswer } from './embedded/answer.ts';
import { isUnderstood, unknownText } from './find-model.ts';
import { memberOf } from './json-edit.ts';
import { applyGuards, isEmbeddingOnly, isUnload, readAsked, type Asked, type Fired } from './ollama/guards.ts';
import { answerUnload } from './ollama/unload.ts';
import { toServer } from './upstream.ts';
import { passOn, passToOllama } from './pass.ts';
import type { Backend, ModelUse, UseWish } from './ports.ts';
import { readRequest, type RequestBody } from './read-request.ts';
import { refuse, refuseAndHangUp } from './refuse.ts';
import type { GivenUp, Ticket } from './requests.ts';

const mb = 1024 * 1024;
/** Routes whose answers can be event streams; on the others `stream` means nothing. */
const streams: ReadonlySet<string> = new Set(['/v1/chat/completions', '/v1/completions', '/v1/responses', '/v1/messages']);

/** A request that needs a model in memory: read, find the model, hold it, pass the request on, let go. */
export async function answerInference(parts: GatewayParts, call: Call): Promise<void> {
  const limitMb = parts.settings().body_limit_mb;
  const read = await readBody(call.request, limitMb * mb);
  if (read.kind === 'gone') return;
  if (read.kind === 'too-large') {
    const hint = 'The setting gateway.body_limit_mb allows more.';
    return refuseAndHangUp(call, { status: 413, problem: problem('bad-request', `The request is larger than ${limitMb} MB.`, hint) });
  }
  const parsed = await readRequest(call, read.bytes, limitMb * mb);
  if (!parsed.ok) return refuse(call, { problem: problem('bad-request', parsed.message) });
  const { body } = parsed;
  // What names no model cannot load one: the refusal is Ollama's own.
  if (body.model === '') return void (await passToOllama(parts, call, { body: body.bytes }));

  const found = await parts.finder.find(body.model);
  if (found.kind === 'online') return void (await passToOllama(parts, call, { body: body.bytes }));
  if (found.kind === 'refused') return refuse(call, { ...found, problem: unknownText(body.model, found.problem) });
  const { model } = found;
  const backend = parts.ports.models.backendOf(model.provider);
  if (backend === null) return refuse(call, { problem: problem('provider-down', `The server that has "${body.model}" is not there.`) });
  if (backend.kind === 'server' && backend.dialect === 'openai' && call.route.dialect === 'ollama') {
    return refuse(call, { problem: problem('bad-request', `"${body.model}" is at a server that does not speak Ollama’s language.`, 'Send requests for it to /v1/chat/completions.') });
  }

  const native = call.route.dialect === 'ollama' && body.json !== null && !body.packed;
  const { guards } = parts.settings();
  const asked = native ? readAsked(body.json!, model, guards) : null;
  if (asked && isUnload(call.path, body.json!, asked)) return unload(parts, call, model, body.model);
  if (call.route.dialect === 'ollama' && body.packed) return refuse(call, { problem: problem('bad-request', 'Ollama takes no packed bodies here.', 'Send it without Content-Encoding.') });

  // What cannot be answered here does not load anything.
  const answerer = backend.kind === 'server' ? backend : readEmbedded(call, { body: body.json, model, name: body.model, inference: backend.inference });
  if (answerer === null) return;

  const context = asked ? { contextLength: asked.needed } : fixedContext(parts, model, backend);
  const held = await hold(parts, call, model, context, body.json !== null && streams.has(call.path) && memberOf(body.json, 'stream') === true);
  if (held === null) return;
  try {
    await answer(parts, call, { body, model, answerer, asked, use: held.use });
  } finally {
    held.end();
  }
  if (asked?.keepAlive === 'zero' && guards.keep_alive && guards.unload_requests) await notNeeded(parts, call, model);
}

/**
 * Requests of /v1 cannot name a context, and Ollama gives them its own: a model in memory with another one is loaded anew by them. That is
 * planned like every load, with the memory that it takes, rather than left to Ollama.
 */
function fixedContext({ ports }: GatewayParts, model: CatalogModel, backend: Backend): Pick<UseWish, 'contextLength' | 'exact'> {
  const known = backend.kind === 'server' && backend.dialect === 'ollama' && !isEmbeddingOnly(model) ? ports.models.serverContext(model) : null;
  return { contextLength: known, exact: true };
}

/** Waits for the model. null: the client was told why it does not get it, or has gone. */
async function hold(parts: GatewayParts, call: Call, model: CatalogModel, context: Pick<UseWish, 'contextLength' | 'exact'>, streamed: boolean): Promise<{ use: ModelUse; end: () => void } | null> {
  const { ports, register, settings, metrics } = parts;
  const { response, client } = call;
  // It left while the model was being looked for: nothing would tell that any more, and a model would be loaded for nobody.
  if (isOver(call)) return null;
  const full = register.waiting() >= settings().queue_limit;
  // A full line is closed to those who would have to stand in it.
  const ready = !full || model.elsewhere !== undefined || ports.models.loaded().some(({ weights, state }) => weights === model.weights && state === 'ready');
  if (!ready) {
    refuse(call, given('full', parts));
    return null;
  }
  const keepAlive = streamed && call.route.dialect !== 'ollama' ? commenter(call, parts.firstCommentMs) : undefined;
  const ticket = register.enter({
    model: model.id,
    name: ports.models.nameOf(model.id),
    client: client.name,
    route: call.path,
    ...(keepAlive ? { whileWaiting: keepAlive } : {}),
  });
  const left = (): void => ticket.giveUp('gone');
  response.on('close', left);
  if (full) setImmediate(() => ticket.giveUp('full'));
  const wish = {
    model: model.id,
    ...context,
    holder: client.name,
    get signal() {
      return ticket.signal;
    },
  };
  const outcome = await ports.uses.acquire(wish);
  response.off('close', left);

  const why = ticket.givenUp() ?? (isOver(call) ? 'gone' : null);
  if (outcome.ok && why === null) {
    metrics.waited(outcome.use.waitedMs, outcome.use.loaded);
    ticket.answering();
    return { use: outcome.use, end: () => release(outcome.use, ticket) };
  }
  if (outcome.ok) release(outcome.use, ticket);
  else ticket.leave();
  if (why !== null && why !== 'gone') refuse(call, given(why, parts));
  else if (why === null && !outcome.ok) refuse(call, outcome);
  return null;
}

function release(use: ModelUse, ticket: Ticket): void {
  use.release();
  ticket.leave();
}

function given(why: Exclude<GivenUp, 'gone'>, { settings }: GatewayParts): { problem: Problem; status: number } {
  const { queue_limit: places, wait_limit_seconds: seconds } = settings();
  const full = problem('limit-reached', `Too many requests wait for their models (${places}).`, 'Try again later; the setting gateway.queue_limit allows more.');
  const late = problem('load-timeout', `The model was not free within ${seconds} s.`, 'Try again later; the setting gateway.wait_limit_seconds allows more.');
  const ending = problem('not-running', 'Airdock is ending.', 'Try again when it runs.');
  return { status: 503, problem: { full, 'too-long': late, ending }[why] };
}

interface Held {
  body: RequestBody;
  model: CatalogModel;
  answerer: Extract<Backend, { kind: 'server' }> | EmbeddedAnswer;
  asked: Asked | null;
  use: ModelUse;
}

async function answer(parts: GatewayParts, call: Call, { body, model, answerer, asked, use }: Held): Promise<void> {
  if (answerer.kind === 'embedded') return answerHere(call, answerer, use);
  const understood = isUnderstood(body.model, model, answerer.dialect);
  const fired: Fired[] = [];
  let { bytes } = body;
  let unpacked = false;
  if (asked) {
    const guarded = applyGuards(body.text, body.json!, asked, parts.settings().guards, use.contextLength);
    if (guarded.fired.length > 0) bytes = Buffer.from(guarded.text);
    fired.push(...guarded.fired);
    if (!understood) bytes = body.renamed(model.providerName, guarded.text).bytes;
  } else if (!understood) {
    ({ bytes, unpacked } = body.renamed(model.providerName));
  }
  tell(parts, call, model, fired);
  const there = toServer(answerer, { path: call.path, url: call.request.url });
  const outgoing = { to: answerer, body: bytes, ...there, without: unpacked ? [...there.without, 'content-encoding'] : there.without };
  await passOn(parts, call, answerer.dialect === 'ollama' ? 'Ollama' : `The server of "${body.model}"`, outgoing);
}

async function answerHere({ response }: Call, { answer }: EmbeddedAnswer, { waitedMs }: ModelUse): Promise<void> {
  const gone = new AbortController();
  const left = (): void => gone.abort();
  response.on('close', left);
  await answer({ waitedMs, signal: gone.signal });
  response.off('close', left);
}

async function unload(parts: GatewayParts, call: Call, model: CatalogModel, name: string): Promise<void> {
  if (parts.settings().guards.unload_requests) await notNeeded(parts, call, model);
  answerUnload(call, name);
}

/** Whatever comes of it, the client has had its answer: Ollama does not tell either whether it unloaded. */
async function notNeeded(parts: GatewayParts, call: Call, model: CatalogModel): Promise<void> {
  tell(parts, call, model, [{ guard: 'unload', told: 'does not need the model any more (keep_alive 0); Airdock unloads it where nobody else uses or keeps it' }]);
  await parts.ports.uses.notNeeded(model.id, call.client.name);
}

function tell({ notes, ports }: GatewayParts, { client }: Call, model: CatalogModel, fired: readonly Fired[]): void {
  if (fired.length === 0) return;
  const name = ports.models.nameOf(model.id);
  for (const { guard, told } of fired) notes.fired({ guard, client: client.name, model: { id: model.id, name, provider: model.provider }, text: `${name}: ${client.name} ${told}.` });
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
