import { describe, expect, it } from 'vitest';
import { createFakeElectron } from '../../../test/fakes/electron/index.ts';
import { lockDown } from './lock-down.ts';
import { createOpenLink } from './open-link.ts';

const elsewhere = ['https://evil.example/', 'http://127.0.0.1:11500/', 'file:///etc/passwd', 'app://evil/', 'app://airdock.evil/', 'app://user@airdock/', 'data:text/html,x', 'javascript:alert(1)', 'about:blank', 'nonsense'];

async function start() {
  const fake = createFakeElectron({ autoReady: false });
  lockDown({ app: fake.electron.app, openLink: createOpenLink(fake.electron.shell) });
  fake.becomeReady();
  await fake.electron.app.whenReady();
  await new fake.electron.BrowserWindow({ show: false }).loadURL('app://airdock/');
  return { ...fake, page: fake.windows()[0]!.page };
}

it('turns the sandbox on for every page, which Electron allows only before it is ready', async () => {
  const fake = createFakeElectron({ autoReady: false });
  fake.becomeReady();
  expect(() => lockDown({ app: fake.electron.app, openLink: createOpenLink(fake.electron.shell) })).toThrow(/before app is ready/);
});

describe('a page', () => {
  it.each(elsewhere)('does not go to %s', async (url) => {
    const { page } = await start();
    expect(page.navigate(url)).toBe(false);
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect'] as const) {
      let prevented = false;
      page.emitter.emit(name, { url, preventDefault: () => (prevented = true) });
      expect([name, prevented]).toEqual([name, true]);
    }
  });

  it('may go to our own address', async () => {
    const { page } = await start();
    expect(page.navigate('app://airdock/#/models')).toBe(true);
  });

  it.each([...elsewhere, 'app://airdock/'])('opens no window for %s', async (url) => {
    const { page } = await start();
    expect(page.openWindow(url)).toEqual({ action: 'deny' });
  });

  it('has its https links opened in the browser, and no others', async () => {
    const { page, opened } = await start();
    for (const url of [...elsewhere, 'mailto:a@b.c', 'smb://host/share', 'app://airdock/']) page.openWindow(url);
    await Promise.resolve();
    expect(opened.external).toEqual(['https://evil.example/']);
  });

  it('carries no webview', async () => {
    const { page } = await start();
    let prevented = false;
    page.emitter.emit('will-attach-webview', { preventDefault: () => (prevented = true) }, {}, {});
    expect(prevented).toBe(true);
  });
});
