import type { OperationInput, OperationName, OperationOutput, Problem, ServerEvent } from '../contract/index.ts';

/**
 * One answer to a call. `refused`: the engine answered with a problem before the operation could give its own answer;
 * an operation's own refusal is part of `output`.
 */
export type CallResult<N extends OperationName> =
  | { ok: true; output: OperationOutput<N> }
  | { ok: false; kind: 'signed-out' | 'unreachable' | 'refused'; problem: Problem };

export interface Subscription {
  close(): void;
}

/** The way to the engine: HTTP in a browser, a bridge in the desktop app. No method rejects. */
export interface Transport {
  call<N extends OperationName>(operation: N, input: OperationInput<N>): Promise<CallResult<N>>;
  /** Every event of the engine, a snapshot first. `onLost` is called once, after which nothing more comes. */
  subscribe(onEvent: (event: ServerEvent) => void, onLost: () => void): Subscription;
  /** Takes the single-use code out of the address, where there is one, and exchanges it for a session. */
  signIn(): Promise<void>;
}
