import { formatList, problem, type Problem } from '../../contract/index.ts';

interface Named {
  id: string;
  provider: string;
  providerName: string;
  weights: string;
  elsewhere?: 'online' | 'here';
  further?: true;
}

/** Who is meant by a name that several have: what is here, then what a further server of the user's has, then what is online. */
const rank = ({ elsewhere, further }: Named): 0 | 1 | 2 => (elsewhere === 'online' ? 2 : further ? 1 : 0);

/** Every model's shortest unambiguous name: without its provider, and without `:latest`, where nothing else has that name. */
export function shortNames(models: readonly Named[]): Map<string, string> {
  // A server elsewhere takes no name from a model that is nearer.
  const counts = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()] as const;
  for (const model of models) {
    // A name in a folder can look like another model's full name.
    const names = [model.providerName, bare(model.providerName), model.id, bare(model.id)].map(fold);
    const into = counts[rank(model)];
    for (const name of new Set(names)) into.set(name, (into.get(name) ?? 0) + 1);
  }
  // A full name means its model, wherever that is.
  const ids = new Set(models.map(({ id }) => fold(id)));
  return new Map(
    models.map((model) => {
      const candidates = [bare(model.providerName), model.providerName];
      const own = rank(model);
      const isAlone = (name: string): boolean => !ids.has(fold(name)) && counts.every((count, at) => at > own || (count.get(fold(name)) ?? 0) === (at === own ? 1 : 0));
      return [model.id, candidates.find(isAlone) ?? model.id];
    }),
  );
}

/** The model that a person or a client means by `name`: its id, its provider's name, or either without `:latest`; case counts only where names differ by nothing else. */
export function resolveName<M extends Named>(models: readonly M[], name: string): { ok: true; model: M } | { ok: false; problem: Problem } {
  const wanted = fold(name.trim());
  const same = models.filter((m) => m.id === name.trim());
  const exact = same.length > 0 ? same : models.filter((m) => fold(m.id) === wanted);
  const meant = exact.length > 0 ? exact : models.filter((m) => [m.providerName, bare(m.providerName), bare(m.id)].some((n) => fold(n) === wanted));
  // What could stay on this computer does not leave it by a name that both have.
  const nearestRank = Math.min(...meant.map(rank));
  const found = meant.filter((m) => rank(m) === nearestRank);
  const first = found[0];
  if (first && new Set(found.map((m) => m.weights)).size === 1) return { ok: true, model: first };
  if (first) {
    const ids = found.map((m) => m.id);
    return { ok: false, problem: problem('ambiguous-model', `"${name}" is the name of several models: ${formatList(ids)}.`, 'Use one of these full names.') };
  }
  const near = nearest(models.flatMap((m) => [bare(m.providerName)]), name, 3);
  const hint = near.length > 0 ? `Did you mean ${formatList(near).replace(/ and ([^ ]*)$/, ' or $1')}?` : models.length === 0 ? 'No models are installed yet.' : `Installed are ${namesOf(models)}.`;
  return { ok: false, problem: problem('unknown-model', `No model called "${name}" is installed.`, hint) };
}

/**
 * The same for a program that nobody can ask. What Ollama has by that name is what the program always got by it: a file of that name in a
 * folder that was added since does not take it away.
 */
export function resolveForProgram<M extends Named>(models: readonly M[], name: string): ReturnType<typeof resolveName<M>> {
  const found = resolveName(models, name);
  if (found.ok || found.problem.code !== 'ambiguous-model') return found;
  const ollamas = resolveName(models.filter(({ provider }) => provider === 'ollama'), name);
  return ollamas.ok ? ollamas : found;
}

/** Names to choose from, where none is near. More than a few would not be read. */
function namesOf(models: readonly Named[]): string {
  const names = [...new Set(models.map((m) => bare(m.providerName)))].sort((a, b) => a.localeCompare(b));
  const more = names.length - 5;
  return formatList(more > 1 ? [...names.slice(0, 5), `${more} more`] : names);
}

function bare(name: string): string {
  return name.endsWith(':latest') ? name.slice(0, -':latest'.length) : name;
}

function fold(name: string): string {
  return name.toLowerCase();
}

const LONGEST_COMPARED = 512;

/** The names most like `wanted`, nearest first; none that is further than a third of its letters away and shares no beginning. */
export function nearest(names: readonly string[], wanted: string, count: number): string[] {
  // The comparing takes as long as both are: what no model could be called is like none.
  if (wanted.length > LONGEST_COMPARED) return [];
  const target = fold(wanted);
  return [...new Set(names)]
    .map((name) => {
      const folded = fold(name);
      const related = folded.includes(target) || target.includes(folded) || (target.length >= 3 && folded.startsWith(target.slice(0, 3)));
      return { name, distance: editDistance(folded, target), related };
    })
    .filter((n) => n.related || n.distance <= Math.max(1, Math.floor(target.length / 3)))
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .slice(0, count)
    .map((n) => n.name);
}

/** Levenshtein distance with one row of memory. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
