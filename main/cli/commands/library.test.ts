import { describe, expect, it } from 'vitest';
import { problem, type Download, type DownloadCheck, type LiveState } from '../../../contract/index.ts';
import { stateFixture } from '../../../test/snapshot-fixture.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { exits } from '../exits.ts';
import { progressLine, pull, rm } from './library.ts';

const GB = 1024 ** 3;
const download = (more: Partial<Download> = {}): Download => ({
  id: 'd1', kind: 'ollama', name: 'm', from: 'm', state: 'running', doneBytes: GB, totalBytes: 4 * GB, bytesPerSecond: GB / 10, msLeft: 30_000, parts: null, fit: null, checksums: [], problem: null, by: 'command line', since: 0, ...more,
});
const checked = (more: Partial<DownloadCheck> = {}): DownloadCheck => ({
  kind: 'ollama', name: 'm', bytes: GB, needs: GB, fit: { kind: 'fits' }, unloads: [], diskFree: null, diskEnough: null, installed: false, warns: false, sentence: 'm: 1.0 GB to download; fits now.', ...more,
});

interface Wishes {
  options?: string[];
  json?: boolean;
  asks?: boolean;
  reply?: boolean;
  answers?: Record<string, unknown>;
  /** What is told of the download, one after the other. */
  told?: Download[];
}

/** A command line with an Airdock that answers by the book. */
function typed(arg: string, { options = [], json = false, asks = true, reply = true, answers = {}, told = [] }: Wishes = {}) {
  const printed: string[] = [];
  const noted: string[] = [];
  const questions: string[] = [];
  const called: [string, unknown][] = [];
  const ctrlC = new AbortController();
  let listener = (_: LiveState): void => undefined;
  const given: Record<string, unknown> = { checkDownload: { ok: true, value: checked() }, pullModel: { ok: true, value: download() }, importModel: { ok: true, value: download({ kind: 'import' }) }, modelDetails: { ok: true, value: { name: 'm' } }, deleteModel: { ok: true, value: { text: 'm was deleted.' } }, cancelPull: { ok: true, value: { text: '' } }, ...answers };
  const tell = (one: Download): void => listener(stateFixture({ downloads: [one] }));
  const manager = {
    call: async (operation: string, input: unknown) => {
      called.push([operation, input]);
      const answer = given[operation];
      if (operation === 'cancelPull') queueMicrotask(() => tell(download({ state: 'stopped' })));
      return typeof answer === 'function' ? (answer as (input: unknown) => unknown)(input) : answer;
    },
    on: (_: string, next: typeof listener) => {
      listener = next;
      queueMicrotask(() => told.forEach(tell));
      return () => undefined;
    },
  };
  const terminal = { asks, showsProgress: false, blocks: true, print: (text: string) => printed.push(text), note: (text: string) => noted.push(text), ask: async (question: string) => (questions.push(question), reply) };
  const context = { args: [arg], json, has: (option: string) => options.includes(option), signal: () => ctrlC.signal, terminal, airdock: async () => manager } as unknown as Context;
  return { context, printed, noted, questions, called, ctrlC, names: () => called.map(([name]) => name) };
}

describe('airdock pull', () => {
  it('says whether it fits, downloads, and says what has come', async () => {
    const { context, printed, noted, questions, called } = typed('m', { told: [download(), download({ state: 'done', checksums: [{ file: 'm.gguf', sha256: 'abc' }] })] });
    expect(await pull(context)).toBe(exits.done);
    expect(noted).toEqual(['m: 1.0 GB to download; fits now.']);
    expect(printed).toEqual(['m is here (4.0 GB).\nSHA-256 of m.gguf: abc']);
    expect(questions).toEqual([]);
    expect(called).toEqual([['checkDownload', { source: 'm' }], ['pullModel', { source: 'm' }]]);
  });

  it('asks before what will not fit; a no downloads nothing, --yes and nobody to ask go on', async () => {
    const answers = { checkDownload: { ok: true, value: checked({ warns: true }) } };
    const told = [download({ state: 'done' })];
    const no = typed('m', { answers, reply: false });
    expect(await pull(no.context)).not.toBe(exits.done);
    expect([no.questions, no.names()]).toEqual([['Download it all the same?'], ['checkDownload']]);
    for (const wishes of [{ options: ['yes'] }, { asks: false }, { json: true }]) {
      const one = typed('m', { answers, told, ...wishes });
      expect(await pull(one.context)).toBe(exits.done);
      expect([one.questions, one.names()]).toEqual([[], ['checkDownload', 'pullModel']]);
    }
  });

  it('asks Airdock nothing about an empty name', async () => {
    const { context, names } = typed(' ');
    await expect(pull(context)).rejects.toThrow(UsageError);
    expect(names()).toEqual([]);
  });

  it('only looks with --check', async () => {
    const { context, printed, names } = typed('m', { options: ['check'] });
    expect(await pull(context)).toBe(exits.done);
    expect([printed, names()]).toEqual([['m: 1.0 GB to download; fits now.'], ['checkDownload']]);
  });

  it('takes a file of this computer, and links it where that is wanted', async () => {
    const { context, called } = typed('/home/me/m.gguf', { options: ['link'], told: [download({ state: 'done' })] });
    expect(await pull(context)).toBe(exits.done);
    expect(called).toEqual([['checkDownload', { source: '/home/me/m.gguf' }], ['importModel', { path: '/home/me/m.gguf', link: true }]]);
    const broken = typed('/home/me/m.gguf', { answers: { checkDownload: { ok: false, problem: problem('bad-file', 'm.gguf is not a GGUF file.') } } });
    expect(await pull(broken.context)).toBe(exits.refused);
    expect(broken.names()).toEqual(['checkDownload']);
    const large = typed('/home/me/m.gguf', { reply: false, answers: { checkDownload: { ok: true, value: checked({ kind: 'import', warns: true }) } } });
    await pull(large.context);
    expect([large.questions, large.names()]).toEqual([['Take it in all the same?'], ['checkDownload']]);
    await expect(pull(typed('llama3.2', { options: ['link'] }).context)).rejects.toThrow(UsageError);
  });

  it('stops at Ctrl+C, and says that what has come is kept', async () => {
    const { context, noted, ctrlC, called } = typed('m', { told: [download()] });
    const ended = pull(context);
    ctrlC.abort();
    // Its exit code is made of that and of the Ctrl+C.
    expect(await ended).toBe(exits.refused);
    expect(called.at(-1)).toEqual(['cancelPull', { id: 'd1' }]);
    expect(noted.at(-1)).toContain('the same command goes on from there');
  });

  it('says why it failed', async () => {
    const { context, noted } = typed('m', { told: [download({ state: 'failed', problem: problem('disk-full', 'The disk became full.') })] });
    expect(await pull(context)).toBe(exits.refused);
    expect(noted.at(-1)).toBe('The disk became full.');
  });

  it('draws how it goes', () => {
    expect(progressLine(download(), false)).toBe('######..................  25 %  1.0 GB of 4.0 GB, 0.1 GB/s, 30 s left');
    expect(progressLine(download({ totalBytes: null, bytesPerSecond: null, msLeft: null, parts: { done: 1, total: 3 } }), false)).toBe('1.0 GB, part 2 of 3');
    expect(progressLine(download({ state: 'queued' }), false)).toBe('m waits for the download before it …');
  });
});

describe('airdock rm', () => {
  it('asks, and deletes after a yes alone', async () => {
    const yes = typed('m');
    expect(await rm(yes.context)).toBe(exits.done);
    expect([yes.questions, yes.printed]).toEqual([['Delete m from the disk?'], ['m was deleted.']]);
    const no = typed('m', { reply: false });
    expect(await rm(no.context)).not.toBe(exits.done);
    expect(no.names()).toEqual(['modelDetails']);
  });

  it('wants --yes where nobody can be asked', async () => {
    for (const wishes of [{ asks: false }, { json: true }]) {
      const one = typed('m', wishes);
      expect(await rm(one.context)).toBe(exits.refused);
      expect([one.names(), one.noted.join() + one.printed.join()]).toEqual([['modelDetails'], expect.stringContaining('Deleting m needs a yes.')]);
      const yes = typed('m', { ...wishes, options: ['yes'] });
      expect(await rm(yes.context)).toBe(exits.done);
      expect(yes.called).toEqual([['deleteModel', { model: 'm' }]]);
    }
  });

  it('wants no yes for what is not there', async () => {
    const one = typed('x', { asks: false, answers: { modelDetails: { ok: false, problem: problem('unknown-model', 'No model called "x" is installed.') } } });
    expect(await rm(one.context)).toBe(exits.refused);
    expect(one.noted).toEqual(['No model called "x" is installed.']);
  });

  it('asks once more for one that is kept', async () => {
    const deleteModel = ({ confirm }: { confirm?: boolean }) => (confirm ? { ok: true, value: { text: 'm was deleted.' } } : { ok: false, problem: problem('pinned', 'm is kept in memory.') });
    const asked = typed('m', { answers: { deleteModel } });
    expect(await rm(asked.context)).toBe(exits.done);
    expect(asked.questions).toEqual(['Delete m from the disk?', 'Delete it all the same?']);
    const script = typed('m', { answers: { deleteModel }, asks: false, options: ['yes'] });
    expect(await rm(script.context)).toBe(exits.refused);
    const forced = typed('m', { answers: { deleteModel }, asks: false, options: ['yes', 'force'] });
    expect(await rm(forced.context)).toBe(exits.done);
  });
});
