import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createWebServer } from '../../main/web/server.ts';
import { appRoute, changesFixture, handlersFixture, outerAddresses, webKey, webToken } from '../web-fixture.ts';
import { launchChromium } from './chromium.ts';
import { live, snapshot } from './fixtures.ts';
import { builtRenderer } from './renderer-build.ts';

const [outer] = outerAddresses();

describe.skipIf(outer === undefined)('a browser on another device (needs this computer to be in a network)', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    [browser, folder] = await Promise.all([launchChromium(), builtRenderer()]);
  });
  afterAll(() => browser.close());

  async function start() {
    const changes = changesFixture();
    const server = createWebServer({
      handlers: handlersFixture({ snapshot: async () => snapshot(live()) }), changes, token: webToken, appsKey: () => webKey, lan: true, staticDir: folder, host: '127.0.0.1', port: 0, version: '1', instance: 'i',
      allowed: () => ({ hosts: [], origins: [allowed] }),
    });
    const listening = await server.listen();
    if (!listening.ok) throw new Error(listening.problem.message);
    onTestFinished(() => server.close(100));
    return { server, changes, port: listening.value.port };
  }
  let allowed = 'https://nobody.example';

  it('is signed in over plain HTTP by its link, changes what it is asked to, and the link is worth nothing then', async () => {
    const { server, changes } = await start();
    const [url = ''] = server.createPairingUrls();
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(url);
    await expect.poll(() => changes.count()).toBe(1);
    expect(page.url()).not.toContain('code');
    expect(await page.evaluate(() => document.cookie)).toBe('');
    const { origin } = new URL(url);
    const load = (): Promise<number> => page.evaluate(async () => (await fetch('/airdock/v1/load', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"model":"a"}' })).status);
    expect(await load()).toBe(200);

    const other = await browser.newContext();
    onTestFinished(() => other.close());
    const late = await other.newPage();
    await late.goto(url);
    await expect.poll(async () => late.evaluate(async () => (await fetch('/airdock/v1/snapshot')).status)).toBe(401);
    expect(new URL(late.url()).origin).toBe(origin);
  });

  it('does not let another page use models or control, unless the settings name it; then it may with the key', async () => {
    const { server, port } = await start();
    appRoute({ server } as Parameters<typeof appRoute>[0]);
    const site = createServer((_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<title>elsewhere</title>'));
    await once(site.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void site.close());
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const elsewhere = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    await page.goto(elsewhere);
    const ask = (path: string, headers: Record<string, string>): Promise<string> =>
      page.evaluate(
        async ([to, more]) =>
          fetch(to, { method: 'POST', headers: { 'content-type': 'application/json', ...more }, body: '{}' }).then(
            (answer) => answer.text(),
            () => 'refused',
          ),
        [`http://${path}`, headers] as const,
      );
    const key = { authorization: `Bearer ${webKey}` };
    expect([await ask(`127.0.0.1:${port}/api/chat`, {}), await ask(`127.0.0.1:${port}/api/chat`, key)]).toEqual(['refused', 'refused']);
    allowed = elsewhere;
    expect(await ask(`127.0.0.1:${port}/api/chat`, {})).toBe('POST /api/chat');
    expect(await ask(`127.0.0.1:${port}/v1/chat/completions`, key)).toBe('POST /v1/chat/completions');
    expect(await ask(`${outer}:${port}/v1/chat/completions`, {})).toContain('key for apps');
    expect(await ask(`${outer}:${port}/v1/chat/completions`, key)).toBe('POST /v1/chat/completions');
    expect(await ask(`127.0.0.1:${port}/airdock/v1/load`, { authorization: `Bearer ${webToken}` })).toBe('refused');
  });
});
