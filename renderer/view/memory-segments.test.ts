import { describe, expect, it } from 'vitest';
import { gb, live, loaded, memory, ollama } from '../../test/browser/fixtures.ts';
import { hostModels, ramSegments, vramSegments } from './memory-segments.ts';

const two = () => [loaded('llama3.2', 4.5), loaded('codellama', 7, { state: 'loading' })];
const shareOf = (segments: { share: number }[]) => segments.reduce((sum, { share }) => sum + share, 0);

describe('the bar of RAM', () => {
  it('adds up to the whole memory', () => {
    const segments = ramSegments(memory(two()), two());
    expect(segments.map(({ kind }) => kind)).toEqual(['other', 'model', 'booked', 'free']);
    expect(segments.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(gb(15.5));
    expect(shareOf(segments)).toBeCloseTo(1);
  });

  it('has no free room when over budget, and still fills the bar', () => {
    const segments = ramSegments(memory(two(), { otherPrograms: gb(6), free: gb(-2) }), two());
    expect(segments.some(({ kind }) => kind === 'free')).toBe(false);
    expect(shareOf(segments)).toBeCloseTo(1);
  });

  it('shows what a limit withholds as a piece of its own', () => {
    const view = memory([], { capacity: gb(9.3), free: gb(9.3), limit: { bytes: gb(12.5), from: 'cgroup' } });
    const withheld = ramSegments(view, []).find(({ kind }) => kind === 'limit');
    expect(withheld?.bytes).toBeCloseTo(gb(3), -1);
  });

  it('leaves out models whose server has a memory of its own', () => {
    const state = live(two(), { providers: [ollama({ memory: 'own' })] });
    expect(hostModels(state)).toEqual([]);
  });
});

it('counts on a GPU what others hold as the rest', () => {
  const model = loaded('llama3.2', 0.5, { footprint: { ram: gb(0.5), vram: { gpu0: gb(4) } } });
  const segments = vramSegments({ id: 'gpu0', name: 'GPU', total: gb(16), free: gb(10) }, [model]);
  expect(segments.map(({ kind, bytes }) => [kind, bytes])).toEqual([
    ['other', gb(2)],
    ['model', gb(4)],
    ['free', gb(10)],
  ]);
});
