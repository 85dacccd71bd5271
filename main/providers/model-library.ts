import type { ModelDetails, Problem } from '../../contract/index.ts';

export type Done = { ok: true } | { ok: false; problem: Problem };

/** How far a pull is. Bytes of all layers that have been told so far; the sum can grow. */
export interface PullProgress {
  doneBytes: number;
  totalBytes: number | null;
  parts: { done: number; total: number } | null;
  /** Everything has come, and is looked through. */
  checking: boolean;
  /** RAM with the usual context, estimated by what has been told so far; null: nothing yet. */
  needs: number | null;
}

/** What is known of a model before it is pulled; null: not told. */
export interface RemoteModel {
  /** Bytes that would be fetched, or of the first and by far largest piece where nothing tells the rest. */
  bytes: number | null;
  weightBytes: number | null;
  /** RAM with the usual context, estimated. */
  needs: number | null;
}

/** What the source knows of a model; where it lies and when it was used is added. */
export type FileDetails = Omit<ModelDetails, 'id' | 'name' | 'folder' | 'lastUsed'>;

/**
 * Models that come to a source and leave it for good, for those that can. Only main/library calls it. No method rejects.
 * Names are the source's own (`CatalogModel.providerName`).
 */
export interface ModelLibrary {
  /** Where its models lie on this computer; null: elsewhere, or not known. */
  directory(): Promise<string | null>;
  /** The folder that one of its models was found in, where they lie in several. */
  folderOf?(name: string): string | null;
  /** Absent where models do not come by name. Aborting `signal` stops it; what has come is kept by the server, and a later pull goes on from there. */
  pull?(request: { name: string; signal: AbortSignal; onProgress(progress: PullProgress): void }): Promise<Done>;
  /** What a pull would bring. Fetches no weights. */
  look?(name: string, signal: AbortSignal): Promise<{ ok: true; remote: RemoteModel } | { ok: false; problem: Problem }>;
  /** Digest of the manifest that the registry has now. */
  latest?(name: string, signal: AbortSignal): Promise<{ ok: true; digest: string | null } | { ok: false; problem: Problem }>;
  /** Deletes it from the disk; it has left memory before. */
  delete(name: string): Promise<Done>;
  details(name: string, signal: AbortSignal): Promise<{ ok: true; details: FileDetails } | { ok: false; problem: Problem }>;
}
