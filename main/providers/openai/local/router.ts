import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { HttpFailure } from '../../http.ts';
import { pause } from '../../wait.ts';
import { isFields, parseJson, readListing, type ListedModel } from '../listing.ts';
import { chosen, type Server } from '../server.ts';
import type { LocalKind, SeenModel, Told } from './kind.ts';

const tellMs = 30_000;

/** llama-server without a model of its own: it runs one process for each, and tells of each whether it is loaded. */
export function createRouter({ http, address, times, settings }: Server): LocalKind {
  const sizes = new Map<string, number>();
  const tell = (what: 'load' | 'unload', model: string, signal: AbortSignal) => http.request({ method: 'POST', path: `${address.root}/models/${what}`, body: { model }, timeoutMs: tellMs, signal });

  async function sizeOf({ sizeBytes, path: file, status }: ListedModel): Promise<number | null> {
    const named = file ?? modelIn(status?.args ?? []);
    if (named === null || !path.isAbsolute(named)) return sizeBytes;
    const known = sizes.get(named);
    if (known !== undefined) return known;
    const found = await sizeOfFiles(named);
    if (found !== null) sizes.set(named, found);
    return found ?? sizeBytes;
  }

  async function list(signal: AbortSignal): Promise<{ ok: true; listed: ListedModel[] } | { ok: false; failure: HttpFailure | 'no-list' }> {
    const answer = await http.request({ method: 'GET', path: `${address.root}/models`, timeoutMs: times.look, signal });
    if (!answer.ok) return answer;
    const listed = readListing(answer.body);
    return listed === null ? { ok: false, failure: 'no-list' } : { ok: true, listed };
  }

  async function statusOf(name: string, signal: AbortSignal): Promise<string | null> {
    const answer = await list(signal);
    return answer.ok ? (answer.listed.find((one) => one.name === name)?.status?.value ?? null) : null;
  }

  /** One that sleeps counts as running over there and is not loaded again, so it has to end first. */
  async function load(name: string, signal: AbortSignal): Promise<Told> {
    const told = await tell('load', name, signal);
    if (told.ok || (await statusOf(name, signal)) !== 'sleeping') return told;
    const ended = await tell('unload', name, signal);
    if (!ended.ok) return ended;
    while (!signal.aborted && (await statusOf(name, signal)) === 'sleeping') await pause(times.watch, signal);
    return tell('load', name, signal);
  }

  async function see(name: string, listed: ListedModel): Promise<SeenModel> {
    const value = listed.status?.value;
    // Started with that context, it cannot be told another one.
    const contextLength = listed.contextLength ?? contextIn(listed.status?.args ?? []);
    return {
      name,
      // A sleeping one has given its memory back.
      memory: value === 'loaded' ? 'in' : value === 'loading' ? 'loading' : 'out',
      failed: listed.status?.failed ?? false,
      sizeBytes: await sizeOf(listed),
      onGpu: false,
      contextLength: listed.contextLength,
      about: { maxContextLength: contextLength ?? listed.maxContextLength, capabilities: listed.capabilities },
    };
  }

  return {
    label: 'llama-server',
    choosesContext: false,
    async look(signal) {
      const answer = await list(signal);
      if (!answer.ok) return answer;
      const wanted = chosen(settings, answer.listed).flatMap(({ name, listed: one }) => (one === null ? [] : [see(name, one)]));
      return { ok: true, models: await Promise.all(wanted) };
    },
    load: (name, _contextLength, _timeoutMs, signal) => load(name, signal),
    unload: async (name, signal) => tell('unload', name, signal),
    // To ask a model that sleeps would wake it; only what is loaded is asked.
    async isBusy(name, signal) {
      const answer = await http.request({ method: 'GET', path: `${address.root}/slots?model=${encodeURIComponent(name)}&autoload=false`, timeoutMs: times.look, signal });
      const slots = answer.ok ? parseJson(answer.body) : null;
      return Array.isArray(slots) ? slots.some((slot: unknown) => isFields(slot) && slot['is_processing'] === true) : null;
    },
  };
}

/** What follows one of these names among the arguments with which a model's process is started. */
function after(args: readonly string[], ...names: string[]): string | null {
  const at = args.findIndex((arg) => names.includes(arg));
  return at === -1 ? null : (args[at + 1] ?? null);
}

const modelIn = (args: readonly string[]): string | null => after(args, '--model', '-m');

/** null: not told, or (0) the model's own. */
function contextIn(args: readonly string[]): number | null {
  const size = Number(after(args, '--ctx-size', '-c') ?? 0);
  return Number.isInteger(size) && size > 0 ? size : null;
}

/** A model can lie in several files, of which the first is named. */
async function sizeOfFiles(file: string): Promise<number | null> {
  const shard = /^(.*)-00001-of-(\d{5})\.gguf$/.exec(path.basename(file));
  try {
    if (!shard) return (await stat(file)).size;
    const dir = path.dirname(file);
    const names = (await readdir(dir)).filter((name) => name.startsWith(`${shard[1]}-`) && name.endsWith(`-of-${shard[2]}.gguf`));
    const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(dir, name))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    return null;
  }
}
