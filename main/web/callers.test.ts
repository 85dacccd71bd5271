import { once } from 'node:events';
import { request } from 'node:http';
import { expect, it } from 'vitest';
import { callerHeader } from '../../contract/index.ts';
import { ask, bearer, startWeb } from '../../test/web-fixture.ts';
import { createCallers } from './callers.ts';

const MINUTE = 60_000;

it('remembers who called lately, and who still listens', () => {
  let now = 0;
  const callers = createCallers(() => now);
  callers.used('editor');
  const end = callers.using('chat');
  const other = callers.using('chat');
  now = 11 * MINUTE;
  expect(callers.recent(10 * MINUTE)).toEqual(['chat']);
  callers.used('editor');
  expect(callers.recent(10 * MINUTE)).toEqual(['chat', 'editor']);
  end();
  end();
  now += 11 * MINUTE;
  expect(callers.recent(10 * MINUTE)).toEqual(['chat']);
  other();
  now += 11 * MINUTE;
  expect(callers.recent(10 * MINUTE)).toEqual([]);
});

it('forgets the oldest of very many names', () => {
  const callers = createCallers(() => 0);
  for (let i = 0; i < 1_000; i++) callers.used(`name ${i}`);
  callers.used('name 900');
  const recent = callers.recent(MINUTE);
  expect(recent).toHaveLength(200);
  expect(recent).toContain('name 900');
  expect(recent).not.toContain('name 1');
});

it('knows programs by their token, not browsers, nor who is turned away', async () => {
  const { server, port } = await startWeb();
  await ask(port, { path: '/airdock/v1/health', headers: { [callerHeader]: 'prober' } });
  await ask(port, { path: '/airdock/v1/snapshot', headers: { [callerHeader]: 'intruder', authorization: 'Bearer wrong' } });
  const code = server.createLoginUrl().split('#code=')[1];
  const json = { 'content-type': 'application/json' };
  const signedIn = await ask(port, { method: 'POST', path: '/airdock/v1/session', headers: json, body: JSON.stringify({ code }) });
  const cookie = signedIn.headers['set-cookie']![0]!.split(';')[0]!;
  expect((await ask(port, { path: '/airdock/v1/snapshot', headers: { cookie, 'sec-fetch-site': 'same-origin' } })).status).toBe(200);
  expect(server.callers(MINUTE)).toEqual([]);
  expect((await ask(port, { path: '/airdock/v1/snapshot', headers: { ...bearer, [callerHeader]: 'editor' } })).status).toBe(200);
  const events = request({ host: '127.0.0.1', port, path: '/airdock/v1/events', headers: { ...bearer, [callerHeader]: 'chat' }, agent: false });
  const [response] = (await once(events.end(), 'response')) as [import('node:http').IncomingMessage];
  expect(server.callers(MINUTE)).toEqual(['chat', 'editor']);
  expect(server.callers(-1)).toEqual(['chat']);
  response.destroy();
});
