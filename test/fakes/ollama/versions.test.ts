import { describe, expect, it } from 'vitest';
import { call, fakes, generate } from './harness.ts';

const start = fakes();

interface Tag {
  name: string;
  capabilities?: string[];
  details: Record<string, unknown>;
}

describe('versions', () => {
  it.each([
    ['0.12', '0.12.11'],
    ['0.24', '0.24.0'],
    ['0.33', '0.33.0'],
  ] as const)('%s says so', async (version, said) => {
    const fake = await start({ version });
    expect((await call(fake, 'GET', '/api/version')).body).toEqual({ version: said });
  });

  it('0.12 lacks the newer routes', async () => {
    const fake = await start({ version: '0.12' });
    expect((await call(fake, 'GET', '/api/status')).status).toBe(404);
    expect((await call(fake, 'POST', '/v1/messages', {})).status).toBe(404);
    expect((await generate(fake, { model: 'a' })).status).toBe(200);
  });

  it('lists tell capabilities and lengths only on 0.33, /api/show on all', async () => {
    for (const [version, told] of [['0.12', false], ['0.24', false], ['0.33', true]] as const) {
      const fake = await start({ version });
      const tags = (await call(fake, 'GET', '/api/tags')).body['models'] as Tag[];
      const embedder = tags.find((tag) => tag.name === 'embedder:latest');
      expect(embedder?.capabilities, version).toEqual(told ? ['embedding'] : undefined);
      expect(embedder?.details['context_length'], version).toBe(told ? 512 : undefined);
      const { body } = await call(fake, 'POST', '/api/show', { model: 'embedder' });
      expect(body).toMatchObject({ capabilities: ['embedding'], model_info: { 'bert.context_length': 512, 'bert.pooling_type': 1 } });
    }
  });

  it('a list may say null for families, and names remote models', async () => {
    const far = { name: 'far:cloud', blob: 'x', families: null, remote: { model: 'far', host: 'https://example.invalid' } };
    const fake = await start({ models: [far] });
    const [tag] = (await call(fake, 'GET', '/api/tags')).body['models'] as Record<string, unknown>[];
    expect(tag).toMatchObject({ remote_model: 'far', remote_host: 'https://example.invalid', details: { families: null } });
  });
});

describe('pull, copy, delete', () => {
  it('a pull tells its steps and installs', async () => {
    const fake = await start({ registry: [{ name: 'new', blob: 'n', sizeBytes: 1000 }], pullBytesPerSecond: 50_000 });
    const { text } = await call(fake, 'POST', '/api/pull', { model: 'new' });
    const lines = text.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toEqual({ status: 'pulling manifest' });
    expect(lines[1]).toMatchObject({ status: expect.stringMatching(/^pulling [0-9a-f]{12}$/) as string, total: 1000 });
    expect(lines.some((line) => line['completed'] === 500)).toBe(true);
    expect(lines.slice(-3).map((line) => line['status'])).toEqual(['verifying sha256 digest', 'writing manifest', 'success']);
    expect((await generate(fake, { model: 'new' })).status).toBe(200);
    expect((await call(fake, 'POST', '/api/pull', { model: 'new', stream: false })).body).toEqual({ status: 'success' });
  });

  it('a pull ends with an error line where there is no such model, and is cancelled by leaving', async () => {
    const fake = await start({ registry: [{ name: 'big', blob: 'n', sizeBytes: 1_000_000 }], pullBytesPerSecond: 1000 });
    const missing = await call(fake, 'POST', '/api/pull', { model: 'nothing' });
    expect(missing.text.trim().split('\n').at(-1)).toBe('{"error":"pull model manifest: file does not exist"}');
    await expect(call(fake, 'POST', '/api/pull', { model: 'big' }, AbortSignal.timeout(40))).rejects.toThrow();
    expect((await generate(fake, { model: 'big' })).status).toBe(404);
  });

  it('errors of delete and copy', async () => {
    const fake = await start();
    expect((await call(fake, 'DELETE', '/api/delete', {})).body).toEqual({ error: 'model is required' });
    expect((await call(fake, 'DELETE', '/api/delete', { model: 'a b' })).body).toEqual({ error: 'name "a b" is invalid' });
    expect((await call(fake, 'POST', '/api/copy', { source: 'a', destination: 'x y' })).body).toEqual({ error: 'destination "x y" is invalid' });
  });
});
