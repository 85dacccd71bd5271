import { expect, it } from 'vitest';
import { problem, type InstalledModel } from '../../contract/index.ts';
import { unloadRemedy } from './unload-remedy.ts';

type Reason = NonNullable<InstalledModel['lastUnload']>['reason'];
const left = (reason: Reason, more: Partial<InstalledModel> = {}) => unloadRemedy({ lastUnload: { activity: 1, at: 1, reason, text: '' }, pinned: false, problem: null, ...more });

it.each([
  ['idle', 'keep-while-room'],
  ['room', 'keep'],
  ['pressure', 'load-again'],
  ['limit', 'load-again'],
  ['other', 'load-again'],
  ['restart', 'load-again'],
  ['sleep', 'load-again'],
  ['shutdown', 'load-again'],
  ['asked', null],
  ['replace', null],
] as const)('%s: %s', (reason, remedy) => {
  expect(left(reason)).toBe(remedy);
});

it('offers no keeping of what is kept already', () => {
  expect(left('room', { pinned: true })).toBe('load-again');
});

it('offers nothing for what cannot be loaded, or never left', () => {
  expect(left('idle', { problem: problem('bad-file', 'cut off') })).toBeNull();
  expect(left('idle', { lastUnload: null })).toBeNull();
});
