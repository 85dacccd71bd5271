import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PullProgress } from '../../main/providers/model-library.ts';
import type { Provider } from '../../main/providers/provider.ts';
import { startRegistry, type Registry } from '../fakes/registry.ts';
import { ggufBytes } from '../gguf-bytes.ts';
import { fakeSubject, list, load, modelOf, never, providerFor, realSubject, seen, until } from './ollama-subject.ts';
import type { Subject } from './ollama-subject.ts';

const realHost = process.env['AIRDOCK_TEST_OLLAMA_HOST'];
const MB = 1024 * 1024;

/** Weights that no run before has left at the server. */
const weights = (megabytes: number): Uint8Array => ggufBytes(megabytes, { 'general.name': { type: 'string', value: randomBytes(8).toString('hex') } });

describe.each([
  ...(['0.12', '0.33'] as const).map((version) => ({ label: `fake ${version}`, start: (): Promise<Subject> => fakeSubject(version) })),
  ...(realHost === undefined ? [] : [{ label: `real ${realHost}`, start: () => realSubject(realHost) }]),
])('the library of $label', { timeout: realHost === undefined ? 10_000 : 120_000 }, ({ start }) => {
  let subject: Subject;
  let provider: Provider;
  let registry: Registry;
  const made = new Set<string>();

  beforeAll(async () => {
    subject = await start();
    registry = await startRegistry();
  }, 60_000);
  afterAll(async () => {
    await registry.close();
    await subject.close();
  });
  beforeEach(() => {
    registry.setBytesPerSecond(null);
    provider = providerFor(subject.url);
  });
  afterEach(async () => {
    for (const name of made) await subject.other.remove(name).catch(() => undefined);
    made.clear();
    await provider.stop();
  });

  /** The name of a model that is only in the registry of the test. */
  function put(model: string, megabytes = 4): { name: string; digest: string; weights: Uint8Array } {
    const bytes = weights(megabytes);
    const name = `${registry.host}/test/${model}:latest`;
    made.add(name);
    return { name, digest: registry.put(`test/${model}`, bytes), weights: bytes };
  }

  it('pulls with progress, and lists what has come', async () => {
    const { name, weights: bytes, digest } = put('one');
    const told: PullProgress[] = [];
    expect(await provider.library!.pull!({ name, signal: never, onProgress: (one) => told.push(one) })).toEqual({ ok: true });
    const last = told.at(-1)!;
    expect(last.checking).toBe(true);
    expect(last.doneBytes).toBe(last.totalBytes);
    expect(last.totalBytes).toBeGreaterThan(bytes.length);
    expect(last.parts).toEqual({ done: 2, total: 2 });
    expect((await modelOf(provider, name)).sizeBytes).toBeGreaterThan(bytes.length);
    const details = await provider.library!.details(name, never);
    expect(details).toMatchObject({ ok: true, details: { digest, deletable: true } });
    expect(await provider.library!.latest!(name, never)).toEqual({ ok: true, digest });
    // Somebody has put a newer one there.
    expect(await provider.library!.latest!(name, never)).toEqual({ ok: true, digest });
    const newer = registry.put('test/one', weights(1));
    expect(await provider.library!.latest!(name, never)).toEqual({ ok: true, digest: newer });
  });

  it('stops when told to, and goes on from there', async () => {
    const { name, weights: bytes } = put('two', 8);
    registry.setBytesPerSecond(4 * MB);
    const stop = new AbortController();
    let seenBytes = 0;
    const first = provider.library!.pull!({
      name,
      signal: stop.signal,
      onProgress: ({ doneBytes }) => {
        seenBytes = doneBytes;
        if (doneBytes > 2 * MB) stop.abort();
      },
    });
    expect(await first).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expect(seenBytes).toBeLessThan(bytes.length);
    expect((await list(provider)).some(({ providerName }) => providerName === name)).toBe(false);
    registry.setBytesPerSecond(null);
    const told: PullProgress[] = [];
    expect(await provider.library!.pull!({ name, signal: never, onProgress: (one) => told.push(one) })).toEqual({ ok: true });
    expect(told.find(({ totalBytes }) => totalBytes !== null)?.doneBytes).toBeGreaterThan(0);
  });

  it('tells before what would come, from the manifest, and fetches none of it', async () => {
    const { name, weights: bytes } = put('three', 6);
    const before = registry.requests.length;
    const looked = await provider.library!.look!(name, never);
    expect(looked).toMatchObject({ ok: true, remote: { weightBytes: bytes.length } });
    expect(looked.ok && looked.remote.bytes).toBeGreaterThan(bytes.length);
    expect(looked.ok && looked.remote.needs).toBeGreaterThan(bytes.length);
    expect(registry.requests.slice(before).map(({ path }) => path)).toEqual(['/v2/test/three/manifests/latest']);
  });

  it('says that there is no such model', async () => {
    const name = `${registry.host}/test/nothing:latest`;
    expect(await provider.library!.look!(name, never)).toMatchObject({ ok: false, problem: { code: 'unknown-model' } });
    expect(await provider.library!.pull!({ name, signal: never, onProgress: () => {} })).toMatchObject({ ok: false, problem: { code: 'unknown-model', message: `There is no model ${name} to download.` } });
  });

  it('says that nobody answers where the model should come from', async () => {
    const pulled = await provider.library!.pull!({ name: '127.0.0.1:9/test/x:latest', signal: never, onProgress: () => {} });
    expect(pulled).toMatchObject({ ok: false, problem: { code: 'download-failed', message: expect.stringContaining('does not reach the place') as string } });
  });

  it('takes no name that is none', async () => {
    for (const name of ['', 'a b', '../x', 'a/b/c/d/e', 'x:', 'müll', 'x;rm', '-x']) {
      expect(await provider.library!.pull!({ name, signal: never, onProgress: () => {} }), name).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
    }
  });

  it('deletes a model that has been in memory, and says where there is none', async () => {
    const name = 'airdock-test-throw-away:latest';
    await subject.other.copy(subject.names[0], name);
    made.add(name);
    const model = await modelOf(provider, name);
    expect(await load(provider, model)).toMatchObject({ ok: true });
    expect(await provider.unload({ weights: model.weights, ifUnusedSince: null }, never)).toEqual({ kind: 'gone' });
    expect(await provider.library!.delete(name)).toEqual({ ok: true });
    expect((await list(provider)).map(({ providerName }) => providerName)).toContain(subject.names[0]);
    expect((await list(provider)).some(({ providerName }) => providerName === name)).toBe(false);
    expect(await provider.library!.delete(name)).toMatchObject({ ok: false, problem: { code: 'unknown-model' } });
    expect(await until(() => seen(provider, model.weights), (one) => one === undefined)).toBeUndefined();
  });

  it('shows what it takes with contexts of several sizes', async () => {
    await list(provider);
    const details = await provider.library!.details(subject.names[0], never);
    if (!details.ok) throw new Error(details.problem.message);
    const { contexts, kvBytesPerToken } = details.details;
    expect(contexts.map(({ contextLength }) => contextLength)).toEqual([2048, 4096, 8192]);
    expect(contexts[1]!.ram - contexts[0]!.ram).toBeCloseTo(2048 * kvBytesPerToken!, -3);
  });
});

describe('a registry that lies', () => {
  it.each([
    ['with HTML', '<html>'],
    ['with negative sizes', '{"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"sha256:x","size":-5}]}'],
    ['with sizes beyond all numbers', '{"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"sha256:x","size":1e300}]}'],
    ['with sizes that add up to too much', JSON.stringify({ layers: Array.from({ length: 3 }, () => ({ mediaType: 'm', digest: 'd', size: Number.MAX_SAFE_INTEGER })) })],
    ['with another shape', '{"layers":"many"}'],
  ])('%s is asked no more than that', async (_, text) => {
    const { createServer } = await import('node:http');
    const server = createServer((_request, response) => void response.end(text));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const subject = await fakeSubject('0.33');
    const provider = providerFor(subject.url);
    try {
      // Ollama is asked then, and it knows of no such model.
      expect(await provider.library!.look!(`127.0.0.1:${port}/a/b:latest`, never)).toMatchObject({ ok: false, problem: { code: 'unknown-model' } });
      expect(await provider.library!.latest!(`127.0.0.1:${port}/a/b:latest`, never)).toMatchObject({ ok: false, problem: { code: 'download-failed' } });
    } finally {
      await provider.stop();
      await subject.close();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
