import type { Config, InstalledModel, LiveState, ModelManager, OperationHandlers, Problem } from '../contract/index.ts';
import type { HeldBy } from './data/lock.ts';
import type { StoreListener } from './manager/store.ts';
import type { ForkChild } from './providers/llama-cpp/spawn-child.ts';

export type { ChildExit, ChildHandle, ForkChild } from './providers/llama-cpp/spawn-child.ts';

export interface AirdockOptions {
  /** Default: AIRDOCK_DATA_DIR, else the place that the OS has for such data. */
  dataDir?: string | undefined;
  /** Default: `gateway.port` of the config. 0: any free port. */
  port?: number | undefined;
  /** Answers other devices too, whatever `gateway.lan` of the config says. */
  lan?: boolean | undefined;
  /** Who asks where nobody else is named, for the activity list. */
  by?: string;
  env?: NodeJS.ProcessEnv;
  /** How a model's process is started. Default: a child of Node; in the desktop app a utility process. */
  forkChild?: ForkChild;
  /** Told of faults that nobody can act on but a developer. */
  onFault?: (fault: unknown) => void;
}

/** What ending Airdock would mean right now. */
export interface Leaving {
  /** Models in use, and by whom. */
  inUse: { id: string; name: string; holders: string[] }[];
  /** Models that Airdock runs itself: they end with it. */
  ends: { id: string; name: string; ram: number }[];
  /**
   * Models of servers that go on without Airdock; `until` ms since the epoch, null: for ever unless told otherwise at the end (`close` does).
   * `goes`: whether `close({ unload: true })` takes it along.
   */
  stays: { id: string; name: string; ram: number; until: number | null; goes: boolean }[];
  /** Programs that used Airdock's address lately and lose it. */
  programs: string[];
}

export interface CloseOptions {
  /** Unload also what servers would keep; models of other programs only where the config says yes to that (`unload_foreign`). */
  unload?: boolean;
  /** Ms that uses in progress get to end before their models go. Default 0. */
  graceMs?: number;
  /** Who ends Airdock is not waited for longer than that, ms after the grace (the system goes down): what must not be left undone comes first, and it unloads what time allows. */
  limitMs?: number;
}

/** A running Airdock: the owner of a data directory, and everything that a surface of this process needs of it. */
export interface Airdock {
  manager: ModelManager;
  operations: OperationHandlers;
  dataDir: string;
  url: string;
  /** Where other devices (`gateway.lan`) and containers (`gateway.docker`) find it at present; empty where neither is let in. */
  addresses(): string[];
  /** The file with the key that programs there have to show. */
  appsKeyFile: string;
  /** What must stand in no log: the token and the key for apps, as they are now. */
  secrets(): string[];
  signInLink(): string;
  picture: {
    state(): LiveState;
    models(): InstalledModel[];
    /** Returns its own undoing. Nothing is worked out for a listener that has no use for it. */
    subscribe(listener: StoreListener): () => void;
    /** Looks every second from now on, until the undoing is called: somebody watches. */
    watch(): () => void;
  };
  config: {
    path: string;
    current(): Config;
    subscribe(listener: (config: Config) => void): () => void;
  };
  /** Before the computer sleeps: unloads what is unused where the config says so. Never takes longer than 5 s. */
  suspend(): Promise<void>;
  /** After it woke: everything is looked at anew, and the time asleep counts as idleness of nobody. */
  resume(): void;
  leaving(): Leaving;
  /** Ends models of its own, and everything else that it started. A model is never left in memory for ever. */
  close(options?: CloseOptions): Promise<void>;
}

export type StartOutcome = { ok: true; airdock: Airdock } | { ok: false; problem: Problem; heldBy: HeldBy | null; dataDir: string };
