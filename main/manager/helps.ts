import type { Plan } from '../../contract/index.ts';
import { decide, wishFor, type Wish } from '../core/plan.ts';
import type { CoreState, KnownModel } from '../core/types.ts';
import type { Library } from './catalog.ts';

type Help = Plan['helps'][number];

/** Below this a chat forgets its own beginning: no help worth offering. */
const SMALLEST_CONTEXT = 2_048;
/** With so many of one family installed, only the first few are tried. */
const MAX_TRIED = 50;
const MAX_MODELS = 2;
const MAX_HELPS = 4;

/** What would make a load fit that does not: each is tried by the function that decides loads. Best first. Pure. */
export function helpsFor(state: CoreState, library: Library, about: Plan, contextLength: number | null): Help[] {
  const model = library.core.byId.get(about.id);
  if (!model || (about.fit.kind !== 'short' && about.fit.kind !== 'too-big')) return [];
  return [...smallerContext(state, model, about, contextLength), ...smallerModels(state, library, model, about), ...programs(about)].slice(0, MAX_HELPS);
}

function fits(state: CoreState, wish: Wish): boolean {
  const { kind } = decide(state, wish);
  return kind === 'loaded' || kind === 'fits' || kind === 'waits' || kind === 'evicts';
}

/** Half the context, and half of that, as far as makes sense: the first that fits. */
function smallerContext(state: CoreState, model: KnownModel, about: Plan, asked: number | null): Help[] {
  const from = wishFor(model, asked, true).contextLength;
  if (from === null) return [];
  for (let length = Math.floor(from / 2); length >= SMALLEST_CONTEXT; length = Math.floor(length / 2)) {
    const wish = wishFor(model, length, true);
    if (wish.need.ram < about.footprint.ram && fits(state, wish)) return [{ kind: 'context', contextLength: length, ram: wish.need.ram }];
  }
  return [];
}

/** The same model in fewer bits, where it is installed: the largest that fits loses the least. */
function smallerModels(state: CoreState, library: Library, model: KnownModel, about: Plan): Help[] {
  const self = library.byId.get(model.id);
  if (!self?.family || !self.parameterSize) return [];
  const found = new Map<string, Extract<Help, { kind: 'model' }>>();
  let tried = 0;
  for (const other of library.models) {
    if (other.family !== self.family || other.parameterSize !== self.parameterSize || other.weights === self.weights || found.has(other.weights)) continue;
    const known = library.core.byId.get(other.id);
    if (!known || known.footprint.ram >= about.footprint.ram) continue;
    if (++tried > MAX_TRIED) break;
    const wish = { ...wishFor(known, null, true), contextLength: null };
    if (fits(state, wish)) found.set(other.weights, { kind: 'model', id: other.id, name: known.name, ram: wish.need.ram });
  }
  return [...found.values()].sort((a, b) => b.ram - a.ram).slice(0, MAX_MODELS);
}

/** One program that holds enough; the smallest of them, for the least is lost. What is too big for the computer stays that without it. */
function programs(about: Plan): Help[] {
  const missing = about.fit.kind === 'short' ? (about.fit.missing ?? 0) : 0;
  if (missing <= 0) return [];
  const enough = about.programs.filter((program) => program.bytes >= missing).sort((a, b) => a.bytes - b.bytes);
  return enough.map((program) => ({ kind: 'program', name: program.name, bytes: program.bytes }));
}
