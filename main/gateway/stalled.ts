import { formatDuration } from '../../contract/index.ts';
import type { CatalogModel } from '../providers/provider.ts';
import type { Call } from './call.ts';
import type { GatewayPorts } from './ports.ts';

/**
 * How long nothing of what is there for a client may move. People leave a long answer standing in a pager, and a computer that sleeps
 * comes back; but a model that is held for a reader who never reads can neither leave nor make room.
 */
export const stalledMs = 10 * 60_000;

export interface ProgressWatch {
  /** From now on the request holds this model. */
  holds(model: CatalogModel): void;
}

/**
 * Ends a request whose client takes nothing of its answer, or sends nothing of its request, for `limitMs`. An answer in which nothing
 * comes has all the time in the world: only what waits to be written counts, and each piece that moves begins the time anew.
 */
export function watchProgress({ models, note }: Pick<GatewayPorts, 'models' | 'note'>, { request, response, client }: Call, limitMs: number): ProgressWatch {
  let held: CatalogModel | null = null;
  // The socket's own clock: each piece that is written or read winds it, and of a write under way it looks whether it moved.
  response.setTimeout(limitMs, () => {
    const reads = response.writableLength === 0;
    if (reads && request.complete) return;
    if (held !== null) {
      const name = models.nameOf(held.id);
      const text = `${name}: ${client.name} read nothing of its answer for ${formatDuration(limitMs)}, so Airdock closed its connection and let go of the model.`;
      note({ kind: 'notice', reason: 'asked', text, by: client.name, model: held.id, name, provider: held.provider });
    }
    response.destroy();
  });
  return { holds: (model) => void (held = model) };
}
