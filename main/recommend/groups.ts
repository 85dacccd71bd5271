import { formatList, type FileGroup, type Outcome, type Plan, type Recommended, type Standing } from '../../contract/index.ts';
import { assign } from './assign.ts';
import type { Sight } from './ports.ts';
import { recommendationOf, standingsOf, type Answer } from './suggest.ts';

/** Puts files of one model together, and these groups in the order in which the fewest models have to come and go. */
export async function groupFiles({ answers, sight, planFor, single }: { answers: readonly Answer[]; sight: Sight; planFor(id: string, contextLength: number | null): Promise<Outcome<Plan>>; single: boolean }): Promise<Recommended> {
  const inMemory = readyFor(answers);
  // One file alone gets the best: there is nobody to share a load with.
  const models = assign(answers.map(({ accepts }) => ({ accepts: (answers.length === 1 ? accepts.slice(0, 1) : accepts).map(({ model }) => model.id) })), inMemory);
  const recommendations = answers.map((answer, index) => recommendationOf(answer, models[index] ?? null, sight));

  const byModel = new Map<string, number[]>();
  models.forEach((id, index) => {
    if (id !== null && !single) byModel.set(id, [...(byModel.get(id) ?? []), index]);
  });
  const groups = await Promise.all(
    [...byModel].map(async ([id, files]): Promise<FileGroup> => {
      const members = files.flatMap((index) => answers[index]?.ranked.find(({ model }) => model.id === id) ?? []);
      const contextLength = members.reduce<number | null>((most, one) => (one.contextLength === null ? most : Math.max(most ?? 0, one.contextLength)), null);
      const fit = members[0]?.fit.kind;
      const elsewhere = fit === 'online' || fit === 'served';
      const plan = elsewhere ? null : await planFor(id, contextLength);
      const planned = plan?.ok ? plan.value : null;
      const loads = !elsewhere && planned?.fit.kind !== 'loaded';
      return { id, name: members[0]?.model.name ?? id, contextLength, files, loads, unloads: standingsOf(planned, sight), reason: '' };
    }),
  );
  const ordered = groups.sort((a, b) => Number(a.loads) - Number(b.loads) || a.unloads.length - b.unloads.length || b.files.length - a.files.length || (a.id < b.id ? -1 : 1)).map((group) => ({ ...group, reason: placeReason(group) }));
  const left = single ? [] : models.flatMap((id, index) => (id === null ? [index] : []));
  const loads = ordered.filter((group) => group.loads).length;
  return { recommendations, groups: ordered, left, loads, sentence: sentenceFor(ordered, left.length, loads, single ? (recommendations[0]?.reason ?? '') : null) };
}

/** In memory, with a context that is long enough for every file that might run on it. */
function readyFor(answers: readonly Answer[]): (id: string) => boolean {
  const ready = new Map<string, boolean>();
  for (const { accepts } of answers) {
    for (const { model, fit } of accepts) ready.set(model.id, (ready.get(model.id) ?? true) && (fit.kind === 'loaded' || fit.kind === 'online' || fit.kind === 'served'));
  }
  return (id) => ready.get(id) ?? false;
}

function placeReason({ loads, unloads }: Pick<FileGroup, 'loads' | 'unloads'>): string {
  if (!loads) return 'It needs no load, so its files run first.';
  return unloads.length === 0 ? 'It loads into free memory.' : `${names(unloads)} ${unloads.length === 1 ? 'has' : 'have'} to be unloaded for it, so its files run after the others.`;
}

const names = (some: readonly Standing[]): string => formatList(some.map(({ name }) => name));

function sentenceFor(groups: readonly FileGroup[], left: number, loads: number, alone: string | null): string {
  if (alone !== null) return alone;
  const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
  const rest = left === 0 ? '' : ` For ${count(left, 'file')} no model is right.`;
  if (groups.length === 0) return rest.trim();
  const order = groups.length === 1 ? groups[0]?.name : groups.map(({ name }, index) => (index === 0 ? `first ${name}` : `then ${name}`)).join(', ');
  return `${count(groups.reduce((sum, { files }) => sum + files.length, 0), 'file')} on ${count(groups.length, 'model')} with ${loads === 0 ? 'no load' : count(loads, 'load')}: ${order}.${rest}`;
}
