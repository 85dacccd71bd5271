import type { InstalledModel } from '../../contract/index.ts';

/** What a model can be found by, in small letters. `capability` puts one into the reader's words; both are found. */
export function searchText(model: InstalledModel, capability: (name: string) => string): string {
  const { name, id, family, parameterSize, quantization, capabilities } = model;
  return [name, id, family, parameterSize, quantization, ...capabilities, ...capabilities.map(capability)]
    .filter((part) => part !== null)
    .join(' ')
    .toLowerCase();
}

/** Every word that was typed has to be found, in any order: "vision q4". */
export function matches(searched: string, query: string): boolean {
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => searched.includes(word));
}
