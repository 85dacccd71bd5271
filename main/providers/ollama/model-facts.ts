import type { ShownModel } from './wire.ts';

/** What the header of a model's GGUF tells about its memory; null where Ollama leaves it out. */
export interface ModelShape {
  layers: number | null;
  embedding: number | null;
  feedForward: number | null;
  heads: number | null;
  /** Over all layers; null where it differs by layer and Ollama empties the list. */
  kvHeads: number | null;
  keyLength: number | null;
  valueLength: number | null;
  maxContextLength: number | null;
}

export const unknownShape: ModelShape = {
  layers: null,
  embedding: null,
  feedForward: null,
  heads: null,
  kvHeads: null,
  keyLength: null,
  valueLength: null,
  maxContextLength: null,
};

/** What one `/api/show` told, kept by manifest digest: it can never change. */
export interface ModelFacts {
  /** `sha256-<hex>`, the file name of the weights in Ollama's store; null where it is not told (MLX models). */
  blob: string | null;
  /** The weights' path as the server sees it: the `--model` of the runner. */
  blobPath: string | null;
  shape: ModelShape;
  capabilities: string[];
  family: string | null;
  parameterSize: string | null;
  quantization: string | null;
}

export function readFacts(shown: ShownModel): ModelFacts {
  const info = shown.model_info ?? {};
  const architecture = typeof info['general.architecture'] === 'string' ? info['general.architecture'] : '';
  const key = (name: string) => number(info[`${architecture}.${name}`]);
  const blobPath = weightsPath(shown);
  return {
    blob: blobPath === null ? null : blobName(blobPath),
    blobPath,
    shape: {
      layers: key('block_count'),
      embedding: key('embedding_length'),
      feedForward: key('feed_forward_length'),
      heads: key('attention.head_count'),
      kvHeads: key('attention.head_count_kv'),
      keyLength: key('attention.key_length'),
      valueLength: key('attention.value_length'),
      maxContextLength: key('context_length'),
    },
    capabilities: shown.capabilities ?? inferCapabilities(architecture, info),
    family: shown.details?.family ?? null,
    parameterSize: shown.details?.parameter_size ?? null,
    quantization: shown.details?.quantization_level ?? null,
  };
}

/** The last path segment where it names a blob, whatever separators the server's OS uses. */
export function blobName(path: string): string | null {
  return /(?:^|[\\/])(sha256[-:][0-9a-f]{64})$/i.exec(path)?.[1]?.toLowerCase().replace(':', '-') ?? null;
}

/** Embedding-only: Ollama refuses to load it by an empty prompt. */
export function isEmbeddingOnly(capabilities: readonly string[]): boolean {
  return capabilities.includes('embedding') && !capabilities.includes('completion');
}

/**
 * The first FROM line (a second one is the projector). `parent_model` is no substitute where there is a modelfile: it can name the file
 * that the weights were quantised from, which several models share.
 */
function weightsPath(shown: ShownModel): string | null {
  if (typeof shown.modelfile === 'string') {
    const line = /^FROM[ \t]+(.+?)[ \t]*\r?$/m.exec(shown.modelfile)?.[1]?.replace(/^"(.*)"$/, '$1');
    return line !== undefined && blobName(line) !== null ? line : null;
  }
  const parent = shown.details?.parent_model;
  return typeof parent === 'string' && blobName(parent) !== null ? parent : null;
}

/** Servers before 0.6.4 tell no capabilities. */
function inferCapabilities(architecture: string, info: Record<string, unknown>): string[] {
  return `${architecture}.pooling_type` in info || /bert/.test(architecture) ? ['embedding'] : ['completion'];
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}
