import { formatList, type Config } from '../../../contract/index.ts';
import type { CatalogModel } from '../../providers/provider.ts';
import { isObject, memberOf, textOfMember, withEachGroup, withMember, withoutMember } from '../json-edit.ts';
import type { Guard } from '../notes.ts';
import { readKeepAlive } from './keep-alive.ts';

type Settings = Config['gateway']['guards'];
type Body = Readonly<Record<string, unknown>>;

/** What a native request asks for that concerns the others too. */
export interface Asked {
  keepAlive: ReturnType<typeof readKeepAlive>;
  /** `num_ctx`; null: none that counts. */
  context: number | null;
  /** The context for which the model must be acquired; null: whatever it has. */
  needed: number | null;
  embeddingOnly: boolean;
  /** The options it names with which Ollama would load the model anew. */
  loadOptions: readonly string[];
}

export interface Fired {
  guard: Guard;
  /** The end of a sentence that begins with the client's name. */
  told: string;
}

/** What Ollama compares with the model in memory, beside the context: any difference, and it loads the model anew. */
const loadOptions: readonly string[] = ['num_gpu', 'num_thread', 'num_batch', 'main_gpu', 'use_mmap', 'draft_num_predict'];

export function readAsked(body: Body, model: CatalogModel, settings: Settings): Asked {
  const options = memberOf(body, 'options');
  const asked = isObject(options) ? options['num_ctx'] : undefined;
  const context = typeof asked === 'number' && asked > 0 ? Math.floor(asked) : null;
  const embeddingOnly = isEmbeddingOnly(model);
  return {
    keepAlive: readKeepAlive(memberOf(body, 'keep_alive')),
    context,
    needed: settings.larger_context === 'plan' ? context : null,
    embeddingOnly,
    // Ollama goes by the exact key here, and leaves what is null as it is.
    loadOptions: isObject(options) ? loadOptions.filter((name) => (options[name] ?? null) !== null) : [],
  };
}

/** Ollama loads such a model without a context size; naming one would load it anew. */
export function isEmbeddingOnly({ capabilities }: CatalogModel): boolean {
  return capabilities.includes('embedding') && !capabilities.includes('completion');
}

/** A request that only wants the model unloaded, by Ollama's own rule. */
export function isUnload(path: string, body: Body, asked: Asked): boolean {
  if (asked.keepAlive !== 'zero') return false;
  if (path === '/api/generate') return (memberOf(body, 'prompt') ?? '') === '';
  const messages = memberOf(body, 'messages') ?? [];
  return path === '/api/chat' && Array.isArray(messages) && messages.length === 0;
}

/**
 * The text of the body as it is sent, and which guards fired; the same text where none did. `inMemory`: the context that the
 * model has there, null where that is not known.
 */
export function applyGuards(text: string, body: Body, asked: Asked, settings: Settings, inMemory: number | null): { text: string; fired: Fired[] } {
  const fired: Fired[] = [];
  let out = text;
  if (settings.keep_alive && (asked.keepAlive === 'other' || asked.keepAlive === 'zero')) {
    out = withoutMember(out, 'keep_alive');
    const wish = asked.keepAlive === 'zero' && settings.unload_requests ? 'not to need the model any more' : 'to decide how long the model stays';
    fired.push({ guard: 'keep_alive', told: `asked ${wish} (keep_alive); Airdock took that out of the request and decides itself` });
  }
  if (asked.loadOptions.length > 0) {
    const named = `asked for ${formatList(asked.loadOptions)}, with which Ollama loads a model anew`;
    if (settings.load_options) out = withEachGroup(out, 'options', (group) => asked.loadOptions.reduce(withoutMember, group));
    fired.push({ guard: 'load-options', told: settings.load_options ? `${named}; Airdock took that out of the request` : `${named}, unplanned; Airdock passed that on, as gateway.guards.load_options says` });
  }
  const context = contextFor(asked, settings, inMemory);
  if (context) {
    out = setContext(out, body, context.tokens);
    fired.push(context.fired);
  }
  return { text: out, fired };
}

/** The context to put into the request instead of the one in it (null: none); null: it is sent as it is. */
function contextFor({ context, embeddingOnly }: Asked, settings: Settings, inMemory: number | null): { tokens: number | null; fired: Fired } | null {
  if (inMemory === null || context === inMemory) return null;
  const larger = context !== null && context > inMemory;
  if (larger) {
    // It was acquired with as much as it can have: asking for more would load it anew for nothing.
    if (settings.larger_context === 'plan' && !settings.keep_context) return null;
    const told = `asked for a context of ${tokens(context)}; the model has ${tokens(inMemory)} in memory and keeps them`;
    return { tokens: embeddingOnly ? null : inMemory, fired: { guard: 'context-capped', told } };
  }
  if (!settings.keep_context) return null;
  if (context === null) {
    // Models for embeddings are loaded without a context size, and naming one would load them anew.
    if (embeddingOnly) return null;
    return { tokens: inMemory, fired: { guard: 'context-filled', told: `names no context size; its requests take the ${tokens(inMemory)} that the model has in memory` } };
  }
  const told = `asked for a context of ${tokens(context)}; the model has ${tokens(inMemory)} in memory and is not loaded anew for fewer`;
  return { tokens: embeddingOnly ? null : inMemory, fired: { guard: 'context', told } };
}

function setContext(text: string, body: Body, context: number | null): string {
  if (context === null) return withEachGroup(text, 'options', (group) => withoutMember(group, 'num_ctx'));
  const options = memberOf(body, 'options');
  const before = isObject(options) ? textOfMember(text, 'options') : null;
  return withMember(text, 'options', before === null ? `{"num_ctx":${context}}` : withMember(before, 'num_ctx', String(context), false));
}

function tokens(count: number): string {
  return `${count.toLocaleString('en-US')} tokens`;
}
