import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appRoute, ask, bearer, startWeb, webKey, webToken, type Asking, type RunningWeb } from '../../test/web-fixture.ts';
import { routeOf } from '../gateway/routes.ts';
import { isAppPath } from './app-requests.ts';
import type { WebServerOptions } from './server.ts';

const chat: Asking = { method: 'POST', path: '/api/chat', body: '{}' };
const withKey = { authorization: `Bearer ${webKey}` };

async function startApps(change: Partial<WebServerOptions> = {}): Promise<RunningWeb> {
  const web = await startWeb(change);
  appRoute(web);
  return web;
}

type Row = [name: string, asking: Asking, status: number, says?: string];

async function expectRows(port: number, rows: readonly Row[]): Promise<void> {
  for (const [name, asking, status, says = ''] of rows) {
    const answer = await ask(port, asking);
    expect([name, answer.status]).toEqual([name, status]);
    expect(answer.text, name).toContain(says);
  }
}

describe('a program of this computer', () => {
  it('needs no key to use models, and a wrong one does it no harm: most clients send some', async () => {
    const { port } = await startApps();
    await expectRows(port, [
      ['nothing', chat, 200, 'POST /api/chat'],
      ['what OpenAI’s clients send for want of a key', { ...chat, headers: { authorization: 'Bearer ollama' } }, 200],
      ['key', { ...chat, headers: withKey }, 200],
      ['as Ollama’s clients go with OLLAMA_HOST=0.0.0.0', { ...chat, headers: { host: `0.0.0.0:${port}` } }, 200],
      ['a foreign page that goes there', { ...chat, headers: { host: `0.0.0.0:${port}`, origin: 'https://evil.example' } }, 403],
      ['the same with another port', { ...chat, headers: { host: '0.0.0.0:1' } }, 403],
      ['for the gateway by localhost', { ...chat, headers: { host: `LOCALHOST:${port}` } }, 200],
    ]);
  });

  it('is not told from others behind a proxy, or in a virtual machine, so those need the key', async () => {
    const { port } = await startApps({ allowed: () => ({ hosts: ['models.example', 'ai.example:8443'], origins: [] }) });
    const listed = (host: string, headers = {}): Asking => ({ ...chat, headers: { host, ...headers } });
    await expectRows(port, [
      ['listed name', listed('models.example'), 401, 'key for apps'],
      ['listed name, any port, key', listed('models.example:8080', withKey), 200],
      ['listed name, key for Anthropic’s clients', listed('models.example', { 'x-api-key': webKey }), 200],
      ['listed name, token', listed('models.example', bearer), 200],
      ['listed name, wrong key', listed('models.example', { 'x-api-key': `${webKey}x` }), 401, 'not Airdock’s key'],
      ['name with its port', listed('ai.example:8443', withKey), 200],
      ['that name with another port', listed('ai.example', withKey), 403, 'gateway.allowed_hosts'],
      ['a name that only begins like it', listed('models.example.evil', withKey), 403, 'models.example.evil'],
      ['passed on', { ...chat, headers: { 'x-forwarded-for': '192.0.2.77' } }, 401],
      ['passed on by a proxy that says less', { ...chat, headers: { 'x-real-ip': '192.0.2.77' } }, 401],
      ['passed on, by the other header', { ...chat, headers: { forwarded: 'for=192.0.2.77' } }, 401],
      ['own page through the proxy’s TLS', { path: '/', headers: { host: 'models.example', origin: 'https://models.example' } }, 200],
    ]);
  });

  it('finds its way to the setting in each refusal, in its own language', async () => {
    const { port } = await startApps();
    const evil = { host: `evil.example:${port}` };
    expect((await ask(port, { path: '/api/tags', headers: evil })).json()).toEqual({ error: expect.stringMatching(/"evil\.example:\d+" .*"evil\.example" to gateway\.allowed_hosts/) });
    const openAi = await ask(port, { path: '/v1/models', headers: { origin: 'http://localhost:3000' } });
    expect([openAi.status, openAi.json()]).toEqual([403, { type: 'error', error: { type: 'permission_error', code: 'forbidden', param: null, message: expect.stringMatching(/http:\/\/localhost:3000 .*gateway\.allowed_origins/) } }]);
    expect((await ask(port, { path: '/metrics', headers: evil })).json()).toMatchObject({ ok: false, problem: { code: 'forbidden', hint: expect.stringContaining('gateway.allowed_hosts') } });
  });

  it('does not reach the control of Airdock with the key for apps', async () => {
    const { port, server } = await startApps();
    await expectRows(port, [
      ['key', { path: '/airdock/v1/snapshot', headers: withKey }, 401],
      ['key, the other header', { path: '/airdock/v1/snapshot', headers: { 'x-api-key': webKey } }, 401],
      ['token in the other header', { path: '/airdock/v1/snapshot', headers: { 'x-api-key': webToken } }, 401],
      ['token', { path: '/airdock/v1/snapshot', headers: bearer }, 200],
    ]);
    expect([{}, withKey, bearer, { 'x-api-key': webKey }, { authorization: 'Bearer x' }, { authorization: `Basic ${webKey}` }].map((headers) => server.hasKey(headers))).toEqual([false, true, true, true, false, false]);
  });

  it('can be given a new key, and the old one counts for nothing at once', async () => {
    let key = webKey;
    const { server } = await startApps({ appsKey: () => key });
    key = 'another';
    expect([server.hasKey(withKey), server.hasKey({ 'x-api-key': 'another' })]).toEqual([false, true]);
  });
});

describe('a page', () => {
  const from = (origin: string, more = {}): Asking => ({ ...chat, headers: { origin, ...more } });

  it('may use models if its origin is in the list, or if it is that of a desktop app', async () => {
    const { port, url } = await startApps({ allowed: () => ({ hosts: [], origins: ['https://chat.example/', 'http://localhost:3000', 'chrome-extension://*', 'null', '*', 'https://*'] }) });
    await expectRows(port, [
      ['listed', from('https://chat.example'), 200],
      ['listed port', from('http://localhost:3000'), 200],
      ['another port', from('http://localhost:3001'), 403, 'http://localhost:3001'],
      ['longer name', from('https://chat.example.evil'), 403, 'gateway.allowed_origins'],
      ['without TLS', from('http://chat.example'), 403],
      ['every extension, as listed', from('chrome-extension://abc'), 200],
      ['another browser’s', from('moz-extension://abc'), 403],
      ['no origin of its own, listed or not', from('null'), 403, 'sandboxed'],
      ['own page', from(url), 200],
      ['desktop app', from('app://obsidian.md'), 200],
      ['desktop app', from('tauri://localhost'), 200],
      ['desktop app on Windows', from('http://tauri.localhost'), 200],
      ['not that', from('http://tauri.localhost.evil'), 403],
      ['editor', from('vscode-webview://1a2b'), 200],
      ['file', from('file://'), 403],
      ['looking whether a server is there', { path: '/', headers: { origin: 'app://obsidian.md' } }, 200],
      ['looking, foreign', { path: '/', headers: { origin: 'http://evil.example' } }, 403],
      ['key and foreign origin', from('http://evil.example', withKey), 403],
    ]);
    const answer = await ask(port, from('https://chat.example'));
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': 'https://chat.example', vary: 'Origin' });
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    expect((await ask(port, from('http://evil.example'))).headers['access-control-allow-origin']).toBeUndefined();
    expect((await ask(port, chat)).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('cannot ask without its name, as pictures and scripts do', async () => {
    const { port } = await startApps();
    const picture = (site: string, more = {}): Asking => ({ path: '/api/tags', headers: { 'sec-fetch-site': site, ...more } });
    await expectRows(port, [
      ['another site', picture('cross-site'), 403, 'gateway.allowed_origins'],
      ['another port', picture('same-site'), 403],
      ['address bar', picture('none'), 200],
      ['own page', picture('same-origin'), 200],
      ['a program that has the key', picture('cross-site', withKey), 200],
      ['a link to the dashboard', { path: '/', headers: { 'sec-fetch-site': 'cross-site' } }, 200],
    ]);
  });

  it('is answered before its request, if it may send one, and only on the gateway’s routes', async () => {
    const { port } = await startApps({ allowed: () => ({ hosts: [], origins: ['https://chat.example'] }) });
    const question = (origin: string, path = '/v1/chat/completions'): Asking => ({
      method: 'OPTIONS',
      path,
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization, x-stainless-os', 'access-control-request-private-network': 'true' },
    });
    const yes = await ask(port, question('https://chat.example'));
    expect([yes.status, yes.text]).toEqual([204, '']);
    expect(yes.headers).toMatchObject({
      'access-control-allow-origin': 'https://chat.example',
      'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
      'access-control-allow-headers': 'authorization, x-stainless-os',
      'access-control-allow-private-network': 'true',
    });
    expect((await ask(port, question('http://evil.example'))).headers['access-control-allow-methods']).toBeUndefined();
    await expectRows(port, [
      ['foreign', question('http://evil.example'), 403],
      ['null', question('null'), 403],
      ['control', question('https://chat.example', '/airdock/v1/load'), 403],
      ['no question of a browser', { method: 'OPTIONS', path: '/api/chat' }, 200, 'OPTIONS /api/chat'],
    ]);
  });
});

describe('a request that has been here before', () => {
  it('is refused, whatever name and key it comes with', async () => {
    const { port } = await startApps();
    const hop = (value: string, path = '/v1/models'): Asking => ({ path, headers: { host: 'elsewhere', 'x-airdock-hop': value } });
    await expectRows(port, [
      ['own', hop('i-1'), 508, '"type":"api_error"'],
      ['own among others', hop('a, i-1,b', '/api/version'), 508, 'providers.ollama.host'],
      ['own, to no route of the gateway', hop('i-1', '/airdock/v1/health'), 508],
      ['another Airdock’s', { path: '/v1/models', headers: { 'x-airdock-hop': 'i-2' } }, 200],
      ['too many others’', { path: '/v1/models', headers: { 'x-airdock-hop': 'a,b,c,d,e' } }, 508],
    ]);
  });
});

describe('what is passed on', () => {
  it('has neither Airdock’s keys nor an origin that was decided about here, and tells of every Airdock on the way', async () => {
    const web = await startWeb();
    web.server.attach((request, response, target) => {
      if (!target.startsWith('/api/')) return false;
      response.end(JSON.stringify([request.rawHeaders, web.server.hasKey(request.headers), request.headers.origin ?? null]));
      return true;
    });
    const sent = async (headers: Record<string, string>): Promise<unknown> => (await ask(web.port, { path: '/api/tags', headers: { host: `localhost:${web.port}`, ...headers } })).json();
    const rest = ['host', `localhost:${web.port}`];
    const end = ['Connection', 'close'];
    expect(await sent({ ...withKey, Origin: 'app://a', 'X-Api-Key': webKey })).toEqual([[...rest, ...end, 'x-airdock-hop', 'i-1'], true, 'app://a']);
    expect(await sent({ ...bearer, 'x-airdock-hop': 'i-2' })).toEqual([[...rest, ...end, 'x-airdock-hop', 'i-2, i-1'], true, null]);
    expect(await sent({ Authorization: 'Bearer sk-other' })).toEqual([[...rest, 'Authorization', 'Bearer sk-other', ...end, 'x-airdock-hop', 'i-1'], false, null]);
  });
});

it('every path that the gateway answers is one for which the key is asked, but the one by which clients look whether a server is there', () => {
  const word = fc.constantFrom('api', 'v1', 'API', 'chat', 'tags', 'pull', 'models', 'blobs', 'metrics', 'health', 'version', 'airdock', 'assets', '', '.', '..', '%61pi', 'api;x', 'v1beta');
  const path = fc.array(word, { maxLength: 4 }).map((words) => `/${words.join('/')}`);
  let answered = 0;
  fc.assert(
    fc.property(fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'), path, (method, target) => {
      if (routeOf(method, target, undefined) === null) return true;
      answered++;
      return target === '/' || isAppPath(target);
    }),
    { numRuns: 5_000, seed: 1 },
  );
  expect(answered).toBeGreaterThan(500);
});
