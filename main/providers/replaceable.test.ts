import { expect, it } from 'vitest';
import { catalogModel, createScriptedProvider, observedModel } from '../../test/scripted-provider.ts';
import { settled } from '../../test/manager-fixture.ts';
import type { Provider } from './provider.ts';
import { createReplaceableProvider } from './replaceable.ts';

const one = catalogModel('ollama/one');
const signal = new AbortController().signal;

function server() {
  const { provider, script } = createScriptedProvider('ollama', [one]);
  const stopped = { times: 0 };
  return { script, stopped, provider: { ...provider, stop: async () => void (stopped.times += 1) } satisfies Provider };
}

function withServer() {
  const former = server();
  const shape = { id: 'ollama', kind: 'ollama' as const, label: 'Ollama', parallelLoads: 1, revivesStuck: true };
  return { former, provider: createReplaceableProvider(shape, former.provider) };
}

const load = (provider: Provider, cancel = signal) => provider.load({ model: one, contextLength: null, keepAliveMs: Infinity, signal: cancel, onProgress: () => undefined });

it('an answer of the former server that comes late says nothing about the new one', async () => {
  const { former, provider } = withServer();
  former.script.loaded.set(one.weights, observedModel(one));
  former.script.holdPolls = true;
  const report = provider.poll({ catalog: false, signal });
  provider.replace(null);
  former.script.polls[0]!.end();
  expect(await report).toMatchObject({ status: { status: 'off' }, loaded: [] });
});

it('the former server is stopped after its loads have ended and what was to be said to it was said, however that went', async () => {
  const { former, provider } = withServer();
  const cancel = new AbortController();
  const loading = load(provider, cancel.signal);
  const said: string[] = [];
  provider.replace(null, async (left) => {
    said.push(left === former.provider ? 'farewell' : 'wrong');
    throw new Error('no answer');
  });
  await settled();
  expect([said, former.stopped.times]).toEqual([[], 0]);
  expect(await load(provider)).toMatchObject({ ok: false, kind: 'provider-down' });
  cancel.abort();
  expect(await loading).toMatchObject({ ok: false, kind: 'cancelled' });
  await provider.stop();
  expect([said, former.stopped.times]).toEqual([['farewell'], 1]);
});

it('a load goes on where only other settings of its server change', async () => {
  const { former, provider } = withServer();
  const next = server();
  const loading = load(provider);
  provider.replace(next.provider);
  await settled();
  expect(former.stopped.times).toBe(0);
  former.script.endLoad();
  expect(await loading).toMatchObject({ ok: true });
  await provider.stop();
  expect([former.stopped.times, next.stopped.times]).toEqual([1, 1]);
});
