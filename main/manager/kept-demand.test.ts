import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../contract/index.ts';
import { noDemand, usesOf, withUse, type Demand } from '../core/demand.ts';
import { forecast } from '../core/predict.ts';
import { createDemandStore } from '../memory/demand-store.ts';
import { createDemandKeeper, demandOf } from './kept-demand.ts';

const HOUR = 3_600_000;
let dir = '';
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'airdock-demand-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const problems: Problem[] = [];
const open = () => createDemandStore({ file: path.join(dir, 'demand.json'), now: () => 0, onProblem: (problem) => void problems.push(problem) });
const used = (...keys: string[]): Demand => keys.reduce((demand, key, i) => withUse(demand, key, i * HOUR), noDemand);

async function kept(demand: Demand): Promise<void> {
  const store = open();
  createDemandKeeper(store, demandOf(store.saved)).see(demand);
  await store.flush();
}

describe('what is wanted, across restarts', () => {
  it('is known again, with who follows whom', async () => {
    const demand = used('a', 'b', 'c', 'a', 'b', 'c', 'a');
    await kept(demand);
    const again = demandOf(open().saved);
    expect([...again.ids]).toEqual([...demand.ids]);
    expect([again.last, again.previous]).toEqual(['a', 'c']);
    expect(again.weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    expect(again.recency.latest).toEqual(demand.recency.latest);
    for (const key of ['a', 'b', 'c']) expect(forecast(again, 8 * HOUR, 'a')(key)).toBeCloseTo(forecast(demand, 8 * HOUR, 'a')(key), 3);
  });

  it('is not written where nothing was used', async () => {
    const store = open();
    const keeper = createDemandKeeper(store, noDemand);
    keeper.see(noDemand);
    keeper.see(noDemand);
    await store.flush();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('starts again where the file is damaged, which is set aside and told', () => {
    writeFileSync(path.join(dir, 'demand.json'), '{"version":1,"mod');
    problems.length = 0;
    expect(open().saved).toBeNull();
    expect(problems.map(({ code }) => code)).toEqual(['bad-file']);
    expect(readdirSync(dir)).toEqual([expect.stringMatching(/^demand\.json\.broken-/)]);
  });

  const changed = async (change: (content: { all: { counts: number[]; use: number }; weights: number[]; returns?: number[]; models: { weights: string }[] }) => void): Promise<Demand> => {
    const file = path.join(dir, 'demand.json');
    await kept(used('a', 'b', 'a'));
    const content = JSON.parse(readFileSync(file, 'utf8')) as Parameters<typeof change>[0];
    change(content);
    writeFileSync(file, JSON.stringify(content));
    return demandOf(open().saved);
  };

  it.each([
    ['other counts', (content: { all: { counts: number[] } }) => void content.all.counts.pop()],
    ['a model twice', (content: { models: { weights: string }[] }) => void (content.models[1]!.weights = content.models[0]!.weights)],
    ['fewer uses than one model had', (content: { all: { use: number } }) => void (content.all.use = 1)],
  ])('is learned again from the times of uses where the figures do not belong together: %s', async (_what, change) => {
    const again = await changed(change);
    expect(again.last).toBe('a');
    expect(usesOf(again, 'a')!.times).toEqual(expect.arrayContaining([0, 2 * HOUR]));
    expect(again.weights).toHaveLength(noDemand.weights.length);
    expect(Number.isFinite(forecast(again, 3 * HOUR, 'b')('a'))).toBe(true);
  });

  it.each([
    ['other weights', (content: { weights: number[] }) => void content.weights.pop()],
    ['no weight at all', (content: { weights: number[] }) => void content.weights.fill(0)],
    ['no returns, as before they were counted', (content: { returns?: number[] }) => void delete content.returns],
    ['fewer returns', (content: { returns?: number[] }) => void content.returns!.pop()],
  ])('is kept with who follows whom where only the belief is of another kind: %s', async (_what, change) => {
    const again = await changed(change);
    const demand = used('a', 'b', 'a');
    expect(again.known.map(({ key, followers }) => [key, followers])).toEqual(demand.known.map(({ key, followers }) => [key, followers]));
    expect(again.weights).toHaveLength(noDemand.weights.length);
    expect(again.weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    expect(again.recency.counts).toHaveLength(noDemand.recency.counts.length);
    expect(Number.isFinite(forecast(again, 3 * HOUR, 'b')('a'))).toBe(true);
  });

  it('takes over what the first version wrote, and writes it anew', async () => {
    const file = path.join(dir, 'demand.json');
    const model = (weights: string, times: number[]) => ({ weights, at: times.at(-1)!, counts: [1, 1, 1, 1, 1, 1], followers: [['gone', 2]], times });
    writeFileSync(file, JSON.stringify({ version: 1, all: { at: 5 * HOUR, counts: [1, 2, 3, 4, 5, 6] }, last: 'b', models: [model('a', [HOUR, 3 * HOUR]), model('b', [2 * HOUR, 4 * HOUR])] }));
    problems.length = 0;
    const again = demandOf(open().saved);
    expect(problems).toEqual([]);
    expect(again).toEqual([['a', HOUR], ['b', 2 * HOUR], ['a', 3 * HOUR], ['b', 4 * HOUR]].reduce((demand, [key, at]) => withUse(demand, key as string, at as number), noDemand));
    await kept(withUse(again, 'c', 5 * HOUR));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: 2, last: 'c' });
  });

  it('stays small: as much as is ever kept is written in less than half a MB', async () => {
    let demand = noDemand;
    for (let i = 0; i < 40_000; i++) demand = withUse(demand, `/home/somebody/models/family-${(((i * i) % 10_007) * 31) % 500}.gguf`, i * 60_000);
    expect(demand.ids.size).toBe(500);
    await kept(demand);
    expect(readFileSync(path.join(dir, 'demand.json')).length).toBeLessThan(500_000);
  });
});
