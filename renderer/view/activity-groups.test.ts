import { describe, expect, it } from 'vitest';
import { activityFixture } from '../../test/snapshot-fixture.ts';
import { byDay, everything, isFiltered, passes } from './activity-groups.ts';

describe('the filter', () => {
  const entry = activityFixture(1, { kind: 'unloaded', model: 'ollama/a', name: 'a', forModel: 'ollama/b', by: 'Open WebUI', text: 'a was unloaded to make room for b.' });
  const passing = (filter: Partial<typeof everything>) => passes(entry, 'a hat Platz gemacht.', { ...everything, ...filter });

  it.each([
    [{}, true],
    [{ groups: ['unloads'] }, true],
    [{ groups: ['loads', 'unloads'] }, true],
    [{ groups: ['trouble'] }, false],
    [{ model: 'ollama/a' }, true],
    [{ model: 'ollama/b' }, true],
    [{ model: 'ollama/c' }, false],
    [{ query: 'ROOM a' }, true],
    [{ query: 'platz' }, true],
    [{ query: 'webui' }, true],
    [{ actor: 'Open WebUI' }, true],
    [{ actor: 'dashboard' }, false],
    [{ query: 'freeze' }, false],
    [{ query: ' ' }, true],
    [{ groups: ['unloads'], query: 'freeze' }, false],
  ] as const)('%o: %s', (filter, expected) => {
    expect(passing(filter)).toBe(expected);
  });

  it('knows whether it holds anything back', () => {
    expect([everything, { ...everything, query: '  ' }].map(isFiltered)).toEqual([false, false]);
    expect([{ ...everything, query: 'x' }, { ...everything, actor: 'tray' }, { ...everything, model: 'a' }, { ...everything, groups: ['loads' as const] }].map(isFiltered)).toEqual([true, true, true, true]);
  });
});

describe('days', () => {
  const at = (id: number, when: string) => activityFixture(id, { at: new Date(when).getTime() });
  const days = (entries: Parameters<typeof byDay>[0]) => byDay(entries).map((day) => [new Date(day.at).getDate(), day.entries.map(({ id }) => id)]);

  it('begin at midnight here', () => {
    expect(days([at(3, '2026-03-02T00:00:00'), at(2, '2026-03-01T23:59:59'), at(1, '2026-03-01T00:00:00')])).toEqual([
      [2, [3]],
      [1, [2, 1]],
    ]);
  });

  it('stay whole where a clock was set back', () => {
    expect(days([at(3, '2026-03-02T00:10:00'), at(2, '2026-03-01T23:50:00'), at(1, '2026-03-02T00:05:00')])).toEqual([
      [2, [3, 1]],
      [1, [2]],
    ]);
  });

  it('are none where nothing happened', () => {
    expect(byDay([])).toEqual([]);
  });
});
