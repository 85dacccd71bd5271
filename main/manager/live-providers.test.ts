import { describe, expect, it } from 'vitest';
import { createEngineFixture } from '../../test/manager-fixture.ts';
import { catalogModel, createScriptedProvider, observedModel } from '../../test/scripted-provider.ts';

const never = { force: false, tryOnce: false, contextLength: null, origin: 'person' as const, by: 'dashboard', lease: null };
const one = catalogModel('rig/one');

function fixture() {
  const { engine, providers, activity, ...rest } = createEngineFixture({ models: [catalogModel('llama.cpp/kept')] });
  const rig = createScriptedProvider('rig', [one]);
  const add = (): void => {
    providers.push(rig.provider);
    engine.providersChanged();
  };
  const remove = (): void => {
    providers.splice(providers.indexOf(rig.provider), 1);
    engine.providersChanged();
  };
  return { engine, rig, add, remove, activity, ...rest };
}

describe('a list of providers that changes', () => {
  it('takes in a new one, and hears when a model of it dies', async () => {
    const { engine, rig, add } = fixture();
    await engine.poll({ catalog: true });
    add();
    rig.script.loaded.set(one.weights, observedModel(one));
    await engine.poll({ catalog: false });
    expect(engine.library.models.map(({ id }) => id)).toEqual(['llama.cpp/kept', 'rig/one']);
    expect([...engine.state.slots.keys()]).toEqual(['rig/one']);
    rig.script.crash('rig/one', { code: 'load-failed', message: 'It died.' });
    expect(engine.state.slots.size).toBe(0);
  });

  it('forgets one that is gone: its models, its loads, and what it still says', async () => {
    const { engine, rig, add, remove, activity } = fixture();
    add();
    await engine.poll({ catalog: true });
    const { answer } = engine.load({ ...never, modelId: 'rig/one' });
    await expect.poll(() => rig.script.loads.length).toBe(1);
    rig.script.holdPolls = true;
    const looking = engine.poll({ catalog: true });
    await expect.poll(() => rig.script.polls.at(-1)?.catalog).toBe(true);
    remove();
    expect(await answer).toMatchObject({ ok: false, problem: { code: 'provider-down' } });
    rig.script.polls.at(-1)!.end({ loaded: [observedModel(one)] });
    await looking;
    rig.script.crash('rig/one', { code: 'load-failed', message: 'It died.' });
    expect(engine.statusOf('rig')).toBeNull();
    expect(engine.library.models.map(({ id }) => id)).toEqual(['llama.cpp/kept']);
    expect(engine.state.slots.size).toBe(0);
    expect(activity.filter(({ kind }) => kind === 'appeared')).toEqual([]);
  });

  it('takes another one under the same name for another', async () => {
    const { engine, rig, add, remove } = fixture();
    add();
    await engine.poll({ catalog: true });
    remove();
    rig.script.models.splice(0, 1, catalogModel('rig/two'));
    add();
    await engine.poll({ catalog: false });
    expect(engine.library.models.map(({ id }) => id)).toEqual(['llama.cpp/kept', 'rig/two']);
  });
});
