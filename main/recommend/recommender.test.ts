import { describe, expect, it } from 'vitest';
import type { Recommendation } from '../../contract/index.ts';
import { problem } from '../../contract/index.ts';
import { createRecommender, type RecommendOptions } from './recommender.ts';
import { fileOf, portFrom, valueOf, type ModelWish } from '../../test/recommender-fixture.ts';

const sees = { capabilities: ['completion', 'vision'] };
const chat: ModelWish = { name: 'llama3.2', parameterSize: '3.2B' };
const big: ModelWish = { name: 'gemma3', parameterSize: '27B' };
const coder: ModelWish = { name: 'qwen-coder', parameterSize: '3B' };
const eyes: ModelWish = { name: 'llava', parameterSize: '7B', ...sees };
const reader: ModelWish = { name: 'some-ocr', parameterSize: '3B', ...sees };
const maths: ModelWish = { name: 'mathstral', parameterSize: '7B' };
const speaker: ModelWish = { name: 'translategemma', parameterSize: '3B' };
const ears: ModelWish = { name: 'voxtral', capabilities: ['completion', 'audio'] };
const vectors: ModelWish = { name: 'nomic-embed', capabilities: ['embedding'], parameterSize: '137M' };
const tools: ModelWish = { name: 'hermes', capabilities: ['completion', 'tools'], parameterSize: '3B' };
const thinker: ModelWish = { name: 'r1', capabilities: ['completion', 'thinking'], parameterSize: '3B' };
const all = [chat, coder, eyes, reader, maths, speaker, ears, vectors, tools, thinker];

async function ask(models: readonly ModelWish[], file: Parameters<typeof fileOf> | null, options: RecommendOptions & { fileTypes?: Record<string, string>; onlineServers?: string[] } = {}): Promise<Recommendation> {
  const { fileTypes, onlineServers, ...rest } = options;
  const { port } = portFrom(models, { ...(fileTypes ? { fileTypes } : {}), ...(onlineServers ? { onlineServers } : {}) });
  const recommended = valueOf(await createRecommender({ provider: port }).recommend(file === null ? [] : [fileOf(...file)], rest));
  return recommended.recommendations[0]!;
}

describe('a file among models of every kind', () => {
  it.for<[mime: string, model: string | null, why: string]>([
    ['text/plain', 'llava', 'reads and writes text'],
    ['text/markdown', 'llava', 'reads and writes text'],
    ['message/rfc822', 'llava', 'reads and writes text'],
    ['application/x-tex', 'llava', 'reads and writes text'],
    ['application/json', 'llava', 'reads and writes text'],
    ['text/csv', 'llava', 'reads and writes text'],
    ['application/yaml', 'llava', 'reads and writes text'],
    ['text/x-log', 'llava', 'reads and writes text'],
    ['text/x-python', 'qwen-coder', 'made for code'],
    ['text/javascript', 'qwen-coder', 'made for code'],
    ['text/x-typescript', 'qwen-coder', 'made for code'],
    ['text/x-rust', 'qwen-coder', 'made for code'],
    ['text/x-go', 'qwen-coder', 'made for code'],
    ['text/x-sql', 'qwen-coder', 'made for code'],
    ['text/html', 'qwen-coder', 'made for code'],
    ['text/x-shellscript', 'qwen-coder', 'made for code'],
    ['image/svg+xml', 'qwen-coder', 'made for code'],
    ['image/png', 'llava', 'sees images'],
    ['image/jpeg', 'llava', 'sees images'],
    ['image/heic', 'llava', 'sees images'],
    ['application/pdf', 'some-ocr', 'made for reading pages'],
    ['application/vnd.oasis.opendocument.text', 'llava', 'reads and writes text'],
    ['application/epub+zip', 'llava', 'reads and writes text'],
    ['audio/mpeg', 'voxtral', 'hears audio'],
    ['audio/wav', 'voxtral', 'hears audio'],
    ['video/mp4', 'llava', 'sees images'],
    ['application/zip', null, 'It is an archive: unpack it, and ask for the files in it.'],
    ['application/gzip', null, 'It is an archive: unpack it, and ask for the files in it.'],
    ['application/x-executable', null, 'What it holds cannot be told from its first bytes.'],
    ['application/octet-stream', null, 'What it holds cannot be told from its first bytes.'],
  ])('%s: %s', async ([mime, model, why]) => {
    const { model: chosen, reason } = await ask(all, [mime]);
    expect(chosen?.name ?? null).toBe(model);
    expect(reason).toContain(why);
  });

  it.for<[NonNullable<RecommendOptions['task']>, string]>([
    ['chat', 'llava'], ['code', 'qwen-coder'], ['image', 'llava'], ['ocr', 'some-ocr'], ['audio', 'voxtral'], ['embedding', 'nomic-embed'], ['math', 'mathstral'],
    ['translation', 'translategemma'], ['tools', 'hermes'], ['thinking', 'r1'],
  ])('the task %s alone: %s', async ([task, model]) => {
    const { file, model: chosen, task: told } = await ask(all, null, { task });
    expect([file, told, chosen?.name]).toEqual([null, task, model]);
  });

  it('the task that is asked for counts before what is usual', async () => {
    expect((await ask(all, ['text/plain'], { task: 'translation' })).model?.name).toBe('translategemma');
    expect((await ask(all, ['text/x-python'], { task: 'embedding' })).model?.name).toBe('nomic-embed');
  });
});

/** Sets of models for one file: who is chosen, and with which words. */
const cases: [title: string, models: ModelWish[], file: Parameters<typeof fileOf>, model: string | null, why: string, options?: RecommendOptions & { fileTypes?: Record<string, string>; onlineServers?: string[] }][] = [
  ['none is installed', [], ['text/plain'], null, 'No installed model writes text.'],
  ['none sees', [chat], ['image/png'], null, 'No installed model sees images.'],
  ['none hears', [chat, eyes], ['audio/wav'], null, 'No installed model hears audio.'],
  ['only vectors', [vectors], ['text/plain'], null, 'No installed model writes text.'],
  ['nobody sees the pages', [chat], ['application/pdf'], 'llama3.2', 'fits into free memory'],
  ['of equals, the one in memory', [{ ...chat, name: 'a' }, { ...chat, name: 'b', fit: 'loaded' }], ['text/plain'], 'b', 'is in memory'],
  ['a class better is worth a quick load', [{ ...chat, fit: 'loaded' }, { ...chat, name: 'eight', parameterSize: '8B' }], ['text/plain'], 'eight', 'fits into free memory'],
  ['a class better is no slow load worth', [{ ...chat, fit: 'loaded' }, { ...chat, name: 'eight', parameterSize: '8B', expectedLoadMs: 40_000 }], ['text/plain'], 'llama3.2', 'is in memory'],
  ['a class better is not worth that another goes', [{ ...chat, fit: 'loaded' }, { ...chat, name: 'eight', parameterSize: '8B', fit: 'evicts', others: ['llama3.2'] }], ['text/plain'], 'llama3.2', 'is in memory'],
  ['three classes are', [{ ...chat, fit: 'loaded', idleMs: 240_000 }, { ...big, fit: 'evicts', others: ['llama3.2'] }], ['text/plain'], 'gemma3', 'loads once llama3.2 (unused for 4 min) has been unloaded'],
  ['whoever is due to go', [{ ...chat, fit: 'loaded', due: true }, { ...big, fit: 'evicts', others: ['llama3.2'] }], ['text/plain'], 'gemma3', 'llama3.2 (due to go)'],
  ['the better one has a busy model in its way', [{ ...chat, fit: 'loaded', inUse: true }, { ...big, fit: 'blocked', others: ['llama3.2'] }], ['text/plain'], 'llama3.2', 'is in memory'],
  ['only one with a busy model in its way', [{ ...vectors, fit: 'loaded' }, { ...big, fit: 'blocked', others: ['nomic-embed'] }], ['text/plain'], 'gemma3', 'cannot be loaded before nomic-embed can go'],
  ['nothing fits now', [{ ...big, fit: 'short' }], ['text/plain'], 'gemma3', 'needs more memory than is free now'],
  ['nothing ever fits', [{ ...big, fit: 'too-big' }], ['text/plain'], 'gemma3', 'is too big for this computer'],
  ['the one that fits before the better one that does not', [{ ...big, fit: 'short' }, chat], ['text/plain'], 'llama3.2', 'fits into free memory'],
  ['the list was too hopeful', [{ ...big, planned: 'short' }, chat], ['text/plain'], 'llama3.2', 'fits into free memory'],
  ['only online fits, and was not asked for', [{ ...big, online: true, fit: 'online' }], ['text/plain'], null, 'No installed model writes text.'],
  ['only online fits', [{ ...big, online: true, fit: 'online' }, { ...chat, fit: 'too-big' }], ['text/plain'], 'gemma3', 'leaves this computer', { allowOnline: true }],
  ['its server has allow_online', [{ ...big, provider: 'cloud', online: true, fit: 'online' }, { ...chat, fit: 'too-big' }], ['text/plain'], 'gemma3', 'leaves this computer', { onlineServers: ['cloud'] }],
  ['online, of a size that nobody tells: a quick load here comes first', [{ ...chat, name: 'away', parameterSize: null, provider: 'cloud', online: true, fit: 'online', sizeBytes: 0 }, { ...chat, parameterSize: '0.1B', expectedLoadMs: 2_000 }], ['text/plain'], 'llama3.2', 'fits', { onlineServers: ['cloud'] }],
  ['another server has', [{ ...big, provider: 'cloud', online: true, fit: 'online' }, chat], ['text/plain'], 'llama3.2', 'fits', { onlineServers: ['lab'] }],
  ['the settings name one that is online, of a server with allow_online', [{ ...big, provider: 'cloud', online: true, fit: 'online' }, chat], ['text/plain'], 'gemma3', 'is what the settings name', { fileTypes: { 'text/*': 'gemma3' }, onlineServers: ['cloud'] }],
  ['a server of its own brings it', [{ ...chat, fit: 'served' }], ['text/plain'], 'llama3.2', 'its server loads it by itself'],
  ['a made-for model that cannot be had', [{ ...coder, fit: 'short' }, chat], ['text/x-go'], 'llama3.2', 'fits into free memory'],
  ['a coder for prose, for want of another', [coder], ['text/plain'], 'qwen-coder', 'is made for something else'],
  ['a smaller one for everything before a larger one for code', [{ ...coder, parameterSize: '14B' }, chat], ['text/plain'], 'llama3.2', 'reads and writes text'],
  ['few bits cost a class', [{ ...chat, name: 'q2', parameterSize: '8B', quantization: 'Q2_K' }, { ...chat, name: 'q4', parameterSize: '4B', quantization: 'Q4_K_M' }], ['text/plain'], 'q4', 'reads and writes text'],
  ['of one size, more bits', [{ ...chat, name: 'q4' }, { ...chat, name: 'q8', quantization: 'Q8_0' }], ['text/plain'], 'q8', 'reads and writes text'],
  ['a sample after a real model', [{ ...big, name: 'sample', sample: true, fit: 'loaded' }, { ...chat, parameterSize: '0.5B' }], ['text/plain'], 'llama3.2', 'fits'],
  ['a sample, for want of a real one', [{ ...chat, sample: true }], ['text/plain'], 'llama3.2', 'it answers nonsense'],
  ['disabled models do not count', [{ ...big, problem: problem('model-disabled', 'Off.') }, chat], ['text/plain'], 'llama3.2', 'fits'],
  ['models that judge others do not count', [{ ...big, name: 'llama-guard' }, { ...big, name: 'bge-reranker' }, chat], ['text/plain'], 'llama3.2', 'fits'],
  ['the server tells no abilities: names count', [{ ...chat, name: 'qwen-vl', capabilities: [] }, chat], ['image/png'], 'qwen-vl', 'sees images'],
  ['what a server tells counts before a name', [{ ...chat, name: 'my-vision' }, { ...eyes, parameterSize: '1B' }], ['image/png'], 'llava', 'sees images'],
  ['a folder’s name says nothing', [{ ...chat, id: 'llama.cpp/code/llama', name: 'llama' }, { ...coder, parameterSize: '1B' }], ['text/x-c'], 'qwen-coder', 'made for code'],
  ['too long for one', [{ ...big, fit: 'loaded', maxContextLength: 4_096 }, chat], ['text/plain', 100_000], 'llama3.2', 'fits'],
  ['too long for all', [{ ...chat, maxContextLength: 4_096 }], ['text/plain', 100_000], 'llama3.2', 'too short for all of it'],
  ['the settings name it', [big, chat], ['text/plain'], 'llama3.2', 'is what the settings name for text/*', { fileTypes: { 'text/*': 'llama3.2' } }],
  ['the settings name it for an unknown type', [big, chat], ['application/x-sqlite3', 9, 'a.db'], 'llama3.2', 'is what the settings name for *.db', { fileTypes: { '*.db': 'llama3.2' } }],
  ['a glob before a type', [big, chat], ['text/plain', 9, 'a.txt'], 'llama3.2', '*.txt', { fileTypes: { 'text/plain': 'gemma3', '*.txt': 'LLAMA3.2:latest' } }],
  ['the settings name one that waits for others', [big, { ...chat, fit: 'blocked', others: ['gemma3'] }], ['text/plain'], 'llama3.2', 'cannot be loaded before gemma3 can go', { fileTypes: { 'text/*': 'llama3.2' } }],
  ['the settings name one that is too big', [{ ...big, fit: 'too-big' }, chat], ['text/plain'], 'llama3.2', 'fits', { fileTypes: { 'text/*': 'gemma3' } }],
  ['the settings name one that is too short', [{ ...big, maxContextLength: 4_096 }, chat], ['text/plain', 100_000], 'llama3.2', 'fits', { fileTypes: { 'text/*': 'gemma3' } }],
  ['the settings name one that is online', [{ ...big, online: true, fit: 'online' }, chat], ['text/plain'], 'llama3.2', 'fits', { fileTypes: { 'text/*': 'gemma3' } }],
  ['the settings name one that is gone', [chat], ['text/plain'], 'llama3.2', 'fits', { fileTypes: { 'text/*': 'gemma3' } }],
];

describe('one file among', () => {
  it.for(cases)('%s', async ([, models, file, model, why, options]) => {
    const { model: chosen, reason } = await ask(models, file, options);
    expect(chosen?.name ?? null).toBe(model);
    expect(reason).toContain(why);
    expect(reason).toMatch(/^[^.].*\.$/);
    expect(reason).not.toMatch(/evict|lease|footprint|provider|force/i);
  });
});

describe('beside the model, it says', () => {
  it('whether it can be loaded, who would go or is in the way, and whether these are due', async () => {
    const evicting = await ask([{ ...vectors, fit: 'loaded', idleMs: 90_000, due: true }, { ...big, fit: 'evicts', others: ['nomic-embed'] }], ['text/plain']);
    expect(evicting.model).toMatchObject({ canLoad: false, fit: { kind: 'evicts' }, unloads: [{ id: 'p/nomic-embed', name: 'nomic-embed', idleMs: 90_000, due: true }], blockers: [], loaded: null, plan: 'Plan for gemma3.' });
    const blocked = await ask([{ ...vectors, fit: 'loaded', inUse: true, due: true }, { ...big, fit: 'blocked', others: ['nomic-embed'] }], ['text/plain']);
    // In use: not idle, so not due either.
    expect(blocked.model).toMatchObject({ canLoad: false, blockers: [{ name: 'nomic-embed', why: 'in-use', idleMs: null, due: false }] });
    const loaded = await ask([{ ...chat, fit: 'loaded', idleMs: 5_000 }], ['text/plain']);
    expect(loaded.model).toMatchObject({ canLoad: true, loaded: { name: 'llama3.2', idleMs: 5_000, due: false } });
  });

  it('alternatives in order, three at most', async () => {
    const { alternatives } = await ask([chat, { ...chat, name: 'b', quantization: 'Q8_0' }, { ...chat, name: 'c', fit: 'short' }, { ...chat, name: 'd', fit: 'loaded' }, { ...chat, name: 'e', fit: 'too-big' }], ['text/plain']);
    expect(alternatives.map(({ name }) => name)).toEqual(['b', 'llama3.2', 'c']);
  });

  it('the context that the file needs, and plans with it', async () => {
    const { port, asked } = portFrom([chat]);
    const { recommendations } = valueOf(await createRecommender({ provider: port }).recommend([fileOf('text/plain', 70_000)]));
    expect(recommendations[0]?.model?.contextLength).toBe(21_504);
    expect(asked).toEqual([{ id: 'p/llama3.2', contextLength: 21_504 }]);
  });

  it('what is wrong with the settings, and what has to be done with the file', async () => {
    const notes = async (...args: Parameters<typeof ask>): Promise<string> => (await ask(...args)).notes.join(' ');
    expect(await notes([chat], ['text/plain'], { fileTypes: { 'text/*': 'gone' } })).toBe('The settings name gone for text/*, but no such model is installed.');
    expect(await notes([{ ...big, online: true, fit: 'online' }, chat], ['text/plain'], { fileTypes: { 'text/*': 'gemma3' } })).toContain('online models were not asked for');
    expect(await notes([{ ...big, fit: 'too-big' }, chat], ['text/plain'], { fileTypes: { 'text/*': 'gemma3' } })).toContain('too big for this computer');
    expect(await notes([{ ...big, maxContextLength: 4_096 }, chat], ['text/plain', 100_000], { fileTypes: { 'text/*': 'gemma3' } })).toContain('longer than its context');
    expect(await notes([chat], ['application/pdf'])).toContain('its text has to be taken out first');
    expect(await notes([eyes], ['application/pdf'])).toBe('Its pages have to be given as pictures.');
    expect(await notes([{ ...chat, maxContextLength: 4_096 }], ['text/plain', 100_000])).toContain('in parts');
    expect(await notes([], ['application/pdf'])).toBe('');
    // Whoever chose a model for it knows what to give it.
    expect(await notes([chat, eyes], ['application/pdf'], { fileTypes: { 'application/pdf': 'llama3.2' } })).toBe('');
  });

  it('what was made for it, and whom of the settings it passed over, as data too', async () => {
    const about = async (...args: Parameters<typeof ask>) => {
      const { model, alternatives, unheeded } = await ask(...args);
      return { madeFor: [model, ...alternatives].map((one) => one?.madeFor ?? null), unheeded: unheeded ?? null };
    };
    expect(await about([coder, chat], ['text/x-go'])).toEqual({ madeFor: ['code', null], unheeded: null });
    expect(await about([reader, eyes], ['application/pdf'])).toEqual({ madeFor: ['ocr', null], unheeded: null });
    expect(await about([coder], ['text/plain'])).toEqual({ madeFor: [null], unheeded: null });
    const wish = { fileTypes: { 'text/*': 'gemma3' } };
    const why = async (models: ModelWish[], size?: number) => (await about([...models, chat], ['text/plain', size], wish)).unheeded;
    expect(await why([])).toEqual({ model: 'gemma3', key: 'text/*', why: 'missing' });
    expect(await why([{ ...big, problem: problem('model-disabled', 'Off.') }])).toMatchObject({ why: 'unusable' });
    expect(await why([{ ...big, online: true, fit: 'online' }])).toMatchObject({ why: 'online' });
    expect(await why([{ ...big, fit: 'too-big' }])).toEqual({ model: 'gemma3', key: 'text/*', why: 'too-big' });
    expect(await why([{ ...big, maxContextLength: 4_096 }], 100_000)).toMatchObject({ why: 'too-long' });
    expect(await why([big])).toBeNull();
  });

  it('of several names of the same weights, the one in memory', async () => {
    const { model, alternatives } = await ask([{ ...chat, name: 'alias', weights: 'w:llama3.2' }, { ...chat, fit: 'loaded' }], ['text/plain']);
    expect([model?.name, alternatives]).toEqual(['llama3.2', []]);
  });
});

it('neither a file nor a task is refused', async () => {
  const { port } = portFrom([chat]);
  expect(await createRecommender({ provider: port }).recommend([])).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
});

it('5,000 files among 2,000 models are answered, with a plan for few of them', async () => {
  const models = Array.from({ length: 2_000 }, (_, index): ModelWish => ({ ...chat, name: `m${index}`, fit: 'short' }));
  const { port, asked } = portFrom(models);
  const files = Array.from({ length: 5_000 }, (_, index) => fileOf('text/plain', 1_000 + index));
  const { recommendations } = valueOf(await createRecommender({ provider: port }).recommend(files));
  expect(recommendations).toHaveLength(5_000);
  expect(asked.length).toBeLessThan(200);
});

it('of the same worth, the one in memory before one that is larger', async () => {
  // A class more, a load into free memory, and half a minute for it: neither is better.
  const { model } = await ask([{ ...chat, name: 'eight', parameterSize: '8B', expectedLoadMs: 30_000 }, { ...chat, fit: 'loaded' }], ['text/plain']);
  expect(model?.name).toBe('llama3.2');
});

it('where every plan is worse than the list, not all of 2,000 are planned', async () => {
  const { port, asked } = portFrom(Array.from({ length: 2_000 }, (_, index): ModelWish => ({ ...chat, name: `m${index}`, fit: 'fits', planned: 'short' })));
  expect(valueOf(await createRecommender({ provider: port }).recommend([fileOf('text/plain')])).recommendations[0]?.model).toMatchObject({ fit: { kind: 'short' }, canLoad: false });
  expect(asked.length).toBeLessThan(100);
});
