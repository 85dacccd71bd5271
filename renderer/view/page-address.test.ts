import { expect, it } from 'vitest';
import { dashboardPages } from '../../contract/index.ts';
import { addressOf, pageIn, pages } from './page-address.ts';

it('knows every page by its address, and by nothing else', () => {
  expect(pages).toEqual(dashboardPages);
  expect(pages.map((page) => pageIn(addressOf(page)))).toEqual(pages);
  expect(['', '#', '#/', '#/nowhere', '#code=models', '#models', '#/modelsx'].map(pageIn)).toEqual(Array(7).fill(null));
  expect(pageIn('#/settings/models.pinned')).toBe('settings');
  expect(pageIn('#/activity?model=a')).toBe('activity');
});
