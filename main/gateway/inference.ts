import { problem } from '../../contract/index.ts';
import type { CatalogModel } from '../providers/provider.ts';
import { isOver, type Call } from './call.ts';
import type { GatewayParts } from './deps.ts';
import { readEmbedded, type EmbeddedAnswer } from './embedded/answer.ts';
import { isUnderstood, unknownText, type FoundModel } from './find-model.ts';
import type { Outgoing } from './forward.ts';
import { enterLine, findInLine, refusalOf, type Place } from './line.ts';
import { applyGuards, isEmbeddingOnly, isUnload, readAsked, type Asked, type Fired } from './ollama/guards.ts';
import { answerUnload } from './ollama/unload.ts';
import { toServer } from './upstream.ts';
import { passOn, passToOllama } from './pass.ts';
import type { Backend, ModelUse, UseWish } from './ports.ts';
import { readCall } from './read-call.ts';
import { letGo, type RequestBody } from './read-request.ts';
import { refuse } from './refuse.ts';
import type { Ticket } from './requests.ts';
import type { ProgressWatch } from './stalled.ts';

/** A request that needs a model in memory: read, find the model, hold it, pass the request on, let go. */
export async function answerInference(parts: GatewayParts, call: Call): Promise<void> {
  const read = await readCall(parts, call);
  if (read === null) return;
  const { body, share, watch } = read;
  const taken = (): void => {
    letGo(body);
    share.release();
  };
  // What names no model cannot load one: the refusal is Ollama's own.
  if (body.model === '') return void (await passToOllama(parts, call, { body: body.bytes, taken }));

  const known = parts.finder.known(body.model);
  if (known !== null) return answerFound(parts, call, { body, taken, found: known, place: null, watch });
  if (parts.register.waiting() >= parts.settings().queue_limit) return refuse(call, refusalOf('full', parts));
  const place = enterLine(parts, call, body, { model: body.model, name: body.model });
  try {
    const found = await findInLine(parts, call, body.model, place);
    if (found !== null) await answerFound(parts, call, { body, taken, found, place, watch });
  } finally {
    place.ticket.leave();
  }
}

interface Found {
  body: RequestBody;
  /** The server has the request: its body is not needed any more. */
  taken: () => void;
  found: FoundModel;
  /** Its place in the line, where it has one already. */
  place: Place | null;
  watch: ProgressWatch;
}

async function answerFound(parts: GatewayParts, call: Call, { body, taken, found, place, watch }: Found): Promise<void> {
  if (found.kind === 'online') {
    place?.ticket.leave();
    return void (await passToOllama(parts, call, { body: body.bytes, taken }));
  }
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
  const held = await hold(parts, call, model, { context, body, place });
  if (held === null) return;
  watch.holds(model);
  try {
    await answer(parts, call, { body, taken, model, answerer, asked, use: held.use, ticket: held.ticket });
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

interface Wanted {
  context: Pick<UseWish, 'contextLength' | 'exact'>;
  body: RequestBody;
  place: Place | null;
}

/** Waits for the model. null: the client was told why it does not get it, or has gone. */
async function hold(parts: GatewayParts, call: Call, model: CatalogModel, { context, body, place: before }: Wanted): Promise<{ use: ModelUse; ticket: Ticket; end: () => void } | null> {
  const { ports, register, settings, metrics } = parts;
  const { client } = call;
  // It left while the model was being looked for: nothing would tell that any more, and a model would be loaded for nobody.
  if (isOver(call)) return null;
  const full = before === null && register.waiting() >= settings().queue_limit;
  // A full line is closed to those who would have to stand in it.
  const ready = !full || model.elsewhere !== undefined || ports.models.loaded().some(({ weights, state }) => weights === model.weights && state === 'ready');
  if (!ready) {
    refuse(call, refusalOf('full', parts));
    return null;
  }
  const place = before ?? enterLine(parts, call, body, { model: model.id, name: ports.models.nameOf(model.id) });
  const { ticket } = place;
  if (before !== null) ticket.means(model.id, ports.models.nameOf(model.id));
  if (full) setImmediate(() => ticket.giveUp('full'));
  const asked = ports.uses.acquire(new Wish(model.id, context, client.name, ticket));
  const outcome = asked instanceof Promise ? await asked : asked;
  place.settled();

  const why = ticket.givenUp() ?? (isOver(call) ? 'gone' : null);
  if (outcome.ok && why === null) {
    metrics.waited(outcome.use.waitedMs, outcome.use.loaded);
    ticket.answering();
    return { use: outcome.use, ticket, end: () => release(outcome.use, ticket) };
  }
  if (outcome.ok) release(outcome.use, ticket);
  else ticket.leave();
  if (why !== null && why !== 'gone') refuse(call, refusalOf(why, parts));
  else if (why === null && !outcome.ok) refuse(call, outcome);
  return null;
}

/** Its signal is made when it is asked for: most requests get their model at once. */
class Wish implements UseWish {
  readonly model: string;
  readonly contextLength: number | null;
  readonly exact: boolean;
  readonly holder: string;
  readonly #ticket: Ticket;

  constructor(model: string, { contextLength, exact = false }: Pick<UseWish, 'contextLength' | 'exact'>, holder: string, ticket: Ticket) {
    this.model = model;
    this.contextLength = contextLength;
    this.exact = exact;
    this.holder = holder;
    this.#ticket = ticket;
  }

  get signal(): AbortSignal {
    return this.#ticket.signal;
  }
}

function release(use: ModelUse, ticket: Ticket): void {
  use.release();
  ticket.leave();
}

interface Held {
  body: RequestBody;
  taken: () => void;
  model: CatalogModel;
  answerer: Extract<Backend, { kind: 'server' }> | EmbeddedAnswer;
  asked: Asked | null;
  use: ModelUse;
  ticket: Ticket;
}

function answer(parts: GatewayParts, call: Call, held: Held): Promise<unknown> {
  const { answerer, body } = held;
  if (answerer.kind === 'embedded') return answerHere(call, answerer, held);
  return passOn(parts, call, answerer.dialect === 'ollama' ? 'Ollama' : `The server of "${body.model}"`, outgoingOf(parts, call, answerer, held));
}

/** Not part of what waits for the answer: whoever makes the bytes keeps them for as long as it runs. */
function outgoingOf(parts: GatewayParts, call: Call, answerer: Extract<Backend, { kind: 'server' }>, { body, taken, model, asked, use }: Held): Outgoing {
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
  return { to: answerer, body: bytes, taken, ...there, without: unpacked ? [...there.without, 'content-encoding'] : there.without };
}

async function answerHere({ response }: Call, { answer }: EmbeddedAnswer, { use, ticket }: Held): Promise<void> {
  const gone = new AbortController();
  const left = (): void => gone.abort();
  response.on('close', left);
  // A model answers one after the other; with nobody before it, a request's turn is there before anybody could see it wait.
  const behind = setImmediate(() => ticket.waitsForTurn());
  const onTurn = (): void => {
    clearImmediate(behind);
    ticket.turnCame();
  };
  await answer({ waitedMs: use.waitedMs, signal: gone.signal, onTurn });
  clearImmediate(behind);
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
