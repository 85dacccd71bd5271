import { formatList, type LiveState } from '../../../contract/index.ts';

/** What an update would disturb, by name; null: nothing. */
export function busyNames({ loaded, samples }: LiveState): string | null {
  const names = loaded.filter((model) => model.inUse || model.state === 'reserved' || model.state === 'loading' || model.state === 'unloading').map(({ name }) => name);
  if (samples.state === 'making') names.push('sample models');
  return names.length === 0 ? null : formatList([...new Set(names)]);
}
