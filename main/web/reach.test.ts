import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer, connect, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { appRoute, ask, bearer, outerAddresses, startWeb, webKey, type Asking, type RunningWeb } from '../../test/web-fixture.ts';
import { createOllamaProvider } from '../providers/ollama/index.ts';
import { lanAddresses, type Interfaces } from './addresses.ts';
import { createAttempts } from './attempts.ts';
import { withHop } from './hops.ts';
import { createWebServer, type WebServerOptions } from './server.ts';

const json = { 'content-type': 'application/json' };
const withKey = { authorization: `Bearer ${webKey}` };
const [outer, second] = outerAddresses();
/** On Linux all of 127.0.0.0/8 is there: an address of its own that can play Docker's bridge. */
const BRIDGE = '127.0.0.2';
const hasBridge = process.platform === 'linux';
const address = (text: string, more = {}) => ({ address: text, netmask: '', mac: '', internal: false, cidr: null, family: 'IPv4' as const, ...more });
const withBridge: Interfaces = () => ({ lo: [address('127.0.0.1', { internal: true })], docker0: [address(BRIDGE)], 'br-lan': [address('192.0.2.99')] });

async function startApps(change: Partial<WebServerOptions>): Promise<RunningWeb> {
  const web = await startWeb(change);
  appRoute(web);
  return web;
}

function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

describe('addresses', () => {
  it('are those that another device can use, the networks of containers last', () => {
    const interfaces: Interfaces = () => ({
      docker0: [address('172.17.0.1')],
      lo: [address('127.0.0.1', { internal: true })],
      eth0: [address('fe80::1', { family: 'IPv6', scopeid: 4 }), address('FD00::2', { family: 'IPv6', scopeid: 0 }), address('192.0.2.2')],
    });
    expect(lanAddresses(interfaces)).toEqual(['192.0.2.2', 'fd00::2', '172.17.0.1']);
  });
});

describe.skipIf(outer === undefined)('another device (needs this computer to be in a network)', () => {
  const from = outer ?? '';

  it('reaches nothing unless it is let in', async () => {
    const { port, server } = await startWeb();
    expect([await isOpen('127.0.0.1', port), await isOpen(from, port)]).toEqual([true, false]);
    expect([server.addresses(), server.createPairingUrls()]).toEqual([[], []]);
  });

  it('needs the key for models, and the token or a sign-in for control; the page itself has no secret', async () => {
    const { port, server } = await startApps({ lan: true });
    const rows: [string, Asking, number][] = [
      ['models', { path: '/api/tags' }, 401],
      ['models, key', { path: '/api/tags', headers: withKey }, 200],
      ['models, Anthropic’s header', { path: '/v1/messages', headers: { 'x-api-key': webKey } }, 200],
      ['models, another’s name for this computer', { path: '/api/tags', headers: { ...withKey, host: `evil.example:${port}` } }, 403],
      ['models, another port', { path: '/api/tags', headers: { ...withKey, host: `${from}:1` } }, 403],
      ['models, name of loopback', { path: '/api/tags', headers: { host: `127.0.0.1:${port}` } }, 401],
      ['metrics', { path: '/metrics' }, 401],
      ['control', { path: '/airdock/v1/snapshot' }, 401],
      ['control, key', { path: '/airdock/v1/snapshot', headers: withKey }, 401],
      ['control, token', { path: '/airdock/v1/snapshot', headers: bearer }, 200],
      ['page', { path: '/' }, 200],
      ['health', { path: '/airdock/v1/health' }, 200],
    ];
    for (const each of outerAddresses()) {
      for (const [name, asking, status] of rows) expect([each, name, (await ask(port, { ...asking, address: each })).status]).toEqual([each, name, status]);
    }
    // This computer itself is where it was.
    expect((await ask(port, { path: '/api/tags' })).status).toBe(200);
    expect((await ask(port, { path: '/api/tags', address: '127.0.0.1', headers: { host: `localhost:${port}` } })).status).toBe(200);
    expect(server.addresses()[0]).toBe(`http://${from}:${port}`);
  });

  it('is signed in by a code that works once, in the address of any network', async () => {
    const { port, server } = await startWeb({ lan: true });
    const urls = server.createPairingUrls().map((url) => new URL(url));
    expect(urls.map(({ hostname }) => hostname.replace(/^\[|\]$/g, ''))).toEqual(outerAddresses());
    const codes = new Set(urls.map(({ hash }) => hash.slice('#code='.length)));
    expect(codes.size).toBe(1);
    const [code = ''] = codes;
    const pair = (): Promise<{ status: number; headers: { 'set-cookie'?: string[] | undefined } }> =>
      ask(port, { method: 'POST', path: '/airdock/v1/session', address: from, headers: { ...json, origin: `http://${from}:${port}` }, body: JSON.stringify({ code }) });
    const paired = await pair();
    const cookie = paired.headers['set-cookie']?.[0] ?? '';
    expect([paired.status, cookie]).toEqual([200, expect.stringMatching(/; HttpOnly; SameSite=Strict; Path=\/airdock\/v1;/)]);
    expect((await pair()).status).toBe(401);

    const page = { cookie: cookie.split(';')[0] ?? '', origin: `http://${from}:${port}`, ...json };
    const load = { method: 'POST', path: '/airdock/v1/load', address: from, body: '{"model":"a"}' };
    expect((await ask(port, { ...load, headers: page })).status).toBe(200);
    expect((await ask(port, { ...load, headers: { ...page, origin: `http://${from}:1` } })).status).toBe(403);
  });

  it('has to wait after ten wrong keys or codes, and nobody else has', async () => {
    let time = 0;
    const { port } = await startApps({ lan: true, now: () => time });
    const models = (headers = {}, where = from): Asking => ({ path: '/api/tags', address: where, headers });
    const wrong = { authorization: 'Bearer wrong' };
    const pair = { method: 'POST', path: '/airdock/v1/session', address: from, headers: json, body: '{"code":"wrong"}' };
    for (let i = 0; i < 4; i++) expect((await ask(port, models(wrong))).status).toBe(401);
    for (let i = 0; i < 3; i++) expect((await ask(port, { path: '/airdock/v1/snapshot', address: from, headers: wrong })).status).toBe(401);
    for (let i = 0; i < 3; i++) expect((await ask(port, pair)).status).toBe(401);
    const limited = await ask(port, models(withKey));
    expect([limited.status, limited.headers['retry-after'], limited.json()]).toEqual([429, '60', { error: expect.stringContaining('60 s') }]);
    expect((await ask(port, pair)).status).toBe(429);
    expect((await ask(port, { path: '/airdock/v1/snapshot', headers: bearer })).status).toBe(200);
    if (second !== undefined) expect((await ask(port, models(withKey, second))).status).toBe(200);
    time += 60_000;
    expect((await ask(port, models(withKey))).status).toBe(200);
  });
});

describe('wrong keys', () => {
  it('are remembered of so many addresses, and no more', () => {
    let time = 0;
    const attempts = createAttempts(() => time);
    const fail = (from: string, times = 10): void => {
      for (let i = 0; i < times; i++) attempts.failed(from);
    };
    fail('192.0.2.1');
    fail('2001:db8:1:2:3::1', 5);
    fail('2001:db8:1:2:ffff::9', 5);
    expect(['192.0.2.1', '192.0.2.2', '2001:db8:1:2::7', '2001:db8:1:3::7'].map((from) => attempts.waitSeconds(from))).toEqual([60, 0, 60, 0]);
    for (let i = 0; i < 1_000; i++) attempts.failed(`198.51.${i >> 8}.${i & 255}`);
    expect(attempts.waitSeconds('192.0.2.1')).toBe(0);
    fail('192.0.2.3', 9);
    time += 60_001;
    attempts.failed('192.0.2.3');
    expect(attempts.waitSeconds('192.0.2.3')).toBe(0);
  });
});

describe.skipIf(!hasBridge)('a container (needs Linux, whose loopback has a second address)', () => {
  it('reaches Airdock on Docker’s bridge alone, with the key, by the names that Docker has for this computer', async () => {
    const { port, server } = await startApps({ docker: true, interfaces: withBridge });
    expect(server.addresses()).toEqual([`http://${BRIDGE}:${port}`]);
    expect(server.createPairingUrls()).toEqual([]);
    const models = (host: string, headers = {}): Asking => ({ path: '/api/tags', address: BRIDGE, headers: { host, ...headers } });
    const statuses = [models(`host.docker.internal:${port}`), models(`host.docker.internal:${port}`, withKey), models('evil.example', withKey)].map(async (asking) => (await ask(port, asking)).status);
    expect(await Promise.all(statuses)).toEqual([401, 200, 403]);
  });

  it('is known by those names only where the settings want it', async () => {
    const { port } = await startApps({ interfaces: withBridge });
    expect(await isOpen(BRIDGE, port)).toBe(false);
    expect((await ask(port, { path: '/api/tags', headers: { ...withKey, host: `host.docker.internal:${port}` } })).status).toBe(403);
  });

  it('costs this computer nothing: where the bridge’s port is taken, none is held', async () => {
    const taken = createTcpServer((socket) => socket.destroy());
    await once(taken.listen(0, BRIDGE), 'listening');
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const web = createWebServer({ ...(await options()), port, docker: true, interfaces: withBridge });
    const began = await web.listen();
    expect(began).toMatchObject({ ok: false, problem: { code: 'bad-config', message: expect.stringContaining(`port ${port}`), hint: expect.stringContaining('gateway.port') } });
    expect(await isOpen('127.0.0.1', port)).toBe(false);
  });
});

async function options(): Promise<WebServerOptions> {
  const web = await startWeb();
  return { handlers: {} as never, changes: web.changes, token: 't', appsKey: () => 'k', staticDir: '/', host: '127.0.0.1', port: 0, version: '', instance: 'i-2' };
}

describe('a port that is taken', () => {
  it.each([[false], [true]])('is said with who has it (for all networks: %s)', async (lan) => {
    const ollama = createServer((request, response) => void response.writeHead(request.url === '/api/version' ? 200 : 404).end('{"version":"0.24.0"}'));
    const mute = createTcpServer((socket) => socket.end('hello\r\n'));
    onTestFinished(() => void [ollama.close(), mute.close()]);
    for (const [server, says] of [[ollama, 'Ollama (0.24.0)'], [mute, process.platform === 'linux' ? `process ${process.pid}` : 'Another program']] as const) {
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as AddressInfo;
      const began = await createWebServer({ ...(await options()), port, lan }).listen();
      expect(began).toMatchObject({ ok: false, problem: { code: 'bad-config', message: expect.stringContaining(says) } });
      expect(began).toMatchObject({ problem: { message: expect.stringContaining(String(port)), hint: expect.stringContaining('gateway.port') } });
    }
  });
});

describe('an Ollama that is Airdock itself', () => {
  it('is recognised by any name and through any other port, and told in a sentence', async () => {
    const { port } = await startApps({ instance: 'i-1' });
    const redirect = createTcpServer((socket) => {
      const onward = connect(port, '127.0.0.1');
      socket.on('error', () => onward.destroy()).pipe(onward).on('error', () => socket.destroy()).pipe(socket);
    });
    await once(redirect.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void redirect.close());
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `http://127.0.0.1:${(redirect.address() as AddressInfo).port}`]) {
      const provider = createOllamaProvider({
        host: null, memory: 'host', ownRamBytes: null, contextLengthFor: () => 4096, now: Date.now, env: { OLLAMA_HOST: host }, hop: { 'x-airdock-hop': withHop({}, 'i-1') },
      });
      onTestFinished(() => provider.stop());
      const { status } = await provider.poll({ catalog: true, signal: new AbortController().signal });
      expect(status).toMatchObject({ status: 'down', problem: { code: 'provider-down', message: expect.stringContaining('leads back to Airdock itself'), hint: expect.stringContaining('OLLAMA_HOST') } });
    }
  });
});
