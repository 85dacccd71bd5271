import { z } from 'zod';
import type { PullProgress } from '../model-library.ts';

const lineSchema = z.object({
  status: z.string().catch(''),
  digest: z.string().optional().catch(undefined),
  total: z.number().nonnegative().optional().catch(undefined),
  completed: z.number().nonnegative().optional().catch(undefined),
});

/** Turns the lines of a pull into how far it is. Pure but for what it remembers: Ollama tells of one layer at a time. */
export function createPullReader(): { read(line: unknown): Omit<PullProgress, 'needs'>; succeeded(): boolean; layers(): ReadonlyMap<string, { total: number; done: number }> } {
  const layers = new Map<string, { total: number; done: number }>();
  let checking = false;
  let success = false;
  return {
    read(line) {
      const parsed = lineSchema.safeParse(line);
      if (parsed.success) {
        const { status, digest, total, completed } = parsed.data;
        if (digest !== undefined && total !== undefined && total > 0) layers.set(digest, { total, done: Math.min(total, completed ?? layers.get(digest)?.done ?? 0) });
        // Afterwards come "writing manifest" and what is removed.
        if (status.startsWith('verifying')) checking = true;
        if (status === 'success') success = true;
      }
      const all = [...layers.values()];
      const doneBytes = all.reduce((sum, layer) => sum + layer.done, 0);
      return {
        doneBytes,
        totalBytes: all.length === 0 ? null : all.reduce((sum, layer) => sum + layer.total, 0),
        parts: all.length === 0 ? null : { done: all.filter((layer) => layer.done === layer.total).length, total: all.length },
        checking,
      };
    },
    succeeded: () => success,
    layers: () => layers,
  };
}
