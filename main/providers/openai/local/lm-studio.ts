import type { JsonHttp } from '../../http.ts';
import { countOf, isFields, isName, parseJson, textOf } from '../listing.ts';
import type { Server } from '../server.ts';
import type { LocalKind, Looked, SeenModel, Told } from './kind.ts';

const unloadMs = 60_000;

/** LM Studio from 0.4.0 on tells sizes and what is loaded, and can be told to load and unload. A model can be loaded several times. */
export function createLmStudio({ http, address, times, settings }: Server): LocalKind {
  const instances = new Map<string, string[]>();

  async function look(signal: AbortSignal): Promise<Looked> {
    const answer = await http.request({ method: 'GET', path: modelsPath(address.root), timeoutMs: times.look, signal });
    if (!answer.ok) return answer;
    const entries = lmStudioModels(answer.body);
    if (entries === null) return { ok: false, failure: 'no-list' };
    instances.clear();
    const models = entries.filter(({ key }) => isWanted(settings.models, key)).map((entry) => see(entry));
    return { ok: true, models };
  }

  function see(entry: Entry): SeenModel {
    const { key, fields, loaded } = entry;
    instances.set(key, loaded.map(({ id }) => id));
    const quantization = isFields(fields['quantization']) ? textOf(fields['quantization']['name']) : null;
    const abilities = isFields(fields['capabilities']) ? fields['capabilities'] : {};
    const capabilities = fields['type'] === 'embedding' ? ['embedding'] : ['completion', ...(abilities['vision'] === true ? ['vision'] : []), ...(abilities['trained_for_tool_use'] === true ? ['tools'] : [])];
    return {
      name: key,
      memory: loaded.length > 0 ? 'in' : 'out',
      failed: false,
      sizeBytes: countOf(fields['size_bytes']),
      onGpu: false,
      contextLength: loaded[0]?.contextLength ?? null,
      about: { maxContextLength: countOf(fields['max_context_length']), family: textOf(fields['architecture']), parameterSize: textOf(fields['params_string']), quantization, capabilities },
    };
  }

  async function unload(name: string, signal: AbortSignal): Promise<Told> {
    for (const id of instances.get(name) ?? []) {
      const told = await http.request({ method: 'POST', path: `${modelsPath(address.root)}/unload`, body: { instance_id: id }, timeoutMs: unloadMs, signal });
      // One that has gone by itself meanwhile is gone as well.
      if (!told.ok && !(told.failure.kind === 'status' && told.failure.status === 404)) return told;
    }
    return { ok: true };
  }

  return {
    label: 'LM Studio',
    choosesContext: true,
    look,
    load: async (name, contextLength, timeoutMs, signal) =>
      http.request({
        method: 'POST',
        path: `${modelsPath(address.root)}/load`,
        body: { model: name, ...(contextLength === null ? {} : { context_length: contextLength }) },
        timeoutMs,
        signal,
        ownConnection: true,
      }),
    unload,
  };
}

/** Before 0.4.0 it tells what is loaded, and no more. */
export function createOldLmStudio({ http, address, times, settings }: Server): LocalKind {
  return {
    label: 'LM Studio',
    choosesContext: false,
    async look(signal) {
      const answer = await http.request({ method: 'GET', path: oldModelsPath(address.root), timeoutMs: times.look, signal });
      if (!answer.ok) return answer;
      const entries = oldLmStudioModels(answer.body);
      if (entries === null) return { ok: false, failure: 'no-list' };
      const models = entries
        .filter(({ name }) => isWanted(settings.models, name))
        .map(({ name, fields }): SeenModel => ({
          name,
          memory: fields['state'] === 'loaded' ? 'in' : 'out',
          failed: false,
          sizeBytes: null,
          onGpu: false,
          contextLength: countOf(fields['loaded_context_length']),
          about: {
            maxContextLength: countOf(fields['max_context_length']),
            family: textOf(fields['arch']),
            quantization: textOf(fields['quantization']),
            capabilities: fields['type'] === 'embeddings' ? ['embedding'] : ['completion', ...(fields['type'] === 'vlm' ? ['vision'] : [])],
          },
        }));
      return { ok: true, models };
    },
  };
}

/** Which of the two answers there, if any: a server that does not know the path may answer 200 all the same. */
export async function findLmStudio(server: Server, signal: AbortSignal): Promise<LocalKind | null> {
  const { http, address, times } = server;
  const ask = async (path: string): Promise<string> => bodyOf(await http.request({ method: 'GET', path, timeoutMs: times.look, signal }));
  if (lmStudioModels(await ask(modelsPath(address.root))) !== null) return createLmStudio(server);
  return oldLmStudioModels(await ask(oldModelsPath(address.root))) === null ? null : createOldLmStudio(server);
}

const modelsPath = (root: string): string => `${root}/api/v1/models`;
const oldModelsPath = (root: string): string => `${root}/api/v0/models`;
const isWanted = (models: 'list' | readonly string[], name: string): boolean => models === 'list' || models.includes(name);
const bodyOf = (answer: Awaited<ReturnType<JsonHttp['request']>>): string => (answer.ok ? answer.body : '');

interface Entry {
  key: string;
  fields: Readonly<Record<string, unknown>>;
  loaded: { id: string; contextLength: number | null }[];
}

function lmStudioModels(body: string): Entry[] | null {
  const value = parseJson(body);
  const entries: unknown = isFields(value) ? value['models'] : null;
  if (!Array.isArray(entries)) return null;
  return (entries as unknown[]).flatMap((fields): Entry[] => {
    if (!isFields(fields) || !isName(fields['key']) || !Array.isArray(fields['loaded_instances'])) return [];
    const loaded = (fields['loaded_instances'] as unknown[]).flatMap((one) => {
      if (!isFields(one) || !isName(one['id'])) return [];
      return [{ id: one['id'], contextLength: isFields(one['config']) ? countOf(one['config']['context_length']) : null }];
    });
    return [{ key: fields['key'], fields, loaded }];
  });
}

function oldLmStudioModels(body: string): { name: string; fields: Readonly<Record<string, unknown>> }[] | null {
  const value = parseJson(body);
  const entries: unknown = isFields(value) ? value['data'] : null;
  if (!Array.isArray(entries)) return null;
  const models = (entries as unknown[]).flatMap((fields) => (isFields(fields) && isName(fields['id']) && typeof fields['state'] === 'string' ? [{ name: fields['id'], fields }] : []));
  return models.length === 0 && entries.length > 0 ? null : models;
}
