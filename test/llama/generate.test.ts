import { describe, expect, it } from 'vitest';
import { load, temporaryFolder, testProvider, unload, writeTiny, writeVariant } from './helpers.ts';

describe('generating', () => {
  it('tells whose turn it is', async () => {
    const folder = await temporaryFolder();
    await writeTiny(folder);
    const provider = testProvider({ directories: () => [folder] });
    const { model } = await load(provider, 'tiny');
    const { signal } = new AbortController();
    const told: string[] = [];
    const ask = (name: string): Promise<unknown> =>
      provider.inference!.generate({
        id: model.id,
        input: { kind: 'prompt', prompt: 'Tell me', template: true },
        maxTokens: 8,
        stop: [],
        sampling: { temperature: 0 },
        json: null,
        signal,
        onText: () => told.push(`${name} writes`),
        onTurn: () => told.push(`${name} begins`),
      });
    await Promise.all([ask('first'), ask('second')]);
    expect(told.filter((entry, i) => entry !== told[i - 1])).toEqual(['first begins', 'first writes', 'second begins', 'second writes']);
  });

  it('takes turns, can be abandoned, and counts as use', async () => {
    let clock = 1000;
    const folder = await temporaryFolder();
    await writeTiny(folder);
    const provider = testProvider({ directories: () => [folder], now: () => clock });
    const { model } = await load(provider, 'tiny');
    const { signal } = new AbortController();
    const ask = (maxTokens: number, abort: AbortSignal = signal) => provider.generate({ id: model.id, prompt: 'Tell me', maxTokens, signal: abort });

    // The same prompt gives the same text, whatever ran before.
    expect(await ask(6)).toEqual(await ask(6));

    const long = new AbortController();
    const abandoned = ask(1900, long.signal);
    const waiting = new AbortController();
    const behind = ask(3, waiting.signal);
    const last = ask(3);
    const { loaded } = await provider.poll({ catalog: false, signal });
    expect(loaded).toMatchObject([{ busy: true }]);
    expect(await provider.unload({ weights: model.weights, ifUnusedSince: 5000 }, signal)).toEqual({ kind: 'in-use', lastUsed: 1000 });
    waiting.abort();
    expect(await behind).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    long.abort();
    expect(await abandoned).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    clock = 2000;
    expect(await last).toMatchObject({ ok: true, tokens: 3 });

    expect(await provider.unload({ weights: model.weights, ifUnusedSince: 1500 }, signal)).toEqual({ kind: 'in-use', lastUsed: 2000 });
    expect(await provider.unload({ weights: model.weights, ifUnusedSince: 2000 }, signal)).toEqual({ kind: 'gone' });
    expect(await ask(1)).toMatchObject({ ok: false, problem: { code: 'not-loaded' } });
    expect(await unload(provider, model.weights)).toEqual({ kind: 'gone' });
  });

  it('uses the chat template of a model that has one', async () => {
    const folder = await temporaryFolder();
    const template = "{% for message in messages %}{{ '[' + message['role'] + '] ' + message['content'] + '\n' }}{% endfor %}[assistant] ";
    await writeVariant(folder, 'chatty', { extra: { 'tokenizer.chat_template': { type: 'string', value: template } } });
    const provider = testProvider({ directories: () => [folder] });
    const { model } = await load(provider, 'chatty');
    expect(await provider.generate({ id: model.id, prompt: 'Hello?', maxTokens: 4, signal: new AbortController().signal })).toMatchObject({ ok: true });
  });

  it('loads a model for embeddings and says that it makes no text', async () => {
    const folder = await temporaryFolder();
    await writeVariant(folder, 'meaning', { extra: { 'llama.pooling_type': { type: 'uint32', value: 1 } } });
    const provider = testProvider({ directories: () => [folder] });
    const { model } = await load(provider, 'meaning');
    expect(model.capabilities).toEqual(['embedding']);
    expect(await provider.generate({ id: model.id, prompt: 'Hello?', maxTokens: 4, signal: new AbortController().signal })).toMatchObject({
      ok: false,
      problem: { code: 'bad-request', message: 'This model makes embeddings, not text.' },
    });
  });
});
