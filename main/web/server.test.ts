import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { get, request as httpRequest } from 'node:http';
import { createServer as createTcpServer, connect, type AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { operations } from '../../contract/index.ts';
import { ask, bearer, handlersFixture, startWeb, type Asking, type RunningWeb } from '../../test/web-fixture.ts';
import { createWebServer } from './server.ts';

const api = '/airdock/v1';
const json = { 'content-type': 'application/json' };

async function signIn({ server, port, url }: RunningWeb): Promise<string> {
  const code = new URL(server.createLoginUrl()).hash.slice('#code='.length);
  const answer = await ask(port, { method: 'POST', path: `${api}/session`, headers: { ...json, origin: url }, body: JSON.stringify({ code }) });
  expect([answer.status, answer.json()]).toEqual([200, { ok: true }]);
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

describe('who may use the API', () => {
  it('is decided by host, origin and key', async () => {
    const web = await startWeb();
    const { port, url } = web;
    const cookie = await signIn(web);
    const load = { method: 'POST', path: `${api}/load`, body: '{"model":"a"}' };
    const read = { path: `${api}/snapshot` };
    const page = { cookie, origin: url, ...json };
    const table: [string, Asking, number, string?][] = [
      ['nothing to show', read, 401, 'unauthorized'],
      ['nothing to show, change', { ...load, headers: json }, 401, 'unauthorized'],
      ['nothing to show, events', { path: `${api}/events` }, 401, 'unauthorized'],
      ['nothing to show, unknown operation', { path: `${api}/nonsense` }, 401, 'unauthorized'],
      ['token', { ...read, headers: bearer }, 200],
      ['token, change, any content type', { ...load, headers: bearer }, 200],
      ['wrong token', { ...read, headers: { authorization: 'Bearer wrong' } }, 401, 'unauthorized'],
      ['empty token', { ...read, headers: { authorization: 'Bearer ' } }, 401, 'unauthorized'],
      ['other scheme', { ...read, headers: { authorization: bearer.authorization.replace('Bearer', 'Basic') } }, 401, 'unauthorized'],
      ['token in the query', { path: `${read.path}?token=${bearer.authorization.slice(7)}` }, 401, 'unauthorized'],
      ['wrong token with a good cookie', { ...read, headers: { cookie, authorization: 'Bearer wrong' } }, 401, 'unauthorized'],
      ['cookie', { ...read, headers: { cookie } }, 200],
      ['cookie among others', { ...read, headers: { cookie: `a=b; ${cookie}; c` } }, 200],
      ['wrong cookie', { ...read, headers: { cookie: `${cookie}x` } }, 401, 'unauthorized'],
      ['cookie of another port', { ...read, headers: { cookie: cookie.replace(String(port), '1') } }, 401, 'unauthorized'],
      ['page', { ...load, headers: page }, 200],
      ['page that only says same-origin', { ...load, headers: { ...json, cookie, 'sec-fetch-site': 'same-origin' } }, 200],
      ['cookie, change, no word of the page', { ...load, headers: { ...json, cookie } }, 403, 'forbidden'],
      ['cookie, change, from the address bar', { ...load, headers: { ...json, cookie, 'sec-fetch-site': 'none' } }, 403, 'forbidden'],
      ['cookie, page of another port', { ...read, headers: { cookie, 'sec-fetch-site': 'same-site' } }, 403, 'forbidden'],
      ['cookie, page of another site', { ...read, headers: { cookie, 'sec-fetch-site': 'cross-site' } }, 403, 'forbidden'],
      ['cookie, form', { ...load, headers: { ...page, 'content-type': 'text/plain' } }, 415, 'bad-request'],
      ['foreign origin with token', { ...read, headers: { ...bearer, origin: 'http://evil.example' } }, 403, 'forbidden'],
      ['origin of another port', { ...load, headers: { ...page, origin: 'http://127.0.0.1:3000' } }, 403, 'forbidden'],
      ['origin null', { ...load, headers: { ...page, origin: 'null' } }, 403, 'forbidden'],
      ['origin by another own name', { ...load, headers: { ...page, origin: `http://localhost:${port}` } }, 403, 'forbidden'],
      ['origin with https', { ...load, headers: { ...page, origin: url.replace('http:', 'https:') } }, 403, 'forbidden'],
      ['localhost', { ...read, headers: { ...bearer, host: `localhost:${port}` } }, 200],
      ['IPv6 name', { ...read, headers: { ...bearer, host: `[::1]:${port}` } }, 200],
      ['rebound name', { ...read, headers: { ...bearer, host: `evil.example:${port}` } }, 403, 'forbidden'],
      ['rebound name, page', { path: '/', headers: { host: `evil.example:${port}` } }, 403, 'forbidden'],
      ['wrong port in the host', { ...read, headers: { ...bearer, host: '127.0.0.1:1' } }, 403, 'forbidden'],
      ['no port in the host', { ...read, headers: { ...bearer, host: '127.0.0.1' } }, 403, 'forbidden'],
      ['health for everybody', { path: `${api}/health` }, 200],
      ['health, rebound', { path: `${api}/health`, headers: { host: 'evil.example' } }, 403, 'forbidden'],
    ];
    for (const [name, asking, status, code] of table) {
      const answer = await ask(port, asking);
      expect([name, answer.status]).toEqual([name, status]);
      if (code) expect([name, answer.json()]).toMatchObject([name, { ok: false, problem: { code, message: expect.any(String), ...(status === 415 ? {} : { hint: expect.any(String) }) } }]);
    }
    expect((await ask(port, { ...read, headers: { ...bearer, host: 'evil.example' } })).text).toContain('evil.example');
    expect((await ask(port, { ...read, headers: { ...bearer, origin: 'http://evil.example' } })).text).toContain('http://evil.example');
    expect((await ask(port, { path: `${api}/health` })).json()).toEqual({ name: 'airdock', version: '1.2.3', instance: 'i-1' });
  });

  it('signs in once per code, for ten minutes, and for thirty days', async () => {
    let time = 0;
    const web = await startWeb({ now: () => time });
    const { port, server } = web;
    const exchange = (code: string, headers: Record<string, string> = json): Promise<{ status: number; headers: { 'set-cookie'?: string[] | undefined } }> =>
      ask(port, { method: 'POST', path: `${api}/session`, headers, body: JSON.stringify({ code }) });
    const codeOf = (url: string): string => url.replace(`${web.url}/#code=`, '');

    const code = codeOf(server.createLoginUrl());
    expect(code).toMatch(/^[\w-]{43}$/);
    expect((await exchange(code, { ...json, origin: 'http://evil.example' })).status).toBe(403);
    const first = await exchange(code);
    expect(first.status).toBe(200);
    expect(first.headers['set-cookie']?.[0]).toMatch(new RegExp(`^airdock_session_${port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/airdock/v1; Max-Age=2592000$`));
    expect((await exchange(code)).status).toBe(401);
    expect((await exchange('wrong')).status).toBe(401);

    const late = codeOf(server.createLoginUrl());
    time += 10 * 60_000;
    expect((await exchange(late)).status).toBe(401);

    const cookie = first.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect((await ask(port, { path: `${api}/snapshot`, headers: { cookie } })).status).toBe(200);
    time += 30 * 24 * 3_600_000;
    expect((await ask(port, { path: `${api}/snapshot`, headers: { cookie } })).status).toBe(401);

    for (const body of ['', '{', '{"code":1}', '[]', 'null']) expect((await ask(port, { method: 'POST', path: `${api}/session`, headers: json, body })).status).toBe(400);
  });
});

describe('operations', () => {
  it('all answer what the contract says', async () => {
    const { port } = await startWeb();
    const inputs: Record<string, unknown> = {
      unloadIdle: {}, freeze: { on: true }, pause: { on: true }, freeMemory: { on: true }, reloadLost: { provider: 'a' }, dismissAdvice: { id: 'a' }, keyChanged: { id: 'a' },
      configSet: { set: {} }, addFolder: { path: '/a' }, removeFolder: { path: '/a' }, pin: { model: 'a', pinned: true }, acquire: { model: 'a', holder: 'h' },
      renew: { lease: 'a' }, release: { lease: 'a' }, generate: { lease: 'a', prompt: 'b' }, recommend: { task: 'chat' },
      checkDownload: { source: 'a' }, pullModel: { source: 'a' }, resumePull: { id: 'a' }, cancelPull: { id: 'a' }, importModel: { path: '/a.gguf' },
    };
    const bare = new Set(['snapshot', 'history', 'activity', 'configGet', 'makeSamples', 'cancelSamples', 'signInLink', 'pairingLinks', 'appsKey', 'newAppsKey', 'diskUsage']);
    for (const [name, operation] of Object.entries(operations)) {
      const body = JSON.stringify(inputs[name] ?? (bare.has(name) ? {} : { model: 'a' }));
      const answer = await ask(port, { method: 'POST', path: `${api}/${name}`, headers: bearer, body });
      expect([name, answer.status]).toEqual([name, 200]);
      expect(operation.output.safeParse(answer.json()).error).toBeUndefined();
    }
  });

  it('get their defaults, their caller, and query values for reads', async () => {
    const seen: unknown[] = [];
    const { port } = await startWeb({
      handlers: handlersFixture({
        acquire: async (input, { caller }) => (seen.push(input, caller), { ok: true, value: { id: 'l', model: 'm', ttlMs: 1 } }),
        activity: async (input, { caller }) => (seen.push(input, caller), { entries: [] }),
      }),
    });
    await ask(port, { method: 'POST', path: `${api}/acquire`, headers: { ...bearer, 'x-airdock-caller': 'script 4711' }, body: '{"model":"a","holder":"h"}' });
    await ask(port, { path: `${api}/activity?limit=5&model=7`, headers: bearer });
    await ask(port, { method: 'HEAD', path: `${api}/activity`, headers: bearer });
    expect(seen).toEqual([{ model: 'a', holder: 'h', ttlMs: 30_000 }, 'script 4711', { limit: 5, model: '7' }, 'script', {}, 'script']);
  });

  it('say what is wrong with a request', async () => {
    const { port, faults } = await startWeb({ handlers: handlersFixture({ unload: () => Promise.reject(new Error('secret detail')) }) });
    const post = (name: string, body: string | Buffer): Asking => ({ method: 'POST', path: `${api}/${name}`, headers: bearer, body });
    const table: [Asking, number, string][] = [
      [post('load', '{'), 400, 'not valid JSON'],
      [post('load', Buffer.from([0x22, 0xff, 0x22])), 400, 'not valid JSON'],
      [post('load', ''), 400, 'model'],
      [post('load', '[]'), 400, 'expected object'],
      [post('load', '{"model":"a","contextLength":"x"}'), 400, 'contextLength'],
      [post('load', '{"model":"a","forse":true}'), 400, 'forse'],
      [post('load', `{"model":"${'a'.repeat(1024 * 1024)}"}`), 413, '1 MB'],
      [post('nonsense', '{}'), 404, 'nonsense'],
      [post('__proto__', '{}'), 404, '__proto__'],
      [post('unload', '{"model":"a"}'), 500, 'Airdock failed at unload'],
      [{ path: `${api}/load`, headers: bearer }, 405, 'POST, not GET'],
      [{ method: 'DELETE', path: `${api}/snapshot`, headers: bearer }, 405, 'DELETE'],
      [{ method: 'POST', path: `${api}/health` }, 405, 'POST'],
      [{ path: `${api}/session` }, 405, 'GET'],
      [{ path: `${api}`, headers: bearer }, 404, 'no operation'],
      [{ path: `${api}/activity?limit=0`, headers: bearer }, 400, 'limit'],
      [{ path: `${api}/snapshot/x`, headers: bearer }, 404, 'snapshot/x'],
      [{ path: 'http://evil.example/', headers: bearer }, 400, 'begin with /'],
    ];
    for (const [asking, status, words] of table) {
      const answer = await ask(port, asking);
      expect([asking.path, answer.status]).toEqual([asking.path, status]);
      expect(answer.json()).toMatchObject({ ok: false, problem: { message: expect.stringContaining(words) } });
      expect(answer.text).not.toContain('secret');
      if (status === 405) expect(answer.headers.allow).toMatch(/POST|GET/);
    }
    expect(faults).toHaveLength(1);
  });

  it('refuse a body of unknown length when it gets too long', async () => {
    const { port } = await startWeb();
    const request = httpRequest({ host: '127.0.0.1', port, method: 'POST', path: `${api}/load`, headers: { ...bearer, 'transfer-encoding': 'chunked' } });
    request.on('error', () => undefined);
    const answered = once(request, 'response');
    const chunk = Buffer.alloc(300_000, 'a');
    for (let index = 0; index < 5; index += 1) request.write(chunk);
    const [response] = (await answered) as [{ statusCode: number }];
    expect(response.statusCode).toBe(413);
    request.destroy();
  });

  it('are aborted when the client goes away, and not when it has its answer', async () => {
    const signals: AbortSignal[] = [];
    let aborted = (): void => undefined;
    const gone = new Promise<void>((resolve) => (aborted = resolve));
    const { port } = await startWeb({
      handlers: handlersFixture({
        load: async (_input, { signal }) => {
          signals.push(signal);
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          aborted();
          return { ok: false, problem: { code: 'cancelled', message: 'Cancelled.' } };
        },
        unload: async (_input, { signal }) => (signals.push(signal), { ok: true, value: { text: '' } }),
      }),
    });
    await ask(port, { method: 'POST', path: `${api}/unload`, headers: bearer, body: '{"model":"a"}' });
    const request = httpRequest({ host: '127.0.0.1', port, method: 'POST', path: `${api}/load`, headers: bearer, agent: false });
    request.on('error', () => undefined);
    request.end('{"model":"a"}');
    await expect.poll(() => signals.length).toBe(2);
    request.destroy();
    await gone;
    expect(signals.map((signal) => signal.aborted)).toEqual([false, true]);
  });
});

describe('the dashboard', () => {
  it('is served without a key, under a strict policy', async () => {
    const { port } = await startWeb();
    for (const target of ['/', '/index.html', '/index.html?x=1']) {
      const page = await ask(port, { path: target });
      expect([page.status, page.text]).toEqual([200, '<!doctype html><title>Airdock</title>']);
      expect(page.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cache-control': 'no-cache',
      });
      expect((await ask(port, { path: target, headers: { 'if-none-match': page.headers.etag ?? '' } })).status).toBe(304);
    }
    const script = await ask(port, { path: '/assets/index-B1gHaSh0.js' });
    expect(script.headers).toMatchObject({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'public, max-age=31536000, immutable' });
    expect(await ask(port, { method: 'HEAD', path: '/' })).toMatchObject({ status: 200, text: '' });
    expect((await ask(port, { method: 'POST', path: '/' })).status).toBe(405);
    // Also errors of the API carry the policy.
    expect((await ask(port, { path: `${api}/snapshot` })).headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('shows nothing outside its folder', async () => {
    const { port, dir } = await startWeb();
    writeFileSync(path.join(dir, '..', 'secret.txt'), 'secret');
    writeFileSync(path.join(dir, '.hidden.txt'), 'secret');
    writeFileSync(path.join(dir, 'no-type'), 'secret');
    mkdirSync(path.join(dir, 'folder.txt'));
    mkdirSync(`${dir}-twin`);
    writeFileSync(path.join(`${dir}-twin`, 'secret.txt'), 'secret');
    symlinkSync(path.join(dir, '..', 'secret.txt'), path.join(dir, 'link.txt'));
    writeFileSync(path.join(dir, 'empty.txt'), '');
    const targets = [
      '/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/../../secret.txt', '/assets/..%2f..%2fsecret.txt', '/..%5csecret.txt', '/link.txt',
      '/.hidden.txt', '/no-type', '/folder.txt', '/%00.txt', '/%', '//etc/passwd', '/../renderer-twin/secret.txt', `${path.join(dir, '..', 'secret.txt')}`, '/missing.js',
    ];
    for (const target of targets) {
      const answer = await ask(port, { path: target });
      expect([target, answer.status, answer.text.includes('secret"')]).toEqual([target, 404, false]);
    }
    expect(await ask(port, { path: '/empty.txt' })).toMatchObject({ status: 200, text: '' });
  });

  it('says how to build it where it is missing', async () => {
    const { port } = await startWeb({ staticDir: '/nowhere' });
    expect((await ask(port, { path: '/' })).json()).toMatchObject({ ok: false, problem: { code: 'not-found', hint: expect.stringContaining('npm run build') } });
  });
});

describe('listening', () => {
  it('never moves to another port, and says who has it', async () => {
    const first = await startWeb();
    const again = createWebServer({ handlers: handlersFixture(), changes: first.changes, token: 't', appsKey: () => 'k', staticDir: '/', host: 'localhost', port: first.port, version: '', instance: '' });
    expect(await again.listen()).toMatchObject({ ok: false, problem: { code: 'already-running', message: expect.stringContaining(`port ${first.port}`) } });
    const mute = createTcpServer((socket) => socket.on('error', () => undefined));
    await once(mute.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void mute.close());
    const other = createWebServer({ handlers: handlersFixture(), changes: first.changes, token: 't', appsKey: () => 'k', staticDir: '/', host: '127.0.0.1', port: (mute.address() as AddressInfo).port, version: '', instance: '' });
    expect(await other.listen()).toMatchObject({ ok: false, problem: { code: 'bad-config', message: expect.stringContaining('Another program'), hint: expect.stringContaining('gateway.port') } });
    await other.close();
  });

  it('is for this computer only', async () => {
    const web = createWebServer({ handlers: handlersFixture(), changes: { subscribe: () => () => undefined }, token: 't', appsKey: () => 'k', staticDir: '/', host: '0.0.0.0', port: 0, version: '', instance: '' });
    expect(await web.listen()).toMatchObject({ ok: false, problem: { code: 'bad-config' } });
  });

  it('shares its port with routes of others, behind the checks of host and origin', async () => {
    const { port, server } = await startWeb();
    const detach = server.attach((_request, response, target) => {
      if (target !== '/v1/models') return false;
      response.end('models');
      return true;
    });
    expect((await ask(port, { path: '/v1/models' })).text).toBe('models');
    expect((await ask(port, { path: '/v1/models', headers: { origin: 'http://evil.example' } })).status).toBe(403);
    expect((await ask(port, { path: `${api}/health` })).status).toBe(200);
    detach();
    expect((await ask(port, { path: '/v1/models' })).status).toBe(404);
  });

  it('closes at once with idle connections and event streams, and gives answers under way a moment', async () => {
    let answer = (): void => undefined;
    const started = new Promise<void>((begun) => {
      answer = () => begun();
    });
    let finish = (): void => undefined;
    const { port, server, changes } = await startWeb({
      handlers: handlersFixture({
        unload: async () => {
          answer();
          await new Promise<void>((resolve) => (finish = resolve));
          return { ok: true, value: { text: 'in time' } };
        },
      }),
    });
    const idle = connect(port, '127.0.0.1');
    await once(idle, 'connect');
    const events = get({ host: '127.0.0.1', port, path: `${api}/events`, headers: bearer });
    const [stream] = (await once(events, 'response')) as [NodeJS.ReadableStream];
    stream.resume();
    const underWay = ask(port, { method: 'POST', path: `${api}/unload`, headers: bearer, body: '{"model":"a"}' });
    await started;
    const closed = server.close(5000);
    await once(stream, 'end');
    finish();
    expect((await underWay).text).toContain('in time');
    const before = performance.now();
    idle.destroy();
    await closed;
    expect(performance.now() - before).toBeLessThan(4000);
    expect(changes.count()).toBe(0);
  });
});
