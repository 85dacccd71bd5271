import type { CoreEvent } from '../core/events.ts';

/** `CoreEvent` without its time, which the engine adds. */
export type NewEvent = CoreEvent extends infer E ? (E extends CoreEvent ? Omit<E, 'at'> : never) : never;
