import type { OperationInput, OperationName, OperationOutput, Problem } from '../../contract/index.ts';
import { text } from '../text/text.ts';
import { type IdleTime, idleTimeEdit } from '../view/idle-time.ts';

interface Deps {
  announce(words: string): void;
  load(id: string, options: { contextLength?: number }): Promise<void>;
  /** Calls an operation under a key, whose refusal is kept beside its button. */
  run<N extends OperationName>(key: string, operation: N, input: OperationInput<N>): Promise<{ ok: true; output: OperationOutput<N> } | { ok: false; problem: Problem }>;
}

/** What the page Memory and the header do beyond unloading. */
export function createMemoryActions({ run, announce, load }: Deps) {
  return {
    async freeMemory(): Promise<boolean> {
      const result = await run('freeMemory', 'freeMemory', { on: true });
      if (result.ok) announce(text.announce.freed);
      return result.ok;
    },
    /** `forSeconds` null: until somebody ends it. */
    async startMode(mode: 'freeze' | 'pause', forSeconds: number | null): Promise<void> {
      await run(`mode:${mode}`, mode, { on: true, ...(forSeconds === null ? {} : { forSeconds }) });
    },
    /** A higher limit on models, and the load that the present one stands in the way of. */
    async allowMore(id: string, limit: number, contextLength?: number): Promise<void> {
      const result = await run(`limit:${id}`, 'configSet', { set: { 'models.max_concurrent_loaded': limit } });
      if (result.ok) await load(id, contextLength === undefined ? {} : { contextLength });
    },
    /** How long this model may be unused: seconds; null: as long as there is room; undefined: as long as all others. */
    async setIdleTime(model: { id: string; name: string; aliases: readonly string[] }, seconds: IdleTime | undefined): Promise<void> {
      const key = `idle:${model.id}`;
      // As the file is now: somebody may have edited it a moment ago.
      const settings = await run(key, 'configGet', {});
      if (!settings.ok) return;
      const result = await run(key, 'configSet', { set: idleTimeEdit(settings.output.config.models.overrides, model, seconds) });
      if (result.ok) announce(text.announce.idleTime(model.name, seconds));
    },
  };
}
