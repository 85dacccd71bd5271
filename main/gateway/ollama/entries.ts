import { createHash } from 'node:crypto';
import type { LoadedModel } from '../../../contract/index.ts';
import type { CatalogModel } from '../../providers/provider.ts';

/** Where Ollama puts what never expires. */
const never = '2318-01-01T00:00:00Z';

/** Stable, and as long as Ollama's. */
export function digestOf(model: { weights: string }): string {
  return createHash('sha256').update(model.weights).digest('hex');
}

export function detailsOf(model: Pick<CatalogModel, 'family' | 'parameterSize' | 'quantization'>): Record<string, unknown> {
  return {
    parent_model: '',
    format: 'gguf',
    family: model.family ?? '',
    families: model.family === null ? null : [model.family],
    parameter_size: model.parameterSize ?? '',
    quantization_level: model.quantization ?? '',
  };
}

/** One line of /api/tags for a model that Ollama does not have. `remote`: where it runs, if that is not here. */
export function tagsEntry(model: CatalogModel, name: string, modifiedAt: number, remote: string | null = null): Record<string, unknown> {
  const length = model.maxContextLength === null ? {} : { context_length: model.maxContextLength };
  return {
    name,
    model: name,
    ...(remote === null ? {} : { remote_model: model.providerName, remote_host: remote }),
    modified_at: new Date(modifiedAt).toISOString(),
    size: model.sizeBytes,
    digest: digestOf(model),
    details: { ...detailsOf(model), ...length },
    capabilities: model.capabilities,
  };
}

/** One line of /api/ps. `known`: the digest and details that Ollama tells for it. */
export function psEntry(loaded: LoadedModel, model: CatalogModel | null, at: { name: string; known: Record<string, unknown> | null; now: number }): Record<string, unknown> {
  const vram = Object.values(loaded.footprint.vram).reduce((sum, bytes) => sum + bytes, 0);
  const unloadsAt = loaded.unloadsAt ?? (loaded.inUse && loaded.idleTimeoutMs !== null ? at.now + loaded.idleTimeoutMs : null);
  return {
    name: at.name,
    model: at.name,
    size: loaded.ramUsed + vram,
    digest: at.known?.['digest'] ?? digestOf(loaded),
    details: at.known?.['details'] ?? detailsOf(model ?? { family: null, parameterSize: null, quantization: null }),
    expires_at: unloadsAt === null ? never : new Date(unloadsAt).toISOString(),
    size_vram: vram,
    context_length: loaded.contextLength ?? 0,
  };
}

/** What /api/show tells of a model that Ollama does not have. */
export function showAnswer(model: CatalogModel, modifiedAt: number): Record<string, unknown> {
  const architecture = model.family ?? 'unknown';
  const info: Record<string, unknown> = { 'general.architecture': architecture };
  if (model.maxContextLength !== null) info[`${architecture}.context_length`] = model.maxContextLength;
  return { details: detailsOf(model), model_info: info, capabilities: model.capabilities, modified_at: new Date(modifiedAt).toISOString() };
}

/** One line of /v1/models. */
export function modelsEntry(model: CatalogModel, name: string, createdAt: number): Record<string, unknown> {
  return { id: name, object: 'model', created: Math.floor(createdAt / 1000), owned_by: model.provider };
}
