import { expect, it } from 'vitest';
import { problem } from '../../contract/index.ts';
import { installed, live, loaded, ollama } from '../../test/browser/fixtures.ts';
import { installedStatus, standing, type Standing } from './installed-status.ts';

const status = (model: ReturnType<typeof installed>, state: ReturnType<typeof live> | null) => installedStatus(model, JSON.parse(standing(state)) as Standing);
const llama = installed('llama3.2', 4);

it.each([
  [{ state: 'ready' }, 'ready'],
  [{ state: 'ready', inUse: true }, 'busy'],
  [{ state: 'ready', uses: [{ id: 'l', holder: 'x', since: 0 }] }, 'in-use'],
  [{ state: 'reserved' }, 'reserved'],
  [{ state: 'loading' }, 'loading'],
  [{ state: 'unloading' }, 'unloading'],
  [{ state: 'stuck' }, 'stuck'],
] as const)('in memory: %o', (more, expected) => {
  const model = loaded('llama3.2', 4, { ...more, uses: 'uses' in more ? [...more.uses] : [] });
  expect(status(llama, live([model]))).toBe(expected);
});

it('counts another name of the same weights as in memory', () => {
  expect(status(installed('alias', 4, { weights: 'ollama:llama3.2' }), live([loaded('llama3.2', 4)]))).toBe('ready');
});

it.each([
  ['up', 'none'],
  ['starting', 'none'],
  ['down', 'unavailable'],
  ['absent', 'absent'],
  ['off', 'off'],
] as const)('of a source that is %s', (source, expected) => {
  expect(status(llama, live([], { providers: [ollama({ status: source })] }))).toBe(expected);
});

it('is broken where the file is, and plain where nothing is known', () => {
  expect(status(installed('x', 4, { problem: problem('bad-file', 'cut off') }), live())).toBe('broken');
  expect(status(llama, null)).toBe('none');
});

it('is the same text while only figures change', () => {
  expect(standing(live([loaded('llama3.2', 4, { idleMs: 1 })]))).toBe(standing(live([loaded('llama3.2', 4, { idleMs: 2_000, ramUsed: 5 })])));
});
