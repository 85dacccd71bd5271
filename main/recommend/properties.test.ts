import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from './assign.ts';
import { TOKENS_FOR_ANSWER, tokensOf } from './files/tokens.ts';
import { createRecommender } from './recommender.ts';
import { fileOf, portFrom, valueOf, type ModelWish } from '../../test/recommender-fixture.ts';

const SEED = 20_260_417;
const runs = { seed: SEED, numRuns: 300 };

const models = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'a-coder', 'b-coder', 'c-ocr', 'd-math', 'e', 'f'),
    parameterSize: fc.constantFrom('0.5B', '3B', '8B', '27B', null),
    quantization: fc.constantFrom('Q2_K', 'Q4_K_M', 'F16', null),
    capabilities: fc.constantFrom<string[][]>(['completion'], ['completion', 'vision'], ['embedding'], ['audio'], []),
    maxContextLength: fc.constantFrom(2_048, 8_192, 131_072, null),
    fit: fc.constantFrom('loaded' as const, 'fits' as const, 'evicts' as const, 'short' as const, 'too-big' as const, 'blocked' as const, 'waits' as const),
    sample: fc.boolean(),
    expectedLoadMs: fc.constantFrom(null, 1_000, 90_000),
  }),
  { selector: ({ name }) => name, maxLength: 9 },
);
const file = fc.record({ mime: fc.constantFrom('text/plain', 'text/x-go', 'image/png', 'application/pdf', 'application/json', 'audio/wav', 'application/zip'), size: fc.integer({ min: 1, max: 600_000 }) });

const holds = (wish: ModelWish, tokens: number | null): boolean => tokens === null || (wish.maxContextLength ?? wish.contextLength ?? 4_096) >= Math.ceil(tokens / 1_024) * 1_024 + TOKENS_FOR_ANSWER;

describe('whatever is installed', () => {
  it('what is in memory and long enough wins over its like', async () => {
    await fc.assert(
      fc.asyncProperty(models, file, fc.nat(), fc.constantFrom('fits' as const, 'evicts' as const, 'waits' as const, 'short' as const), async (wishes, { mime, size }, pick, fit) => {
        const one = wishes[pick % Math.max(1, wishes.length)];
        fc.pre(one !== undefined);
        // Short enough that nobody has to load it anew.
        const twins: ModelWish[] = [{ ...one, name: `${one.name}-0`, fit }, { ...one, name: `${one.name}-1`, fit: 'loaded', loadedContext: 262_144 }];
        const { port } = portFrom([...wishes.filter((other) => other !== one).map((other) => ({ ...other, fit: 'too-big' as const })), ...twins]);
        const { recommendations } = valueOf(await createRecommender({ provider: port }).recommend([fileOf(mime, size)]));
        const names = [recommendations[0]?.model, ...(recommendations[0]?.alternatives ?? [])].flatMap((suggestion) => suggestion?.name ?? []);
        const [loaded, twin] = [names.indexOf(`${one.name}-1`), names.indexOf(`${one.name}-0`)];
        if (twin >= 0) expect(loaded).toBeLessThan(twin);
        if (twin >= 0) expect(loaded).toBeGreaterThanOrEqual(0);
      }),
      runs,
    );
  });

  it('no file gets a model whose context is too short while another of the same task holds it', async () => {
    await fc.assert(
      fc.asyncProperty(models, fc.array(file, { minLength: 1, maxLength: 6 }), async (wishes, files) => {
        const { port } = portFrom(wishes);
        const { recommendations } = valueOf(await createRecommender({ provider: port }).recommend(files.map(({ mime, size }) => fileOf(mime, size))));
        for (const { file: facts, model, alternatives } of recommendations) {
          const wish = wishes.find(({ name }) => name === model?.name);
          if (!wish || facts === null) continue;
          const tokens = tokensOf(facts.kind, facts.sizeBytes);
          const others = alternatives.map(({ name }) => wishes.find((one) => one.name === name)).filter((one) => one !== undefined);
          if (!holds(wish, tokens)) expect(others.some((one) => holds(one, tokens))).toBe(false);
        }
      }),
      runs,
    );
  });

  it('every file is in one group or left, and its group has its model', async () => {
    await fc.assert(
      fc.asyncProperty(models, fc.array(file, { minLength: 1, maxLength: 12 }), async (wishes, files) => {
        const { port } = portFrom(wishes);
        const { recommendations, groups, left, loads } = valueOf(await createRecommender({ provider: port }).recommend(files.map(({ mime, size }) => fileOf(mime, size))));
        expect([...groups.flatMap((group) => group.files), ...left].sort((a, b) => a - b)).toEqual(files.map((_, index) => index));
        for (const group of groups) for (const index of group.files) expect(recommendations[index]?.model?.id).toBe(group.id);
        for (const index of left) expect(recommendations[index]?.model).toBeNull();
        expect(loads).toBe(groups.filter((group) => group.loads).length);
        // What needs no load stands first.
        expect(groups.map((group) => Number(group.loads))).toEqual(groups.map((group) => Number(group.loads)).sort());
      }),
      runs,
    );
  });
});

describe('assign', () => {
  const batches = fc.record({
    files: fc.array(fc.uniqueArray(fc.constantFrom<string[]>('a', 'b', 'c', 'd', 'e'), { maxLength: 4 }), { maxLength: 6 }),
    loaded: fc.uniqueArray(fc.constantFrom<string[]>('a', 'b', 'c', 'd', 'e')),
  });

  it('finds the fewest loads, as trying every choice does', () => {
    fc.assert(
      fc.property(batches, ({ files, loaded }) => {
        const chosen = assign(files.map((accepts) => ({ accepts })), (id) => loaded.includes(id));
        chosen.forEach((id, index) => expect(id === null ? files[index] : files[index]?.includes(id)).toEqual(id === null ? [] : true));
        expect(loadsOf(chosen, loaded)).toBe(fewestLoads(files, loaded));
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });

  it('takes the best of each file where that costs no load more', () => {
    expect(assign([{ accepts: ['a', 'b'] }, { accepts: ['a', 'b'] }, { accepts: ['b', 'a'] }], () => false)).toEqual(['a', 'a', 'a']);
    expect(assign([{ accepts: ['a'] }, { accepts: ['b'] }, { accepts: ['b', 'a'] }], () => false)).toEqual(['a', 'b', 'b']);
    expect(assign([{ accepts: ['a', 'b'] }, { accepts: [] }], (id) => id === 'b')).toEqual(['b', null]);
  });

  it('of many models, takes those that help most', () => {
    const files = Array.from({ length: 40 }, (_, index) => ({ accepts: [`own-${index}`, 'common'] }));
    expect(new Set(assign(files, () => false))).toEqual(new Set(['common']));
    expect(assign([...files, { accepts: ['own-3'] }], () => false).filter((id) => id === 'own-3')).toHaveLength(2);
    // One that is in memory costs nothing, so it stands in.
    expect(assign([...files, { accepts: ['better', 'loaded'] }], (id) => id === 'loaded').at(-1)).toBe('loaded');
  });
});

const loadsOf = (chosen: readonly (string | null)[], loaded: readonly string[]): number => new Set(chosen.filter((id) => id !== null && !loaded.includes(id))).size;

function fewestLoads(files: readonly (readonly string[])[], loaded: readonly string[]): number {
  const wishes = files.filter((accepts) => accepts.length > 0);
  let fewest = Infinity;
  const go = (at: number, chosen: readonly string[]): void => {
    const accepts = wishes[at];
    if (accepts === undefined) fewest = Math.min(fewest, loadsOf(chosen, loaded));
    else for (const id of accepts) go(at + 1, [...chosen, id]);
  };
  go(0, []);
  return fewest;
}
