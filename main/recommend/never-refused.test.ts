import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Recommendation } from '../../contract/index.ts';
import { createManagerFixture, settled } from '../../test/manager-fixture.ts';
import { catalogModel } from '../../test/scripted-provider.ts';
import { createModelRecommender } from './model-recommender.ts';

/*
 * What the recommender says of a model is held against what the engine that ships then does: it never recommends what is refused afterwards without having said so.
 */

const SEED = 61_204;
const names = ['a', 'b', 'c', 'd-coder', 'e-ocr', 'f'] as const;

const world = fc.record({
  models: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      // This computer has 32.
      size: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 14 }) }, { weight: 1, arbitrary: fc.constant(40) }),
      parameterSize: fc.constantFrom('1B', '3B', '8B', '27B', null),
      capabilities: fc.constantFrom<string[][]>(['completion'], ['completion', 'vision'], ['embedding']),
      maxContextLength: fc.constantFrom(4_096, 131_072),
    }),
    { selector: ({ name }) => name, minLength: 1 },
  ),
  available: fc.integer({ min: 1, max: 24 }),
  limit: fc.integer({ min: 1, max: 3 }),
  /** Loaded before, in this order; some are held, some kept. */
  before: fc.array(fc.record({ name: fc.constantFrom(...names), then: fc.constantFrom('idle', 'idle', 'in use', 'kept') }), { maxLength: 4 }),
  /** Everything idle is past its time. */
  late: fc.boolean(),
  frozen: fc.constantFrom(false, false, false, true),
  mime: fc.constantFrom('text/plain', 'text/x-go', 'image/png', 'application/pdf'),
  sizeBytes: fc.constantFrom(100, 40_000),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

async function started({ models, available, limit, before, late, frozen }: World) {
  const fixture = await createManagerFixture({
    models: models.map(({ name, size, ...about }) => catalogModel(`p/${name}`, size, about)),
    available,
    config: { models: { max_concurrent_loaded: limit } },
  });
  const { manager, operations, context, memory, clock } = fixture;
  const script = fixture.script('p');
  let ended = { loads: 0, unloads: 0 };

  /** Lets the provider do at once what it is told, until the answer is there. */
  async function driven<T>(work: Promise<T>): Promise<T> {
    let answer: { value: T } | null = null;
    void work.then((value) => (answer = { value }));
    while (answer === null) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      while (script.unloads.length > ended.unloads) {
        const { request, end } = script.unloads[ended.unloads++]!;
        memory.available += script.loaded.get(request.weights)?.reported.ram ?? 0;
        script.loaded.delete(request.weights);
        end({ kind: 'gone' });
      }
      if (script.loads.length > ended.loads) {
        ended = { ...ended, loads: script.loads.length };
        memory.available -= script.loads.at(-1)!.request.model.estimate.ram;
        script.endLoad();
      }
    }
    return (answer as { value: T }).value;
  }

  const held: (() => void)[] = [];
  for (const { name, then } of before) {
    const id = `p/${name}`;
    const loaded = await driven(manager.loadModel(id, { force: true }));
    if (!loaded.ok) continue;
    if (then === 'kept') await operations.pin({ model: id, pinned: true }, context);
    if (then === 'in use') void manager.use(id, () => new Promise<void>((resolve) => held.push(resolve)));
    clock.now += 1_000;
  }
  await settled();
  if (late) clock.now += 3_600_000;
  if (frozen) await operations.freeze({ on: true }, context);
  const recommender = createModelRecommender({ provider: manager, settings: async () => ({ fileTypes: {}, withModel: false, onlineServers: [] }) });
  return { ...fixture, driven, recommender, letGo: () => held.forEach((end) => end()) };
}

const refusals: Readonly<Record<string, RegExp>> = {
  short: /needs .*than is free now/,
  'too-big': /too big for this computer/,
  blocked: /cannot be loaded (before|now)/,
};

describe('whatever is in memory, in use, kept, past its time or frozen', () => {
  it('what is recommended loads as it was said, or is refused as it was said', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(world, async (made) => {
        const { recommender, manager, driven, letGo } = await started(made);
        const told = await driven(recommender.recommend({ mime: made.mime, sizeBytes: made.sizeBytes }));
        if (!told.ok) throw new Error(told.problem.message);
        const { model, reason }: Recommendation = told.value;
        if (model !== null) {
          const { id, fit, canLoad, unloads, contextLength } = model;
          seen.set(`${fit.kind}${canLoad ? '' : ', not at once'}`, (seen.get(`${fit.kind}${canLoad ? '' : ', not at once'}`) ?? 0) + 1);
          const options = contextLength === null ? {} : { contextLength };
          const plain = await driven(manager.loadModel(id, options));
          expect(plain.ok, `${reason} ${plain.ok ? '' : plain.problem.message}`).toBe(canLoad);
          if (plain.ok) expect(plain.value.unloaded.map((one) => one.id).sort()).toEqual(unloads.map((one) => one.id).sort());
          else if (fit.kind === 'evicts') {
            expect(reason).toMatch(/ha(s|ve) been unloaded/);
            const forced = await driven(manager.loadModel(id, { ...options, force: true }));
            expect(forced.ok, reason).toBe(true);
            if (forced.ok) expect(forced.value.unloaded.map((one) => one.id).sort()).toEqual(unloads.map((one) => one.id).sort());
          } else {
            expect(reason).toMatch(refusals[fit.kind] ?? /never/);
            expect((await driven(manager.loadModel(id, { ...options, force: true }))).ok, reason).toBe(false);
          }
        }
        letGo();
        await settled();
      }),
      { seed: SEED, numRuns: 150 },
    );
    // The worlds are not all alike.
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['loaded', 'fits', 'evicts, not at once', 'short, not at once', 'too-big, not at once', 'blocked, not at once']));
  }, 60_000);
});
