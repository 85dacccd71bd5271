import type { InstalledModel } from '../../contract/index.ts';
import { abilityWords, COARSE_BITS, helperWords, sizeClasses, traitWords, VERY_COARSE_BITS, type Need, type Trait } from './rules.ts';

/** What is known of a model's abilities and quality, from what its provider reports. Pure. */

type Described = Pick<InstalledModel, 'name' | 'id' | 'family' | 'capabilities' | 'parameterSize' | 'quantization' | 'sizeBytes'>;

/** Folders say nothing about a model, so only the last part of a name counts. */
const told = ({ id, family }: Described): string => `${id.slice(id.lastIndexOf('/') + 1)} ${family ?? ''}`;

export function abilitiesOf(model: Described): ReadonlySet<string> {
  if (model.capabilities.length > 0) return new Set(model.capabilities);
  return new Set<Need>(abilityWords.find(([words]) => words.test(told(model)))?.[1] ?? ['completion']);
}

export const meets = (model: Described, needs: readonly Need[]): boolean => {
  const abilities = abilitiesOf(model);
  return needs.every((need) => abilities.has(need));
};

export function traitsOf(model: Described): Trait[] {
  return traitWords.flatMap(([trait, words]) => (words.test(told(model)) ? [trait] : []));
}

export const isHelper = (model: Described): boolean => helperWords.test(told(model));

/** 1: made for it · 0: for nothing in particular · −1: for something else */
export function matchOf(model: Described, likes: readonly Trait[]): -1 | 0 | 1 {
  const traits = traitsOf(model);
  if (traits.some((trait) => likes.includes(trait))) return 1;
  return traits.length === 0 ? 0 : -1;
}

const scale: Readonly<Record<string, number>> = { K: 1e-6, M: 1e-3, B: 1, T: 1e3 };

/** Billions of parameters, as far as they are told: "8.0B", "8x7B", "334M"; else from the file's size. */
export function billionsOf({ parameterSize, quantization, sizeBytes }: Described): number {
  const [, first, times, unit] = /(\d+(?:\.\d+)?)(?:x(\d+(?:\.\d+)?))?\s*([KMBT])/i.exec(parameterSize ?? '') ?? [];
  if (first !== undefined && unit !== undefined) return Number(first) * Number(times ?? 1) * (scale[unit.toUpperCase()] ?? 1);
  return (sizeBytes * 8) / (bitsOf(quantization) ?? 5) / 1e9;
}

/** Bits for each weight: 4 of "Q4_K_M", 16 of "BF16"; null: not told. */
export function bitsOf(quantization: string | null): number | null {
  const bits = /(?:IQ|TQ|Q|FP|BF|F|INT|MXFP|NVFP)(\d+)/i.exec(quantization ?? '')?.[1] ?? /(\d+)[-\s]?bit/i.exec(quantization ?? '')?.[1];
  return bits === undefined ? null : Number(bits);
}

/** How good a model may be expected to be, in classes of size. */
export function classOf(model: Described): number {
  const billions = billionsOf(model);
  const size = sizeClasses.filter((least) => billions >= least).length;
  const bits = bitsOf(model.quantization) ?? Infinity;
  return size - (bits <= VERY_COARSE_BITS ? 2 : bits <= COARSE_BITS ? 1 : 0);
}
