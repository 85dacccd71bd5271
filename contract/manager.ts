import type { Activity } from './activity.ts';
import type { Problem } from './errors.ts';
import type { LoadedModel } from './models.ts';
import type { LoadDone } from './operations.ts';
import type { Plan } from './plan.ts';
import type { LiveState, Snapshot } from './snapshot.ts';

export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: Problem; plan?: Plan };

export interface LoadOptions {
  /** Unload unused models to make room. Without it only free room, and that of models past their idle timeout, is taken. */
  force?: boolean;
  /** With `force`: only these models (ids) may be unloaded. Default: any unused one. */
  mayUnload?: string[];
  /** Load alone and watched although an estimate says that it does not fit. */
  tryOnce?: boolean;
  /** Context size in tokens; default: the model's own setting, else `models.context_length`. */
  contextLength?: number;
  /** Gives up this caller's interest; the load is cancelled when nobody else wants it. */
  signal?: AbortSignal;
  /** Who asks, for the activity list. */
  by?: string;
}

/** What `use` hands to its function. */
export interface ModelInUse {
  id: string;
  name: string;
  provider: string;
  contextLength: number | null;
  /** Text from the model. Rejects with an `AirdockError`. */
  generate(prompt: string, options?: { maxTokens?: number; signal?: AbortSignal }): Promise<string>;
}

export interface ManagerEvents {
  state: (state: LiveState) => void;
  activity: (entry: Activity) => void;
}

/**
 * Decides and does what is loaded. The same interface whether the manager runs in this process
 * or in another Airdock that this one talks to. Refusals are values; only `use` rejects.
 */
export interface ModelManager {
  /** Can it be loaded, why or why not, and what would be unloaded for it. Changes nothing. */
  canLoadModel(name: string, options?: { contextLength?: number }): Promise<Outcome<Plan>>;
  loadModel(name: string, options?: LoadOptions): Promise<Outcome<LoadDone>>;
  unloadModel(name: string, options?: { confirm?: boolean; by?: string }): Promise<Outcome<{ text: string }>>;
  /** Unloads every model unused for that long; default: each past its own idle timeout. */
  unloadIdleModels(options?: { idleForSeconds?: number }): Promise<Outcome<{ unloaded: { id: string; name: string; ram: number }[] }>>;
  /** Bytes free for models on this computer, on a reading less than a second old; 0 when over budget. */
  getAvailableRam(): Promise<number>;
  getLoadedModels(): Promise<LoadedModel[]>;
  getStatus(): Promise<Snapshot>;
  /** Writes the status as text; default: to standard output. */
  printStatus(write?: (text: string) => void): Promise<void>;
  /** Loads the model if need be, keeps it in memory while `fn` runs, then lets it go. Rejects with an `AirdockError`. */
  use<T>(name: string, fn: (model: ModelInUse) => T | Promise<T>, options?: { force?: boolean; signal?: AbortSignal }): Promise<T>;
  on<E extends keyof ManagerEvents>(event: E, listener: ManagerEvents[E]): () => void;
  /** Owner: ends everything this process started. Connected: only closes the connection. */
  close(): Promise<void>;
}
