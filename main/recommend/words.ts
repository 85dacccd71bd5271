import { formatBytes, formatDuration, formatList, type Standing } from '../../contract/index.ts';
import { billionsOf } from './facts.ts';
import type { Candidate } from './rank.ts';
import type { TaskRule, Trait } from './rules.ts';

const madeFor: Readonly<Record<Trait, string>> = { code: 'code', ocr: 'reading pages', math: 'mathematics', translation: 'translating' };

/** What it was made for, where that is the task. */
export const madeForIt = ({ match }: Pick<Candidate, 'match'>, { likes }: Pick<TaskRule, 'likes'>): Trait | undefined => (match === 1 ? likes[0] : undefined);

/** Why a model, in one sentence. */
export function reasonFor(one: Candidate, { rule, key, unloads, judged }: { rule: TaskRule; key: string | null; unloads: readonly Standing[]; judged: boolean }): string {
  return `${one.model.name} ${why(one, rule, key)}${judged ? ', was chosen by a model in memory' : ''}${one.enough ? '' : ', but is too short for all of it at once'}, ${standing(one, unloads)}.`;
}

function why(one: Candidate, rule: TaskRule, key: string | null): string {
  if (one.named && key !== null) return `is what the settings name for ${key}`;
  const trait = madeForIt(one, rule);
  if (trait) return `is made for ${madeFor[trait]}, as its name says`;
  return one.match === -1 ? `is made for something else but ${rule.does}` : `${rule.does}${size(one)}`;
}

function size({ model }: Candidate): string {
  if (model.sample) return ' (a sample: it answers nonsense)';
  const billions = billionsOf(model);
  return model.parameterSize === null || billions < 1 ? '' : ` (${model.parameterSize})`;
}

function standing({ fit, model, plan }: Candidate, unloads: readonly Standing[]): string {
  switch (fit.kind) {
    case 'loaded':
      return 'and is in memory';
    case 'fits':
      return unloads.length > 0 ? `and loads once ${goes(unloads)}` : 'and fits into free memory';
    case 'evicts':
      return unloads.length > 0 ? `and loads once ${goes(unloads)}` : 'and loads once others have been unloaded';
    case 'waits':
      return 'and fits once what is under way has finished';
    case 'online':
      return 'and is online: what is asked of it leaves this computer';
    case 'served':
      return 'and its server loads it by itself';
    case 'short':
      return `but needs ${(fit.missing ?? 0) > 0 ? `${formatBytes(fit.missing ?? 0)} more` : 'more memory'} than is free now`;
    case 'too-big':
      return 'but is too big for this computer';
    case 'blocked':
      return plan !== null && plan.blockers.length > 0 ? `but cannot be loaded before ${formatList(plan.blockers.map(({ name }) => name))} can go` : `but ${model.name} cannot be loaded now`;
  }
}

function goes(unloads: readonly Standing[]): string {
  const words = unloads.map(({ name, idleMs, due }) => `${name}${due ? ' (due to go)' : idleMs === null ? '' : ` (unused for ${formatDuration(idleMs)})`}`);
  return `${formatList(words)} ${unloads.length === 1 ? 'has' : 'have'} been unloaded`;
}
