import { hopHeader, problem } from '../../contract/index.ts';
import type { CatalogModel } from '../providers/provider.ts';
import { sendJson, sendText, type Call } from './call.ts';
import type { GatewayParts } from './deps.ts';
import { isUnderstood, unknownText } from './find-model.ts';
import { memberOf } from './json-edit.ts';
import { modelsEntry, psEntry, showAnswer, tagsEntry } from './ollama/entries.ts';
import { ollamaUpstream, passOn, passToOllama } from './pass.ts';
import { readCall } from './read-call.ts';
import { refuse } from './refuse.ts';
import { toServer } from './upstream.ts';

/** Ollama waits with its first list until it has looked at its disk. */
const listLimitMs = 10_000;
/** Its list of what is in memory only adds digests here; a server that is busy unloading is not waited for. */
const psLimitMs = 1_000;
const longestBodyMb = 1;

type Entries = Record<string, unknown>[];

/** A list of Ollama's, as it is: null where it does not answer. */
async function fromOllama({ ports, forwarder }: GatewayParts, path: string, key: string, limitMs: number): Promise<Entries | null> {
  const ollama = ports.models.ollama();
  if (!ollama?.up) return null;
  const answer = await forwarder.ask(ollamaUpstream(ollama.url), path, { limitMs });
  const list = answer?.status === 200 ? (answer.value as Record<string, unknown>)[key] : null;
  return Array.isArray(list) ? (list as Entries) : null;
}

/** What other providers have; with Ollama down, what is known of its own too. */
function others({ ports }: GatewayParts, call: Call, ollamaAnswered: boolean): CatalogModel[] {
  const own = ports.models.ollama()?.provider;
  return ports.models.installed().filter((model) => model.problem === null && !(ollamaAnswered && model.provider === own) && !(isAirdock(call) && isFarther(model)));
}

/** Two Airdocks that list each other's models would list them longer with each look: only what is here is told to another one. */
const isAirdock = (call: Call): boolean => call.request.headers[hopHeader] !== undefined;
const isFarther = (model: CatalogModel | null): boolean => model?.elsewhere === 'online' || model?.further === true;

/** A further Ollama, beside the one to which everything else goes. */
function isFurtherServer({ ports }: GatewayParts, provider: string): boolean {
  const backend = provider === ports.models.ollama()?.provider ? null : ports.models.backendOf(provider);
  return backend?.kind === 'server' && backend.dialect === 'ollama' && backend.base !== undefined;
}

/** Where it runs, if that is not here. */
function remoteOf({ ports }: GatewayParts, { provider, elsewhere }: CatalogModel): string | null {
  const backend = elsewhere === 'online' ? ports.models.backendOf(provider) : null;
  return backend?.kind === 'server' ? backend.url : null;
}

function nameIn({ ports }: GatewayParts, model: CatalogModel): string {
  return model.provider === ports.models.ollama()?.provider ? model.providerName : ports.models.nameOf(model.id);
}

/** Where nobody else has models, Ollama's list is the list: it is passed on as it is. */
async function isOllamasAlone(parts: GatewayParts, call: Call): Promise<boolean> {
  await parts.ports.models.whenKnown();
  const ollama = parts.ports.models.ollama();
  if (!ollama?.up || others(parts, call, true).length > 0) return false;
  const outcome = await parts.forwarder.forward(call, { to: ollamaUpstream(ollama.url), body: 'stream' });
  return outcome.kind !== 'unreachable';
}

export async function answerTags(parts: GatewayParts, call: Call): Promise<void> {
  if (await isOllamasAlone(parts, call)) return;
  const theirs = await fromOllama(parts, '/api/tags', 'models', listLimitMs);
  const more = others(parts, call, theirs !== null).map((model) => tagsEntry(model, nameIn(parts, model), parts.startedAt, remoteOf(parts, model)));
  sendJson(call, 200, { models: [...(theirs ?? []), ...more] });
}

/** Airdock's own picture, in Ollama's form: what is loading or only booked is not in memory yet. */
export async function answerPs(parts: GatewayParts, call: Call): Promise<void> {
  const { models } = parts.ports;
  const now = parts.ports.now();
  const loaded = models.loaded().filter(({ state }) => state !== 'reserved' && state !== 'loading');
  const own = models.ollama()?.provider;
  const theirs = loaded.some(({ provider }) => provider === own) ? await fromOllama(parts, '/api/ps', 'models', psLimitMs) : null;
  const catalog = new Map(models.installed().map((model) => [model.id, model]));
  const told = isAirdock(call) ? loaded.filter(({ provider }) => !isFurtherServer(parts, provider)) : loaded;
  const entries = told.map((one) => {
    const model = catalog.get(one.id) ?? null;
    const name = model ? nameIn(parts, model) : one.name;
    const known = one.provider === own ? (theirs?.find((entry) => entry['name'] === name) ?? null) : null;
    return psEntry(one, model, { name, known, now });
  });
  entries.sort((a, b) => Date.parse(String(b['expires_at'])) - Date.parse(String(a['expires_at'])));
  sendJson(call, 200, { models: entries });
}

export async function answerShow(parts: GatewayParts, call: Call): Promise<void> {
  const read = await readCall(parts, call, longestBodyMb);
  if (read === null) return;
  const { body } = read;
  const old = body.json === null ? '' : memberOf(body.json, 'name');
  const name = body.model !== '' ? body.model : typeof old === 'string' ? old.trim() : '';
  await parts.ports.models.whenKnown();
  const found = parts.ports.models.resolve(name);
  const ollama = parts.ports.models.ollama();
  const further = found.ok && found.model.further ? parts.ports.models.backendOf(found.model.provider) : null;
  if (found.ok && further?.kind === 'server') {
    const bytes = isUnderstood(name, found.model, 'ollama') ? body.bytes : body.renamed(found.model.providerName).bytes;
    return void (await passOn(parts, call, 'Ollama', { to: further, body: bytes, ...toServer(further, { path: call.path, url: call.request.url }) }));
  }
  if (found.ok && found.model.provider !== ollama?.provider) return sendJson(call, 200, showAnswer(found.model, parts.startedAt));
  if (!ollama) return refuse(call, { problem: found.ok ? problem('provider-down', `The server that has "${name}" is not there.`) : unknownText(name, found.problem) });
  const renamed = found.ok && !isUnderstood(name, found.model, 'ollama');
  await passToOllama(parts, call, { body: renamed ? body.renamed(found.model.providerName).bytes : body.bytes });
}

export async function answerModels(parts: GatewayParts, call: Call): Promise<void> {
  if (await isOllamasAlone(parts, call)) return;
  const theirs = await fromOllama(parts, '/v1/models', 'data', listLimitMs);
  const more = others(parts, call, theirs !== null).map((model) => modelsEntry(model, nameIn(parts, model), parts.startedAt));
  sendJson(call, 200, { object: 'list', data: [...(theirs ?? []), ...more] }, { 'Content-Type': 'application/json' });
}

export async function answerModel(parts: GatewayParts, call: Call): Promise<void> {
  const name = nameInPath(call.path.slice('/v1/models/'.length));
  await parts.ports.models.whenKnown();
  const found = parts.ports.models.resolve(name);
  const ollama = parts.ports.models.ollama();
  if (found.ok && (found.model.provider !== ollama?.provider || !ollama.up)) {
    return sendJson(call, 200, modelsEntry(found.model, name, parts.startedAt), { 'Content-Type': 'application/json' });
  }
  if (!ollama?.up) return refuse(call, { problem: found.ok ? problem('provider-down', `The server that has "${name}" is not there.`) : unknownText(name, found.problem) });
  const renamed = found.ok && !isUnderstood(name, found.model, 'ollama');
  const path = renamed && found.ok ? { path: `/v1/models/${encodeURI(found.model.providerName)}` } : {};
  await passOn(parts, call, 'Ollama', { to: ollamaUpstream(ollama.url), body: 'stream', ...path });
}

export async function answerVersion(parts: GatewayParts, call: Call): Promise<void> {
  const ollama = parts.ports.models.ollama();
  if (ollama?.up) return void (await passToOllama(parts, call, { body: 'stream' }));
  sendJson(call, 200, { version: parts.version });
}

export async function answerStatus(parts: GatewayParts, call: Call): Promise<void> {
  const ollama = parts.ports.models.ollama();
  if (ollama?.up) return void (await passToOllama(parts, call, { body: 'stream' }));
  sendJson(call, 200, { cloud: { disabled: true, source: 'config' } });
}

export function answerMetrics({ metrics, register, notes, ports }: GatewayParts, call: Call): void {
  const text = metrics.text({ answering: register.answering(), waiting: register.waiting(), guards: notes.counts(), figures: ports.figures.figures() });
  sendText(call, 200, text, 'text/plain; version=0.0.4; charset=utf-8');
}

function nameInPath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
