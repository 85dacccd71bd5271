import { expect, it } from 'vitest';
import { problem, type InstalledModel } from '../../contract/index.ts';
import { asWished, unloadRemedy } from './unload-remedy.ts';

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

it('is nothing to mend where somebody had the unused ones leave', () => {
  expect(asWished({ reason: 'idle' }, 'dashboard').reason).toBe('asked');
  expect(asWished({ reason: 'idle' }, null).reason).toBe('idle');
  expect(asWished({ reason: 'room' }, 'Open WebUI').reason).toBe('room');
});

it('offers no keeping of what is kept already', () => {
  expect(left('room', { pinned: true })).toBe('load-again');
});

it('offers nothing for what cannot be loaded, or never left', () => {
  expect(left('idle', { problem: problem('bad-file', 'cut off') })).toBeNull();
  expect(left('idle', { lastUnload: null })).toBeNull();
});
