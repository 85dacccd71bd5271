import { describe, expect, it } from 'vitest';
import { ask, load, temporaryFolder, testProvider, writeRandom, writeTiny } from './helpers.ts';

const { signal } = new AbortController();

async function embedder(pooling: number, { context = 2048, causal = true } = {}) {
  const folder = await temporaryFolder();
  await writeRandom(folder, 'meaning', { 'llama.pooling_type': { type: 'uint32', value: pooling }, 'llama.attention.causal': { type: 'bool', value: causal } });
  const provider = testProvider({ directories: () => [folder], contextLengthFor: () => context });
  const { model } = await load(provider, 'meaning');
  const embed = (inputs: string[], stop = signal) => provider.inference.embed({ id: model.id, inputs, signal: stop });
  return { provider, id: model.id, embed };
}

const product = (a: number[] = [], b: number[] = []) => a.reduce((sum, each, at) => sum + each * (b[at] ?? 0), 0);

describe('embeddings', () => {
  it('come one for each input, of length one, with the tokens counted', async () => {
    const { embed } = await embedder(1);
    const made = await embed(['ba', 'de fi go', 'ba']);
    if (!made.ok) throw new Error(made.problem.message);
    const [first, other, same] = made.vectors;
    expect(made.vectors.map((vector) => vector.length)).toEqual([256, 256, 256]);
    expect(product(first, first)).toBeCloseTo(1, 5);
    expect(product(first, same)).toBeCloseTo(1, 5);
    expect(product(first, other)).toBeLessThan(0.999);
    const counts = await Promise.all([embed(['ba']), embed(['de fi go'])]);
    const tokens = counts.map((each) => (each.ok ? each.promptTokens : 0));
    expect(made.promptTokens).toBe(2 * (tokens[0] ?? 0) + (tokens[1] ?? 0));
    expect(tokens[0]).toBeGreaterThanOrEqual(2);
    expect(await embed([])).toEqual({ ok: true, vectors: [], promptTokens: 0 });
  });

  it('of an input that is too long are refused with both sizes, and nothing is done by halves', async () => {
    const { embed } = await embedder(3, { context: 256 });
    expect(await embed(['ba', 'ba'.repeat(300)])).toMatchObject({
      ok: false,
      problem: { code: 'bad-request', message: expect.stringMatching(/^Input 2 has 30\d tokens, but the model takes at most 255 at a time\.$/) },
    });
    expect(await embed(['ba', ''])).toEqual({ ok: false, problem: { code: 'bad-request', message: 'There is nothing in input 2 to make an embedding of.' } });
    expect(await embed(['ba'])).toMatchObject({ ok: true });
  });

  it('of all tokens together take no more than one batch, of the last token the whole context', async () => {
    const long = ['ba'.repeat(700)];
    expect(await (await embedder(1)).embed(long)).toMatchObject({ ok: false, problem: { message: expect.stringContaining('at most 512') } });
    // An encoder is given its whole context in one go.
    expect(await (await embedder(1, { causal: false })).embed(long)).toMatchObject({ ok: true, promptTokens: expect.closeTo(702, -1) });
    const last = await embedder(3);
    const made = await last.embed([...long, 'ba'.repeat(700) + 'ki']);
    expect(made.ok && product(made.vectors[0], made.vectors[1])).toBeLessThan(0.9999);
  });

  it('that nobody wants any more are not made', async () => {
    const { embed } = await embedder(1);
    const cancel = new AbortController();
    const running = embed(Array.from({ length: 400 }, (_, at) => `ba${'de'.repeat(at)}`), cancel.signal);
    const waiting = new AbortController();
    const behind = embed(['ba'], waiting.signal);
    waiting.abort();
    expect(await behind).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    cancel.abort();
    expect(await running).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expect(await embed(['ba'])).toMatchObject({ ok: true });
  });

  it('are no text, and text models make none', async () => {
    const { provider, id } = await embedder(1);
    expect((await ask(provider, id)).outcome).toEqual({ ok: false, problem: { code: 'bad-request', message: 'This model makes embeddings, not text.' } });
    const folder = await temporaryFolder();
    await writeTiny(folder);
    const texts = testProvider({ directories: () => [folder] });
    const { model } = await load(texts, 'tiny');
    expect(await texts.inference.embed({ id: model.id, inputs: ['x'], signal })).toEqual({ ok: false, problem: { code: 'bad-request', message: 'This model writes text and makes no embeddings.' } });
  });
});
