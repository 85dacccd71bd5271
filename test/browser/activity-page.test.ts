import { describe, expect, it } from 'vitest';
import type { Activity } from '../../contract/index.ts';
import { dashboardSubject, llama } from './dashboard-subject.ts';
import { withDesktopBridge } from './desktop-bridge.ts';
import { catalog, gb, live, minute, plan, snapshot } from './fixtures.ts';

const on = dashboardSubject();
const open = () => on.open({ hash: '#/activity' });
const day = 24 * 60 * minute;

function entry(id: number, change: Partial<Activity>): Activity {
  const base = { reason: 'asked', model: null, name: null, provider: null, forModel: null, by: null, code: null, ram: null, tookMs: null } as const;
  return { ...base, id, at: Date.now() - (200 - id) * 1_000, kind: 'notice', text: `Entry ${id}.`, ...change };
}
const about = (name: string) => ({ model: `ollama/${name}:latest`, name });
const evicted = entry(150, { ...about('llama3.2'), kind: 'unloaded', reason: 'room', forModel: 'ollama/codellama:latest', text: 'llama3.2 was unloaded to make room for codellama.' });
const idle = entry(140, { ...about('nomic-embed-text'), kind: 'unloaded', reason: 'idle', text: 'nomic-embed-text was unloaded after 5 min without use.' });
const refused = entry(130, { ...about('qwen3:14b'), kind: 'refused', by: 'Open WebUI', code: 'no-room', text: 'qwen3:14b needs 2.4 GB more.' });
const setting = entry(120, { kind: 'setting', text: 'The limit was set to 3 models.' });
const told = (entries: Activity[]) => ({ ...snapshot(live(), catalog), activity: entries });
const many = (newest: number, count: number) => Array.from({ length: count }, (_, index) => entry(newest - index, {}));
const all = () => told([evicted, idle, refused, setting]);
const shown = () => on.page.locator('[data-activity]').evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-activity'))));

describe('what happened', () => {
  it('stands under its day', async () => {
    on.engine.snapshot = told([evicted, { ...idle, at: Date.now() - day }, { ...refused, at: new Date('2026-03-02T12:00:00').getTime() }]);
    await open();
    await expect.poll(() => on.page.getByRole('main').getByRole('heading', { level: 3 }).allTextContents()).toEqual(['Today', 'Yesterday', 'Monday 2 March']);
  });

  it('is filtered by kind, model and words', async () => {
    on.engine.snapshot = all();
    await open();
    await on.button('Unloads').click();
    await expect.poll(shown).toEqual([150, 140]);
    await on.button('Settings').and(on.page.getByRole('main').locator('button')).click();
    await expect.poll(shown).toEqual([150, 140, 120]);
    await on.page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'nomic-embed-text' });
    await expect.poll(shown).toEqual([140]);
    await on.page.getByRole('searchbox').fill('zzz');
    await on.shows('Nothing matches in the latest 4 entries.');
    await on.button('Clear filter').click();
    await expect.poll(shown).toEqual([150, 140, 130, 120]);
    await on.page.getByRole('searchbox').fill('webui');
    await expect.poll(shown).toEqual([130]);
  });

  it('can be read further back', async () => {
    on.engine.snapshot = told(many(150, 50));
    on.engine.answers.activity = () => ({ entries: many(100, 30) });
    await open();
    await on.button('Show older').click();
    await on.shows('Entry 71.');
    expect(on.asked('activity')).toEqual([{ before: 101, limit: 30 }]);
    on.engine.answers.activity = () => ({ entries: [entry(7, { at: Date.now() - 3 * day, text: 'Something long ago.' })] });
    await on.button('Show older').click();
    await on.shows('Something long ago.');
    await on.shows('That is all there is.');
    expect(await on.button('Show older').count()).toBe(0);
  });

  it('is looked for further back until something passes the filter', async () => {
    on.engine.snapshot = told([evicted, idle, refused, setting, ...many(119, 46)]);
    const pages: Record<number, Activity[]> = { 74: many(73, 30), 44: many(43, 30), 14: [{ ...evicted, id: 13, at: Date.now() - day, text: 'llama3.2 was unloaded long before.' }] };
    on.engine.answers.activity = ({ before }: { before?: number }) => ({ entries: pages[before ?? 0] ?? [] });
    await open();
    await on.button('Unloads').click();
    await on.button('Show older').click();
    await on.shows('llama3.2 was unloaded long before.');
    await expect.poll(shown).toEqual([150, 140, 13]);
    expect(on.asked('activity')).toHaveLength(3);
  });

  it('is told, with what to expect, where nothing has happened', async () => {
    on.engine.snapshot = told([]);
    await open();
    await on.shows('Nothing has happened yet.');
    expect(await on.button('Show older').count()).toBe(0);
    expect(await on.page.getByRole('searchbox').count()).toBe(0);
  });

  it('does not push away what is being read: new entries wait for the pointer to leave', async () => {
    on.engine.snapshot = all();
    await open();
    await on.page.locator('[data-activity="140"]').hover();
    on.engine.emit({ type: 'activity', entries: [entry(160, { text: 'Something new.' })] });
    await on.button('Show 1 new entry').waitFor();
    expect(await shown()).toEqual([150, 140, 130, 120]);
    await on.page.getByRole('searchbox').hover();
    await on.shows('Something new.');
    await on.page.locator('[data-activity="140"]').hover();
    on.engine.emit({ type: 'activity', entries: [entry(170, { text: 'Something newer.' })] });
    await on.button('Show 1 new entry').click();
    await on.shows('Something newer.');
  });
});

describe('an entry', () => {
  it('leads to its model', async () => {
    on.engine.snapshot = all();
    await open();
    await on.page.getByRole('link', { name: 'qwen3:14b' }).click();
    await expect.poll(() => on.page.evaluate(() => document.activeElement?.getAttribute('data-model'))).toBe('ollama/qwen3:14b:latest');
  });

  it('offers to load its model again, and asks in place before anything leaves for it', async () => {
    on.engine.snapshot = all();
    on.engine.answers.plan = () => ({
      ok: true,
      value: plan('llama3.2', 4.5, { canLoad: false, fit: { kind: 'evicts' }, unloads: [{ id: 'ollama/codellama:latest', name: 'codellama', ram: gb(7), idleMs: minute, expired: false }] }),
    });
    await open();
    await on.button('Load again: llama3.2').click();
    await on.page.locator('[data-activity="150"]').getByText('This unloads codellama (7.0 GB, unused for 1 min).').waitFor();
    await on.page.keyboard.press('Escape');
    await expect.poll(on.focused).toBe('Load again: llama3.2');
  });

  it('offers to keep its model: for good where it made room, while there is room where it was idle', async () => {
    on.engine.snapshot = all();
    on.engine.answers.configSet = () => ({ ok: true, value: { config: on.engine.config } });
    await open();
    await on.button('Keep llama3.2 in memory').click();
    await expect.poll(() => on.asked('pin')).toEqual([{ model: 'ollama/llama3.2:latest', pinned: true }]);
    await on.button('Keep it while there is room: nomic-embed-text').click();
    await expect.poll(() => on.asked('configSet')).toEqual([{ set: { 'models.overrides.ollama/nomic-embed-text:latest': { idle_timeout_seconds: null } } }]);
  });

  it('offers nothing that is no longer to the point', async () => {
    on.engine.snapshot = { ...told([entry(160, { ...about('llama3.2'), kind: 'loaded' }), evicted]), state: live([llama()]) };
    await open();
    await on.page.locator('[data-activity="150"]').waitFor();
    expect(await on.page.getByRole('button', { name: /llama3.2$|Keep/ }).count()).toBe(0);
  });

  it('is copied alone or with all others that are shown', async () => {
    on.engine.snapshot = all();
    await open();
    await on.page.evaluate(() => {
      const world = window as unknown as { copied: string[] };
      world.copied = [];
      navigator.clipboard.writeText = async (words) => void world.copied.push(words);
    });
    const copied = () => on.page.evaluate(() => (window as unknown as { copied: string[] }).copied);
    await on.button('Copy: The limit was set to 3 models.').click();
    await expect.poll(copied).toEqual([expect.stringMatching(/^\d\d\/\d\d\/\d{4}, \d\d:\d\d:\d\d {2}The limit was set to 3 models\.$/)]);
    await on.button('Unloads').click();
    await on.button('Copy all shown').click();
    await on.button('Copied').waitFor();
    expect((await copied())[1]?.split('\n').map((line) => line.split('  ')[1])).toEqual([`${evicted.text} [automatic]`, `${idle.text} [automatic]`]);
  });

  it('can be copied by hand where copying is not allowed', async () => {
    on.engine.snapshot = all();
    await open();
    await on.page.evaluate(() => (navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))));
    await on.button('Copy: The limit was set to 3 models.').click();
    await on.shows(/^Copying is not allowed here/);
    const field = on.page.getByRole('textbox', { name: 'Text to copy' });
    expect(await field.inputValue()).toContain('The limit was set to 3 models.');
    await expect.poll(() => field.evaluate((area: HTMLTextAreaElement) => area.selectionEnd - area.selectionStart)).toBeGreaterThan(20);
    await on.button('Dismiss').click();
    await on.gone(/^Copying is not allowed here/);
  });
});

describe('an entry that a notification was about', () => {
  const target = (activity: number) => ({ page: 'activity', activity, model: null });
  const show = (place: unknown) => on.page.evaluate((payload) => (window as unknown as { bridgeTell(channel: string, payload: unknown): void }).bridgeTell('show', payload), place);
  const focusedEntry = () => on.page.evaluate(() => document.activeElement?.getAttribute('data-activity'));
  async function openDesktop() {
    await on.open({ hash: '#/memory' });
    await withDesktopBridge(on.page);
    await on.page.reload();
    await on.page.getByRole('main').waitFor();
  }

  it('is brought into sight, with its buttons, in spite of a filter and of what came later', async () => {
    const later = Array.from({ length: 60 }, (_, index) => entry(200 + index, { ...about('llama3.2'), kind: 'refused', at: Date.now() }));
    on.engine.snapshot = told([...later.reverse(), evicted]);
    await openDesktop();
    await show(target(150));
    await expect.poll(focusedEntry).toBe('150');
    const row = on.page.locator('[data-activity="150"]');
    expect(await row.evaluate((element) => element.getBoundingClientRect().top < window.innerHeight && element.getBoundingClientRect().top > 0)).toBe(true);
    await row.getByRole('button', { name: 'Load again: llama3.2' }).waitFor();
    await row.getByRole('button', { name: 'Keep llama3.2 in memory' }).waitFor();
    await on.page.getByRole('searchbox').fill('zzz');
    await on.shows(/^Nothing matches/);
    await show(target(201));
    await expect.poll(focusedEntry).toBe('201');
  });

  it('is fetched where it is older than what is listed', async () => {
    on.engine.snapshot = told([refused]);
    on.engine.answers.activity = () => ({ entries: [{ ...evicted, id: 42, text: 'llama3.2 was unloaded, long ago.' }] });
    await openDesktop();
    await show(target(42));
    await expect.poll(focusedEntry).toBe('42');
    expect(on.asked('activity')).toEqual([{ before: 43, limit: 1 }]);
    await on.shows('llama3.2 was unloaded, long ago.');
  });

  it('is missed aloud where it is no longer kept', async () => {
    on.engine.answers.activity = () => ({ entries: [entry(3, {})] });
    await openDesktop();
    await show(target(42));
    await on.shows('That entry is no longer kept.');
  });
});
