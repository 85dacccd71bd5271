import type { Fit, InstalledModel, LoadedModel, Plan } from '../../contract/index.ts';
import { billionsOf, bitsOf, classOf, isHelper, matchOf, meets } from './facts.ts';
import { contextFor } from './context.ts';
import type { Sight } from './ports.ts';
import { MS_PER_CLASS, prices, type TaskRule } from './rules.ts';

/** A model that could do it, with all that decides about its place. */
export interface Candidate {
  model: InstalledModel;
  loaded: LoadedModel | null;
  /** The settings name it for this. */
  named: boolean;
  /** The whole file goes into its context. */
  enough: boolean;
  contextLength: number | null;
  match: -1 | 0 | 1;
  size: number;
  /** As the plan tells it, else as the list of models did. */
  fit: Fit;
  plan: Plan | null;
}

export interface Wish {
  rule: TaskRule;
  tokens: number | null;
  /** Id of the model that the settings name. */
  named: string | null;
  /** Whether an online model may be chosen. */
  mayLeave(model: InstalledModel): boolean;
  /** Only models that the manager can hold in memory while they are used. */
  heldOnly: boolean;
}

/** Every installed model that can do it. Of several names of the same weights, one: the one in memory. */
export function candidatesFor(sight: Sight, { rule, tokens, named, mayLeave, heldOnly }: Wish): Candidate[] {
  const loaded = new Map(sight.loaded.filter(({ state }) => state === 'ready' || state === 'loading').map((one) => [one.weights, one]));
  const all = sight.models.flatMap((model): Candidate[] => {
    const isNamed = model.id === named;
    if (model.problem !== null || (model.online && !mayLeave(model))) return [];
    if (heldOnly && (model.fit.kind === 'online' || model.fit.kind === 'served')) return [];
    if (!isNamed && (isHelper(model) || !meets(model, rule.needs))) return [];
    const inMemory = loaded.get(model.weights) ?? null;
    return [{ model, loaded: inMemory, named: isNamed, ...contextFor(model, inMemory, tokens), match: matchOf(model, rule.likes), size: classOf(model), fit: model.fit, plan: null }];
  });
  const byWeights = new Map<string, Candidate>();
  for (const one of all) {
    const other = byWeights.get(one.model.weights);
    if (!other || one.named || (!other.named && one.loaded?.id === one.model.id)) byWeights.set(one.model.weights, one);
  }
  return [...byWeights.values()];
}

export const isPossible = ({ fit }: Pick<Candidate, 'fit'>): boolean => prices[fit.kind] !== null;

/** Quality less price, in classes of size. */
export function worth({ size, fit, model }: Pick<Candidate, 'size' | 'fit' | 'model'>): number {
  const price = prices[fit.kind] ?? Infinity;
  const wait = fit.kind === 'loaded' || model.expectedLoadMs === null ? 0 : Math.min(1, model.expectedLoadMs / MS_PER_CLASS);
  return size - price - wait;
}

/** The settings' word counts as long as the model could ever be loaded here. */
const isWished = ({ named, fit }: Candidate): boolean => named && fit.kind !== 'too-big';

type Step = (one: Candidate) => number;

/** What decides first stands first: higher is better. Everything up to `real` makes a model right; the rest is about the best of these. */
const right: readonly Step[] = [
  ({ enough }) => Number(enough),
  (one) => Number(isWished(one)),
  (one) => Number(isPossible(one)),
  ({ match }) => match,
  // Samples answer nonsense.
  ({ model }) => Number(!model.sample),
];
const best: readonly Step[] = [
  (one) => (isPossible(one) ? worth(one) : one.size),
  // What is in memory has no price, so it comes first.
  ({ fit }) => -(prices[fit.kind] ?? 9),
  ({ model }) => billionsOf(model),
  ({ model }) => bitsOf(model.quantization) ?? 0,
  ({ model }) => -(model.expectedLoadMs ?? 0),
];

const by = (steps: readonly Step[]) => (a: Candidate, b: Candidate): number => {
  for (const step of steps) {
    const [left, other] = [step(a), step(b)];
    if (left !== other) return other - left;
  }
  return 0;
};
const compareRight = by(right);
const compareBest = by(best);

export const rank = (candidates: readonly Candidate[]): Candidate[] =>
  [...candidates].sort((a, b) => compareRight(a, b) || compareBest(a, b) || (a.model.name < b.model.name ? -1 : a.model.name > b.model.name ? 1 : a.model.id < b.model.id ? -1 : 1));

/** Whether one could stand in for the best without anybody missing much: right in the same way, at most one class smaller. */
export function isAsRight(one: Candidate, best: Candidate): boolean {
  return compareRight(one, best) === 0 && one.size >= best.size - 1;
}
