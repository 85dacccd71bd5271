import { describe, expect, it } from 'vitest';
import { configSchema, problem } from '../../contract/index.ts';
import { code, dashboardSubject, held, llama } from './dashboard-subject.ts';
import { gb, live, llamaCpp, loaded, memory, minute, ollama, snapshot } from './fixtures.ts';
import { busyActivity, busyHistory } from './states/busy-quarter.ts';

const on = dashboardSubject();

it('the figures over the history are those of the bar, also between two of its samples', async () => {
  on.engine.snapshot = snapshot(live([llama()]));
  await on.open();
  const texts = () => on.page.getByRole('main').locator('ul[aria-hidden="true"]').evaluateAll((lists) => lists.map((list) => list.textContent ?? ''));
  await expect.poll(texts).toEqual([expect.stringContaining('Other programs3.2 GB'), expect.stringContaining('Other programs 3.2 GB')]);
  on.engine.change({ memory: { ...memory([llama()], { otherPrograms: gb(5) }), at: Date.now() + 1_000 } });
  await expect.poll(texts).toEqual([expect.stringContaining('Other programs5.0 GB'), expect.stringContaining('Other programs 5.0 GB')]);
});

describe('models in memory', () => {
  it('stay pending until the engine confirms, and hand the focus on when they leave', async () => {
    on.engine.snapshot = snapshot(live([llama(), code()]));
    const first = held<{ ok: true; value: { text: string } }>();
    on.engine.answers.unload = () => first.answer;
    await on.open();
    await on.button('Unload llama3.2').focus();
    await on.page.keyboard.press('Enter');
    await on.page.keyboard.press('Enter');
    await expect.poll(() => on.button('Unload llama3.2').getAttribute('aria-disabled')).toBe('true');
    on.engine.change({ loaded: [code()] });
    first.give({ ok: true, value: { text: 'gone' } });
    await expect.poll(on.focused).toBe('Unload codellama');
    expect(on.asked('unload')).toEqual([{ model: 'ollama/llama3.2:latest', by: 'dashboard' }]);
    on.engine.change({ loaded: [] });
    await expect.poll(on.focused).toContain('In memory');
  });

  it('keep their places whatever changes', async () => {
    on.engine.snapshot = snapshot(live([llama(), code()]));
    await on.open();
    await on.button('Unload llama3.2').waitFor();
    on.engine.change({ loaded: [code({ loadedAt: Date.now() - 20 * minute }), loaded('nomic-embed-text', 0.4, { loadedAt: 1 }), llama({ loadedAt: Date.now() })] });
    await on.button('Unload nomic-embed-text').waitFor();
    const names = await on.page.locator('[data-row] h3').allTextContents();
    expect(names).toEqual(['llama3.2', 'codellama', 'nomic-embed-text']);
  });

  it('count down between the engine’s events', async () => {
    on.engine.snapshot = snapshot(live([llama({ unloadsAt: Date.now() + 60_000, idleMs: 3_000 })]));
    await on.open();
    const counted = async () => /unused for (\d+) s, unloads in 0:(\d\d)/.exec((await on.page.locator('[data-row]').textContent()) ?? '')?.slice(1).map(Number) ?? [];
    // Whenever the page gets to it: what has passed and what is left make a minute, and the three seconds before it.
    await expect.poll(async () => (await counted())[0]).toBeGreaterThanOrEqual(5);
    const [unused = 0, left = 0] = await counted();
    expect(Math.abs(unused + left - 63)).toBeLessThanOrEqual(1);
  });

  it('are not unloaded while a request of ours is answered, and after the answer where another program is', async () => {
    on.engine.snapshot = snapshot(live([llama({ inUse: true, uses: [{ id: '1', holder: 'Zed', since: Date.now() }] }), code({ inUse: true })]));
    await on.open();
    const held = on.button('Unload llama3.2');
    await expect.poll(() => held.getAttribute('aria-disabled')).toBe('true');
    expect(await held.getAttribute('title')).toMatch(/^It is answering/);
    await held.dispatchEvent('click');
    await on.button('Unload when done: codellama').click();
    await expect.poll(() => on.asked('unload')).toEqual([{ model: 'ollama/codellama:latest', by: 'dashboard' }]);
    on.engine.change({ loaded: [llama()] });
    await held.click();
    await expect.poll(() => on.asked('unload')).toHaveLength(2);
  });

  it('are kept, and unloaded all the same after a second yes', async () => {
    on.engine.snapshot = snapshot(live([llama()]));
    on.engine.answers.unload = (input: { confirm?: boolean }) =>
      input.confirm === true ? { ok: true, value: { text: 'gone' } } : { ok: false, problem: problem('pinned', 'llama3.2 is kept in memory.') };
    await on.open();
    await on.button('Keep llama3.2 in memory').click();
    await expect.poll(() => on.asked('pin')).toEqual([{ model: 'ollama/llama3.2:latest', pinned: true }]);
    on.engine.change({ loaded: [llama({ pinned: true, unloadsAt: null })] });
    await on.shows(/kept in memory/);
    expect(await on.button('Keep llama3.2 in memory').getAttribute('aria-pressed')).toBe('true');
    await on.button('Unload llama3.2').click();
    await on.button('Unload anyway').click();
    await expect.poll(() => on.asked('unload').at(-1)).toEqual({ model: 'ollama/llama3.2:latest', by: 'dashboard', confirm: true });
    await on.gone('llama3.2 is kept in memory.');
  });

  it('tell what they take on hover and focus of the bar, which leads to their rows', async () => {
    on.engine.snapshot = snapshot(live([llama()]));
    await on.open();
    const piece = on.button('llama3.2: 4.5 GB. Show it in the list');
    await piece.focus();
    await on.page.keyboard.press('Tab');
    await on.page.keyboard.press('Shift+Tab');
    await on.page.getByText('llama3.2: 4.5 GB', { exact: true }).waitFor();
    await on.page.keyboard.press('Enter');
    expect(await on.page.evaluate(() => document.activeElement?.getAttribute('data-row'))).toBe('ollama/llama3.2:latest');
  });
});

describe('getting models', () => {
  const empty = () => ({ ...snapshot(live()), models: [] });

  it('adds a folder, and keeps what was typed where that is refused', async () => {
    on.engine.snapshot = empty();
    on.engine.answers.addFolder = (input: { path: string }) =>
      input.path === '/models' ? { ok: true, value: { text: 'used' } } : { ok: false, problem: problem('bad-folder', `There is no folder ${input.path}.`) };
    await on.open();
    const field = on.page.getByLabel('Path of a folder with GGUF files');
    await field.fill(' /model ');
    await on.page.keyboard.press('Enter');
    await on.shows('There is no folder /model.');
    expect(await field.inputValue()).toBe(' /model ');
    await field.fill('/models');
    await on.page.keyboard.press('Enter');
    await on.gone('There is no folder');
    await expect.poll(() => field.inputValue()).toBe('');
  });

  it('makes samples, shows how far it is, and can be stopped', async () => {
    on.engine.snapshot = empty();
    on.engine.answers.makeSamples = () => new Promise(() => undefined);
    await on.open();
    await on.button('Make sample models').click();
    await expect.poll(() => on.asked('makeSamples')).toEqual([{}]);
    on.engine.change({ samples: { state: 'making', doneBytes: gb(0.3), totalBytes: gb(0.6), current: 'sample-large', problem: null } });
    await on.page.getByRole('progressbar', { name: 'Making sample models' }).waitFor();
    expect(await on.page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('50');
    await on.button('Cancel').click();
    await expect.poll(() => on.asked('cancelSamples')).toEqual([{}]);
  });
});

describe('suggestions', () => {
  it('are followed with one click', async () => {
    on.engine.snapshot = snapshot(
      live([], { advice: [{ id: 'limit:3', text: 'Allow 3 models?', action: { label: 'Allow 3 models', operation: 'configSet', input: { set: { 'models.max_concurrent_loaded': 3 } } } }] }),
    );
    on.engine.answers.configSet = () => ({ ok: true, value: { config: on.engine.config } });
    await on.open();
    await on.button('Allow 3 models').click();
    await expect.poll(() => on.asked('configSet')).toEqual([{ set: { 'models.max_concurrent_loaded': 3 } }]);
    await on.button(/^Dismiss/).click();
    await expect.poll(() => on.asked('dismissAdvice')).toEqual([{ id: 'limit:3' }]);
  });
});

describe('a model’s own time', () => {
  it('is written beside what else is set for it', async () => {
    on.engine.snapshot = snapshot(live([llama()]));
    on.engine.config = configSchema.parse({ models: { overrides: { 'llama3.2': { context_length: 8192 } } } });
    on.engine.answers.configSet = () => ({ ok: true, value: { config: on.engine.config } });
    await on.open();
    const menu = on.button(/^Unload llama3.2 when unused/);
    await menu.click();
    expect(await on.page.getByRole('menuitemradio', { checked: true }).textContent()).toBe('Like all models (5 min)');
    await on.page.getByRole('menuitemradio', { name: '30 min' }).click();
    await expect.poll(() => on.asked('configSet')).toEqual([{ set: { 'models.overrides.llama3.2.idle_timeout_seconds': 1_800 } }]);
    await on.page.getByRole('menu').waitFor({ state: 'detached' });
    await expect.poll(on.focused).toBe('Unload llama3.2 when unused: after 5 min');
    await menu.click();
    await on.page.getByRole('menuitemradio', { name: 'Keep while there is room' }).click();
    await expect.poll(() => on.asked('configSet').at(-1)).toEqual({ set: { 'models.overrides.llama3.2': { context_length: 8192, idle_timeout_seconds: null } } });
  });
});

describe('the keyboard', () => {
  it('unloads and keeps the model whose row has the focus', async () => {
    on.engine.snapshot = snapshot(live([llama(), code()]));
    await on.open();
    await on.button('codellama: 7.0 GB. Show it in the list').click();
    await on.page.keyboard.press('u');
    await on.page.keyboard.press('k');
    await expect.poll(() => on.asked('unload')).toEqual([{ model: 'ollama/codellama:latest', by: 'dashboard' }]);
    await expect.poll(() => on.asked('pin')).toEqual([{ model: 'ollama/codellama:latest', pinned: true }]);
  });
});

describe('the last 15 minutes', () => {
  const told = 'codellama (7.0 GB, unused for 2 min) was unloaded to make room for qwen3:14b.';

  it('are told to who does not see the picture, and lead to the activity list', async () => {
    on.engine.history = busyHistory();
    on.engine.snapshot = { ...snapshot(live([llama()])), activity: busyActivity() };
    await on.open();
    await on.shows(/^Models held between 0 MB and 11.5 GB. Least was free at \d\d:\d\d: 0.\d GB. 9 events.$/);
    const marks = on.page.getByRole('toolbar', { name: 'What happened in the last 15 minutes' }).getByRole('button');
    const room = marks.filter({ has: on.page.locator('svg') }).and(on.page.getByRole('button', { name: told }));
    await room.focus();
    await on.page.keyboard.press('Enter');
    await expect.poll(() => new URL(on.page.url()).hash).toBe('#/activity');
    // Two things happened at that moment; the later one is shown.
    await expect.poll(() => on.page.evaluate(() => document.activeElement?.getAttribute('data-activity'))).toBe('203');
  });

  it('go on with what the engine tells, and say so while there is nothing yet', async () => {
    await on.open();
    await on.shows('The picture begins now and grows to 15 minutes.');
    const { memory } = on.engine.snapshot.state;
    if (memory === null) throw new Error('the fixture has a memory');
    on.engine.change({ memory: { ...memory, at: memory.at + 5_000 } });
    await on.gone('The picture begins now and grows to 15 minutes.');
  });
});

describe('a server of models', () => {
  it('that went is told, with what its models may hold', async () => {
    on.engine.snapshot = snapshot(live([llama()]));
    await on.open();
    on.engine.change({ providers: [ollama({ status: 'down' }), llamaCpp] });
    await on.shows(/^Ollama stopped answering at .* Its models may still hold 4.5 GB\.$/);
  });

  it('that came back without its models offers them', async () => {
    on.engine.snapshot = snapshot(live([], { providers: [ollama({ lost: [{ id: 'ollama/llama3.2:latest', name: 'llama3.2' }] }), llamaCpp] }));
    await on.open();
    await on.button('Load it again').click();
    await expect.poll(() => on.asked('reloadLost')).toEqual([{ provider: 'ollama' }]);
  });
});
