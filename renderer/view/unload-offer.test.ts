import { expect, it } from 'vitest';
import { unloadOffer } from './unload-offer.ts';

const use = { id: '1', holder: 'Zed', since: 0 };

it.each([
  [{ inUse: false, uses: [] }, 'now'],
  // Nobody of ours: Ollama ends the answer, then the model leaves.
  [{ inUse: true, uses: [] }, 'after'],
  // The engine refuses to unload what it answers with.
  [{ inUse: true, uses: [use] }, 'held'],
  [{ inUse: false, uses: [use] }, 'held'],
] as const)('an unload of %o happens %s', ({ inUse, uses }, offer) => {
  expect(unloadOffer({ inUse, uses: [...uses] })).toBe(offer);
});
