import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { configSchema, problem } from '../../contract/index.ts';
import { launchChromium } from './chromium.ts';
import { openDashboard, type OpenedPage } from './dashboard-page.ts';
import { createEngineServer, type EngineServer } from './engine-server.ts';
import { catalog, gb, live, loaded, minute, plan, snapshot } from './fixtures.ts';
import { builtRenderer } from './renderer-build.ts';

let browser: Browser;
let folder: string;
let engine: EngineServer;
let opened: OpenedPage;
let page: Page;

beforeAll(async () => {
  [browser, folder] = await Promise.all([launchChromium(), builtRenderer()]);
});
afterAll(() => browser?.close());

beforeEach(async () => {
  engine = await createEngineServer({ folder, snapshot: snapshot(live()) });
});
afterEach(async () => {
  await opened?.close();
  await engine.down();
  expect(engine.faults).toEqual([]);
  expect(opened.complaints).toEqual([]);
});

async function open(options: Parameters<typeof openDashboard>[2] = {}) {
  opened = await openDashboard(browser, engine, options);
  page = opened.page;
}

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const shows = (text: string | RegExp) => page.getByText(text).first().waitFor();
const gone = (text: string | RegExp) => page.getByText(text).first().waitFor({ state: 'detached' });
const asked = (operation: string) => engine.calls.filter((call) => call.operation === operation).map((call) => call.input);
const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
const llama = (more: Parameters<typeof loaded>[2] = {}) => loaded('llama3.2', 4.5, more);
const code = (more: Parameters<typeof loaded>[2] = {}) => loaded('codellama', 7, { loadedAt: Date.now() - 4 * minute, ...more });

/** An answer that waits until the test gives it. */
function held<T>() {
  let give: (value: T) => void = () => undefined;
  const answer = new Promise<T>((resolve) => {
    give = resolve;
  });
  return { answer, give: (value: T) => give(value) };
}

describe('loading', () => {
  it('goes ahead without a question where the model fits, and shows the engine’s progress', async () => {
    const done = held<{ ok: true; value: { model: ReturnType<typeof llama>; already: boolean; unloaded: []; tookMs: number } }>();
    engine.answers.plan = () => ({ ok: true, value: plan('llama3.2', 4.5) });
    engine.answers.load = () => done.answer;
    await open();
    await button('Load llama3.2').click();
    await expect.poll(() => asked('load')).toEqual([{ model: 'ollama/llama3.2:latest', stay: true, by: 'dashboard' }]);
    const model = llama({ state: 'loading', progress: 0.1, loadedAt: null, unloadsAt: null });
    engine.change({ loaded: [model] });
    await shows(/Loading, 10 %/);
    expect(await button('Load llama3.2').getAttribute('aria-disabled')).toBe('true');
    engine.change({ loaded: [llama()] });
    done.give({ ok: true, value: { model: llama(), already: false, unloaded: [], tookMs: 900 } });
    await shows('llama3.2 is in memory.');
    await button('Unload llama3.2').waitFor();
  });

  it('shows what would be unloaded first, and unloads only after a yes', async () => {
    engine.snapshot = snapshot(live([llama()]), catalog);
    engine.answers.plan = () => ({
      ok: true,
      value: plan('llama3.2-vision', 12, {
        canLoad: false,
        fit: { kind: 'evicts' },
        unloads: [{ id: 'ollama/llama3.2:latest', name: 'llama3.2', ram: gb(4.5), idleMs: 4 * minute, expired: false }],
      }),
    });
    engine.answers.load = () => new Promise(() => undefined);
    await open();
    await button('Load llama3.2-vision').click();
    await shows('Load llama3.2-vision (12.0 GB, about 14 s)?');
    await shows('This unloads llama3.2 (4.5 GB, unused for 4 min).');
    await page.keyboard.press('Escape');
    await gone('This unloads llama3.2');
    expect(await focused()).toBe('Load llama3.2-vision');
    expect(asked('load')).toEqual([]);
    await page.keyboard.press('Enter');
    await button('Unload and load').click();
    await expect.poll(() => asked('load')).toEqual([{ model: 'ollama/llama3.2-vision:latest', force: true, mayUnload: ['ollama/llama3.2:latest'], stay: true, by: 'dashboard' }]);
  });

  it('shows the same question where room went away between the plan and the load', async () => {
    engine.answers.plan = () => ({ ok: true, value: plan('llama3.2', 4.5) });
    engine.answers.load = () => ({
      ok: false,
      problem: problem('needs-room', 'Loading llama3.2 unloads codellama.'),
      plan: plan('llama3.2', 4.5, {
        canLoad: false,
        fit: { kind: 'evicts' },
        unloads: [{ id: 'ollama/codellama:latest', name: 'codellama', ram: gb(7), idleMs: minute, expired: false }],
      }),
    });
    await open();
    await button('Load llama3.2').click();
    await shows('This unloads codellama (7.0 GB, unused for 1 min).');
  });

  it('tells a refusal, and tries once when asked to', async () => {
    const cause = problem('no-room', 'qwen3:14b needs 2.4 GB more.', 'Close a program.');
    engine.answers.plan = () => ({
      ok: true,
      value: plan('qwen3:14b', 10.4, { canLoad: false, fit: { kind: 'short', missing: gb(2.4) }, programs: [{ name: 'firefox', bytes: gb(2.1) }], mayTryOnce: true, problem: cause }),
    });
    engine.answers.load = () => ({ ok: false, problem: problem('pressure-limit', 'qwen3:14b was stopped: memory ran short.') });
    await open();
    await button('Load qwen3:14b').click();
    await shows('firefox');
    await button('Try once').click();
    await shows('qwen3:14b was stopped: memory ran short.');
    expect(asked('load')).toEqual([{ model: 'ollama/qwen3:14b:latest', tryOnce: true, stay: true, by: 'dashboard' }]);
  });

  it('can be cancelled, without a word of complaint about that', async () => {
    const done = held<{ ok: false; problem: ReturnType<typeof problem> }>();
    engine.answers.plan = () => ({ ok: true, value: plan('llama3.2', 4.5) });
    engine.answers.load = () => done.answer;
    await open();
    await button('Load llama3.2').click();
    await expect.poll(() => asked('load').length).toBe(1);
    engine.change({ loaded: [llama({ state: 'loading', loadedAt: null, unloadsAt: null })] });
    await button('Cancel loading llama3.2').click();
    await expect.poll(() => asked('cancelLoad')).toEqual([{ model: 'ollama/llama3.2:latest' }]);
    engine.change({ loaded: [] });
    done.give({ ok: false, problem: problem('cancelled', 'Loading llama3.2 was cancelled.') });
    await expect.poll(() => button('Load llama3.2').getAttribute('aria-disabled')).toBe(null);
    expect(await page.getByText('was cancelled').count()).toBe(0);
  });
});

describe('models in memory', () => {
  it('stay pending until the engine confirms, and hand the focus on when they leave', async () => {
    engine.snapshot = snapshot(live([llama(), code()]));
    const first = held<{ ok: true; value: { text: string } }>();
    engine.answers.unload = () => first.answer;
    await open();
    await button('Unload llama3.2').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await expect.poll(() => button('Unload llama3.2').getAttribute('aria-disabled')).toBe('true');
    engine.change({ loaded: [code()] });
    first.give({ ok: true, value: { text: 'gone' } });
    await expect.poll(focused).toBe('Unload codellama');
    expect(asked('unload')).toEqual([{ model: 'ollama/llama3.2:latest', by: 'dashboard' }]);
    engine.change({ loaded: [] });
    await expect.poll(focused).toContain('In memory');
  });

  it('keep their places whatever changes', async () => {
    engine.snapshot = snapshot(live([llama(), code()]));
    await open();
    await button('Unload llama3.2').waitFor();
    engine.change({ loaded: [code({ loadedAt: Date.now() - 20 * minute }), loaded('nomic-embed-text', 0.4, { loadedAt: 1 }), llama({ loadedAt: Date.now() })] });
    await button('Unload nomic-embed-text').waitFor();
    const names = await page.locator('[data-row] h3').allTextContents();
    expect(names).toEqual(['llama3.2', 'codellama', 'nomic-embed-text']);
  });

  it('count down between the engine’s events', async () => {
    engine.snapshot = snapshot(live([llama({ unloadsAt: Date.now() + 60_000, idleMs: 3_000 })]));
    await open();
    await shows(/unloads in 0:5[6-9]/);
    await shows(/unused for 5 s, unloads in 0:5[5-8]/);
  });

  it('are kept, and unloaded all the same after a second yes', async () => {
    engine.snapshot = snapshot(live([llama()]));
    engine.answers.unload = (input: { confirm?: boolean }) =>
      input.confirm === true ? { ok: true, value: { text: 'gone' } } : { ok: false, problem: problem('pinned', 'llama3.2 is kept in memory.') };
    await open();
    await button('Keep llama3.2 in memory').click();
    await expect.poll(() => asked('pin')).toEqual([{ model: 'ollama/llama3.2:latest', pinned: true }]);
    engine.change({ loaded: [llama({ pinned: true, unloadsAt: null })] });
    await shows(/kept in memory/);
    expect(await button('Keep llama3.2 in memory').getAttribute('aria-pressed')).toBe('true');
    await button('Unload llama3.2').click();
    await button('Unload anyway').click();
    await expect.poll(() => asked('unload').at(-1)).toEqual({ model: 'ollama/llama3.2:latest', by: 'dashboard', confirm: true });
    await gone('llama3.2 is kept in memory.');
  });

  it('tell what they take on hover and focus of the bar, which leads to their rows', async () => {
    engine.snapshot = snapshot(live([llama()]));
    await open();
    const piece = button('llama3.2: 4.5 GB. Show it in the list');
    await piece.focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    await page.getByText('llama3.2: 4.5 GB', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-row'))).toBe('ollama/llama3.2:latest');
  });
});

describe('the connection', () => {
  it('exchanges the code in the address for a session and takes it out of the address', async () => {
    engine.guard.on = true;
    await open({ hash: '#code=right-code' });
    await shows('No models in memory. 12.3 GB is free.');
    expect(new URL(page.url()).hash).toBe('');
  });

  it('does without a code that was used before where the session is still good', async () => {
    engine.guard.on = true;
    await open({ hash: '#code=used', cookie: true });
    await shows('No models in memory. 12.3 GB is free.');
    expect(new URL(page.url()).hash).toBe('');
  });

  it('says what to do where it is not signed in, and goes on when it is', async () => {
    engine.guard.on = true;
    await open({ hash: '#code=used' });
    await shows('This page is not signed in');
    engine.guard.on = false;
    await button(/try again/).click();
    await shows('No models in memory. 12.3 GB is free.');
  });

  it('says when the engine went, and finds it again', async () => {
    await open();
    await shows('No models in memory.');
    await engine.down();
    await shows(/Airdock stopped answering; figures are from \d/);
    engine.snapshot = snapshot(live([llama()]));
    await engine.up();
    await gone(/Airdock stopped answering/);
    await button('Unload llama3.2').waitFor();
  });

  it('says so where nothing has answered yet, and asks again on demand', async () => {
    opened = await openDashboard(browser, engine, { offline: true });
    page = opened.page;
    await shows('Airdock does not answer.');
    await page.unroute('**/airdock/v1/**');
    await button('Try now').click();
    await shows('No models in memory. 12.3 GB is free.');
  });

  it('obeys the theme that is set, also when it is changed meanwhile', async () => {
    engine.config = configSchema.parse({ ui: { theme: 'dark' } });
    await open();
    await shows('No models in memory.');
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await background();
    engine.config = configSchema.parse({ ui: { theme: 'light' } });
    const [entry] = engine.snapshot.activity;
    if (entry === undefined) throw new Error('the fixture has activity');
    engine.emit({ type: 'activity', entries: [{ ...entry, id: 500, at: Date.now(), kind: 'setting', text: 'The theme was changed.' }] });
    await expect.poll(background).not.toBe(dark);
  });
});

describe('getting models', () => {
  const empty = () => ({ ...snapshot(live()), models: [] });

  it('adds a folder, and keeps what was typed where that is refused', async () => {
    engine.snapshot = empty();
    engine.answers.addFolder = (input: { path: string }) =>
      input.path === '/models' ? { ok: true, value: { text: 'used' } } : { ok: false, problem: problem('bad-folder', `There is no folder ${input.path}.`) };
    await open();
    const field = page.getByLabel('Path of a folder with GGUF files');
    await field.fill(' /model ');
    await page.keyboard.press('Enter');
    await shows('There is no folder /model.');
    expect(await field.inputValue()).toBe(' /model ');
    await field.fill('/models');
    await page.keyboard.press('Enter');
    await gone('There is no folder');
    await expect.poll(() => field.inputValue()).toBe('');
  });

  it('makes samples, shows how far it is, and can be stopped', async () => {
    engine.snapshot = empty();
    engine.answers.makeSamples = () => new Promise(() => undefined);
    await open();
    await button('Make sample models').click();
    await expect.poll(() => asked('makeSamples')).toEqual([{}]);
    engine.change({ samples: { state: 'making', doneBytes: gb(0.3), totalBytes: gb(0.6), current: 'sample-large', problem: null } });
    await page.getByRole('progressbar', { name: 'Making sample models' }).waitFor();
    expect(await page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('50');
    await button('Cancel').click();
    await expect.poll(() => asked('cancelSamples')).toEqual([{}]);
  });

  it('finds an installed model by its name', async () => {
    await open();
    await page.getByRole('searchbox').fill('vision');
    await button('Load codellama').waitFor({ state: 'detached' });
    await button('Load llama3.2-vision').waitFor();
    await page.getByRole('searchbox').fill('zzz');
    await shows('Nothing installed matches “zzz”.');
  });
});

describe('what happened', () => {
  it('can be read further back', async () => {
    const [entry] = engine.snapshot.activity;
    if (entry === undefined) throw new Error('the fixture has activity');
    engine.answers.activity = () => ({ entries: [{ ...entry, id: 7, at: Date.now() - 3 * 24 * 60 * minute, text: 'Something long ago.' }] });
    await open();
    await button('Show older').click();
    await shows('Something long ago.');
    expect(asked('activity')).toEqual([{ before: 96, limit: 30 }]);
    engine.answers.activity = () => ({ entries: [] });
    await button('Show older').click();
    await shows('That is all there is.');
  });

  it('leads to suggestions that are followed with one click', async () => {
    engine.snapshot = snapshot(
      live([], { advice: [{ id: 'limit:3', text: 'Allow 3 models?', action: { label: 'Allow 3 models', operation: 'configSet', input: { set: { 'models.max_concurrent_loaded': 3 } } } }] }),
    );
    engine.answers.configSet = () => ({ ok: true, value: { config: engine.config } });
    await open();
    await button('Allow 3 models').click();
    await expect.poll(() => asked('configSet')).toEqual([{ set: { 'models.max_concurrent_loaded': 3 } }]);
    await button(/^Dismiss/).click();
    await expect.poll(() => asked('dismissAdvice')).toEqual([{ id: 'limit:3' }]);
  });
});
