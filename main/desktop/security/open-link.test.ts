import { expect, it } from 'vitest';
import { createFakeElectron } from '../../../test/fakes/electron/index.ts';
import { createOpenLink, openLocalDashboard } from './open-link.ts';

function start() {
  const { electron, opened } = createFakeElectron();
  return { openLink: createOpenLink(electron.shell), opened };
}

it('opens an https address as its parts say it', async () => {
  const { openLink, opened } = start();
  expect(await openLink('HTTPS://Ollama.com/library/../search?q=a b')).toMatchObject({ ok: true });
  expect(opened.external).toEqual(['https://ollama.com/search?q=a%20b']);
});

it.each([
  '', ' ', 'ollama.com', '//ollama.com', 'http://ollama.com', 'file:///etc/passwd', 'javascript:alert(1)', 'data:text/html,x', 'mailto:a@b.c', 'smb://h/s', 'ms-settings:',
  'vscode://x', 'app://airdock/', 'https://', 'https://user@evil.example', 'https://github.com:x@evil.example', 'https://:secret@evil.example', 'https://evil.example\u0000:x@y', `https://ollama.com/${'a'.repeat(2048)}`,
])('refuses %j', async (address) => {
  const { openLink, opened } = start();
  expect(await openLink(address)).toMatchObject({ ok: false, problem: { code: 'forbidden' } });
  expect(opened.external).toEqual([]);
});

it('answers with the address where the system opens nothing', async () => {
  const openLink = createOpenLink({ openExternal: () => Promise.reject(new Error('xdg-open: not found')) });
  expect(await openLink('https://ollama.com')).toMatchObject({ ok: false, problem: { code: 'internal', hint: expect.stringContaining('https://ollama.com/') } });
});

it('opens another Airdock’s dashboard on this computer, and no other http address', async () => {
  const opened: string[] = [];
  const shell = { openExternal: async (url: string) => void opened.push(url) };
  for (const address of ['http://127.0.0.1:11500/#code=abc', 'http://[::1]:11500/#code=abc']) await openLocalDashboard(shell, address);
  expect(opened).toEqual(['http://127.0.0.1:11500/#code=abc', 'http://[::1]:11500/#code=abc']);
  for (const address of ['http://127.0.0.1.evil.example/', 'http://x@127.0.0.1/', 'https://127.0.0.1/', 'file:///etc/passwd', 'nonsense']) {
    await expect(openLocalDashboard(shell, address)).rejects.toThrow('no address of an Airdock');
  }
  expect(opened).toHaveLength(2);
});
