import { z } from 'zod';
import { problemSchema } from './errors.ts';
import { fitSchema } from './models.ts';

/** ollama: by name, into Ollama's own store · file: a GGUF by its address · import: a GGUF that is on this computer already */
export const downloadKindSchema = z.enum(['ollama', 'file', 'import']);

/** Whether what is on its way will fit, as the first that comes of it tells. */
export const downloadFitSchema = z.object({
  /** RAM with the usual context, estimated. */
  needs: z.number(),
  /** null: it cannot be told now. */
  fit: fitSchema.nullable(),
  /** Names of what would be unloaded for it at present. */
  unloads: z.array(z.string()),
  /** Bytes free where it goes, where that is less than what is still to come; null: there is room, or nothing tells. */
  diskShort: z.number().nullable(),
  /** Something speaks against it. Never a wall. */
  warns: z.boolean(),
});

/** A model that is on its way to this computer, or was. Sizes are bytes, times ms since the epoch. */
export const downloadSchema = z.object({
  id: z.string(),
  kind: downloadKindSchema,
  /** What the model will be called. */
  name: z.string(),
  /** Where it comes from: an address without its query, a path, or the name at Ollama. */
  from: z.string(),
  /**
   * queued: behind another of the same source · running: bytes come · checking: all is here and is looked through ·
   * stopped: what has come is kept, and it can go on from there · failed: nothing is kept
   */
  state: z.enum(['queued', 'running', 'checking', 'done', 'stopped', 'failed']),
  doneBytes: z.number(),
  /** null: not told yet, or never. */
  totalBytes: z.number().nullable(),
  /** Over the last seconds; null while that is not known. */
  bytesPerSecond: z.number().nullable(),
  msLeft: z.number().nullable(),
  /** Pieces of a model that come one after the other, and how many of them are here; null where it is told as one. */
  parts: z.object({ done: z.number(), total: z.number() }).nullable(),
  /** null: not told yet, or over. */
  fit: downloadFitSchema.nullable(),
  /** SHA-256 of each file that has come, as hex. */
  checksums: z.array(z.object({ file: z.string(), sha256: z.string() })),
  problem: problemSchema.nullable(),
  by: z.string(),
  since: z.number(),
});
export type Download = z.infer<typeof downloadSchema>;

/** What is known of a model before it is downloaded. */
export const downloadCheckSchema = z.object({
  kind: downloadKindSchema,
  name: z.string(),
  /** Bytes that would be fetched; null: not told. */
  bytes: z.number().nullable(),
  /** RAM that it would take with the usual context, estimated; null: nothing tells. */
  needs: z.number().nullable(),
  fit: fitSchema.nullable(),
  /** Names of what would be unloaded for it at present. */
  unloads: z.array(z.string()),
  /** Bytes free where it would be kept; null: not known, because that is another computer, say. */
  diskFree: z.number().nullable(),
  diskEnough: z.boolean().nullable(),
  /** It is installed already, so that this would fetch what has changed. */
  installed: z.boolean(),
  /** Something speaks against it. Never a wall. */
  warns: z.boolean(),
  /** All of that in plain words. */
  sentence: z.string(),
});
export type DownloadCheck = z.infer<typeof downloadCheckSchema>;

/** What the file or the server tells of a model, beyond what the list has. */
export const modelDetailsSchema = z.object({
  id: z.string(),
  name: z.string(),
  architecture: z.string().nullable(),
  parameterSize: z.string().nullable(),
  quantization: z.string().nullable(),
  maxContextLength: z.number().nullable(),
  /** Bytes of RAM that each token of context adds; null: nothing tells. */
  kvBytesPerToken: z.number().nullable(),
  /** What it would take with contexts of several sizes, by the header. */
  contexts: z.array(z.object({ contextLength: z.number(), ram: z.number() })),
  /** Its files, with their sizes; empty where a server keeps them. */
  files: z.array(z.object({ path: z.string(), bytes: z.number() })),
  /** The part beside it that reads images. */
  projector: z.object({ path: z.string(), bytes: z.number() }).nullable(),
  /** Where it lies on this computer, or where its server keeps what it has; null: elsewhere, or not told. */
  folder: z.string().nullable(),
  /** When Airdock last saw it in use; null: never. */
  lastUsed: z.number().nullable(),
  /** What its server says it may be used for. */
  license: z.string().nullable(),
  /** Digest of its manifest, where a registry knows it by that. */
  digest: z.string().nullable(),
  /** Airdock may delete it; else, why not. */
  deletable: z.boolean(),
  keptBecause: problemSchema.nullable(),
});
export type ModelDetails = z.infer<typeof modelDetailsSchema>;

/** unknown: nothing tells where it comes from · gone: that has no model of this name (any more), so it may have been made here */
export const updateCheckSchema = z.object({ state: z.enum(['current', 'newer', 'unknown', 'gone']), text: z.string() });

/** Days without a use after which a model counts as unused. */
export const UNUSED_DAYS = 30;

/** What the models take on the disks, the largest first. */
export const diskUsageSchema = z.object({
  /** Names of the same weights are one: `also` has the other names. */
  models: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      also: z.array(z.string()),
      provider: z.string(),
      bytes: z.number(),
      /** When Airdock last saw it in use; null: never. */
      lastUsed: z.number().nullable(),
      /** It was used, but not for `UNUSED_DAYS`. */
      unused: z.boolean(),
    }),
  ),
  totalBytes: z.number(),
  /** Of those that were used, but not for `UNUSED_DAYS`. */
  unusedBytes: z.number(),
  /** Of those whose use Airdock has never seen. */
  neverBytes: z.number(),
  /** Where they lie; `folder` and `free` are null where that is another computer, or not told. */
  places: z.array(z.object({ provider: z.string(), folder: z.string().nullable(), bytes: z.number(), free: z.number().nullable() })),
});
export type DiskUsage = z.infer<typeof diskUsageSchema>;
