import { expect, it } from 'vitest';
import { createCore, effectsOf, knownModel, observedFixture, providerFixture, textsIn } from '../../test/core-fixture.ts';

const ollama = providerFixture('ollama', { ownExpiry: true, parallelLoads: 1, revivesStuck: true });
const a = knownModel('ollama/a', 2);
const b = knownModel('ollama/b', 2);
const c = knownModel('ollama/c', 2);
const other = knownModel('other/o', 2);

function newCore() {
  const core = createCore({ models: [a, b, c, other], providers: [ollama, providerFixture('other')] });
  core.load(other.id);
  core.load(a.id);
  core.load(b.id);
  return core;
}

it('a replaced server takes its models and leases out of the picture, and nothing else', () => {
  const core = newCore();
  const asked = core.state.awake;
  core.unload(b.id);
  const effects = core.send({ type: 'provider-replaced', provider: 'ollama' });
  expect([...core.state.slots.keys()]).toEqual([other.weights]);
  expect(textsIn(effects)).toEqual(['a is no longer looked after: ollama was switched off or moved in the settings.', 'b is no longer looked after: ollama was switched off or moved in the settings.']);
  expect(effectsOf(effects, 'answer-unload')).toMatchObject([{ answer: { ok: false, problem: { code: 'provider-down' } } }]);
  // What the former server has answered comes late; what the new one says counts.
  core.observe('ollama', [observedFixture(a)], asked);
  expect(core.has(a.id)).toBe(false);
  core.pass(1_000);
  core.observe('ollama', [observedFixture(a)]);
  expect(core.slot(a.id)).toMatchObject({ state: 'ready', foreign: true });
});

it('a load there is given up, whoever waits for it is told why, and its late success is nobody’s', () => {
  const core = newCore();
  const waiter = core.ask(c.id);
  const { key, op, contextLength } = core.slot(c.id);
  const effects = core.send({ type: 'provider-replaced', provider: 'ollama' });
  expect(effectsOf(effects, 'cancel-load')).toEqual([{ type: 'cancel-load', key, op }]);
  expect(core.answer(waiter)).toMatchObject({ ok: false, problem: { code: 'provider-down' } });
  expect(core.state.jobs.size).toBe(0);
  core.send({ type: 'load-ended', key, op, result: { ok: true, footprint: c.footprint, source: 'reported', pid: null, contextLength, device: 'cpu' } });
  expect(core.has(c.id)).toBe(false);
});

it('the replacement of a provider that has nothing does nothing', () => {
  const core = newCore();
  core.send({ type: 'provider-replaced', provider: 'ollama' });
  expect(core.send({ type: 'provider-replaced', provider: 'ollama' })).toEqual([]);
  expect(core.send({ type: 'provider-replaced', provider: 'unknown' })).toEqual([]);
});
