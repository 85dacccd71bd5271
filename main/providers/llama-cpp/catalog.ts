import type { CatalogModel } from '../provider.ts';
import { bytesPerToken, choosePlacement, effectiveContext, estimateFootprint } from './footprint.ts';
import type { Placement, VramDevice } from './footprint.ts';
import type { LibraryModel } from './library.ts';

export const LLAMA_CPP = 'llama.cpp';

export function catalogId(model: LibraryModel): string {
  return `${LLAMA_CPP}/${model.name}`;
}

/** The real path of the file: two names for one file are one model in memory. */
export function weightsOf(model: LibraryModel): string {
  return `gguf:${model.file}`;
}

/** `wantedContext`: tokens, before the model's own limit. `device`: null for the CPU. */
export function toCatalogModel(model: LibraryModel, wantedContext: number, device: VramDevice | null): CatalogModel {
  const { gguf } = model;
  const contextLength = effectiveContext(wantedContext, gguf?.contextLength ?? null);
  const placement = gguf && choosePlacement(gguf, model.sizeBytes, contextLength, device);
  return {
    id: catalogId(model),
    provider: LLAMA_CPP,
    providerName: model.name,
    weights: weightsOf(model),
    sizeBytes: model.sizeBytes,
    estimate: gguf && placement ? estimateFootprint(gguf, model.sizeBytes, contextLength, placement, device) : { ram: model.sizeBytes, vram: {} },
    contextLength,
    kvBytesPerToken: gguf && bytesPerToken(gguf),
    maxContextLength: gguf?.contextLength ?? null,
    family: gguf?.architecture ?? null,
    parameterSize: gguf ? (gguf.sizeLabel ?? parameterSize(gguf.parameters)) : null,
    quantization: gguf?.quantization ?? null,
    capabilities: gguf ? [gguf.embedding ? 'embedding' : 'completion'] : [],
    sample: model.sample,
    settings: placement ? settingsText(placement) : '',
    problem: model.problem,
  };
}

function settingsText({ gpuLayers, useMmap }: Placement): string {
  return gpuLayers > 0 ? `gpu ${gpuLayers}` : useMmap ? 'cpu mapped' : 'cpu read';
}

function parameterSize(parameters: number): string | null {
  if (parameters === 0) return null;
  return parameters >= 1e9 ? `${(parameters / 1e9).toFixed(1)}B` : `${Math.round(parameters / 1e6)}M`;
}
