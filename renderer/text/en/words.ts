import { formatBytes, formatDuration } from '../format.ts';
import type { PlanVictim, Wanted } from '../../../contract/index.ts';

const number = new Intl.NumberFormat('en');

export const count = (value: number) => number.format(value);
export const models = (value: number) => (value === 1 ? '1 model' : `${count(value)} models`);
export const unusedFor = (ms: number) => (ms < 2_000 ? 'just used' : `unused for ${formatDuration(ms)}`);
export const victim = (model: PlanVictim) => `${model.name} (${formatBytes(model.ram)}, ${unusedFor(model.idleMs)}${model.wanted === undefined ? '' : `: ${wanted(model.wanted)}`})`;
/** Why it rather than another. */
const wanted = ({ uses, more, withinMs, reloadMs }: Wanted) => {
  const often = uses === 0 ? 'no use known' : `${uses}${more ? ' or more' : ''} ${uses === 1 ? 'use' : 'uses'}${withinMs === null ? ' so far' : ` in ${formatDuration(withinMs)}`}`;
  return reloadMs === null ? often : `${often}, ${formatDuration(reloadMs)} to reload`;
};
/** A time that is only expected. */
export const about = (ms: number) => (ms < 1_000 ? formatDuration(Math.max(1, ms)) : `about ${formatDuration(ms)}`);
