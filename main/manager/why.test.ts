import { expect, it } from 'vitest';
import { activityFixture, loadedModelFixture } from '../../test/snapshot-fixture.ts';
import { whyText } from './why.ts';

const loaded = activityFixture(1, { text: 'm was loaded in 2.0 s: 4.0 GB.' });
const kept = activityFixture(3, { kind: 'refused', at: 1_000_000, text: 'An unload was refused: m is in use by editor.', parts: { what: 'unload' } });
const stayed = activityFixture(4, { kind: 'notice', reason: 'restart', text: 'm was in memory already: Airdock loaded it before it ended.', parts: { what: 'stayed' } });
const gone = activityFixture(2, { kind: 'unloaded', at: 1_000_000, text: 'm was unloaded to make room for n.' });

it.each([
  ['nobody asked', undefined, [], 'm is not in memory: nobody has asked for it.'],
  ['it went', undefined, [gone, loaded], 'm is not in memory. 4 min ago: m was unloaded to make room for n.'],
  ['it is there', loadedModelFixture(), [loaded], 'm is in memory. m was loaded in 2.0 s: 4.0 GB.'],
  ['it is there since before a restart', loadedModelFixture(), [stayed, loaded], 'm is in memory. m was loaded in 2.0 s: 4.0 GB.'],
  ['it is there and the last entry is of something else', loadedModelFixture(), [gone], 'm is in memory.'],
  ['it was to go and did not', loadedModelFixture(), [kept, loaded], 'm is in memory. m was loaded in 2.0 s: 4.0 GB. 4 min ago: An unload was refused: m is in use by editor.'],
  ['it was to go, did not, and went later', undefined, [gone, kept, loaded], 'm is not in memory. 4 min ago: m was unloaded to make room for n.'],
  ['it is kept', loadedModelFixture({ pinned: true, inUse: true }), [], 'm is in memory. It is kept.'],
  ['it is in use', loadedModelFixture({ inUse: true }), [], 'm is in memory. It is in use.'],
  ['it comes', loadedModelFixture({ state: 'loading', loadedBy: 'editor' }), [], 'm is being loaded, asked for by editor.'],
  ['it will come', loadedModelFixture({ state: 'reserved', loadedBy: null }), [], 'm is being loaded.'],
  ['it leaves', loadedModelFixture({ state: 'unloading' }), [loaded], 'm is leaving memory.'],
  ['it does not leave', loadedModelFixture({ state: 'stuck' }), [], 'm was asked to leave memory and is not letting go.'],
])('why: %s', (_what, current, entries, text) => {
  expect(whyText('m', current, entries, 1_240_000)).toBe(text);
});

it('begins a sentence also where it has only just happened', () => {
  expect(whyText('m', undefined, [gone], 1_000_400)).toBe('m is not in memory. Just now: m was unloaded to make room for n.');
  expect(whyText('m', loadedModelFixture(), [kept], 1_000_400)).toContain(' Just now: An unload was refused');
});

it('says who waits for it, where it has no room yet', () => {
  expect(whyText('a', undefined, [], 0, ['Zed', 'Continue'])).toBe('a is not in memory: Zed and Continue wait for room that is in use at present.');
  expect(whyText('a', undefined, [], 0, ['Zed'])).toBe('a is not in memory: Zed waits for room that is in use at present.');
});
