import type { GatewayNote } from './ports.ts';

export type Guard = 'keep_alive' | 'unload' | 'context' | 'context-filled' | 'context-capped' | 'load-options';

export interface GuardEvent {
  guard: Guard;
  client: string;
  model: { id: string; name: string; provider: string };
  text: string;
}

/** Tells a guard that fired, but not a flood of them. */
export interface GuardNotes {
  fired(event: GuardEvent): void;
  /** How often each fired, told or not. */
  counts(): ReadonlyMap<Guard, number>;
}

const againMs = 10 * 60_000;
/** Whoever invents a new name for every request must not fill the memory. */
const mostRemembered = 1_000;

export function createGuardNotes({ note, now }: { note: (entry: GatewayNote) => void; now: () => number }): GuardNotes {
  const told = new Map<string, number>();
  const counts = new Map<Guard, number>();
  return {
    fired({ guard, client, model, text }) {
      counts.set(guard, (counts.get(guard) ?? 0) + 1);
      const key = `${guard} ${model.id} ${client}`;
      const at = told.get(key);
      // What only fills in what a program left open overrides nobody: once is enough.
      if (at !== undefined && (guard === 'context-filled' || now() - at < againMs)) return;
      told.delete(key);
      told.set(key, now());
      if (told.size > mostRemembered) told.delete(told.keys().next().value!);
      note({ kind: 'notice', reason: 'asked', text, by: client, model: model.id, name: model.name, provider: model.provider });
    },
    counts: () => counts,
  };
}
