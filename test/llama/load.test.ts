import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { availableBytes, findModel, isAlive, load, loadRequest, MIB, readResident, temporaryFolder, testProvider, unload, until, writeTiny } from './helpers.ts';

describe('loading', () => {
  it('takes the memory that it says, works, and gives all of it back', async () => {
    const provider = testProvider();
    const progress: number[] = [];
    const processes: number[] = [];
    const model = await findModel(provider, 'sample-medium');
    const before = availableBytes();
    const loaded = await provider.load(loadRequest(model, { onProgress: (fraction) => progress.push(fraction), onProcess: (pid) => processes.push(pid) }));
    if (!loaded.ok || loaded.pid === null) throw new Error('not loaded');

    expect(loaded).toMatchObject({ device: 'cpu', source: 'measured', contextLength: 2048 });
    expect(processes).toEqual([loaded.pid]);
    expect(progress.at(-1)).toBe(1);
    const resident = readResident(loaded.pid);
    if (!resident) throw new Error('no process');
    expect(resident.file).toBeGreaterThan(model.sizeBytes);
    expect(loaded.footprint.ram).toBeGreaterThanOrEqual(resident.anon + resident.file - 2 * MIB);
    expect(before - availableBytes()).toBeGreaterThan(resident.anon / 2);

    const said = await provider.generate({ id: model.id, prompt: 'Once upon', maxTokens: 5, signal: new AbortController().signal });
    expect(said).toMatchObject({ ok: true, tokens: 5 });
    expect(said.ok && said.text.length).toBeGreaterThan(0);

    expect(await unload(provider, model.weights)).toEqual({ kind: 'gone' });
    expect(isAlive(loaded.pid)).toBe(false);
    const report = await provider.poll({ catalog: false, signal: new AbortController().signal });
    expect(report.loaded).toEqual([]);
    // The rest of the machine moves too: a fifth of what the model's process held.
    await until(() => availableBytes() > before - resident.anon / 5);
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

  it('loads again after an unload, with another context', async () => {
    const folder = await temporaryFolder();
    await writeTiny(folder);
    const provider = testProvider({ directories: () => [folder] });
    const first = await load(provider, 'tiny');
    await unload(provider, first.model.weights);
    const second = await provider.load(loadRequest(first.model, { contextLength: 512 }));
    expect(second).toMatchObject({ ok: true, contextLength: 512 });
  });

  it('never asks for more context than the model was trained for', async () => {
    const folder = await temporaryFolder();
    await writeTiny(folder);
    const provider = testProvider({ directories: () => [folder], contextLengthFor: () => 100_000 });
    const { model, loaded } = await load(provider, 'tiny');
    expect(model.contextLength).toBe(2048);
    expect(loaded.contextLength).toBe(2048);
  });

  it.runIf(process.platform === 'linux')('offers its process to the OOM killer before everything else', async () => {
    const folder = await temporaryFolder();
    await writeTiny(folder);
    const { pid } = await load(testProvider({ directories: () => [folder] }), 'tiny');
    expect(Number(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8'))).toBe(800);
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
