import type { HttpFailure } from '../../http.ts';
import type { CatalogModel } from '../../provider.ts';

/** A model of a server of this computer, as one look tells of it. */
export interface SeenModel {
  name: string;
  /** Whether it holds memory; unknown: the server does not tell. */
  memory: 'in' | 'out' | 'loading' | 'unknown';
  /** The last load of it failed, as far as the server remembers. */
  failed: boolean;
  /** Bytes of its file or files; null: not told. */
  sizeBytes: number | null;
  /** It is in the graphics card's memory, as far as that is known. */
  onGpu: boolean;
  /** With which it is in memory; null: not told. */
  contextLength: number | null;
  about: Partial<CatalogModel>;
}

export type Looked = { ok: true; models: SeenModel[] } | { ok: false; failure: HttpFailure | 'no-list' };
export type Told = { ok: true } | { ok: false; failure: HttpFailure };

/** What a kind of server can be asked for beside OpenAI's language. */
export interface LocalKind {
  /** For people. */
  readonly label: string;
  look(signal: AbortSignal): Promise<Looked>;
  /** Tells it to load. What comes of that is seen by looking. Absent: it cannot be told. */
  load?(name: string, contextLength: number | null, timeoutMs: number, signal: AbortSignal): Promise<Told>;
  unload?(name: string, signal: AbortSignal): Promise<Told>;
  /** Whether it is answering somebody just now; null: it does not tell. */
  isBusy?(name: string, signal: AbortSignal): Promise<boolean | null>;
  /** The context size of a load can be chosen. */
  readonly choosesContext: boolean;
}
