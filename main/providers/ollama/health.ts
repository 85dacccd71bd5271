import type { Problem } from '../../../contract/index.ts';
import type { ProviderStatus } from '../provider.ts';
import type { HttpFailure } from '../http.ts';
import { providerProblem, type Asked } from './problems.ts';

/** What the last looks say about the server itself. */
export interface Health {
  status(): Pick<ProviderStatus, 'status' | 'version' | 'problem' | 'incarnation'>;
  /** Every route that was asked answered as it should. */
  up(version: string): void;
  failed(failure: HttpFailure, asked: 'version' | 'ps' | 'tags' | 'show', version: string | null): void;
  /** A kept-alive connection was closed from the other side. */
  serverClosed(): void;
}

/** `onRestart` is called before the first good look at another incarnation is reported. */
export function createHealth(server: Asked, onRestart: () => void): Health {
  let current: { status: ProviderStatus['status']; problem: Problem | null } = { status: 'absent', problem: null };
  let version: string | null = null;
  let starts = 0;
  let ended = true;
  let everUp = false;

  /** It answered: is it the server that answered last time? */
  function answered(by: string): void {
    if (ended || by !== version) {
      starts++;
      if (starts > 1) onRestart();
    }
    ended = false;
    version = by;
  }

  return {
    status: () => ({ ...current, version, incarnation: starts === 0 ? null : String(starts) }),
    up(by) {
      answered(by);
      everUp = true;
      current = { status: 'up', problem: null };
    },
    failed(failure, asked, by) {
      if (by !== null) answered(by);
      if (failure.kind === 'refused') ended = true;
      const problem = providerProblem(failure, server, asked);
      const absent = failure.kind === 'refused' && !everUp;
      // It lives, and its first list of models takes its time.
      const starting = by !== null && !everUp && asked === 'tags' && failure.kind === 'timeout';
      current = { status: absent ? 'absent' : starting ? 'starting' : 'down', problem };
    },
    serverClosed() {
      ended = true;
    },
  };
}
