import { spawn } from 'node:child_process';
import { describe, expect, inject, it } from 'vitest';
import { bridgeName, requestChannels } from '../../contract/channel-names.ts';
import type { Bridge } from '../../contract/index.ts';
import { isAlive } from '../app/processes.ts';
import { root } from '../desktop/build-all.ts';
import { electronHere } from './availability.mjs';
import { launch, launchArgs } from './launch.ts';

const { executable, why } = electronHere();

/** `window.airdock` as it is in the page. */
interface WithBridge {
  airdock: Bridge;
}

/** The built app in the real Electron. What it does is driven much further in test/desktop, on a stand-in; this shows that the stand-in is right. */
describe.skipIf(why !== null)('the real Electron', () => {
  it('starts hidden with a tray and without a window, and quits with code 0', async (test) => {
    const airdock = await launch(test, ['--hidden']);
    await expect.poll(async () => (await airdock.tray()).labels.length).toBeGreaterThan(3);
    expect((await airdock.tray()).toolTip).toMatch(/GB/);
    expect(await airdock.windows()).toBe(0);
    expect(await airdock.quit()).toBe(0);
  });

  it('opens its window on its own scheme', async (test) => {
    const airdock = await launch(test);
    const page = await airdock.page();
    await page.getByText('free for models').first().waitFor();
    expect(page.url()).toMatch(/^app:\/\/airdock\//);
    expect(await page.evaluate(() => [location.origin, isSecureContext])).toEqual(['app://airdock', true]);
  });

  it('gives the page the bridge of the contract and nothing of Node', async (test) => {
    const page = await (await launch(test)).page();
    expect(await page.evaluate((name) => Object.keys((window as unknown as Record<string, object>)[name] ?? {}).sort(), bridgeName)).toEqual([...requestChannels, 'on'].sort());
    expect(await page.evaluate(() => ['require', 'process', 'module', 'Buffer', 'ipcRenderer'].filter((name) => name in globalThis))).toEqual([]);
  });

  it('answers over IPC, and refuses what has the wrong shape as a value', async (test) => {
    const page = await (await launch(test)).page();
    const state = await page.evaluate(() => (window as unknown as WithBridge).airdock.desktopState({}));
    expect(state).toMatchObject({ ok: true, value: { platform: process.platform } });
    const snapshot = await page.evaluate(() => (window as unknown as WithBridge).airdock.call({ operation: 'snapshot', input: {} }));
    expect(snapshot.ok).toBe(true);
    const wrong = await page.evaluate(() => (window as unknown as WithBridge).airdock.call({ operation: 'load', input: { model: 7 } }));
    expect(wrong).toMatchObject({ ok: false });
  });

  it('sandboxes the page', async (test) => {
    const airdock = await launch(test);
    await airdock.page();
    const preferences = await airdock.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
      const { sandbox, contextIsolation, nodeIntegration, webSecurity } = contents.getLastWebPreferences();
      return { sandbox, contextIsolation, nodeIntegration, webSecurity };
    });
    expect(preferences).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true });
  });

  it('keeps the page where it is: no other address, no window, no inline script, no permission', async (test) => {
    const airdock = await launch(test);
    const page = await airdock.page();
    await page.getByText('free for models').first().waitFor();
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.inlineRan = true';
      document.head.append(script);
      location.href = 'https://example.org/';
    });
    expect(await page.evaluate(() => [(window as unknown as { inlineRan?: boolean }).inlineRan ?? false, window.open('https://example.org/') === null, location.origin])).toEqual([false, true, 'app://airdock']);
    expect(await page.evaluate(() => navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'granted', (error: Error) => error.name))).not.toBe('granted');
    expect(await airdock.windows()).toBe(1);
  });

  it('closes into the tray and opens from it again', async (test) => {
    const airdock = await launch(test);
    await airdock.page();
    const labels = (await airdock.tray()).labels;
    const open = labels.find((label) => /open/i.test(label)) ?? '';
    await airdock.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    const visible = () => airdock.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((window) => window.isVisible()));
    await expect.poll(visible).toBe(false);
    await airdock.clickTray(open);
    await expect.poll(visible).toBe(true);
  });

  it('runs once: a second launch ends, and shows the window of the first', async (test) => {
    const airdock = await launch(test, ['--hidden']);
    await expect.poll(async () => (await airdock.tray()).labels.length).toBeGreaterThan(3);
    const second = spawn(executable ?? '', launchArgs(airdock.place, []), { cwd: root, env: { ...process.env, ...airdock.place.env }, stdio: 'ignore' });
    test.onTestFinished(() => void second.kill('SIGKILL'));
    expect(await new Promise((resolve) => second.once('exit', resolve))).toBe(0);
    await (await airdock.page()).getByText('free for models').first().waitFor();
  });

  it('runs a model in a utility process, whose end gives its memory back', async (test) => {
    const [file] = inject('sampleFiles');
    const airdock = await launch(test, [], file === undefined ? [] : [file]);
    const page = await airdock.page();
    await page.getByText('free for models').first().waitFor();
    await expect.poll(() => page.evaluate(() => (window as unknown as WithBridge).airdock.call({ operation: 'load', input: { model: 'sample-small' } }))).toMatchObject({ ok: true });
    const pids = () =>
      page.evaluate(async () => {
        const answer = await (window as unknown as WithBridge).airdock.call({ operation: 'snapshot', input: {} });
        return answer.ok ? (answer.value as { state: { loaded: { pid: number | null }[] } }).state.loaded.map(({ pid }) => pid) : [];
      });
    const [pid] = await pids();
    expect(isAlive(pid ?? -1)).toBe(true);
    expect(await airdock.app.evaluate(({ app }) => app.getAppMetrics().filter(({ type }) => type === 'Utility').map((one) => one.pid))).toContain(pid);
    expect(await airdock.quit()).toBe(0);
    expect(isAlive(pid ?? -1)).toBe(false);
  });
});
