import type { ConnectedManager } from '../client/connect-manager.ts';
import type { Connection } from '../client/http-call.ts';
import type { Command } from './command.ts';
import type { Terminal } from './terminal.ts';

/** What a command gets: what was typed, where to write, and the way to the running Airdock. */
export interface Context {
  command: Command;
  args: readonly string[];
  /** Whether a switch was given. */
  has(option: string): boolean;
  /** The value of an option; undefined: not given. */
  value(option: string): string | undefined;
  /** One JSON document instead of words. */
  json: boolean;
  terminal: Terminal;
  /** `--data-dir` as it was typed. */
  dataDirOption: string | undefined;
  dataDir: string;
  env: NodeJS.ProcessEnv;
  /** Aborted by Ctrl+C. Whoever asks for it takes over what Ctrl+C does. */
  signal(): AbortSignal;
  /** Where the running Airdock is. Rejects with an `AirdockError` (`not-running`, `unauthorized`). */
  connection(): Promise<Connection>;
  /** The running Airdock. Closed when the command has ended. */
  airdock(): Promise<ConnectedManager>;
}

/** Ends a command with exit code 2 and the sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
