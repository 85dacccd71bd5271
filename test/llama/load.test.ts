import { getEventListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cpuKind } from '../../main/providers/llama-cpp/gguf/cpu-kind.ts';
import { availableBytes, findModel, isAlive, load, loadRequest, MIB, readResident, temporaryFolder, testProvider, tinyShape, unload, until, writeTiny, writeVariant } from './helpers.ts';

describe('loading', () => {
  it('takes the memory that it says, works, and gives all of it back', async () => {
    const folder = await temporaryFolder();
    // 400 MB of context memory, so that the rest of the machine hardly matters.
    await writeVariant(folder, 'wide', {}, { ...tinyShape, contextLength: 400_000 });
    const provider = testProvider({ directories: () => [folder], contextLengthFor: () => 400_000 });
    const progress: number[] = [];
    const processes: number[] = [];
    const model = await findModel(provider, 'wide');
    const before = availableBytes();
    const loaded = await provider.load(loadRequest(model, { onProgress: (fraction) => progress.push(fraction), onProcess: (pid) => processes.push(pid) }));
    if (!loaded.ok || loaded.pid === null) throw new Error('not loaded');
    const whileLoaded = availableBytes();

    expect(loaded).toMatchObject({ device: 'cpu', source: 'measured', contextLength: 400_000 });
    expect(processes).toEqual([loaded.pid]);
    expect(progress.at(-1)).toBe(1);
    const resident = readResident(loaded.pid);
    if (!resident) throw new Error('no process');
    expect(resident.anon).toBeGreaterThan(400_000 * 1024);
    expect(loaded.footprint.ram).toBeGreaterThanOrEqual(resident.anon + resident.file - 2 * MIB);
    expect(before - whileLoaded).toBeGreaterThan(resident.anon / 2);

    const said = await provider.generate({ id: model.id, prompt: 'Once upon', maxTokens: 2, signal: new AbortController().signal });
    expect(said).toMatchObject({ ok: true, tokens: 2 });

    const beforeUnload = availableBytes();
    expect(await unload(provider, model.weights)).toEqual({ kind: 'gone' });
    expect(isAlive(loaded.pid)).toBe(false);
    const report = await provider.poll({ catalog: false, signal: new AbortController().signal });
    expect(report.loaded).toEqual([]);
    await until(() => availableBytes() - beforeUnload > resident.anon / 2, 2000);
  });

  it('leaves nothing behind on the signal of an unload, which lives as long as the app', async () => {
    const folder = await temporaryFolder();
    await writeTiny(folder);
    const provider = testProvider({ directories: () => [folder] });
    const { model } = await load(provider, 'tiny');
    const { signal } = new AbortController();
    expect(await provider.unload({ weights: model.weights, ifUnusedSince: null }, signal)).toEqual({ kind: 'gone' });
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('counts the file as memory once, mapped or read, and says what a sample answers', async () => {
    const provider = testProvider();
    const { model, loaded, pid } = await load(provider, 'sample-medium');
    const resident = readResident(pid);
    if (!resident) throw new Error('no process');
    // A processor with matrix tiles rearranges F16, so there the file is read instead of mapped.
    const [holds, other] = cpuKind() === 'x64-amx' ? [resident.anon, resident.file] : [resident.file, resident.anon];
    expect(holds).toBeGreaterThan(model.sizeBytes);
    expect(loaded.footprint.ram).toBeGreaterThan(model.sizeBytes + other);
    expect(loaded.footprint.ram).toBeLessThan(1.8 * model.sizeBytes + other);
    const said = await provider.generate({ id: model.id, prompt: 'Once upon', maxTokens: 5, signal: new AbortController().signal });
    expect(said.ok && said.text).toMatch(/^[\x20-\x7e]+$/);
  });

  it('holds two models at once, each in a process of its own', async () => {
    const provider = testProvider();
    const [small, medium] = [await findModel(provider, 'sample-small'), await findModel(provider, 'sample-medium')];
    const outcomes = await Promise.all([provider.load(loadRequest(small)), provider.load(loadRequest(medium))]);
    const pids = outcomes.map((outcome) => (outcome.ok ? outcome.pid : outcome.problem.message));
    expect(new Set(pids).size).toBe(2);
    const { loaded } = await provider.poll({ catalog: false, signal: new AbortController().signal });
    expect(loaded?.map((seen) => [seen.name, seen.pid, seen.busy])).toEqual(expect.arrayContaining([['sample-small', pids[0], false], ['sample-medium', pids[1], false]]));
    await unload(provider, small.weights);
    expect(isAlive(Number(pids[1]))).toBe(true);
  });

  it('loads again with another context, never with more than the model was trained for', async () => {
    const folder = await temporaryFolder();
    await writeTiny(folder);
    const provider = testProvider({ directories: () => [folder], contextLengthFor: () => 100_000 });
    const first = await load(provider, 'tiny');
    expect(first.model.contextLength).toBe(2048);
    expect(first.loaded.contextLength).toBe(2048);
    // Linux kills it before anything of the user's own.
    if (process.platform === 'linux') expect(Number(readFileSync(`/proc/${first.pid}/oom_score_adj`, 'utf8'))).toBe(800);
    // Ctrl+C in a terminal reaches it too, and is not its business.
    process.kill(first.pid, 'SIGINT');
    expect(await provider.generate({ id: first.model.id, prompt: 'On', maxTokens: 1, signal: new AbortController().signal })).toMatchObject({ ok: true });
    await unload(provider, first.model.weights);
    expect(await provider.load(loadRequest(first.model, { contextLength: 512 }))).toMatchObject({ ok: true, contextLength: 512 });
  });

  it('ends every process when it is stopped', async () => {
    const folder = await temporaryFolder();
    await writeTiny(folder, 'one');
    await writeTiny(folder, 'two');
    const provider = testProvider({ directories: () => [folder] });
    const pids = [(await load(provider, 'one')).pid, (await load(provider, 'two')).pid];
    await provider.stop();
    expect(pids.map(isAlive)).toEqual([false, false]);
  });
});
