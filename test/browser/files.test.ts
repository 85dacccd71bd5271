import { describe, expect, it } from 'vitest';
import type { OperationInput, Recommended } from '../../contract/index.ts';
import { dashboardSubject, held, llama } from './dashboard-subject.ts';
import { bring, drop, hold } from './drop-files.ts';
import { catalog, gb, live, plan, snapshot } from './fixtures.ts';
import { recommended } from './states/files.ts';

const on = dashboardSubject();
const photo = { name: 'photo.png', content: '\x89PNG\r\n\x1a\n', type: 'image/png' };
const sees = recommended([{ name: 'photo.png', kind: 'image', task: 'image', model: 'llama3.2-vision' }]);
const group = () => on.page.locator('[data-file-group]');
const needsYes = () => plan('llama3.2-vision', 12, { canLoad: false, fit: { kind: 'evicts', unload: ['ollama/llama3.2:latest'] }, unloads: [{ id: 'ollama/llama3.2:latest', name: 'llama3.2', ram: gb(4.5), idleMs: 120_000, expired: false }] });
const open = (hash?: string) => {
  on.engine.snapshot = snapshot(live([llama()]), catalog);
  on.engine.answers.recommend = () => ({ ok: true, value: sees });
  return on.open(hash === undefined ? {} : { hash });
};

describe('files that are dropped', () => {
  it('are asked about by name, size, type and their first bytes, and by nothing else', async () => {
    await open();
    await drop(on.page, [{ ...photo, content: `\x89PNG${'x'.repeat(9_000)}secret` }, { name: 'a.bin', content: 'x', type: 'application/octet-stream' }, { name: 'empty' }]);
    await group().getByText('Sees pictures').waitFor();
    const [asked] = on.asked('recommend') as OperationInput<'recommend'>[];
    expect(asked?.files?.map(({ head, ...rest }) => [rest, head === undefined ? 0 : Buffer.from(head, 'base64').length])).toEqual([
      [{ name: 'photo.png', sizeBytes: 9_010, mime: 'image/png' }, 4_100],
      [{ name: 'a.bin', sizeBytes: 1 }, 1],
      [{ name: 'empty', sizeBytes: 0 }, 0],
    ]);
    expect(Buffer.from(asked?.files?.[0]?.head ?? '', 'base64').subarray(0, 5).toString('latin1')).toBe('\x89PNGx');
    await on.shows(/It keeps none of that/);
    await expect.poll(on.focused).toBe('Which model for these 3 files?');
  });

  it('are told what a model was made for, and whom of the settings it passed over', async () => {
    await open();
    on.engine.answers.recommend = () => ({
      ok: true,
      value: recommended([{ name: 'main.rs', kind: 'code', task: 'code', model: 'codellama', madeFor: 'code', notes: ['Said by the engine.'], unheeded: { model: 'big', key: '*.rs', why: 'too-big' } }]),
    });
    await drop(on.page, [{ name: 'main.rs', content: 'fn main() {}' }]);
    await group().getByText('Made for code, as its name says').waitFor();
    await group().getByText('The settings name big for *.rs, but it is too big for this computer.').waitFor();
    expect(await group().getByText('Said by the engine.').count()).toBe(0);
  });

  it('are told where they can be let go, until they leave the window', async () => {
    await open();
    await hold(on.page, [photo]);
    await on.shows('Which model for this?');
    await bring(on.page, [photo], ['dragleave']);
    await on.gone('Which model for this?');
    expect(on.asked('recommend')).toEqual([]);
    // Text that is dragged is none of its business.
    await bring(on.page, [], ['dragover']);
    expect(await on.page.locator('[data-drop]').count()).toBe(0);
  });

  it('that are models themselves are left to their own way in, and a place of its own keeps what it takes', async () => {
    await open();
    await drop(on.page, [{ name: 'Model-Q4.GGUF', content: 'GGUF' }]);
    await on.page.getByRole('heading', { name: 'Model-Q4.GGUF' }).waitFor();
    await on.shows(/^A model itself\. A browser does not tell/);
    expect(on.asked('recommend')).toEqual([]);
    await on.button('Close').click();
    await on.page.evaluate(() => document.querySelector('h2')?.addEventListener('drop', (event) => event.preventDefault(), { once: true }));
    await bring(on.page, [photo], ['drop'], 'h2');
    expect(await on.page.getByText('Which model for this file?').count()).toBe(0);
  });

  it('replace those before them, whose answer comes too late', async () => {
    const first = held<{ ok: true; value: Recommended }>();
    await open();
    on.engine.answers.recommend = (input: OperationInput<'recommend'>) => (input.files?.[0]?.name === 'old.txt' ? first.answer : { ok: true, value: sees });
    await drop(on.page, [{ name: 'old.txt', content: 'x' }]);
    await expect.poll(() => on.asked('recommend')).toHaveLength(1);
    await drop(on.page, [photo]);
    await group().getByText('photo.png').waitFor();
    const late = on.page.waitForResponse((response) => response.url().endsWith('/recommend'));
    first.give({ ok: true, value: recommended([{ name: 'old.txt', kind: 'text', task: 'chat', model: 'codellama' }]) });
    await (await late).finished();
    await on.page.evaluate(() => new Promise(requestAnimationFrame));
    expect(await group().getByText('codellama').count()).toBe(0);
  });

  it('are put aside with Escape, and the focus goes back', async () => {
    await open('#/models');
    await on.button('Choose files').focus();
    await drop(on.page, [photo]);
    await group().waitFor();
    await on.page.keyboard.press('Escape');
    await group().waitFor({ state: 'detached' });
    expect(await on.focused()).toBe('Choose files');
  });
});

describe('other ways in', () => {
  it('a picture that is pasted, but not into a field', async () => {
    await open('#/models');
    await on.button('Choose files').waitFor();
    // The part that takes pasted files is there once it takes held ones.
    await hold(on.page, [photo]);
    await bring(on.page, [photo], ['dragleave']);
    await bring(on.page, [photo], ['paste'], 'input:not([hidden])');
    await on.page.evaluate(() => new Promise(requestAnimationFrame));
    expect(await on.page.getByText('Which model for this file?').count()).toBe(0);
    await bring(on.page, [photo], ['paste']);
    await group().getByText('photo.png').waitFor();
  });

  it('a dialog, by the keyboard, also twice for the same file', async () => {
    await open('#/models');
    for (const times of [1, 2]) {
      const chooser = on.page.waitForEvent('filechooser');
      await on.button('Choose files').focus();
      await on.page.keyboard.press('Enter');
      await (await chooser).setFiles([{ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('\x89PNG', 'latin1') }]);
      await expect.poll(() => on.asked('recommend')).toHaveLength(times);
    }
  });
});

describe('loading what is right', () => {
  it('shows what it would unload in its own place, and not in the list as well', async () => {
    await open('#/models');
    on.engine.answers.plan = () => ({ ok: true, value: needsYes() });
    on.engine.answers.load = () => ({ ok: false, problem: { code: 'cancelled', message: 'Never mind.' } });
    await drop(on.page, [photo]);
    await group().getByRole('button', { name: 'Load llama3.2-vision' }).click();
    await group().getByText(/^This unloads llama3.2/).waitFor();
    expect(await on.page.getByText(/^This unloads llama3.2/).count()).toBe(1);
    // Its Escape closes it, and not the answer around it.
    await on.page.keyboard.press('Escape');
    await on.gone(/^This unloads llama3.2/);
    await expect.poll(on.focused).toBe('Load llama3.2-vision');
    await on.page.keyboard.press('Enter');
    await on.button('Unload and load').click();
    await expect.poll(() => on.asked('load')).toEqual([expect.objectContaining({ model: 'ollama/llama3.2-vision:latest', force: true, mayUnload: ['ollama/llama3.2:latest'] })]);
    // From the list, it is answered in the list.
    const row = on.page.locator('[data-row="ollama/llama3.2-vision:latest"]');
    await row.getByRole('button', { name: 'Load llama3.2-vision' }).click();
    await row.getByText(/^This unloads llama3.2/).waitFor();
    expect(await group().getByText(/^This unloads llama3.2/).count()).toBe(0);
  });

  it('asks for the context that the longest file needs, also of a model in memory', async () => {
    await open();
    on.engine.answers.recommend = () => ({ ok: true, value: recommended([{ name: 'long.txt', kind: 'text', task: 'chat', model: 'llama3.2' }], { 'llama3.2': 65_536 }) });
    on.engine.answers.plan = () => ({ ok: true, value: plan('llama3.2', 9) });
    on.engine.answers.load = () => ({ ok: false, problem: { code: 'cancelled', message: 'Never mind.' } });
    await drop(on.page, [{ name: 'long.txt', content: 'x' }]);
    await on.button('Load with more context: llama3.2').click();
    await expect.poll(() => on.asked('load')).toEqual([expect.objectContaining({ model: 'ollama/llama3.2:latest', contextLength: 65_536 })]);
    expect(on.asked('plan')).toEqual([{ model: 'ollama/llama3.2:latest', contextLength: 65_536 }]);
  });
});
