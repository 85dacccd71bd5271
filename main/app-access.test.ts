import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startFakeOllama } from '../test/fakes/ollama/index.ts';
import { tempDir } from '../test/temp-dir.ts';
import { ask, outerAddresses, type Answer } from '../test/web-fixture.ts';
import { startAirdock } from './app.ts';
import { connectManager } from './client/connect-manager.ts';

const [outer] = outerAddresses();

async function started(ollamaHost: string, { config = {}, port = 0, lan }: { config?: object; port?: number; lan?: boolean } = {}) {
  const root = await tempDir();
  const dataDir = path.join(root, 'data');
  await mkdir(dataDir, { mode: 0o700 });
  await writeFile(path.join(dataDir, 'config.json'), JSON.stringify(config));
  const faults: unknown[] = [];
  const outcome = await startAirdock({ dataDir, port, lan, by: 'test', env: { HOME: root, OLLAMA_HOST: ollamaHost }, onFault: (fault) => faults.push(fault) });
  if (!outcome.ok) throw new Error(outcome.problem.message);
  const { airdock } = outcome;
  onTestFinished(() => airdock.close());
  const client = connectManager({ url: airdock.url, token: (await readFile(path.join(dataDir, 'token'), 'utf8')).trim(), by: 'editor' });
  onTestFinished(() => client.close());
  return { airdock, client, dataDir, faults, port: Number(new URL(airdock.url).port) };
}

it.skipIf(outer === undefined)('another device uses models through the gateway with the key for apps, which is in no picture and no log, and gives way to a new one at once', async () => {
  const fake = await startFakeOllama({ models: [{ name: 'one', blob: 'one', ramBytes: 1024 * 1024, loadMs: 5 }] });
  onTestFinished(() => fake.close());
  const { airdock, client, dataDir, faults, port } = await started(fake.url, { lan: true });
  expect(airdock.addresses()).toContain(`http://${outer}:${port}`);
  expect(airdock.appsKeyFile).toBe(path.join(dataDir, 'key'));
  const key = (await readFile(airdock.appsKeyFile, 'utf8')).trim();
  expect(await client.call('appsKey', {})).toEqual({ ok: true, value: { key, file: airdock.appsKeyFile } });

  const chat = (shown: Record<string, string>): Promise<Answer> =>
    ask(port, { method: 'POST', path: '/api/chat', address: outer ?? '', headers: { 'content-type': 'application/json', ...shown }, body: JSON.stringify({ model: 'one', stream: false, messages: [{ role: 'user', content: 'hi' }] }) });
  expect((await chat({})).status).toBe(401);
  expect((await chat({ authorization: `Bearer ${key}` })).json()).toMatchObject({ model: 'one', done: true });
  const passed = fake.requests.filter(({ path: route }) => route === '/api/chat');
  expect(passed.map(({ headers }) => [headers['authorization'], headers['x-airdock-hop'] !== undefined])).toEqual([[undefined, true]]);

  const renewed = await client.call('newAppsKey', {});
  const now = renewed.ok ? renewed.value.key : '';
  expect((await readFile(airdock.appsKeyFile, 'utf8')).trim()).toBe(now);
  expect([(await chat({ 'x-api-key': key })).status, (await chat({ 'x-api-key': now })).status]).toEqual([401, 200]);
  const paired = await client.call('pairingLinks', {});
  expect(paired.ok && paired.value.urls[0]).toMatch(new RegExp(`^http://${outer}:${port}/#code=`));

  const told = JSON.stringify([await client.call('snapshot', {}), await client.call('configGet', {}), await client.call('activity', {})]) + (await readFile(path.join(dataDir, 'activity.jsonl'), 'utf8'));
  expect([key, now].filter((secret) => told.includes(secret))).toEqual([]);
  expect(faults).toEqual([]);
});

it('pairs nobody where other devices are not let in', async () => {
  const { airdock, client } = await started('127.0.0.1:9');
  expect(airdock.addresses()).toEqual([]);
  expect(await client.call('pairingLinks', {})).toMatchObject({ ok: false, problem: { hint: expect.stringContaining('gateway.lan') } });
});

it.each([[true], [false]])('an OLLAMA_HOST that is Airdock’s own address is told, and nothing runs in a circle (gateway: %s)', async (enabled) => {
  const free = createServer();
  await once(free.listen(0, '127.0.0.1'), 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  const { client, airdock } = await started(`localhost:${port}`, { port, config: { gateway: { enabled } } });
  // The next look, after Airdock has begun to listen.
  await expect.poll(() => airdock.picture.state().providers.find(({ id }) => id === 'ollama')?.problem?.message, { timeout: 10_000 }).toContain('leads back to Airdock itself');
  if (enabled) {
    const answer = await ask(port, { method: 'POST', path: '/api/generate', headers: { 'content-type': 'application/json' }, body: '{"model":"nope"}' });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).not.toBe('');
  }
  expect((await client.call('snapshot', {})).models).toEqual([]);
});
