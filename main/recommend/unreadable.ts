import type { Outcome, Problem, Recommendation, Recommended } from '../../contract/index.ts';

/** Asks about the files that could be read; the others keep their places in the answer, each with what is wrong with it. */
export async function withUnreadable<F>(files: readonly Outcome<F>[], ask: (readable: readonly F[]) => Promise<Outcome<Recommended>>): Promise<Outcome<Recommended>> {
  const readable = files.flatMap((file, index) => (file.ok ? [{ index, file: file.value }] : []));
  const failures = files.flatMap((file, index) => (file.ok ? [] : [{ index, problem: file.problem }]));
  if (readable.length === 0) return { ok: true, value: spread({ recommendations: [], groups: [], left: [], loads: 0, sentence: 'None of them can be read.' }, [], failures) };
  const outcome = await ask(readable.map(({ file }) => file));
  return outcome.ok ? { ok: true, value: spread(outcome.value, readable.map(({ index }) => index), failures) } : outcome;
}

function spread(made: Recommended, places: readonly number[], failures: readonly { index: number; problem: Problem }[]): Recommended {
  if (failures.length === 0) return made;
  const place = (index: number): number => places[index] ?? index;
  const recommendations: Recommendation[] = [];
  made.recommendations.forEach((one, index) => (recommendations[place(index)] = one));
  for (const { index, problem } of failures) recommendations[index] = { file: null, task: null, model: null, alternatives: [], reason: problem.message, chosenBy: null, notes: [] };
  const left = [...made.left.map(place), ...failures.map(({ index }) => index)].sort((a, b) => a - b);
  const unread = made.recommendations.length === 0 ? '' : ` ${failures.length === 1 ? '1 file' : `${failures.length} files`} could not be read.`;
  return { ...made, sentence: made.sentence + unread, recommendations, left, groups: made.groups.map((group) => ({ ...group, files: group.files.map(place) })) };
}
