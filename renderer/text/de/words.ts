import type { PlanVictim, Wanted } from '../../../contract/index.ts';
import { formatBytes, formatDuration } from '../format.ts';

const number = new Intl.NumberFormat('de');

export const count = (value: number) => number.format(value);
export const models = (value: number) => (value === 1 ? '1 Modell' : `${count(value)} Modelle`);
/** A duration after "seit", "vor", "nach" or "in": "3 Tagen". */
export const dative = (ms: number) => formatDuration(ms).replace('Tage', 'Tagen');
export const unusedFor = (ms: number) => (ms < 2_000 ? 'eben benutzt' : `seit ${dative(ms)} unbenutzt`);
export const victim = (model: PlanVictim) => `${model.name} (${formatBytes(model.ram)}, ${unusedFor(model.idleMs)}${model.wanted === undefined ? '' : `: ${wanted(model.wanted)}`})`;
/** Why it rather than another. */
export const wanted = ({ uses, more, withinMs, reloadMs }: Wanted) => {
  const often = uses === 0 ? 'keine Nutzung bekannt' : `${more ? 'mindestens ' : ''}${uses}-mal benutzt${withinMs === null ? '' : ` in ${dative(withinMs)}`}`;
  return reloadMs === null ? often : `${often}, neu geladen in ${formatDuration(reloadMs)}`;
};
/** A time that is only expected. */
export const about = (ms: number) => (ms < 1_000 ? formatDuration(Math.max(1, ms)) : `etwa ${formatDuration(ms)}`);
