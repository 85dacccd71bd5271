import { readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogOf, findModel, loadRequest, sampleFolder, temporaryFolder, testProvider, writeTiny, writeVariant } from './helpers.ts';

describe('files that cannot be loaded', () => {
  it('names the kind of model that llama.cpp does not know', async () => {
    const folder = await temporaryFolder();
    await writeVariant(folder, 'perceptron', { architecture: 'perceptron' });
    const provider = testProvider({ directories: () => [folder] });
    const model = await findModel(provider, 'perceptron');
    expect(model.problem).toBeNull();
    expect(await provider.load(loadRequest(model))).toMatchObject({
      ok: false,
      kind: 'failed',
      problem: { code: 'bad-file', message: 'perceptron is a model of the kind "perceptron", which this version of llama.cpp cannot run.' },
    });
  });

  it('lists broken files with what is wrong, and refuses to load them', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'empty.gguf'), '');
    await writeFile(path.join(folder, 'text.gguf'), 'This is no model at all, but a letter to a friend.');
    await truncate(await writeTiny(folder, 'cut'), 1_000_000);
    const provider = testProvider({ directories: () => [folder] });
    const models = (await catalogOf(provider)).filter((model) => !model.providerName.startsWith('sample-'));
    expect(models.map((model) => [model.providerName, model.problem?.code, model.problem?.message])).toEqual([
      ['cut', 'bad-file', expect.stringContaining('cut off')],
      ['empty', 'bad-file', expect.stringContaining('it is empty')],
      ['text', 'bad-file', expect.stringContaining('not a GGUF file')],
    ]);
    for (const model of models) expect(await provider.load(loadRequest(model))).toMatchObject({ ok: false, kind: 'failed', problem: model.problem });
  });

  it('says that a file has vanished since it was listed', async () => {
    const folder = await temporaryFolder();
    const file = await writeTiny(folder);
    const provider = testProvider({ directories: () => [folder] });
    const model = await findModel(provider, 'tiny');
    await rm(file);
    expect(await provider.load(loadRequest(model))).toMatchObject({ ok: false, problem: { code: 'bad-file', message: 'tiny.gguf is no longer there.' } });
  });

  it('notices that a file was replaced since it was listed', async () => {
    const folder = await temporaryFolder();
    const file = await writeTiny(folder);
    const provider = testProvider({ directories: () => [folder] });
    const model = await findModel(provider, 'tiny');
    await writeFile(file, 'half a download');
    expect(await provider.load(loadRequest(model))).toMatchObject({ ok: false, problem: { code: 'bad-file', message: expect.stringContaining('not a GGUF file') } });
    await rm(file);
    await symlink(path.join(sampleFolder(), 'sample-small.gguf'), file);
    expect(await provider.load(loadRequest(model))).toMatchObject({ ok: false, problem: { code: 'bad-file', message: expect.stringContaining('outside its folder') } });
  });

  it('uses no link that leads out of the folder', async () => {
    const folder = await temporaryFolder();
    await symlink(path.join(sampleFolder(), 'sample-small.gguf'), path.join(folder, 'elsewhere.gguf'));
    const provider = testProvider({ directories: () => [folder] });
    const model = await findModel(provider, 'elsewhere');
    expect(model.problem).toMatchObject({ code: 'bad-file', message: 'elsewhere.gguf is a link to a place outside its folder and is not used.' });
    expect(await provider.load(loadRequest(model))).toMatchObject({ ok: false, problem: model.problem });
  });

  it('tells what llama.cpp misses in a well-formed file', async () => {
    const folder = await temporaryFolder();
    const file = await writeTiny(folder, 'incomplete');
    const bytes = await readFile(file);
    bytes.write('blk.9', bytes.indexOf('blk.1.attn_q'));
    await writeFile(file, bytes);
    const provider = testProvider({ directories: () => [folder] });
    const outcome = await provider.load(loadRequest(await findModel(provider, 'incomplete')));
    expect(outcome).toMatchObject({ ok: false, kind: 'failed', problem: { code: 'load-failed', message: expect.stringContaining('blk.1.attn_q') } });
  });
});

describe('llama.cpp itself missing', () => {
  it('shows as down with the reason and refuses loads with the same words', async () => {
    const provider = testProvider({ findEngine: () => ({ version: '3.21.1', missing: 'node-llama-cpp has no build for plan9 on mips' }) });
    const { status } = await provider.poll({ catalog: false, signal: new AbortController().signal });
    expect(status).toMatchObject({ status: 'down', problem: { code: 'provider-down', message: 'llama.cpp cannot run on this computer: node-llama-cpp has no build for plan9 on mips.' } });
    expect(await provider.load(loadRequest(await findModel(provider, 'sample-small')))).toMatchObject({ ok: false, kind: 'provider-down', problem: status.problem });
  });

  it('is noticed when the child cannot be started', async () => {
    const provider = testProvider({ childEntry: path.join(await temporaryFolder(), 'no-such-file.mjs'), findEngine: () => ({ version: null, missing: null }) });
    const outcome = await provider.load(loadRequest(await findModel(provider, 'sample-small')));
    expect(outcome).toMatchObject({ ok: false, kind: 'failed', problem: { code: 'load-failed', message: 'The process of sample-small ended while it was loading (exit code 1).' } });
  });
});
