import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../contract/index.ts';
import { forecast, noDemand, withUse, type Demand } from '../core/demand.ts';
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
    expect([...again.models.keys()]).toEqual([...demand.models.keys()]);
    expect(again.last).toBe('a');
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

  it('starts again after a change of what is counted', async () => {
    await kept(used('a', 'b'));
    const file = path.join(dir, 'demand.json');
    const content = JSON.parse(readFileSync(file, 'utf8')) as { all: { counts: number[] } };
    content.all.counts.pop();
    writeFileSync(file, JSON.stringify(content));
    expect(demandOf(open().saved)).toBe(noDemand);
  });
});
