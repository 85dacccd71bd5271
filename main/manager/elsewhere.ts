import type { Problem } from '../../contract/index.ts';
import { refusal } from '../core/sentences.ts';
import type { KnownModel } from '../core/types.ts';
import type { Engine } from './engine.ts';

/**
 * Why a model that takes no memory here cannot be used; null: it can, at once. A server that does not answer just now is asked all
 * the same: it is looked at seldom. Without a key that it takes, it would be asked in vain.
 */
export function elsewhereRefusal(engine: Engine, model: KnownModel): Problem | null {
  if (!model.enabled) return refusal.disabled(model.name);
  const why = engine.statusOf(model.provider)?.problem;
  return why && (why.code === 'bad-key' || why.code === 'bad-config') ? why : null;
}

/** Uses of such models by programs that say when they end: they hold nothing, so that they are only remembered. */
export function createElsewhereUses(now: () => number) {
  const uses = new Map<string, { model: string; ttlMs: number | null; until: number }>();
  const after = (ttlMs: number | null): number => (ttlMs === null ? Infinity : now() + ttlMs);
  let count = 0;

  function find(id: string): { model: string } | null {
    const use = uses.get(id);
    if (use && use.until > now()) return use;
    uses.delete(id);
    return null;
  }

  return {
    begin(model: string, ttlMs: number | null): string {
      for (const id of uses.keys()) find(id);
      const id = `elsewhere-${++count}`;
      uses.set(id, { model, ttlMs, until: after(ttlMs) });
      return id;
    },
    find,
    renew(id: string): boolean {
      const use = find(id) && uses.get(id);
      if (use) use.until = after(use.ttlMs);
      return Boolean(use);
    },
    end: (id: string): boolean => find(id) !== null && uses.delete(id),
  };
}
