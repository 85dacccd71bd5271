import { describe, expect, it } from 'vitest';
import { configSchema, problem } from '../../contract/index.ts';
import { dashboardSubject, llama } from './dashboard-subject.ts';
import { live, snapshot } from './fixtures.ts';

const on = dashboardSubject();

describe('the connection', () => {
  it('exchanges the code in the address for a session and takes it out of the address', async () => {
    on.engine.guard.on = true;
    await on.open({ hash: '#code=right-code' });
    await on.shows('No models in memory. 12.3 GB is free.');
    expect(new URL(on.page.url()).hash).toBe('');
  });

  it('does without a code that was used before where the session is still good', async () => {
    on.engine.guard.on = true;
    await on.open({ hash: '#code=used', cookie: true });
    await on.shows('No models in memory. 12.3 GB is free.');
    expect(new URL(on.page.url()).hash).toBe('');
  });

  it('says what to do where it is not signed in, and goes on when it is', async () => {
    on.engine.guard.on = true;
    await on.open({ hash: '#code=used' });
    await on.shows('This page is not signed in');
    on.engine.guard.on = false;
    await on.button(/try again/).click();
    await on.shows('No models in memory. 12.3 GB is free.');
  });

  it('says when the engine went, and finds it again', async () => {
    await on.open();
    await on.shows('No models in memory.');
    await on.engine.down();
    await on.shows(/Airdock stopped answering; figures are from \d/);
    on.engine.snapshot = snapshot(live([llama()]));
    await on.engine.up();
    await on.gone(/Airdock stopped answering/);
    await on.button('Unload llama3.2').waitFor();
  });

  it('says so where nothing has answered yet, and asks again on demand', async () => {
    await on.open({ offline: true });
    await on.shows('Airdock does not answer.');
    await on.page.unroute('**/airdock/v1/**');
    await on.button('Try now').click();
    await on.shows('No models in memory. 12.3 GB is free.');
  });

  it('obeys the theme that is set, also when it is changed meanwhile', async () => {
    on.engine.config = configSchema.parse({ ui: { theme: 'dark' } });
    await on.open();
    await on.shows('No models in memory.');
    const background = () => on.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await background();
    on.engine.config = configSchema.parse({ ui: { theme: 'light' } });
    const [entry] = on.engine.snapshot.activity;
    if (entry === undefined) throw new Error('the fixture has activity');
    on.engine.emit({ type: 'activity', entries: [{ ...entry, id: 500, at: Date.now(), kind: 'setting', text: 'The theme was changed.' }] });
    await expect.poll(background).not.toBe(dark);
  });
});

const heading = (name: string) => on.page.getByRole('heading', { name: new RegExp(`^${name}`) }).first();
const here = () => on.page.getByRole('navigation').locator('[aria-current="page"]').textContent();
const path = () => new URL(on.page.url()).hash;

describe('the pages', () => {
  it('are reached by links, the address and Back, and take the focus', async () => {
    await on.open();
    await heading('In memory').waitFor();
    await on.page.getByRole('link', { name: 'Activity' }).click();
    await heading('Activity').waitFor();
    expect([path(), await here()]).toEqual(['#/activity', 'Activity']);
    expect(await on.page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
    await on.page.goBack();
    await heading('In memory').waitFor();
    await on.page.goto(`${on.engine.url}#/settings`);
    await on.page.getByRole('main', { name: 'Settings' }).waitFor();
    await on.page.goto(`${on.engine.url}#/nowhere`);
    await heading('In memory').waitFor();
  });

  it('still come when the engine has gone, where they came in time', async () => {
    await on.open();
    await heading('In memory').waitFor();
    // The other pages are fetched while there is nothing else to do.
    await expect.poll(() => on.page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('activity-page')))).toBe(true);
    await on.engine.down();
    await on.page.getByRole('link', { name: 'Activity' }).click();
    await heading('Activity').waitFor();
  });

  it('say what to do where their files do not come', async () => {
    await on.open();
    await on.page.route('**/activity-page-*', (route) => route.abort());
    await on.page.getByRole('link', { name: 'Activity' }).click();
    await on.shows('This page could not be fetched.');
    await on.page.unroute('**/activity-page-*');
    await on.button('Load the dashboard anew').click();
    await heading('Activity').waitFor();
  });
});

describe('keys', () => {
  it('lead to the pages, to the search, and to their own list', async () => {
    await on.open();
    await heading('In memory').waitFor();
    await on.page.keyboard.press('g');
    await on.page.keyboard.press('a');
    await expect.poll(path).toBe('#/activity');
    await on.page.keyboard.press('1');
    await expect.poll(path).toBe('#/memory');
    await on.page.keyboard.press('/');
    await expect.poll(() => on.page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
    expect(path()).toBe('#/models');
    // Typed, not pressed.
    await on.page.keyboard.type('1?g');
    await on.page.keyboard.press('s');
    expect(path()).toBe('#/models');
    await on.page.getByRole('main').focus();
    await on.page.keyboard.press('Control+1');
    expect(path()).toBe('#/models');
    await on.page.keyboard.press('?');
    await on.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await on.page.keyboard.press('1');
    expect(path()).toBe('#/models');
    await on.page.keyboard.press('Escape');
    await on.page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('can be switched off for good, all but the list itself', async () => {
    await on.open();
    await heading('In memory').waitFor();
    await on.page.keyboard.press('?');
    await on.page.getByRole('switch', { name: 'Use single-key shortcuts' }).click();
    await on.page.keyboard.press('Escape');
    await on.page.getByRole('dialog').waitFor({ state: 'detached' });
    await on.page.reload();
    await heading('In memory').waitFor();
    await on.page.keyboard.press('3');
    await on.page.keyboard.press('?');
    await on.page.getByRole('dialog').waitFor();
    expect(path()).toBe('');
  });
});

describe('the language', () => {
  it('is the reader’s own, and changes with the setting', async () => {
    await on.open({ locale: 'de-AT' });
    await on.shows('Keine Modelle im Speicher. 12,3 GB frei.');
    expect(await on.page.evaluate(() => document.documentElement.lang)).toBe('de');
    on.engine.config = configSchema.parse({ ui: { language: 'en' } });
    const [entry] = on.engine.snapshot.activity;
    if (entry === undefined) throw new Error('the fixture has activity');
    on.engine.emit({ type: 'activity', entries: [{ ...entry, id: 500, at: Date.now(), kind: 'setting', text: 'The language was changed.' }] });
    await on.shows('No models in memory. 12.3 GB is free.');
    expect(await on.page.evaluate(() => document.documentElement.lang)).toBe('en');
  });

  it('is English for who reads neither', async () => {
    await on.open({ locale: 'fr-FR' });
    await on.shows('No models in memory.');
  });
});

describe('for the whole computer', () => {
  it('memory is freed after a word about what that does', async () => {
    on.engine.snapshot = snapshot(live([llama()]));
    await on.open();
    await on.button('Free memory').click();
    await on.shows(/^Unloads llama3.2 \(4.5 GB\)/);
    await on.page.getByRole('dialog').getByRole('button', { name: 'Free memory' }).click();
    await expect.poll(() => on.asked('freeMemory')).toEqual([{ on: true }]);
    await on.page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('a refusal to free memory stays beside its button', async () => {
    on.engine.answers.freeMemory = () => ({ ok: false, problem: problem('frozen', 'Models are frozen.') });
    await on.open();
    await on.button('Free memory').click();
    await on.page.getByRole('dialog').getByRole('button', { name: 'Free memory' }).click();
    await on.page.getByRole('dialog').getByText('Models are frozen.').waitFor();
  });

  it('models are frozen, or kept, for a while or until that is ended', async () => {
    await on.open();
    await on.button('Freeze').click();
    await on.page.getByRole('group', { name: /^Freeze/ }).getByRole('menuitem', { name: 'For 1 hour' }).click();
    await expect.poll(() => on.asked('freeze')).toEqual([{ on: true, forSeconds: 3_600 }]);
    await on.button('Freeze').click();
    await on.page.getByRole('group', { name: /^Keep everything/ }).getByRole('menuitem', { name: 'Until I end it' }).click();
    await expect.poll(() => on.asked('pause')).toEqual([{ on: true }]);
    on.engine.change({ pause: { since: Date.now(), until: null } });
    await on.button('End this: everything stays loaded').click();
    await expect.poll(() => on.asked('pause').at(-1)).toEqual({ on: false });
  });
});
