import { rules } from './rules.ts';
import type { Cell } from './run.ts';

/** Loads and load seconds added up, and ratios as the mean over all replays, with the worst. */
export function formatCells(cells: readonly Cell[]): string {
  const policies = cells[0]?.results.map(({ policy }) => policy) ?? [];
  const exact = cells.filter(({ optimumSeconds }) => optimumSeconds !== null).length;
  const bounded = cells.filter(({ boundSeconds }) => boundSeconds !== null).length;
  const head = ['policy', 'loads', 'load seconds', '× lru', 'worst', ...(exact > 0 ? ['× optimum', 'worst'] : []), ...(bounded > 0 ? ['× bound', 'worst'] : []), ''];
  const rows = policies.map((policy) => {
    const own = cells.map(({ results }) => results.find((result) => result.policy === policy)!);
    const total = (pick: (result: (typeof own)[number]) => number): number => own.reduce((sum, result) => sum + pick(result), 0);
    const ratios = (pick: (result: (typeof own)[number]) => number | null): [string, string] => {
      const known = own.map(pick).filter((ratio) => ratio !== null);
      return known.length === 0 ? ['–', '–'] : [mean(known).toFixed(3), Math.max(...known).toFixed(3)];
    };
    return [policy, String(total((r) => r.loads)), total((r) => r.loadSeconds).toFixed(1), ...ratios((r) => r.toLru), ...(exact > 0 ? ratios((r) => r.toOptimum) : []), ...(bounded > 0 ? ratios((r) => r.toBound) : []), rules[policy]?.what ?? ''];
  });
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string => row.map((cell, i) => (i === 0 || i === row.length - 1 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ').trimEnd();
  const requests = cells.reduce((sum, cell) => sum + cell.requests, 0);
  const notes = [
    ...(exact > 0 ? [`× optimum: the exact optimum, of ${exact} of ${cells.length} replays.`] : []),
    ...(bounded > 0 ? [`× bound: what no policy can be below, of ${bounded} of ${cells.length} replays, which have too many models for the optimum. No policy may reach it.`] : []),
  ];
  return [`${cells.length} ${cells.length === 1 ? 'replay' : 'replays'}, ${requests} requests`, '', line(head), ...rows.map(line), ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
