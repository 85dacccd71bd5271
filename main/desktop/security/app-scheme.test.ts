import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFakeElectron } from '../../../test/fakes/electron/index.ts';
import { tempDir } from '../../../test/temp-dir.ts';
import { securityHeaders } from '../../web/respond.ts';
import { registerAppScheme, serveApp } from './app-scheme.ts';

async function start() {
  const root = await tempDir();
  const dir = path.join(root, 'renderer');
  await mkdir(path.join(dir, 'assets'), { recursive: true });
  await writeFile(path.join(root, 'secret.txt'), 'secret');
  await writeFile(path.join(dir, 'index.html'), '<!doctype html>');
  await writeFile(path.join(dir, '.env.txt'), 'secret');
  await writeFile(path.join(dir, 'config.yaml'), 'secret');
  await writeFile(path.join(dir, 'assets/index-abcdefgh.js'), 'export {};');
  const { electron, protocol } = createFakeElectron();
  await electron.app.whenReady();
  const faults: unknown[] = [];
  const stop = serveApp(electron.protocol, dir, { onFault: (fault) => faults.push(fault) });
  const get = (url: string, init?: RequestInit) => protocol.fetch(new Request(url, init));
  return { dir, root, get, stop, faults, protocol };
}

it('has an origin and the rights of https, and no other privilege', () => {
  const { electron, protocol } = createFakeElectron();
  registerAppScheme(electron.protocol);
  expect([...protocol.privileged]).toEqual([['app', { standard: true, secure: true, supportFetchAPI: true }]]);
});

describe('a file of the dashboard', () => {
  it('comes with its type and with every header that the web server sends', async () => {
    const { get } = await start();
    const page = await get('app://airdock/');
    expect(page.status).toBe(200);
    expect(await page.text()).toBe('<!doctype html>');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const [name, value] of Object.entries(securityHeaders)) expect(page.headers.get(name)).toBe(value);
    const script = await get('app://airdock/assets/index-abcdefgh.js?v=1#x');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(page.headers.get('cache-control')).toBe('no-cache');
  });

  it('has a policy that lets scripts, styles and fonts come from the app alone, and nothing be framed, posted or evaluated', () => {
    const policy = securityHeaders['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });

  it('is told of without its content by HEAD', async () => {
    const { get } = await start();
    const page = await get('app://airdock/', { method: 'HEAD' });
    expect([page.status, await page.text()]).toEqual([200, '']);
  });
});

describe('nothing else on this computer', () => {
  it.each([
    'app://airdock/../secret.txt',
    'app://airdock/%2e%2e/secret.txt',
    'app://airdock/..%2fsecret.txt',
    'app://airdock/assets/..%2f..%2fsecret.txt',
    'app://airdock/..%5csecret.txt',
    'app://airdock//secret.txt',
    'app://airdock/.env.txt',
    'app://airdock/config.yaml',
    'app://airdock/index.html%00.js',
    'app://airdock/%',
    'app://airdock/assets',
    'app://airdock/etc/passwd',
  ])('%s', async (url) => {
    const { get } = await start();
    const answer = await get(url);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('secret');
    expect(answer.headers.get('content-security-policy')).toBe(securityHeaders['content-security-policy']);
  });

  it('does not follow a link out of its folder', async () => {
    const { get, dir, root } = await start();
    await symlink(path.join(root, 'secret.txt'), path.join(dir, 'link.txt'));
    expect((await get('app://airdock/link.txt')).status).toBe(404);
  });

  it.each(['app://evil/', 'app://airdock.evil/', 'app://airdock:1/', 'app:///index.html'])('refuses the host of %s', async (url) => {
    const { get, faults } = await start();
    expect((await get(url)).status).toBe(403);
    expect(faults).toEqual([]);
  });

  it.each(['POST', 'PUT', 'DELETE'])('refuses %s', async (method) => {
    const { get } = await start();
    expect((await get('app://airdock/', { method })).status).toBe(405);
  });

  it.each([['null', 403], ['https://evil.example', 403], ['app://airdock', 200], [undefined, 200]] as const)('answers a request of %s with %i', async (initiatorOrigin, status) => {
    const { protocol } = await start();
    const request = Object.assign(new Request('app://airdock/'), initiatorOrigin === undefined ? {} : { initiatorOrigin });
    expect((await protocol.fetch(request)).status).toBe(status);
  });
});

it('says how to get it where the dashboard has not been built', async () => {
  const { electron, protocol } = createFakeElectron();
  await electron.app.whenReady();
  serveApp(electron.protocol, path.join(await tempDir(), 'none'));
  const answer = await protocol.fetch(new Request('app://airdock/'));
  expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('npm run build')]);
});

it('ends', async () => {
  const { get, stop } = await start();
  stop();
  await expect(get('app://airdock/')).rejects.toThrow();
});
