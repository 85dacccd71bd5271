import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createOllamaProvider } from '../../main/providers/ollama/index.ts';
import { startFakeOllama } from '../fakes/ollama/index.ts';

const never = new AbortController().signal;
const gib = 1024 ** 3;

function further(host: string, { memory = 'own' as 'own' | 'host', key = null as string | null } = {}) {
  const provider = createOllamaProvider({
    id: 'box', host, memory, ownRamBytes: 8 * gib, contextLengthFor: () => 4096, now: Date.now, env: {}, vramDevice: () => 'card', further: { label: 'The box', key, keyEnv: key === null ? null : 'BOX_KEY' },
  });
  onTestFinished(() => provider.stop());
  return provider;
}

it.each([
  ['own' as const, { ram: 2 * gib, vram: {} }],
  ['host' as const, { ram: gib, vram: { card: gib } }],
])('graphics memory counts on a card of this computer only where its models are in that (%s)', async (memory, footprint) => {
  const fake = await startFakeOllama({ models: [{ name: 'a', blob: 'a', ramBytes: 2 * gib, gpuShare: 0.5, loadMs: 1 }] });
  onTestFinished(() => fake.close());
  await fake.loadByOther('a');
  const { loaded, models, status } = await further(fake.url, { memory }).poll({ catalog: true, signal: never });
  expect(loaded?.map(({ reported }) => reported)).toEqual([footprint]);
  expect(models).toMatchObject([{ id: 'box/a:latest', further: true, weights: expect.stringMatching(/^box:sha256-/) as string }]);
  expect(status).toMatchObject({ memory, ownCapacity: memory === 'own' ? 8 * gib : null });
});

it.each([
  [401, 'bad-key', 'does not accept the key in the variable BOX_KEY.'],
  [500, 'provider-down', 'answered with status 500: no, … is not it.'],
])('a key that its server repeats is in no message (status %i)', async (status, code, words) => {
  const key = 'key-0123456789';
  const server = createServer(({ headers }, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: `no, ${String(headers.authorization).slice('Bearer '.length)} is not it` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const provider = further(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { key });
  const report = await provider.poll({ catalog: true, signal: never });
  expect(report.status.problem).toMatchObject({ code, message: expect.stringContaining(words) as string });
  const deleted = await provider.library!.delete('a');
  expect(deleted).toMatchObject({ ok: false });
  expect(JSON.stringify([report, deleted])).not.toContain(key);
});
