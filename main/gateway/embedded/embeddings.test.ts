import { describe, expect, it } from 'vitest';
import type { CatalogModel } from '../../providers/provider.ts';
import { readOllamaEmbed, readOllamaEmbeddings, readOpenAiEmbeddings } from './embeddings.ts';

const embedder = { capabilities: ['embedding'] } as CatalogModel;
const writer = { capabilities: ['completion'] } as CatalogModel;
const counts = { promptTokens: 4, totalMs: 2, loadMs: 1 };
const vectors = [[3 / 13, 4 / 13, 12 / 13]];

function answerOf(read: ReturnType<typeof readOllamaEmbed>, made = vectors): unknown {
  if (!read.ok) throw new Error(read.message);
  const written = read.value.answer(made, counts);
  return written.ok ? written.value : written;
}

describe('/api/embed', () => {
  const embed = (body: object, model = embedder) => readOllamaEmbed(body as Record<string, unknown>, 'm', model);

  it.each([['x', ['x']], [['x', ''], ['x', '']], ['', []], [[], []], [undefined, []], [null, []]])('takes %j', (input, inputs) => expect(embed({ input })).toMatchObject({ value: { inputs } }));

  it('counts in nanoseconds, and shortens to a length of one', () => {
    const told = { model: 'm', total_duration: 2_000_000, load_duration: 1_000_000, prompt_eval_count: 4 };
    expect(answerOf(embed({ input: 'x' }))).toEqual({ ...told, embeddings: vectors });
    expect(answerOf(embed({ input: 'x', dimensions: 2 }))).toEqual({ ...told, embeddings: [[0.6, 0.8]] });
    expect(answerOf(embed({ input: 'x', dimensions: 9 }))).toEqual({ ...told, embeddings: vectors });
    expect(answerOf(embed({ input: 'x', dimensions: 1 }), [[0, 1]])).toMatchObject({ embeddings: [[0]] });
  });

  it.each([
    [{ input: 5 }, 'invalid input type'],
    [{ input: ['x', 5] }, 'invalid input type'],
    [{ input: 'x', dimensions: 'all' }, '"dimensions" must be a whole number.'],
    [{ input: 'x', keep_alive: '5' }, 'time: missing unit in duration "5"'],
  ])('refuses %j', (body, message) => expect(embed(body)).toMatchObject({ ok: false, message }));

  it('of a model that writes text only loads it', () => {
    expect(embed({ input: '' }, writer)).toMatchObject({ ok: true });
    expect(embed({ input: 'x' }, writer)).toMatchObject({ ok: false, message: '"m" does not support embeddings' });
    expect(readOllamaEmbeddings({ prompt: '' }, 'm', writer)).toMatchObject({ ok: true });
    expect(readOllamaEmbeddings({ prompt: 'x' }, 'm', writer)).toMatchObject({ ok: false, message: '"m" does not support embeddings' });
  });
});

it('/api/embeddings has one text and one vector', () => {
  const read = readOllamaEmbeddings({ prompt: 'x' }, 'm', embedder);
  expect(read).toMatchObject({ value: { inputs: ['x'] } });
  expect(answerOf(read)).toEqual({ embedding: vectors[0] });
  expect(answerOf(readOllamaEmbeddings({}, 'm', embedder), [])).toEqual({ embedding: [] });
});

describe('/v1/embeddings', () => {
  const embed = (body: object, model = embedder) => readOpenAiEmbeddings(body as Record<string, unknown>, 'm', model);

  it.each([
    [{ input: 5 }, 'input'],
    [{ input: [1, 2] }, 'input'],
    [{ input: [[1]] }, 'input'],
    [{ input: '' }, 'input'],
    [{ input: ['x', ''] }, 'input'],
    [{ input: [] }, 'input'],
    [{}, 'input'],
    [{ input: Array.from({ length: 2049 }, () => 'x') }, 'input'],
    [{ input: 'x', encoding_format: 'hex' }, 'encoding_format'],
    [{ input: 'x', dimensions: 0 }, 'dimensions'],
  ])('refuses %j', (body, param) => expect(embed(body)).toMatchObject({ ok: false, param }));

  it('refuses a length that the model does not have, once it is known', () => {
    expect(answerOf(embed({ input: 'x', dimensions: 2 }))).toMatchObject({ ok: false, param: 'dimensions', message: expect.stringContaining('3 dimensions') as string });
    expect(answerOf(embed({ input: 'x', dimensions: 3, encoding_format: 'float' }))).toMatchObject({ data: [{ embedding: vectors[0] }] });
  });
});
