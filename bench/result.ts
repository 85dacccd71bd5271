/** One line of the table: what was measured beside what it should be. */
export interface BenchResult {
  name: string;
  figure: number;
  unit: string;
  /** The figure may be as high as this, or as low where `orMore`; null: for information. */
  target: number | null;
  orMore?: boolean;
  /** How it came about, and how far the runs were apart. */
  note?: string;
}

export interface BenchOptions {
  /** Shorter windows and fewer rounds: to see that a benchmark works, not to quote its figures. */
  quick: boolean;
}

/** A benchmark by the name that `--only` takes. Its own file says how it measures. */
export interface Bench {
  name: string;
  run(options: BenchOptions): Promise<BenchResult[]>;
}
