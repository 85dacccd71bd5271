import { expect, it } from 'vitest';
import { benchPollCost } from './poll-cost.ts';

it('measures something, on processes that it can read', async () => {
  const { figure, target, note } = await benchPollCost();
  expect(figure).toBeGreaterThan(0);
  expect(target).toBe(100);
  if (process.platform === 'linux') expect(note).toBe('3 of 3 processes read');
});
