/** The middle value; of an even count the mean of the two in the middle. NaN where there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** The value that `share` (0 to 1) of all values do not exceed. NaN where there is none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Rounded so that small figures keep two significant digits and large ones no digit that is noise. */
export function rounded(value: number): number {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return Number(value.toFixed(digits));
}

/** CPU time so far, µs; `process.cpuUsage` counts all threads of this process. */
type CpuClock = () => { user: number; system: number };

/** CPU time of one call in µs, so that a busy machine hardly shows: the median of `rounds` rounds of `times` calls, after one round to warm up. */
export function cpuPerCall(call: () => void, { times, rounds }: { times: number; rounds: number }, clock: CpuClock = process.cpuUsage): number {
  const oneRound = (): number => {
    const before = clock();
    for (let i = 0; i < times; i++) call();
    const after = clock();
    return (after.user - before.user + after.system - before.system) / times;
  };
  oneRound();
  return median(Array.from({ length: rounds }, oneRound));
}
