import { expect, it } from 'vitest';
import { configSchema } from '../../contract/index.ts';
import { createCore, gb, knownModel, observedFixture } from '../../test/core-fixture.ts';
import { catalogModel, createFixedLearned } from '../../test/scripted-provider.ts';
import { buildLibrary } from './catalog.ts';
import { installedView, loadedView } from './view.ts';

const onGpu = { footprint: { ram: 1, vram: { gpu0: 5 } }, device: 'gpu' as const };
const onCpu = { footprint: { ram: 6, vram: {} }, device: 'cpu' as const };
const a = knownModel('ollama/a', 2);
const library = { models: [], names: new Map(), byId: new Map(), core: { byId: new Map(), byWeights: new Map() } };

function started() {
  const core = createCore({ models: [a] });
  const load = (result: Parameters<typeof core.endLoad>[1]) => {
    core.ask(a.id);
    core.endLoad(a.id, result);
    core.pass(1_000);
  };
  const unload = () => {
    core.unload(a.id);
    core.endUnload(a.id);
    core.pass(1_000);
  };
  const sleep = () => {
    core.jump(3_600_000);
    core.send({ type: 'resumed', sleptMs: 3_600_000 });
  };
  const isMarked = () => loadedView(core.state, library)[0]?.cpuSinceWake;
  return { core, load, unload, sleep, isMarked };
}

it('marks a model that ran on the graphics card before a sleep, and does not since', () => {
  const { load, unload, sleep, isMarked } = started();
  load(onGpu);
  unload();
  sleep();
  expect(isMarked()).toBeUndefined();
  load(onCpu);
  expect(isMarked()).toBe(true);
  unload();
  load(onGpu);
  expect(isMarked()).toBe(false);
});

it('marks none that was loaded before the sleep, ran on the CPU anyway, or without any sleep', () => {
  const { load, unload, sleep, isMarked } = started();
  load(onCpu);
  sleep();
  expect(isMarked()).toBe(false);
  unload();
  load(onCpu);
  expect(isMarked()).toBe(false);
  unload();
  load(onGpu);
  unload();
  load(onCpu);
  expect(isMarked()).toBe(true);
  const other = started();
  other.load(onGpu);
  other.unload();
  other.load(onCpu);
  expect(other.isMarked()).toBe(false);
  other.sleep();
  expect(other.isMarked()).toBe(false);
});

it('knows from earlier measurements, and from other programs’ loads, that it could run there', () => {
  const learned = started();
  learned.core.send({ type: 'catalog', catalog: { byId: new Map([[a.id, { ...a, footprint: onGpu.footprint }]]), byWeights: new Map([[a.weights, [{ ...a, footprint: onGpu.footprint }]]]) } });
  learned.sleep();
  learned.load(onCpu);
  expect(learned.isMarked()).toBe(true);
  const foreign = started();
  foreign.core.observe('ollama', [observedFixture(a, onGpu)]);
  foreign.core.pass(1_000);
  foreign.core.observe('ollama', []);
  foreign.sleep();
  foreign.core.observe('ollama', [observedFixture(a, onCpu)]);
  expect(foreign.isMarked()).toBe(true);
});

it('shows an installed model with the size that its server reports while it is in memory, but never for a measured one', () => {
  const learned = createFixedLearned();
  const size = (core: ReturnType<typeof createCore>) => {
    const [model] = installedView(core.state, buildLibrary([catalogModel('ollama/a', 2, { contextLength: 4096 })], configSchema.parse({}), learned.store), () => null);
    return [model!.footprint.ram, model!.footprintSource];
  };
  const loadedWith = (contextLength: number) => {
    const core = createCore({ models: [a] });
    core.ask(a.id);
    core.endLoad(a.id, { footprint: { ram: gb(3), vram: {} }, source: 'reported', contextLength });
    return core;
  };
  const core = loadedWith(4096);
  expect(size(core)).toEqual([gb(3), 'reported']);
  expect(size(loadedWith(8192))).toEqual([gb(2), 'estimated']);
  learned.known.set('ollama/a', { ram: gb(1), vram: {}, source: 'measured' });
  expect(size(core)).toEqual([gb(1), 'measured']);
  learned.known.clear();
  core.unload(a.id);
  core.endUnload(a.id);
  expect(size(core)).toEqual([gb(2), 'estimated']);
});
