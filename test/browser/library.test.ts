import { describe, expect, it } from 'vitest';
import { problem } from '../../contract/index.ts';
import { dashboardSubject, held } from './dashboard-subject.ts';
import { withDesktopBridge } from './desktop-bridge.ts';
import { catalog, gb, live, snapshot } from './fixtures.ts';
import { drop as dropFiles } from './drop-files.ts';
import { check, details, download, usage } from './states/library.ts';

const on = dashboardSubject();
const open = () => {
  on.engine.answers.why = () => ({ ok: true, value: { text: 'It is not in memory.', entries: [] } });
  on.engine.answers.resumePull = () => ({ ok: true, value: download('any') });
  return on.open({ hash: '#/models' });
};
const field = () => on.page.getByRole('textbox', { name: /^Name of a model/ });

async function look(source: string) {
  await field().fill(source);
  await on.page.keyboard.press('Enter');
}

describe('getting a model', () => {
  it('says whether it fits before anything is downloaded, then begins it', async () => {
    on.engine.answers.checkDownload = () => ({ ok: true, value: check('gemma3:12b', { fit: { kind: 'evicts' }, unloads: ['codellama'] }) });
    on.engine.answers.pullModel = () => ({ ok: true, value: download('gemma3:12b') });
    await open();
    await look(' gemma3:12b ');
    await on.shows('4.7 GB to download; needs about 5.1 GB of memory: fits after unloading codellama.');
    expect(on.asked('checkDownload')).toEqual([{ source: 'gemma3:12b' }]);
    expect(on.asked('pullModel')).toEqual([]);
    await on.button('Download: gemma3:12b').click();
    await expect.poll(() => on.asked('pullModel')).toEqual([{ source: 'gemma3:12b', by: 'dashboard' }]);
    await on.gone(/fits after unloading codellama/);
    expect(await field().inputValue()).toBe('');
  });

  it('warns, and lets the person decide', async () => {
    on.engine.answers.checkDownload = () => ({ ok: true, value: check('huge', { fit: { kind: 'too-big', missing: gb(3.2) }, diskFree: gb(2), diskEnough: false, warns: true }) });
    on.engine.answers.pullModel = () => ({ ok: true, value: download('huge') });
    await open();
    await look('huge');
    await on.shows(/too big for this computer by 3.2 GB/);
    await on.shows('Only 2.0 GB are free on the disk.');
    await on.button('Download anyway: huge').waitFor();
    await on.button('Not now').click();
    await on.gone(/too big for this computer by 3.2 GB/);
    expect(on.asked('pullModel')).toEqual([]);
  });

  it('shows no answer to a question that is no longer asked', async () => {
    const first = held<{ ok: true; value: ReturnType<typeof check> }>();
    on.engine.answers.checkDownload = () => first.answer;
    await open();
    await look('one');
    await field().fill('two');
    first.give({ ok: true, value: check('one') });
    await on.button('Look it up').and(on.page.locator(':not([aria-disabled])')).waitFor();
    expect(await on.page.getByText('4.7 GB to download').count()).toBe(0);
  });

  it('says why it cannot be had', async () => {
    on.engine.answers.checkDownload = () => ({ ok: false, problem: problem('unknown-model', 'There is no model lama3 to download.', 'Check the name.') });
    await open();
    await look('lama3');
    await on.shows('There is no model lama3 to download.');
  });

  it('takes a file of this computer in, as a copy or a link', async () => {
    on.engine.answers.checkDownload = () => ({ ok: true, value: check('m', { kind: 'import' }) });
    on.engine.answers.importModel = () => ({ ok: true, value: download('m', { kind: 'import' }) });
    await open();
    await look('"/home/me/m.gguf"');
    await on.shows('4.7 GB on the disk; needs about 5.1 GB of memory: fits now.');
    await on.button('Link it').click();
    await expect.poll(() => on.asked('importModel')).toEqual([{ path: '/home/me/m.gguf', link: true, by: 'dashboard' }]);
    expect(on.asked('checkDownload')).toEqual([{ source: '/home/me/m.gguf' }]);
  });

  it('says of a file that is none before anybody says yes to it', async () => {
    on.engine.answers.checkDownload = () => ({ ok: false, problem: problem('bad-file', 'm.gguf is not a GGUF file.') });
    await open();
    await look('/home/me/m.gguf');
    await on.shows('m.gguf is not a GGUF file.');
    expect(await on.button('Copy it').count()).toBe(0);
  });

  /** Onto the page, beside everything that takes a drop of its own. */
  const dropOnPage = (...names: string[]) => dropFiles(on.page, names.map((name) => ({ name, content: 'GGUF' })));

  it('takes a model that is dropped anywhere on the desktop app, and shows how it comes', async () => {
    on.engine.answers.checkDownload = () => ({ ok: true, value: check('m', { kind: 'import' }) });
    on.engine.answers.importModel = () => ({ ok: true, value: download('m', { kind: 'import' }) });
    await open();
    await withDesktopBridge(on.page);
    await on.page.reload();
    await field().waitFor();
    // Parts of one split model are asked about once.
    await dropOnPage('m-00001-of-00002.gguf', 'm-00002-of-00002.gguf');
    await on.button('Copy it').click();
    expect(on.asked('checkDownload')).toHaveLength(1);
    const [{ path } = { path: '' }] = on.asked('importModel') as { path: string }[];
    expect(path).toMatch(/^\/home\/me\/Downloads\/m-0000[12]-of-00002\.gguf$/);
    await on.gone('Copy it');
    on.engine.change({ downloads: [download('m', { kind: 'import', from: path })] });
    await expect.poll(() => on.page.getByRole('progressbar', { name: 'Downloading m' }).count()).toBe(2);
  });

  it('tells where a model that is dropped on a browser can be named', async () => {
    await open();
    await field().waitFor();
    await dropOnPage('m.gguf');
    await on.shows(/A browser does not tell where a file lies: type or paste its path under “Get a model”/);
    expect(on.asked('checkDownload')).toEqual([]);
  });

  async function drop(name: string | null, words = '') {
    const data = await on.page.evaluateHandle(
      ([file, text]) => {
        const transfer = new DataTransfer();
        if (file) transfer.items.add(new File(['x'], file));
        else transfer.setData('text/plain', text ?? '');
        return transfer;
      },
      [name, words] as const,
    );
    await field().dispatchEvent('drop', { dataTransfer: data });
  }

  it('takes a file that is dropped in the desktop app, and an address anywhere', async () => {
    on.engine.answers.checkDownload = () => ({ ok: true, value: check('m', { kind: 'import' }) });
    on.engine.answers.importModel = () => ({ ok: true, value: download('m', { kind: 'import' }) });
    await open();
    await withDesktopBridge(on.page);
    await on.page.reload();
    await field().waitFor();
    await drop('m.gguf');
    await on.shows('Take /home/me/Downloads/m.gguf into Airdock’s own folder?');
    await on.button('Copy it').click();
    await expect.poll(() => on.asked('importModel')).toEqual([{ path: '/home/me/Downloads/m.gguf', link: false, by: 'dashboard' }]);
    await drop(null, ' https://files.example/m.gguf ');
    expect(await field().inputValue()).toBe('https://files.example/m.gguf');
  });

  it('says in a browser that a dropped file has no path there', async () => {
    await open();
    await field().waitFor();
    await drop('m.gguf');
    await on.shows(/A browser does not tell where a file lies/);
    await field().fill('/home/me/m.gguf');
    await on.gone(/A browser does not tell/);
  });

  it('is there where nothing is installed yet', async () => {
    on.engine.snapshot = snapshot(live(), []);
    await open();
    await field().waitFor();
  });
});

describe('a download', () => {
  it('shows how far it is, how fast, how long it will take, and can be stopped', async () => {
    await open();
    on.engine.change({ downloads: [download('qwen3:8b', { parts: { done: 0, total: 3 } })] });
    await on.shows('Downloading · 1.2 GB of 4.7 GB · part 1 of 3 · 24 MB/s · 2 min left');
    expect(await on.page.getByRole('progressbar', { name: 'Downloading qwen3:8b' }).getAttribute('aria-valuenow')).toBe('26');
    await on.button('Stop: qwen3:8b').click();
    await expect.poll(() => on.asked('cancelPull')).toEqual([{ id: 'd-qwen3:8b', discard: false }]);
    on.engine.change({ downloads: [download('qwen3:8b', { state: 'stopped', bytesPerSecond: null, msLeft: null })] });
    await on.button('Go on: qwen3:8b').click();
    await expect.poll(() => on.asked('resumePull')).toEqual([{ id: 'd-qwen3:8b', by: 'dashboard' }]);
    await on.button('Throw away: qwen3:8b').click();
    await expect.poll(() => on.asked('cancelPull')).toHaveLength(2);
    expect(on.asked('cancelPull')[1]).toEqual({ id: 'd-qwen3:8b', discard: true });
  });

  it('tells why it failed, its checksum where it is done, and leaves the list', async () => {
    await open();
    on.engine.change({ downloads: [download('bad', { state: 'failed', problem: problem('disk-full', 'The disk became full.') }), download('good', { state: 'done', checksums: [{ file: 'good.gguf', sha256: 'abc123' }] })] });
    await on.shows('The disk became full.');
    await on.button('Try again: bad').click();
    await expect.poll(() => on.asked('resumePull')).toHaveLength(1);
    await on.button('Checksum').click();
    await on.shows('SHA-256 abc123');
    await on.button('Done: good').click();
    await expect.poll(() => on.asked('cancelPull')).toEqual([{ id: 'd-good', discard: false }]);
  });
});

describe('a download', () => {
  it('says while it comes that it will not fit, beside the button that stops it', async () => {
    await open();
    on.engine.change({ downloads: [download('qwen3:70b', { fit: { needs: gb(42), fit: { kind: 'too-big', missing: gb(29) }, unloads: [], diskShort: gb(12), warns: true } })] });
    await on.page.getByRole('alert').filter({ hasText: 'Needs about 42.0 GB of memory: too big for this computer by 29.0 GB. Only 12.0 GB are free on the disk.' }).waitFor();
    await on.button('Stop: qwen3:70b').click();
    await expect.poll(() => on.asked('cancelPull')).toEqual([{ id: 'd-qwen3:70b', discard: false }]);
    on.engine.change({ downloads: [download('gemma3', { fit: { needs: gb(5), fit: { kind: 'fits' }, unloads: [], diskShort: null, warns: false } })] });
    await on.shows('Needs about 5.0 GB of memory: fits now.');
    expect(await on.page.getByRole('alert').filter({ hasText: 'memory' }).count()).toBe(0);
  });
});

describe('the disk', () => {
  it('is told with what nobody has used for 30 days, which leads to the model', async () => {
    on.engine.answers.diskUsage = () => ({ ok: true, value: usage() });
    await open();
    await on.shows('24.0 GB of models, 103.0 GB free');
    await on.page.getByRole('list', { name: 'Not used for 30 days: 6.2 GB' }).getByRole('button', { name: /^codellama used 41 days ago/ }).click();
    await expect.poll(() => on.page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.model)).toBe('ollama/codellama:latest');
    await on.button('All 25 models, the largest first').click();
    await on.shows('And 5 more: “airdock du” in a terminal lists them all.');
  });
});

describe('the files of a model', () => {
  it('are told in its details', async () => {
    on.engine.answers.modelDetails = () => ({ ok: true, value: details() });
    await open();
    await on.button('Details of codellama').click();
    await on.shows('16,384 tokens');
    await on.shows('about 12.0 GB');
    expect(on.asked('modelDetails')).toEqual([{ model: 'ollama/codellama:latest' }]);
  });

  it('are deleted after a yes, and the focus is on the harmless answer', async () => {
    on.engine.answers.modelDetails = () => ({ ok: true, value: details() });
    await open();
    await on.button('Details of codellama').click();
    await on.button('Delete from disk: codellama').click();
    await on.shows(/^Delete codellama and its 6.2 GB from the disk\?$/);
    await expect.poll(on.focused).toBe('Keep it');
    await on.page.keyboard.press('Escape');
    await expect.poll(on.focused).toBe('Delete from disk: codellama');
    expect(on.asked('deleteModel')).toEqual([]);
    await on.page.keyboard.press('Enter');
    await on.button('Delete').click();
    await expect.poll(() => on.asked('deleteModel')).toEqual([{ model: 'ollama/codellama:latest', by: 'dashboard' }]);
  });

  it('of a model that is kept are deleted with a second yes', async () => {
    on.engine.answers.modelDetails = () => ({ ok: true, value: details() });
    on.engine.answers.deleteModel = (input: { confirm?: boolean }) => (input.confirm ? { ok: true, value: { text: 'codellama was deleted.' } } : { ok: false, problem: problem('pinned', 'codellama is kept in memory.') });
    await open();
    await on.button('Details of codellama').click();
    await on.button('Delete from disk: codellama').click();
    await on.button('Delete').click();
    await on.shows('codellama is kept in memory.');
    await on.button('Delete all the same').click();
    await expect.poll(() => on.asked('deleteModel')).toHaveLength(2);
    expect(on.asked('deleteModel')[1]).toMatchObject({ confirm: true });
    await on.shows('codellama was deleted.');
  });

  it('in a folder of one’s own are left alone, and what is newer is looked for when asked', async () => {
    on.engine.answers.modelDetails = () => ({ ok: true, value: details({ deletable: false }) });
    on.engine.answers.checkUpdate = () => ({ ok: true, value: { state: 'newer', text: 'There is a newer codellama.' } });
    on.engine.answers.pullModel = () => ({ ok: true, value: download('codellama') });
    on.engine.snapshot = snapshot(live(), catalog);
    await open();
    await on.button('Details of codellama').click();
    await on.shows(/Airdock does not delete it/);
    expect(on.asked('checkUpdate')).toEqual([]);
    await on.button('Look for a newer one: codellama').click();
    await on.shows('There is a newer one.');
    on.engine.answers.checkUpdate = () => ({ ok: true, value: { state: 'gone', text: 'It may have been made here.' } });
    await on.button('Look for a newer one: codellama').click();
    await on.shows(/it may have been made on this computer/);
    expect(await on.button('Download what has changed').count()).toBe(0);
    on.engine.answers.checkUpdate = () => ({ ok: true, value: { state: 'newer', text: 'There is a newer codellama.' } });
    await on.button('Look for a newer one: codellama').click();
    await on.button('Download what has changed').click();
    await expect.poll(() => on.asked('pullModel')).toEqual([{ source: 'codellama:latest', by: 'dashboard' }]);
  });
});

describe('5,000 models', () => {
  it('are listed as far as anybody reads, and all of them are found', async () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({ ...catalog[0]!, id: `ollama/m-${index}:q4`, name: `m-${index}:q4`, weights: `w${index}` }));
    on.engine.snapshot = snapshot(live(), many);
    await open();
    const rows = on.page.locator('[data-model]');
    await on.shows('4,800 models not shown: the search finds them.');
    expect(await rows.count()).toBe(200);
    await on.button('Show 200 more').click();
    await expect.poll(() => rows.count()).toBe(400);
    await on.page.getByRole('searchbox').fill('m-4999');
    await on.page.locator('[data-model="ollama/m-4999:q4"]').waitFor();
    await expect.poll(() => rows.count()).toBe(1);
  });
});
