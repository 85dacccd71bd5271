import type { IncomingHttpHeaders } from 'node:http';
import type { Activity, LoadedModel, Problem } from '../../contract/index.ts';
import type { CatalogModel, Inference } from '../providers/provider.ts';

/** What the gateway needs of the rest of Airdock. Made in main/app.ts; nothing here is HTTP. */
export interface GatewayPorts {
  models: ModelsPort;
  uses: UsesPort;
  figures: FiguresPort;
  /** One decision of the gateway (a guard that fired, a model that was deleted) for the activity list. */
  note(entry: GatewayNote): void;
  /** Whether the request shows the key for apps or the token. */
  hasKey(headers: IncomingHttpHeaders): boolean;
  /** A program begins to download a model: whether it will fit is looked up, and written down where it will not. Nothing waits for that. Absent: nobody looks. */
  pullBegins?(name: string, holder: string): void;
  now(): number;
  onFault(fault: unknown): void;
}

export type GatewayNote = Pick<Activity, 'kind' | 'reason' | 'text'> & Partial<Omit<Activity, 'id' | 'at'>>;

export interface ModelsPort {
  /** Every installed model of every provider, in the order of their names. */
  installed(): readonly CatalogModel[];
  /** What is in memory, as the dashboard shows it. */
  loaded(): readonly LoadedModel[];
  /** The shortest unambiguous name of a model (`CatalogModel.id`), as lists show it. */
  nameOf(id: string): string;
  /** What a client means by `name`: a provider's name, Airdock's id, with or without `:latest`. */
  resolve(name: string): { ok: true; model: CatalogModel } | { ok: false; problem: Problem };
  /** The context that the model's server gives requests which cannot name one; null: not known. */
  serverContext(model: CatalogModel): number | null;
  /** Resolves when the catalogue has been looked at once: right after the start a name may not be known yet. */
  whenKnown(): Promise<void>;
  /** How requests for the provider's models are answered. */
  backendOf(provider: string): Backend | null;
  /** The Ollama to which requests go that name no model of another provider (pull, unknown models, version); null: none is configured. */
  ollama(): { provider: string; url: string; up: boolean } | null;
  /** Ollama's catalogue is looked at anew: something was pulled, made or deleted. Resolves when `resolve` and `installed` tell what was found; never rejects. */
  lookAgain(): Promise<void>;
}

/** server: requests are passed on to `url` (no path, no trailing slash) with `headers` added and `base` (default: itself) in the place of "/v1", or before every path of a further Ollama · embedded: Airdock answers by itself. */
export type Backend = { kind: 'server'; dialect: 'ollama' | 'openai'; url: string; base?: string; headers: Readonly<Record<string, string>> } | { kind: 'embedded'; inference: Inference };

export interface UseWish {
  /** `CatalogModel.id` */
  model: string;
  /** The context that the request needs at least, tokens; null: whatever the model has. */
  contextLength: number | null;
  /** It needs that context and no other: its server would load the model anew with it. */
  exact?: boolean;
  /** Who asks, for the activity list and the dashboard. */
  holder: string;
  /** The client has gone, or has waited long enough. */
  signal: AbortSignal;
}

export interface ModelUse {
  /** Context that the model has in memory; null: unknown. */
  contextLength: number | null;
  /** Ms that the request waited, and whether a load was needed. */
  waitedMs: number;
  loaded: boolean;
  /** The answer has ended, failed, or nobody wants it any more. A second call does nothing. */
  release(): void;
}

/** Never rejects. `temporary`: the same request may well succeed later (Retry-After). */
export type UseOutcome = { ok: true; use: ModelUse } | { ok: false; problem: Problem; temporary: boolean };

export interface UsesPort {
  /**
   * Holds the model for one request: loads it if need be, unloads others for it, and waits in line for room that models in use
   * hold at present. What is in memory is granted within this turn of the event loop.
   */
  acquire(wish: UseWish): UseOutcome | Promise<UseOutcome>;
  /** The client will not need the model any more (`keep_alive: 0`): it is unloaded unless somebody else uses, wants or keeps it. Resolves when that is done or refused. */
  notNeeded(model: string, holder: string): Promise<{ ok: true } | { ok: false; problem: Problem }>;
  /** Before the weights are deleted or replaced: unloads the model and waits until it is gone. */
  unloadFirst(model: string, holder: string): Promise<{ ok: true } | { ok: false; problem: Problem }>;
}

/** What the manager tells `/metrics`. */
export interface FiguresPort {
  figures(): ManagerFigures;
}

export interface ManagerFigures {
  /** Since the start: loads that succeeded and failed, and the seconds that the successful ones took together. */
  loads: { done: number; failed: number; seconds: number };
  /** Models that left memory, by `Activity.reason`. */
  unloads: Readonly<Record<string, number>>;
  /** What is in memory, bytes. */
  models: readonly { name: string; provider: string; ram: number; vram: number }[];
  /** What the machine can give models altogether and has left for them, bytes; null: not read yet. */
  memory: { capacity: number; free: number } | null;
}
