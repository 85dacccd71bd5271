import { expect, it } from 'vitest';
import { problem, type Download } from '../../contract/index.ts';
import { createDownloads, type Job, type JobEnd, type JobReport } from './downloads.ts';

function subject() {
  const clock = { now: 1000 };
  const changes = { count: 0 };
  const ended: Download[] = [];
  const faults: unknown[] = [];
  const downloads = createDownloads({ now: () => clock.now, onChange: () => void changes.count++, onEnd: (one) => ended.push(one), onFault: (fault) => faults.push(fault) });
  const jobs = new Map<string, { end(end: JobEnd): void; fail(fault: unknown): void; report(report: JobReport): void; runs: number; discarded: number }>();
  function job(name: string, source = 'ollama', keeps = true): Job {
    const handle = { end: (_: JobEnd) => {}, fail: (_: unknown) => {}, report: (_: JobReport) => {}, runs: 0, discarded: 0 };
    jobs.set(name, handle);
    return {
      kind: 'ollama', source, key: name, target: name, name, from: name,
      run: ({ signal, report }) =>
        new Promise((resolve, reject) => {
          Object.assign(handle, { end: resolve, fail: reject, report, runs: handle.runs + 1 });
          signal.addEventListener('abort', () => resolve({ ok: false, kept: keeps, problem: problem('cancelled', 'Stopped.') }));
        }),
      discard: async () => void handle.discarded++,
    };
  }
  /** One that is taken. */
  function add(job: Job, ...rest: [string, { doneBytes: number; totalBytes: number | null }?]): Download {
    const added = downloads.add(job, ...rest);
    if (!added.ok) throw new Error(added.problem.message);
    return added.value;
  }
  const settled = async (): Promise<void> => {
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  const states = () => Object.fromEntries(downloads.view().map((one) => [one.name, one.state]));
  return { add, clock, changes, ended, faults, downloads, jobs, job, settled, states };
}

it('runs one of each source at a time, first come first served', async () => {
  const { add, jobs, job, settled, states } = subject();
  for (const [name, source] of [['a', 'ollama'], ['b', 'ollama'], ['c', 'files'], ['d', 'ollama']] as const) add(job(name, source), 'me');
  expect(states()).toEqual({ a: 'running', b: 'queued', c: 'running', d: 'queued' });
  jobs.get('a')!.end({ ok: true });
  await settled();
  expect(states()).toEqual({ a: 'done', b: 'running', c: 'running', d: 'queued' });
  jobs.get('b')!.end({ ok: false, kept: false, problem: problem('download-failed', 'It broke.') });
  await settled();
  expect(states()).toEqual({ a: 'done', b: 'failed', c: 'running', d: 'running' });
});

it('gives whoever asks for what is under way the same download', () => {
  const { add, downloads, jobs, job } = subject();
  const first = add(job('a'), 'me');
  expect(add({ ...job('a'), key: 'a' }, 'you').id).toBe(first.id);
  expect(downloads.view()).toHaveLength(1);
  expect(jobs.get('a')!.runs).toBe(0);
});

it('tells how far it is, how fast, and how long it will take', () => {
  const { add, clock, downloads, jobs, job } = subject();
  add(job('a'), 'me');
  jobs.get('a')!.report({ doneBytes: 0, totalBytes: 10_000 });
  clock.now += 2000;
  jobs.get('a')!.report({ doneBytes: 2000, totalBytes: 10_000, parts: { done: 1, total: 3 } });
  expect(downloads.view()[0]).toMatchObject({ state: 'running', doneBytes: 2000, totalBytes: 10_000, bytesPerSecond: 1000, msLeft: 8000, parts: { done: 1, total: 3 } });
  jobs.get('a')!.report({ doneBytes: 10_000, totalBytes: 10_000, checking: true });
  expect(downloads.view()[0]).toMatchObject({ state: 'checking', bytesPerSecond: null, msLeft: null });
});

it('tells of progress four times a second at most', () => {
  const { add, clock, changes, jobs, job } = subject();
  add(job('a'), 'me');
  const before = changes.count;
  for (let ms = 0; ms < 1000; ms++) {
    clock.now++;
    jobs.get('a')!.report({ doneBytes: ms, totalBytes: 10_000 });
  }
  expect(changes.count - before).toBe(4);
});

it('stops one, keeps what has come, and goes on with it under the same id', async () => {
  const { add, downloads, jobs, job, settled, states, ended } = subject();
  const { id } = add(job('a'), 'me');
  add(job('b'), 'me');
  jobs.get('a')!.report({ doneBytes: 500, totalBytes: 1000 });
  expect(await downloads.stop(id, false)).toEqual({ ok: true, value: { text: 'Downloading a was stopped. What has come is kept.' } });
  expect(states()).toEqual({ a: 'stopped', b: 'running' });
  expect(ended.at(-1)).toMatchObject({ state: 'stopped', problem: null });
  expect(add(job('a'), 'me')).toMatchObject({ id, state: 'queued', doneBytes: 500 });
  jobs.get('b')!.end({ ok: true });
  await settled();
  expect(states()).toEqual({ b: 'done', a: 'running' });
  expect(jobs.get('a')!.discarded).toBe(0);
});

it('discards what has come where that is wanted, running or not', async () => {
  const { add, downloads, jobs, job } = subject();
  const { id } = add(job('a'), 'me');
  await downloads.stop(id, true);
  expect([jobs.get('a')!.discarded, downloads.view()]).toEqual([1, []]);
  const again = add(job('b'), 'me');
  await downloads.stop(again.id, false);
  await downloads.stop(again.id, true);
  expect([jobs.get('b')!.discarded, downloads.view()]).toEqual([1, []]);
});

it('takes one that waits out of the line without having begun it', async () => {
  const { add, downloads, jobs, job } = subject();
  add(job('a'), 'me');
  const { id } = add(job('b'), 'me');
  await downloads.stop(id, false);
  expect(downloads.view().map(({ name }) => name)).toEqual(['a']);
  expect(jobs.get('b')!.runs).toBe(0);
});

it('survives a fault, tells it, and goes on with the next', async () => {
  const { add, downloads, jobs, job, settled, states, faults } = subject();
  add(job('a'), 'me');
  add(job('b'), 'me');
  jobs.get('a')!.fail(new Error('a bug'));
  await settled();
  expect(faults).toHaveLength(1);
  expect(states()).toEqual({ a: 'failed', b: 'running' });
  expect(downloads.view()[0]?.problem).toMatchObject({ code: 'internal' });
});

it('forgets after ten minutes what has ended, but not what can go on', async () => {
  const { add, clock, downloads, jobs, job, settled, states } = subject();
  add(job('a'), 'me');
  jobs.get('a')!.end({ ok: true });
  await settled();
  const { id } = add(job('b'), 'me');
  await downloads.stop(id, false);
  clock.now += 10 * 60_000;
  expect(states()).toEqual({ a: 'done', b: 'stopped' });
  clock.now += 1;
  expect(states()).toEqual({ b: 'stopped' });
});

it('ends what runs when Airdock ends, and begins nothing after', async () => {
  const { add, downloads, jobs, job } = subject();
  add(job('a'), 'me');
  add(job('b'), 'me');
  await downloads.close();
  expect(jobs.get('b')!.runs).toBe(0);
});

it('hears nothing of a job that was stopped', async () => {
  const { add, downloads, jobs, job } = subject();
  const { id } = add(job('a'), 'me');
  const late = jobs.get('a')!.report;
  await downloads.stop(id, false);
  late({ doneBytes: 999, totalBytes: 1000 });
  expect(downloads.view()[0]).toMatchObject({ state: 'stopped', doneBytes: 0 });
});

it('goes on with what was stopped by its id, and not with what is done', async () => {
  const { add, downloads, jobs, job, settled } = subject();
  const { id } = add(job('a'), 'me');
  await downloads.stop(id, false);
  expect(downloads.resume(id, 'you')).toMatchObject({ ok: true, value: { id, by: 'you' } });
  expect(jobs.get('a')!.runs).toBe(2);
  jobs.get('a')!.end({ ok: true });
  await settled();
  expect(downloads.resume(id, 'you')).toMatchObject({ ok: false, problem: { code: 'not-found' } });
});

it('refuses another that would write the same file while one of it is under way, and takes it instead of one that is half here', async () => {
  const { add, downloads, jobs, job, settled, states } = subject();
  const { id } = add(job('a'), 'me');
  const other = { ...job('b'), target: 'a' };
  expect(downloads.add(other, 'you')).toMatchObject({ ok: false, problem: { code: 'bad-request', message: 'Another b is on its way, from a.' } });
  await downloads.stop(id, false);
  const { id: second } = add(other, 'you');
  await settled();
  expect([states(), jobs.get('a')!.discarded, jobs.get('b')!.runs]).toEqual([{ b: 'running' }, 1, 1]);
  await downloads.stop(second, false);
  add(other, 'you');
  // What has come since is its own.
  expect([jobs.get('a')!.discarded, jobs.get('b')!.discarded, jobs.get('b')!.runs]).toEqual([1, 0, 2]);
});

it('keeps the half of one that waits to go on when it is stopped again', async () => {
  const { add, downloads, jobs, job, states } = subject();
  const { id } = add(job('a'), 'me', { doneBytes: 5, totalBytes: 10 });
  add(job('b'), 'me');
  add(job('a'), 'me');
  expect(states()).toEqual({ a: 'queued', b: 'running' });
  expect(await downloads.stop(id, false)).toEqual({ ok: true, value: { text: 'Downloading a was stopped. What has come is kept.' } });
  expect(states()).toEqual({ a: 'stopped', b: 'running' });
  await downloads.stop(id, true);
  expect([jobs.get('a')!.discarded, states()]).toEqual([1, { b: 'running' }]);
});

it('lists what an earlier Airdock has left as stopped', () => {
  const { add, downloads, jobs, job } = subject();
  add(job('a'), 'Airdock', { doneBytes: 5, totalBytes: 10 });
  expect(downloads.view()[0]).toMatchObject({ state: 'stopped', doneBytes: 5, totalBytes: 10 });
  expect(jobs.get('a')!.runs).toBe(0);
});
