import { expect, it } from 'vitest';
import { benchPollCost } from './poll-cost.ts';

it('measures something, on processes that it can read', async () => {
  const [result] = await benchPollCost();
  expect(result?.figure).toBeGreaterThan(0);
  expect(result?.target).toBe(100);
  if (process.platform === 'linux') expect(result?.note).toBe('3 of 3 processes read');
});
