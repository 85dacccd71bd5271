import { describe, expect, it } from 'vitest';
import { type InstalledModel, problem } from '../../contract/index.ts';
import { installed } from '../../test/browser/fixtures.ts';
import { inOrder, type InstalledOrder } from './installed-order.ts';

const models = [
  installed('qwen3:14b', 10, { fit: { kind: 'short' } }),
  installed('llama10', 4, { fit: { kind: 'fits' } }),
  installed('sample-small', 0.1, { sample: true }),
  installed('llama2', 7, { fit: { kind: 'short' } }),
  installed('broken', 1, { problem: problem('bad-file', 'cut off') }),
  installed('gpu', 0.5, { footprint: { ram: 5, vram: { gpu0: 8 * 1024 ** 3 } }, fit: { kind: 'evicts' } }),
];
const status = (model: InstalledModel) => (model.problem !== null ? 'broken' : model.name === 'llama2' ? 'in-use' : model.name === 'llama10' ? 'absent' : 'none');
const times: Record<string, number> = { 'qwen3:14b': 30, llama2: 20 };
const names = (order: InstalledOrder) => inOrder(models, order, { status, lastUsed: ({ name }) => times[name] ?? null }).map(({ name }) => name);

describe('installed models', () => {
  it.each([
    ['name', ['broken', 'gpu', 'llama2', 'llama10', 'qwen3:14b', 'sample-small']],
    ['size', ['sample-small', 'broken', 'llama10', 'llama2', 'gpu', 'qwen3:14b']],
    ['fit', ['llama2', 'sample-small', 'gpu', 'qwen3:14b', 'llama10', 'broken']],
    ['used', ['qwen3:14b', 'llama2', 'broken', 'gpu', 'llama10', 'sample-small']],
  ] as const)('by %s', (order, expected) => {
    expect(names(order)).toEqual(expected);
  });

  it('are left as they were given', () => {
    const before = models.map(({ id }) => id);
    names('name');
    expect(models.map(({ id }) => id)).toEqual(before);
  });
});
