import { formatBytes, type Activity, type Footprint } from '../../contract/index.ts';
import type { LearnedStore, LearnKey } from '../memory/memory.ts';
import type { CatalogModel } from '../providers/provider.ts';

/** An estimate that is off by more than this is worth a sentence. */
const WORTH_TELLING = 0.1;

export interface EstimatesDeps {
  learned: Pick<LearnedStore, 'tellOnce'>;
  /** The short name. */
  nameOf(modelId: string): string;
  now(): number;
  note(entry: Omit<Activity, 'id'>): void;
}

/**
 * Under which key a size is kept: by the context that a load is planned with. Where models are loaded without naming one (Ollama's, for
 * embeddings), what the server then takes is its own affair.
 */
export function learnKey(model: CatalogModel, contextLength: number | null): LearnKey {
  return { weights: model.weights, contextLength: model.contextLength === null ? null : contextLength, settings: model.settings };
}

/** Tells, once per model, context and settings, that an estimate was wrong. */
export function createEstimates({ learned, nameOf, now, note }: EstimatesDeps) {
  return {
    /** `grown`: not right after its load, but in use. */
    compare(model: CatalogModel, contextLength: number | null, taken: Footprint, grown: boolean): void {
      const estimated = estimateOf(model, contextLength);
      const bytes = total(taken);
      if (estimated <= 0 || Math.abs(bytes - estimated) <= estimated * WORTH_TELLING) return;
      // A small model's figures may read the same: that one replaces the other says nothing then.
      if (formatBytes(bytes) === formatBytes(estimated)) return;
      if (!learned.tellOnce(learnKey(model, contextLength))) return;
      const name = nameOf(model.id);
      const text = grown
        ? `${name} has grown to ${formatBytes(bytes)} in memory; its estimate was ${formatBytes(estimated)}. From now on Airdock plans with what it takes.`
        : `${name} takes ${formatBytes(bytes)}; its estimate was ${formatBytes(estimated)}. From now on Airdock plans with what it takes.`;
      const parts = { what: 'estimate', estimated, taken: bytes, grown } as const;
      note({ at: now(), kind: 'notice', reason: 'other', model: model.id, name, provider: model.provider, forModel: null, by: null, code: null, text, ram: bytes, tookMs: null, parts });
    },
  };
}

/** Every pool: where its parts go was not what was estimated. */
function total({ ram, vram }: Footprint): number {
  return Object.values(vram).reduce((sum, bytes) => sum + bytes, ram);
}

function estimateOf(model: CatalogModel, contextLength: number | null): number {
  const more = contextLength === null || model.contextLength === null ? 0 : contextLength - model.contextLength;
  return total(model.estimate) + more * (model.kvBytesPerToken ?? 0);
}
