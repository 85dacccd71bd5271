import { describe, expect, it } from 'vitest';
import { configSchema } from '../../contract/index.ts';
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
