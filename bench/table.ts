import type { BenchResult } from './result.ts';

/** Whether a figure is as good as it should be; null where nothing is asked of it. */
export function isMet({ figure, target, orMore }: Pick<BenchResult, 'figure' | 'target' | 'orMore'>): boolean | null {
  if (target === null) return null;
  return orMore ? figure >= target : figure <= target;
}

/** The results as a table for a terminal, which is Markdown too. */
export function formatTable(results: readonly BenchResult[]): string {
  const rows = results.map((result) => [
    result.name,
    `${result.figure} ${result.unit}`,
    result.target === null ? '' : `${result.orMore ? '≥' : '≤'} ${result.target}`,
    { true: 'met', false: 'MISSED', null: '' }[`${isMet(result)}`],
    result.note ?? '',
  ]);
  const all = [['measured', 'figure', 'target', 'verdict', 'note'], ...rows];
  const widths = all.reduce<number[]>((most, row) => row.map((cell, column) => Math.max(most[column] ?? 3, cell.length)), []);
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head, ...body] = all;
  return [line(head ?? []), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
