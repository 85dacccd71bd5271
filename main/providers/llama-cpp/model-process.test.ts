import { describe, expect, it } from 'vitest';
import type { GenerateWork, ToChild } from './messages.ts';
import { startModelProcess } from './model-process.ts';
import type { ChildExit, ChildHandle } from './spawn-child.ts';

const work: GenerateWork = { input: { kind: 'prompt', prompt: 'x', template: false }, maxTokens: 4, stop: [], sampling: {}, grammar: null };
const done = { finish: 'stop' as const, promptTokens: 1, completionTokens: 2, promptMs: 3, completionMs: 4 };

/** A child that says what the test says, and ends only when the test lets it. */
function scripted() {
  const sent: ToChild[] = [];
  let say: (message: unknown) => void = () => undefined;
  let exit: (how: ChildExit) => void = () => undefined;
  const child: ChildHandle = {
    pid: 1,
    onSpawn: () => undefined,
    send: (message) => void sent.push(message),
    onMessage: (listener) => {
      say = listener;
    },
    onExit: (listener) => {
      exit = listener;
    },
    kill: () => undefined,
    errorText: () => '',
  };
  const order = { type: 'load', file: 'x', contextLength: 256, embedding: false, batch: 256, gpu: false, gpuLayers: 0, useMmap: true, threads: 1 } as const;
  const model = startModelProcess(child, order, () => undefined);
  const texts: string[] = [];
  const cancel = new AbortController();
  const ask = () => model.generate(work, cancel.signal, (text) => texts.push(text));
  return { model, sent, texts, cancel, ask, say: (message: unknown) => say(message), exit: (how: ChildExit) => exit(how) };
}

describe('a request to a model’s process', () => {
  it('gets its own pieces and its own end', async () => {
    const { ask, say, texts, sent } = scripted();
    const [first, second] = [ask(), ask()];
    expect(sent.slice(1)).toEqual([{ type: 'generate', id: 1, work }, { type: 'generate', id: 2, work }]);
    say({ type: 'text', id: 2, text: 'b' });
    say({ type: 'text', id: 7, text: 'nobody' });
    say({ type: 'generated', id: 2, done });
    say({ type: 'text', id: 2, text: 'too late' });
    say({ type: 'request-failed', id: 1, code: 'bad-request', message: 'No.' });
    expect(await second).toEqual({ ok: true, done });
    expect(await first).toEqual({ ok: false, code: 'bad-request', message: 'No.' });
    expect(texts).toEqual(['b']);
  });

  it('shows nothing more once it was called off, and leaves nothing on its signal', async () => {
    const { ask, say, texts, cancel, sent } = scripted();
    const answer = ask();
    cancel.abort();
    say({ type: 'text', id: 1, text: 'late' });
    say({ type: 'generated', id: 1, done: { ...done, finish: 'cancelled' } });
    expect(await answer).toMatchObject({ ok: true, done: { finish: 'cancelled' } });
    expect(texts).toEqual([]);
    expect(sent.at(-1)).toEqual({ type: 'abort', id: 1 });
  });

  it('fails where the answer cannot be read, instead of waiting for ever', async () => {
    const { ask, say } = scripted();
    const answer = ask();
    say({ type: 'generated', done: {} });
    say({ type: 'generated', id: 1, done: { finish: 'maybe' } });
    expect(await answer).toEqual({ ok: false, code: 'generate-failed', message: 'what its process said could not be read' });
  });

  it('fails when the process is told to end, whether it does or not, and when it has ended', async () => {
    const { ask, model, exit, sent } = scripted();
    const answer = ask();
    const ending = model.end(0);
    expect(await answer).toEqual({ ok: false, code: 'generate-failed', message: 'the model left memory in the middle of it' });
    const count = sent.length;
    expect(await ask()).toEqual({ ok: false, code: 'generate-failed', message: 'the model is no longer in memory' });
    expect(sent).toHaveLength(count);
    exit({ code: null, signal: 'SIGKILL' });
    expect(await ending).toMatchObject({ wanted: true, signal: 'SIGKILL' });
    expect(model.hasEnded()).toBe(true);
  });
});
