import { describe, expect, it } from 'vitest';
import { ask, lastAt, open, startGateway, until } from './fixture.ts';
import { testKey } from './memory-ports.ts';

const key = { authorization: `Bearer ${testKey}` };
const chat = (model: string, tokens = 4): { path: string; body: unknown } => ({ path: '/api/chat', body: { model, messages: [{ role: 'user', content: 'hi' }], options: { num_predict: tokens } } });

describe('what changes the installed models', () => {
  it('needs the key, the right one, and says where it is', async () => {
    const { port, fake } = await startGateway();
    const asked = [
      ['POST', '/api/pull'], ['POST', '/api/push'], ['POST', '/api/create'], ['POST', '/api/copy'], ['DELETE', '/api/delete'], ['POST', '/api/blobs/sha256:00'],
      ['POST', '/api/me'], ['POST', '/api/signout'], ['DELETE', '/api/user/keys/x'], ['POST', '/api/something-new'], ['PUT', '/api/tags'], ['DELETE', '/v1/models/a'], ['POST', '/api/%64elete'],
    ];
    for (const [method = '', path = ''] of asked) {
      for (const headers of [{}, { authorization: 'Bearer wrong' }] as Record<string, string>[]) {
        const { status, text } = await ask(port, { method, path, body: { model: 'a' }, headers });
        expect([status, (JSON.parse(text) as { error: unknown }).error !== undefined && text.includes('data folder')], `${method} ${path}`).toEqual([401, true]);
      }
    }
    // Ollama's command line shows this member alone.
    const { json } = await ask(port, { method: 'DELETE', path: '/api/delete', body: { model: 'a' } });
    expect(json).toEqual({ error: json['status'], status: expect.stringContaining('needs Airdock’s key') as string });
    expect(fake.requests).toEqual([]);
  });

  it('questions do not', async () => {
    const { port } = await startGateway();
    expect((await ask(port, { method: 'HEAD', path: `/api/blobs/sha256:${'0'.repeat(64)}` })).status).toBe(404);
    expect((await ask(port, { path: '/api/experimental/model-recommendations' })).status).toBe(404);
    expect((await ask(port, { method: 'OPTIONS', path: '/api/chat' })).status).not.toBe(401);
  });

  it('delete: unloaded first, then deleted, then gone from the list', async () => {
    const { port, fake, ports } = await startGateway();
    await ask(port, chat('a'));
    await until(() => ports.held() === 0);
    let loadedAtDelete = -1;
    const remove = fake.requests.push.bind(fake.requests);
    fake.requests.push = (request) => {
      if (request.path === '/api/delete') loadedAtDelete = fake.runners().length;
      return remove(request);
    };
    const answer = await ask(port, { method: 'DELETE', path: '/api/delete', body: { model: 'a' }, headers: key });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(loadedAtDelete).toBe(0);
    expect(ports.unloadedFirst).toEqual(['ollama/a:latest']);
    expect(ports.notes.map(({ text }) => text).slice(1)).toEqual(['a:latest was deleted from Ollama by a program.']);
    // The very next request already knows.
    expect((await ask(port, chat('a'))).status).toBe(404);
  });

  it('a request that comes in the middle of a delete does not bring the model back', async () => {
    const { port, fake, ports } = await startGateway();
    await ask(port, chat('a'));
    await until(() => ports.held() === 0);
    fake.fault({ route: '/api/delete', kind: 'slow', delayMs: 100, times: 1 });
    const removal = ask(port, { method: 'DELETE', path: '/api/delete', body: { model: 'a' }, headers: key });
    await until(() => fake.requests.some(({ path }) => path === '/api/delete'));
    const late = ask(port, chat('a'));
    expect((await removal).status).toBe(200);
    // Its other name has the same weights, which are still there.
    expect([(await late).status, (await ask(port, chat('a-alias'))).status]).toEqual([404, 200]);
    expect(ports.loads).toEqual(['a:latest', 'a-alias:latest']);
  });

  it('delete of what is not there: Ollama’s own answer', async () => {
    const { port, ports } = await startGateway();
    expect(await ask(port, { method: 'DELETE', path: '/api/delete', body: { name: 'nope' }, headers: key })).toMatchObject({ status: 404, json: { error: "model 'nope' not found" } });
    expect(ports.unloadedFirst).toEqual([]);
  });

  it('is refused while somebody else uses the model', async () => {
    const { port, fake, ports } = await startGateway({ ollama: { tokensPerSecond: 100 } });
    const running = ask(port, chat('a', 50));
    await until(() => ports.held() === 1);
    for (const [method, path] of [['DELETE', '/api/delete'], ['POST', '/api/pull'], ['POST', '/api/create']] as const) {
      const { status, json } = await ask(port, { method, path, body: { model: 'a' }, headers: key });
      expect([status, json['error']], path).toEqual([409, 'a:latest is in use. Try again when it is not.']);
    }
    expect(fake.requests.some(({ path }) => ['/api/delete', '/api/pull', '/api/create'].includes(path))).toBe(false);
    expect((await running).text).toContain('"done":true');
  });

  it('pull: progress comes through, and the model is there right after it', async () => {
    const { port, ports } = await startGateway({ ollama: { registry: [{ name: 'new', blob: 'blob-new', sizeBytes: 1000 }] } });
    const { text } = await ask(port, { path: '/api/pull', body: { model: 'new' }, headers: key });
    const lines = text.trim().split('\n');
    expect([lines[0], lines.at(-1)]).toEqual(['{"status":"pulling manifest"}', '{"status":"success"}']);
    expect((await ask(port, chat('new'))).status).toBe(200);
    expect(ports.unloadedFirst).toEqual([]);
  });

  it('pull: who leaves ends it', async () => {
    const { port, fake } = await startGateway({ ollama: { registry: [{ name: 'new', blob: 'blob-new', sizeBytes: 10_000_000 }], pullBytesPerSecond: 100_000 } });
    const leaving = new AbortController();
    const response = await open(port, { path: '/api/pull', body: { model: 'new' }, headers: key, signal: leaving.signal });
    response.on('error', () => undefined).resume();
    leaving.abort();
    await until(() => response.destroyed);
    expect((await ask(fake.port, { path: '/api/tags' })).text).not.toContain('"new:latest"');
  });

  it('copy over a name with other weights unloads these; over one of the same, or a new one, nothing', async () => {
    const { port, ports } = await startGateway();
    for (const destination of ['brand-new', 'a-alias', 'b']) {
      expect((await ask(port, { path: '/api/copy', body: { source: 'a', destination }, headers: key })).status).toBe(200);
    }
    expect(ports.unloadedFirst).toEqual(['ollama/b:latest']);
    expect((await ask(port, chat('brand-new'))).status).toBe(200);
  });

  it('an Airdock id is put into Ollama’s words', async () => {
    const { port, fake } = await startGateway();
    expect((await ask(port, { method: 'DELETE', path: '/api/delete', body: { model: 'ollama/b' }, headers: key })).status).toBe(200);
    expect(lastAt(fake, '/api/delete').body).toEqual({ model: 'b:latest' });
  });

  it('a file of the user’s own is not deleted, whatever Ollama has', async () => {
    const { port, fake, ports } = await startGateway();
    const [model] = ports.models.installed();
    ports.models.resolve = () => ({ ok: true, model: { ...model!, id: 'llama.cpp/x.gguf', provider: 'llama.cpp', providerName: 'x.gguf' } });
    expect(await ask(port, { method: 'DELETE', path: '/api/delete', body: { model: 'llama.cpp/x.gguf' }, headers: key })).toMatchObject({ status: 400, json: { error: expect.stringContaining('is not deleted here') as string } });
    expect(fake.requests).toEqual([]);
  });

  it('a body that is uploaded is passed on while it comes', async () => {
    const { port, fake, settings } = await startGateway();
    settings.body_limit_mb = 0.001;
    await ask(port, { path: '/api/blobs/sha256:00', body: 'x'.repeat(100_000), headers: key });
    expect(String(lastAt(fake, '/api/blobs/sha256:00').body)).toHaveLength(100_000);
  });
});
