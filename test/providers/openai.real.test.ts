import { describe, expect, it } from 'vitest';
import { load, loadedNames, never, poll, providerFor } from './openai-subject.ts';

const base_url = process.env['AIRDOCK_TEST_OPENAI_BASE_URL'];

/** A server of this computer that may be told to load and unload: AIRDOCK_TEST_OPENAI_BASE_URL=http://127.0.0.1:8080/v1 */
describe.skipIf(base_url === undefined)('a real server', () => {
  const real = () => providerFor({ base_url, local: true, key_env: process.env['AIRDOCK_TEST_OPENAI_KEY'] === undefined ? null : 'AIRDOCK_TEST_OPENAI_KEY' }, { env: process.env, times: { watch: 250 } });

  it('is up, lists models, and answers', async () => {
    const provider = real();
    const { status, models } = await poll(provider);
    expect(status).toMatchObject({ status: 'up', problem: null });
    const [first] = models ?? [];
    expect(first?.id).toBe(`there/${first?.providerName}`);
    expect(await provider.generate({ id: first!.id, prompt: 'Say hello.', maxTokens: 8, signal: never })).toMatchObject({ ok: true, text: expect.any(String) as string });
  });

  it('loads and unloads, where it can be told to', async ({ skip }) => {
    const provider = real();
    const { status, models } = await poll(provider);
    const model = models?.find(({ elsewhere }) => elsewhere === undefined);
    if (!model || status.canUnload === false) return skip();
    expect(await load(provider, model)).toMatchObject({ ok: true });
    expect(await loadedNames(provider)).toContain(model.providerName);
    expect(await provider.unload({ weights: model.weights, ifUnusedSince: null }, never)).toEqual({ kind: 'gone' });
    expect(await loadedNames(provider)).not.toContain(model.providerName);
  }, 300_000);
});
