import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFakeOllama, type FakeModel, type FakeOllama, type FakeVersion } from './index.ts';
import { comparableChunk } from './shape.ts';
import { exchange, type WireRequest, type WireResponse } from './wire.ts';

interface Recorded {
  request: WireRequest;
  response: WireResponse;
}

function recordingOf(version: FakeVersion): Recorded[] {
  const file = new URL(`../../fixtures/ollama-recorded/${version}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { exchanges: Recorded[] }).exchanges;
}

const digests = {
  a: 'c165d8e209b20e2634d83f02a59f6eca396ba033e81aeab086867ab7f448eb32',
  b: '52b75a6f8cfac09962cb48da1327ea364c53d0982d50b09b438587fd48a22b27',
  c: '2f6bf56ffb57593fbb784855f77425508d77bb52247185e08c1b3393981c8d5a',
};
const blobs = {
  a: 'a6d5f90def98af985db08e36838d0d0cc5c11af9258f99c9924b9ce64450cfd1',
  b: '721fe11683e97a8cbea426254e517ec6f6b2ee33d49643a47206087c6429ec7f',
  c: '259b94457cbdbb2f3652f7e62689eeb42d7e8a435afb11af8d8284e8f4137dd9',
};

/** The models that the recorded servers had. What one takes in memory differs between the two. */
function recordedModels(version: FakeVersion): FakeModel[] {
  const old = version === '0.24';
  const [at4096, at8192] = old ? [190_948_608, 285_320_448] : [209_505_483, 330_626_497];
  const model = (name: string, weights: 'a' | 'b' | 'c', modifiedAt: string): FakeModel => ({
    name,
    blob: blobs[weights],
    digest: digests[weights],
    sizeBytes: 98_363_007,
    ramBytes: at4096,
    ramBytesPerToken: (at8192 - at4096) / 4096,
    modifiedAt,
    loadMs: 20,
  });
  return [
    model('smolA', 'a', '2026-11-23T07:03:01.896100169Z'),
    model('alias-a', 'a', '2026-11-23T07:03:03.188330159Z'),
    model('smolB', 'b', '2026-11-23T07:03:02.428330142Z'),
    model('smolC', 'c', '2026-11-23T07:03:03.142662476Z'),
  ];
}

/** Servers list models of the same second in any order. */
function sorted(path: string, chunks: string[]): string[] {
  if ((path !== '/api/tags' && path !== '/v1/models') || !chunks[0]?.startsWith('{')) return chunks;
  return chunks.map((chunk) => {
    const body = JSON.parse(chunk) as Record<string, unknown>;
    for (const list of Object.values(body)) if (Array.isArray(list)) list.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    return JSON.stringify(body) + (chunk.endsWith('\n') ? '\n' : '');
  });
}

describe.each(['0.24', '0.33'] as const)('recorded exchanges of %s', (version) => {
  const recording = recordingOf(version);
  const answers: WireResponse[] = [];
  let fake: FakeOllama;

  beforeAll(async () => {
    // A second passes between any two requests: /api/ps orders by whole seconds.
    let aheadMs = 0;
    const now = (): number => Date.now() + aheadMs;
    fake = await startFakeOllama({ version, versionString: '0.0.0', models: recordedModels(version), now });
    for (const [index, { request }] of recording.entries()) {
      aheadMs += 1000;
      // The unloads before the last look are answered before they happen.
      if (index === recording.length - 1) await fake.until(() => fake.runners().length === 0);
      answers.push(await exchange(fake.port, request));
    }
  });
  afterAll(() => fake.close());

  const titled = recording.map((each, index) => {
    const { method, path, body, headers } = each.request;
    const detail = body ?? headers;
    return { index, title: `${index} ${method} ${path} ${detail === undefined ? '' : JSON.stringify(detail)}` };
  });

  it('has all 77 of them', () => {
    expect(titled).toHaveLength(77);
  });

  it.each(titled)('$title', ({ index }) => {
    const { request, response } = recording[index] as Recorded;
    const answer = answers[index] as WireResponse;
    expect(answer.status).toBe(response.status);

    const telling = (headers: Record<string, string>): Record<string, string | undefined> => ({
      'content-type': headers['content-type'],
      'transfer-encoding': headers['transfer-encoding'],
      'cache-control': headers['cache-control'],
      vary: headers['vary'],
      'access-control-allow-origin': headers['access-control-allow-origin'],
      'access-control-allow-methods': headers['access-control-allow-methods'],
      'access-control-allow-headers': headers['access-control-allow-headers'],
    });
    expect(telling(answer.headers)).toEqual(telling(response.headers));
    expect(answer.chunks).toHaveLength(response.chunks.length);
    expect(sorted(request.path, answer.chunks).map(comparableChunk)).toEqual(sorted(request.path, response.chunks).map(comparableChunk));
  });
});
