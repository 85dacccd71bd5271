import { afterEach, expect, it } from 'vitest';
import { changeLanguage } from '../text/text.ts';
import { activityFixture } from '../../test/snapshot-fixture.ts';
import { actorOf, actorWords, byActor } from './entry-actor.ts';

afterEach(() => changeLanguage('en', []));

const who = (change: Parameters<typeof activityFixture>[1]) => {
  const actor = actorOf(activityFixture(1, change));
  return actor === null ? null : actorWords(actor);
};

it.each([
  [{ kind: 'loaded', by: 'dashboard' }, 'you', 'von Hand'],
  [{ kind: 'unloaded', by: 'tray' }, 'you, in the tray', 'von Hand über das Symbol'],
  [{ kind: 'setting', by: 'command line' }, 'you, on the command line', 'von Hand im Terminal'],
  [{ kind: 'loaded', by: 'Open WebUI' }, 'Open WebUI', 'Open WebUI'],
  [{ kind: 'loaded', by: 'a program' }, 'a program', 'ein Programm'],
  [{ kind: 'unloaded', reason: 'idle', by: null }, 'automatic', 'automatisch'],
  [{ kind: 'unloaded', reason: 'pressure', by: null }, 'automatic', 'automatisch'],
  [{ kind: 'loaded', reason: 'pinned', by: 'Airdock' }, 'automatic', 'automatisch'],
  // "Unload unused" is a person's click, although its models go for being unused.
  [{ kind: 'unloaded', reason: 'idle', by: 'dashboard' }, 'you', 'von Hand'],
  // These tell by themselves who it was, or nobody was.
  [{ kind: 'appeared', reason: 'foreign', by: null }, null, null],
  [{ kind: 'provider', reason: 'other', by: null }, null, null],
] as const)('%o was by %s', async (change, english, german) => {
  expect(who(change)).toBe(english);
  await changeLanguage('de', []);
  expect(who(change)).toBe(german);
});

it('lists people first and Airdock before programs', () => {
  expect(['Zed', 'Airdock', 'tray', 'curl', 'dashboard'].toSorted(byActor)).toEqual(['dashboard', 'tray', 'Airdock', 'curl', 'Zed']);
});
