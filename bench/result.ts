/** One line of `npm run bench`: what was measured beside what it should be. */
export interface BenchResult {
  name: string;
  figure: number;
  unit: string;
  target: number;
  lowerIsBetter: true;
  note?: string;
}
