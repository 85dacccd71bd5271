import { describe, expect, it } from 'vitest';
import { problem } from '../../contract/index.ts';
import { dashboardSubject, held, llama } from './dashboard-subject.ts';
import { catalog, gb, live, minute, plan, snapshot } from './fixtures.ts';

const on = dashboardSubject();

describe('loading', () => {
  it('goes ahead without a question where the model fits, and shows the engine’s progress', async () => {
    const done = held<{ ok: true; value: { model: ReturnType<typeof llama>; already: boolean; unloaded: []; tookMs: number } }>();
    on.engine.answers.plan = () => ({ ok: true, value: plan('llama3.2', 4.5) });
    on.engine.answers.load = () => done.answer;
    await on.open({ hash: '#/models' });
    await on.button('Load llama3.2').click();
    await expect.poll(() => on.asked('load')).toEqual([{ model: 'ollama/llama3.2:latest', stay: true, by: 'dashboard' }]);
    const model = llama({ state: 'loading', progress: 0.1, loadedAt: null, unloadsAt: null });
    on.engine.change({ loaded: [model] });
    await on.page.getByRole('main').getByText('Loading').first().waitFor();
    expect(await on.button('Load llama3.2').getAttribute('aria-disabled')).toBe('true');
    on.engine.change({ loaded: [llama()] });
    done.give({ ok: true, value: { model: llama(), already: false, unloaded: [], tookMs: 900 } });
    await on.shows('llama3.2 is in memory.');
  });

  it('shows what would be unloaded first, and unloads only after a yes', async () => {
    on.engine.snapshot = snapshot(live([llama()]), catalog);
    on.engine.answers.plan = () => ({
      ok: true,
      value: plan('llama3.2-vision', 12, {
        canLoad: false,
        fit: { kind: 'evicts' },
        unloads: [{ id: 'ollama/llama3.2:latest', name: 'llama3.2', ram: gb(4.5), idleMs: 4 * minute, expired: false }],
      }),
    });
    on.engine.answers.load = () => new Promise(() => undefined);
    await on.open({ hash: '#/models' });
    await on.button('Load llama3.2-vision').click();
    await on.shows('Load llama3.2-vision (12.0 GB, about 14 s)?');
    await on.shows('This unloads llama3.2 (4.5 GB, unused for 4 min).');
    await on.page.keyboard.press('Escape');
    await on.gone('This unloads llama3.2');
    expect(await on.focused()).toBe('Load llama3.2-vision');
    expect(on.asked('load')).toEqual([]);
    await on.page.keyboard.press('Enter');
    await on.button('Unload and load').click();
    await expect.poll(() => on.asked('load')).toEqual([{ model: 'ollama/llama3.2-vision:latest', force: true, mayUnload: ['ollama/llama3.2:latest'], stay: true, by: 'dashboard' }]);
  });

  it('shows the same question where room went away between the plan and the load', async () => {
    on.engine.answers.plan = () => ({ ok: true, value: plan('llama3.2', 4.5) });
    on.engine.answers.load = () => ({
      ok: false,
      problem: problem('needs-room', 'Loading llama3.2 unloads codellama.'),
      plan: plan('llama3.2', 4.5, {
        canLoad: false,
        fit: { kind: 'evicts' },
        unloads: [{ id: 'ollama/codellama:latest', name: 'codellama', ram: gb(7), idleMs: minute, expired: false }],
      }),
    });
    await on.open({ hash: '#/models' });
    await on.button('Load llama3.2').click();
    await on.shows('This unloads codellama (7.0 GB, unused for 1 min).');
  });

  it('tells a refusal, and tries once when asked to', async () => {
    const cause = problem('no-room', 'qwen3:14b needs 2.4 GB more.', 'Close a program.');
    on.engine.answers.plan = () => ({
      ok: true,
      value: plan('qwen3:14b', 10.4, { canLoad: false, fit: { kind: 'short', missing: gb(2.4) }, programs: [{ name: 'firefox', bytes: gb(2.1) }], mayTryOnce: true, problem: cause }),
    });
    on.engine.answers.load = () => ({ ok: false, problem: problem('pressure-limit', 'qwen3:14b was stopped: memory ran short.') });
    await on.open({ hash: '#/models' });
    await on.button('Load qwen3:14b').click();
    await on.shows('firefox');
    await on.button('Try once').click();
    await on.shows('qwen3:14b was stopped: memory ran short.');
    expect(on.asked('load')).toEqual([{ model: 'ollama/qwen3:14b:latest', tryOnce: true, stay: true, by: 'dashboard' }]);
  });

  it('can be cancelled, without a word of complaint about that', async () => {
    const done = held<{ ok: false; problem: ReturnType<typeof problem> }>();
    on.engine.answers.plan = () => ({ ok: true, value: plan('llama3.2', 4.5) });
    on.engine.answers.load = () => done.answer;
    await on.open({ hash: '#/models' });
    await on.button('Load llama3.2').click();
    await expect.poll(() => on.asked('load').length).toBe(1);
    on.engine.change({ loaded: [llama({ state: 'loading', loadedAt: null, unloadsAt: null })] });
    await on.page.getByRole('link', { name: 'Memory' }).click();
    await on.button('Cancel loading llama3.2').click();
    await expect.poll(() => on.asked('cancelLoad')).toEqual([{ model: 'ollama/llama3.2:latest' }]);
    on.engine.change({ loaded: [] });
    done.give({ ok: false, problem: problem('cancelled', 'Loading llama3.2 was cancelled.') });
    await on.page.goBack();
    await expect.poll(() => on.button('Load llama3.2').getAttribute('aria-disabled')).toBe(null);
    expect(await on.page.getByText('was cancelled').count()).toBe(0);
  });
});

describe('searching', () => {
  it('finds an installed model by its name', async () => {
    await on.open({ hash: '#/models' });
    await on.page.getByRole('searchbox').fill('vision');
    await on.button('Load codellama').waitFor({ state: 'detached' });
    await on.button('Load llama3.2-vision').waitFor();
    await on.page.getByRole('searchbox').fill('zzz');
    await on.shows('Nothing installed matches “zzz”.');
  });
});
