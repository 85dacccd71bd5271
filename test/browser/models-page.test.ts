import { describe, expect, it } from 'vitest';
import { configSchema, problem, type InstalledModel, type Plan } from '../../contract/index.ts';
import { dashboardSubject, held, llama } from './dashboard-subject.ts';
import { withDesktopBridge } from './desktop-bridge.ts';
import { catalog, gb, installed, live, llamaCpp, loaded, minute, ollama, plan, snapshot } from './fixtures.ts';
import { inMemory } from './states/common.ts';

const on = dashboardSubject();
const open = () => on.open({ hash: '#/models' });
const names = () => on.page.locator('[data-model] h3 > span:first-child').allTextContents();
const evicts = { canLoad: false, fit: { kind: 'evicts' as const }, unloads: [{ id: 'ollama/codellama:latest', name: 'codellama', ram: gb(7), idleMs: minute, expired: false }] };
const unloaded = (reason: NonNullable<InstalledModel['lastUnload']>['reason']) => ({ activity: 1, at: Date.now() - 12 * minute, reason, text: 'It left.' });
const withModel = (name: string, change: Partial<InstalledModel>) => catalog.map((model) => (model.name === name ? { ...model, ...change } : model));
const refuse = (change: Partial<Plan>) => {
  const cause = problem('no-room', 'qwen3:14b needs 2.4 GB more.', 'Close a program.');
  on.engine.answers.plan = () => ({ ok: true, value: plan('qwen3:14b', 10.4, { canLoad: false, fit: { kind: 'short', missing: gb(2.4) }, problem: cause, ...change }) });
};

describe('loading', () => {
  it('goes ahead without a question where the model fits, and shows the engine’s progress', async () => {
    const done = held<{ ok: true; value: { model: ReturnType<typeof llama>; already: boolean; unloaded: []; tookMs: number } }>();
    on.engine.answers.plan = () => ({ ok: true, value: plan('llama3.2', 4.5) });
    on.engine.answers.load = () => done.answer;
    await open();
    await on.button('Load llama3.2').click();
    await expect.poll(() => on.asked('load')).toEqual([{ model: 'ollama/llama3.2:latest', stay: true, by: 'dashboard' }]);
    expect(await on.button('Load llama3.2').getAttribute('aria-disabled')).toBe('true');
    on.engine.change({ loaded: [llama({ state: 'loading', progress: 0.1, loadedAt: null, unloadsAt: null })] });
    await on.shows(/Loading, 10 %/);
    expect(await on.page.getByRole('progressbar', { name: 'Loading llama3.2' }).getAttribute('aria-valuenow')).toBe('10');
    on.engine.change({ loaded: [llama()] });
    done.give({ ok: true, value: { model: llama(), already: false, unloaded: [], tookMs: 900 } });
    await on.shows('llama3.2 is in memory.');
    await on.button('Unload llama3.2').waitFor();
  });

  it('keeps the focus on the row’s button while that becomes another', async () => {
    on.engine.answers.plan = () => ({ ok: true, value: plan('llama3.2', 4.5) });
    on.engine.answers.load = () => new Promise(() => undefined);
    await open();
    await on.button('Load llama3.2').focus();
    await on.page.keyboard.press('Enter');
    on.engine.change({ loaded: [llama({ state: 'loading', loadedAt: null, unloadsAt: null })] });
    await expect.poll(on.focused).toBe('Cancel loading llama3.2');
    on.engine.change({ loaded: [llama()] });
    await expect.poll(on.focused).toBe('Unload llama3.2');
  });

  it('shows what would be unloaded first, and unloads only after a yes', async () => {
    on.engine.snapshot = snapshot(live([llama()]), catalog);
    on.engine.answers.plan = () => ({
      ok: true,
      value: plan('llama3.2-vision', 12, {
        canLoad: false,
        fit: { kind: 'evicts' },
        unloads: [{ id: 'ollama/llama3.2:latest', name: 'llama3.2', ram: gb(4.5), idleMs: 4 * minute, expired: false, wanted: { uses: 2, more: false, withinMs: 360 * minute, reloadMs: 9_000 } }],
      }),
    });
    on.engine.answers.load = () => new Promise(() => undefined);
    await open();
    await on.button('Load llama3.2-vision').click();
    await on.shows('Load llama3.2-vision (12.0 GB, about 14 s)?');
    await on.shows('This unloads llama3.2 (4.5 GB, unused for 4 min: 2 uses in 6 h, 9 s to reload).');
    await on.page.keyboard.press('Escape');
    await on.gone('This unloads llama3.2');
    expect(await on.focused()).toBe('Load llama3.2-vision');
    expect(on.asked('load')).toEqual([]);
    await on.page.keyboard.press('Enter');
    await on.button('Unload and load').click();
    await expect.poll(on.focused).toBe('Load llama3.2-vision');
    await expect.poll(() => on.asked('load')).toEqual([{ model: 'ollama/llama3.2-vision:latest', force: true, mayUnload: ['ollama/llama3.2:latest'], stay: true, by: 'dashboard' }]);
  });

  it('shows the same question where room went away between the plan and the load', async () => {
    on.engine.answers.plan = () => ({ ok: true, value: plan('llama3.2', 4.5) });
    on.engine.answers.load = () => ({ ok: false, problem: problem('needs-room', 'Loading llama3.2 unloads codellama.'), plan: plan('llama3.2', 4.5, evicts) });
    await open();
    await on.button('Load llama3.2').click();
    await on.shows('This unloads codellama (7.0 GB, unused for 1 min).');
  });

  it('can be cancelled, without a word of complaint about that', async () => {
    const done = held<{ ok: false; problem: ReturnType<typeof problem> }>();
    on.engine.answers.plan = () => ({ ok: true, value: plan('llama3.2', 4.5) });
    on.engine.answers.load = () => done.answer;
    await open();
    await on.button('Load llama3.2').click();
    await expect.poll(() => on.asked('load').length).toBe(1);
    on.engine.change({ loaded: [llama({ state: 'loading', loadedAt: null, unloadsAt: null })] });
    await on.button('Cancel loading llama3.2').click();
    await expect.poll(() => on.asked('cancelLoad')).toEqual([{ model: 'ollama/llama3.2:latest' }]);
    on.engine.change({ loaded: [] });
    done.give({ ok: false, problem: problem('cancelled', 'Loading llama3.2 was cancelled.') });
    await expect.poll(() => on.button('Load llama3.2').getAttribute('aria-disabled')).toBe(null);
    expect(await on.page.getByText('was cancelled').count()).toBe(0);
  });

  it('is not offered for what is in memory, but unloading is, also against a pin after a second yes', async () => {
    on.engine.snapshot = snapshot(live([llama({ pinned: true })]), inMemory(['llama3.2']));
    on.engine.answers.unload = (input: { confirm?: boolean }) =>
      input.confirm === true ? { ok: true, value: { text: 'gone' } } : { ok: false, problem: problem('pinned', 'llama3.2 is kept in memory.') };
    await open();
    await on.button('Unload llama3.2').click();
    await on.button('Unload anyway').click();
    await expect.poll(() => on.asked('unload')).toEqual([
      { model: 'ollama/llama3.2:latest', by: 'dashboard' },
      { model: 'ollama/llama3.2:latest', by: 'dashboard', confirm: true },
    ]);
    expect(await on.button('Load llama3.2').count()).toBe(0);
  });
});

describe('where the limit alone is in the way', () => {
  const rows = [llama(), loaded('nomic-embed-text', 0.4), loaded('phi4-mini', 2)];
  const limited = { canLoad: false, fit: { kind: 'evicts' as const, unload: [llama().id], because: 'limit' as const }, unloads: [{ id: llama().id, name: 'llama3.2', ram: gb(4.5), idleMs: minute, expired: false }], because: 'limit' as const };

  it('the row says so, and a higher limit is offered, after which the model is loaded', async () => {
    on.engine.snapshot = snapshot(live(rows, { limit: 3 }), withModel('codellama', { fit: limited.fit }));
    on.engine.answers.plan = () => ({ ok: true, value: plan('codellama', 7, limited) });
    on.engine.answers.configSet = () => ({ ok: true, value: { config: configSchema.parse({}), warnings: [] } });
    on.engine.answers.load = () => new Promise(() => undefined);
    await open();
    await on.shows('limit of 3: unloads llama3.2');
    await on.button('Load codellama').click();
    await on.shows(/^Ollama has a limit of its own: 3 models/);
    expect(await on.button('Unload and load').count()).toBe(1);
    await on.button('Allow 4 models and load').click();
    await expect.poll(() => on.asked('load')).toEqual([{ model: 'ollama/codellama:latest', stay: true, by: 'dashboard' }]);
    expect(on.asked('configSet')).toEqual([{ set: { 'models.max_concurrent_loaded': 4 } }]);
  });

  it('a refusal offers it too, and says why the limit was not raised', async () => {
    on.engine.snapshot = snapshot(live([llama({ inUse: true })], { limit: 1 }), withModel('codellama', { fit: { kind: 'blocked', because: 'limit' } }));
    const refusal = problem('limit-reached', 'codellama was not loaded: the limit of 1 model in memory is reached and llama3.2 is in use.');
    on.engine.answers.plan = () => ({ ok: true, value: plan('codellama', 7, { canLoad: false, fit: { kind: 'blocked', because: 'limit' }, problem: refusal }) });
    on.engine.answers.configSet = () => ({ ok: false, problem: problem('bad-config', 'The config file has a mistake in line 3.') });
    await open();
    await on.shows('limit of 1 is reached');
    await on.button('Load codellama').click();
    await on.button('Allow 2 models and load').click();
    await on.shows('The config file has a mistake in line 3.');
    expect(on.asked('load')).toEqual([]);
  });

  it('nothing of the kind is offered where it is the memory', async () => {
    on.engine.snapshot = snapshot(live([llama(), loaded('phi4-mini', 2)]), catalog);
    on.engine.answers.plan = () => ({ ok: true, value: plan('codellama', 7, { ...limited, because: 'memory' }) });
    await open();
    await on.button('Load codellama').click();
    await on.button('Unload and load').waitFor();
    expect(await on.page.getByRole('button', { name: /^Allow/ }).count()).toBe(0);
  });
});

describe('an answer', () => {
  const frozen = problem('frozen', 'Models are frozen, so codellama was not loaded.', 'End the freeze first.');

  it('goes when the freeze does', async () => {
    const blocked = withModel('codellama', { fit: { kind: 'blocked', because: 'frozen' } });
    on.engine.snapshot = snapshot(live([], { freeze: { since: 0, until: null } }), blocked);
    on.engine.answers.plan = () => ({ ok: true, value: plan('codellama', 7, { canLoad: false, fit: { kind: 'blocked', because: 'frozen' }, problem: frozen }) });
    await open();
    await on.page.locator('[data-model="ollama/codellama:latest"]').getByText('frozen', { exact: true }).waitFor();
    await on.button('Load codellama').click();
    await on.shows(frozen.message);
    on.engine.change({ freeze: null });
    await on.gone(frozen.message);
  });

  it('stays behind when its page is left', async () => {
    on.engine.answers.addFolder = () => ({ ok: false, problem: problem('bad-folder', 'There is no such folder.') });
    await open();
    await on.page.getByLabel('Path of a folder with GGUF files').fill('/nowhere');
    await on.button('Add a folder').click();
    await on.shows('There is no such folder.');
    await on.page.getByRole('link', { name: 'Settings' }).click();
    await on.button(/^Advanced/).click();
    await on.page.locator('[data-setting="models.directories"]').waitFor();
    expect(await on.page.getByText('There is no such folder.').count()).toBe(0);
    await on.page.goBack();
    await on.button('Add a folder').waitFor();
    expect(await on.page.getByText('There is no such folder.').count()).toBe(0);
  });
});

describe('a refusal', () => {
  it('is told with other programs, and tried once when asked to', async () => {
    refuse({ programs: [{ name: 'firefox', bytes: gb(2.1) }], mayTryOnce: true });
    on.engine.answers.load = () => ({ ok: false, problem: problem('pressure-limit', 'qwen3:14b was stopped: memory ran short.') });
    await open();
    await on.button('Load qwen3:14b').click();
    await on.shows('Other programs use 3.2 GB (firefox 2.1 GB).');
    await on.button('Try once').click();
    await on.shows('qwen3:14b was stopped: memory ran short.');
    expect(on.asked('load')).toEqual([{ model: 'ollama/qwen3:14b:latest', tryOnce: true, stay: true, by: 'dashboard' }]);
  });

  it('offers a smaller context, which the yes to a preview remembers', async () => {
    refuse({ helps: [{ kind: 'context', contextLength: 4096, ram: gb(8.1) }, { kind: 'program', name: 'Chrome', bytes: gb(3.8) }] });
    const asked: unknown[] = [];
    on.engine.answers.load = (input: { force?: boolean }) => {
      asked.push(input);
      if (input.force === true) return new Promise(() => undefined);
      return { ok: false, problem: problem('needs-room', 'Loading qwen3:14b unloads codellama.'), plan: plan('qwen3:14b', 8.1, evicts) };
    };
    await open();
    await on.button('Load qwen3:14b').click();
    await on.shows('Closing Chrome would free up to 3.8 GB.');
    await on.button('Load with 4,096 tokens of context').click();
    await on.shows('It is loaded with 4,096 tokens of context.');
    await on.button('Unload and load').click();
    const both = { model: 'ollama/qwen3:14b:latest', contextLength: 4096, stay: true, by: 'dashboard' };
    await expect.poll(() => asked).toEqual([both, { ...both, force: true, mayUnload: ['ollama/codellama:latest'] }]);
  });

  it('offers another model, brings that into sight, and asks before anything leaves for it', async () => {
    on.engine.answers.plan = (input: { model: string }) =>
      input.model.includes('codellama')
        ? { ok: true, value: plan('codellama', 7, { ...evicts, unloads: [{ id: 'x', name: 'llama3.2', ram: gb(4.5), idleMs: minute, expired: false }] }) }
        : {
            ok: true,
            value: plan('qwen3:14b', 10.4, {
              canLoad: false,
              fit: { kind: 'short' },
              problem: problem('no-room', 'qwen3:14b needs more.'),
              helps: [{ kind: 'model', id: 'ollama/codellama:latest', name: 'codellama', ram: gb(7) }],
            }),
          };
    await open();
    await on.page.getByRole('searchbox').fill('qwen');
    await on.button('Load qwen3:14b').click();
    await on.button('Load codellama instead').click();
    await on.page.getByRole('group', { name: 'codellama' }).getByText(/^This unloads llama3.2/).waitFor();
    expect(await on.page.getByText('qwen3:14b needs more.').count()).toBe(0);
    expect(on.asked('load')).toEqual([]);
  });
});

describe('a model that left memory', () => {
  it('is kept while there is room from then on, and what else is set for it stays', async () => {
    on.engine.snapshot = snapshot(live(), withModel('codellama', { lastUnload: unloaded('idle') }));
    on.engine.config = configSchema.parse({ models: { overrides: { codellama: { context_length: 8192 } } } });
    on.engine.answers.configSet = () => {
      on.engine.config = configSchema.parse({ models: { overrides: { codellama: { context_length: 8192, idle_timeout_seconds: null } } } });
      return { ok: true, value: { config: on.engine.config } };
    };
    await open();
    await on.shows('Unloaded 12 min ago because it was unused.');
    await on.button('Keep it while there is room: codellama').click();
    await expect.poll(() => on.asked('configSet')).toEqual([{ set: { 'models.overrides.codellama': { context_length: 8192, idle_timeout_seconds: null } } }]);
    const [entry] = on.engine.snapshot.activity;
    if (entry === undefined) throw new Error('the fixture has activity');
    on.engine.emit({ type: 'activity', entries: [{ ...entry, id: 500, at: Date.now(), kind: 'setting', text: 'A setting was changed.' }] });
    await on.shows('stays from now on while there is room');
  });

  it('is kept where it made room for another', async () => {
    const [, made] = on.engine.snapshot.activity;
    if (made === undefined) throw new Error('the fixture has activity');
    const first = snapshot(live(), withModel('codellama', { lastUnload: { ...unloaded('room'), activity: made.id } }));
    on.engine.snapshot = { ...first, activity: first.activity.map((entry) => (entry.id === made.id ? { ...entry, forModel: 'ollama/llama3.2-vision:latest' } : entry)) };
    await open();
    await on.shows('Unloaded 12 min ago to make room for llama3.2-vision.');
    await on.button('Keep it: codellama').click();
    await expect.poll(() => on.asked('pin')).toEqual([{ model: 'ollama/codellama:latest', pinned: true }]);
  });

  it('is loaded again where memory ran short', async () => {
    on.engine.snapshot = snapshot(live(), withModel('codellama', { lastUnload: unloaded('pressure') }));
    on.engine.answers.plan = () => ({ ok: true, value: plan('codellama', 7) });
    on.engine.answers.load = () => new Promise(() => undefined);
    await open();
    await on.button('Load again: codellama').click();
    await expect.poll(() => on.asked('load')).toEqual([{ model: 'ollama/codellama:latest', stay: true, by: 'dashboard' }]);
  });

  it('tells what happened to it, and leads to the rest', async () => {
    const [entry] = on.engine.snapshot.activity;
    if (entry === undefined) throw new Error('the fixture has activity');
    const told = { ...entry, id: 7, model: 'ollama/codellama:latest', name: 'codellama', text: 'codellama was unloaded once.' };
    on.engine.snapshot = { ...on.engine.snapshot, activity: [...on.engine.snapshot.activity, told] };
    on.engine.answers.why = () => ({ ok: true, value: { text: 'codellama is not in memory.', entries: [told] } });
    await open();
    await on.button('Details of codellama').click();
    await on.shows('codellama was unloaded once.');
    expect(on.asked('why')).toEqual([{ model: 'ollama/codellama:latest' }]);
    await on.page.getByRole('link', { name: 'Show in Activity: codellama' }).click();
    await expect.poll(() => on.page.getByRole('combobox', { name: 'Model' }).inputValue()).toBe('ollama/codellama:latest');
    await on.gone(/^Loaded llama3.2/);
  });
});

describe('the list', () => {
  it('finds models by name, family, ability and quantisation', async () => {
    await open();
    const search = on.page.getByRole('searchbox');
    await search.fill('mllama vision');
    await expect.poll(names).toEqual(['llama3.2-vision']);
    await search.fill('F16');
    await expect.poll(names).toEqual(['nomic-embed-text', 'sample-small']);
    await search.fill('embeddings');
    await expect.poll(names).toEqual(['nomic-embed-text']);
    await search.fill('zzz');
    await on.shows('No installed model matches “zzz”.');
    await on.button('Clear search').click();
    await expect.poll(names).toHaveLength(7);
  });

  it('is sorted as asked, and remembers that', async () => {
    await open();
    const sort = on.page.getByRole('combobox', { name: 'Sort by' });
    await expect.poll(names).toEqual(['codellama', 'llama3.2', 'nomic-embed-text', 'sample-small', 'llama3.2-vision', 'qwen3:14b', 'llama3.1:70b']);
    await sort.selectOption({ label: 'Smallest first' });
    await expect.poll(names).toEqual(['sample-small', 'nomic-embed-text', 'llama3.2', 'codellama', 'qwen3:14b', 'llama3.2-vision', 'llama3.1:70b']);
    await on.page.reload();
    await expect.poll(() => names().then(([first]) => first)).toBe('sample-small');
  });

  it('can be of one source alone', async () => {
    await open();
    await on.page.getByRole('combobox', { name: 'Show' }).selectOption({ label: 'GGUF files' });
    await expect.poll(names).toEqual(['sample-small']);
  });

  it('does not change its order under the pointer, and does when the pointer has left', async () => {
    await open();
    await on.page.getByRole('heading', { name: 'qwen3:14b' }).hover();
    const before = await names();
    const models = withModel('qwen3:14b', { fit: { kind: 'loaded' } });
    on.engine.change({ loaded: [{ ...llama(), id: 'ollama/qwen3:14b:latest', name: 'qwen3:14b', weights: 'ollama:qwen3:14b' }] });
    on.engine.emit({ type: 'models', models: [installed('brand-new', 1), ...models] });
    await on.button('Unload qwen3:14b').waitFor();
    await expect.poll(names).toEqual([...before, 'brand-new']);
    await on.page.getByRole('searchbox').hover();
    await expect.poll(() => names().then(([first]) => first)).toBe('qwen3:14b');
  });

  it('keeps a model, and stops that', async () => {
    await open();
    const keep = on.button('Keep llama3.2 in memory');
    await keep.click();
    await expect.poll(() => on.asked('pin')).toEqual([{ model: 'ollama/llama3.2:latest', pinned: true }]);
    on.engine.emit({ type: 'models', models: withModel('llama3.2', { pinned: true }) });
    await expect.poll(() => keep.getAttribute('aria-pressed')).toBe('true');
    await keep.click();
    await expect.poll(() => on.asked('pin').at(-1)).toEqual({ model: 'ollama/llama3.2:latest', pinned: false });
  });

  it('shows models of a source that does not answer as out of reach, and how to get it back', async () => {
    on.engine.snapshot = snapshot(live([], { providers: [ollama({ status: 'absent' }), llamaCpp] }));
    await open();
    await on.shows('Its 6 models cannot be loaded until it is back.');
    expect(await on.button('Load llama3.2').count()).toBe(0);
    await on.button('Load sample-small').waitFor();
    await on.button('How to start it').click();
    await on.shows('ollama serve');
    on.engine.change({ providers: [ollama(), llamaCpp] });
    await on.button('Load llama3.2').waitFor();
  });
});

describe('folders', () => {
  const show = (target: unknown) => on.page.evaluate((place) => (window as unknown as { bridgeTell(channel: string, payload: unknown): void }).bridgeTell('show', place), target);

  it('are chosen in the system’s own dialog in the desktop app', async () => {
    await open();
    const bridge = await withDesktopBridge(on.page);
    await on.page.reload();
    await on.button('Choose a folder…').click();
    await expect.poll(() => on.asked('addFolder')).toEqual([{ path: '/home/me/more-models' }]);
    expect((await bridge.asked()).map(({ channel }) => channel)).toContain('chooseFolder');
  });

  it('say so where that dialog cannot be opened, and do nothing where it was put aside', async () => {
    await open();
    await withDesktopBridge(on.page, {}, { chooseFolder: { ok: false, problem: problem('internal', 'There is no dialog.') } });
    await on.page.reload();
    await on.button('Choose a folder…').click();
    await on.shows('There is no dialog.');
    await on.page.evaluate(() => ((window as unknown as { bridgeAnswers: Record<string, unknown> }).bridgeAnswers.chooseFolder = { ok: true, value: { path: null } }));
    await on.button('Choose a folder…').click();
    await on.gone('There is no dialog.');
    expect(on.asked('addFolder')).toEqual([]);
  });

  it('a model that the shell points to is found in spite of a search', async () => {
    await open();
    await withDesktopBridge(on.page);
    await on.page.reload();
    await on.page.getByRole('searchbox').fill('nothing like it');
    await on.shows(/^No installed model matches/);
    await show({ page: 'models', activity: null, model: 'ollama/llama3.1:70b:latest' });
    await expect.poll(() => on.page.evaluate(() => document.activeElement?.getAttribute('data-model'))).toBe('ollama/llama3.1:70b:latest');
  });
});
