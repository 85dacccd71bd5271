import type { InstalledModel, LoadedModel } from '../../contract/index.ts';
import { TOKENS_FOR_ANSWER } from './files/tokens.ts';

/** Whether a file of so many tokens goes into a model's context, and the size that it has to be loaded with; null: its own will do. */
export function contextFor(model: Pick<InstalledModel, 'contextLength' | 'maxContextLength' | 'online'>, loaded: Pick<LoadedModel, 'contextLength'> | null, tokens: number | null): { enough: boolean; contextLength: number | null } {
  if (tokens === null) return { enough: true, contextLength: null };
  const need = tokens + TOKENS_FOR_ANSWER;
  const most = model.maxContextLength ?? model.contextLength;
  // Beyond what a model was trained for, a larger context holds nothing more.
  const now = Math.min(loaded?.contextLength ?? model.contextLength ?? 0, most ?? Infinity);
  if (now >= need) return { enough: true, contextLength: null };
  // A server that tells nothing about its context takes what it can, and no other size can be asked of it.
  if (most === null || model.online) return { enough: most === null || most >= need, contextLength: null };
  if (most < need) return { enough: false, contextLength: null };
  return { enough: true, contextLength: need };
}
