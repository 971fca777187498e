/** What a file tests/bench/NAME.ts exports as its default. */
export interface Bench {
  /** One sentence for `npm run bench`. */
  readonly about: string;
  /** Set for the process that measures; it is started anew with them. */
  readonly environment?: Readonly<Record<string, string>>;
  cases(options: BenchOptions): Promise<readonly Case[]>;
  /** Stops what `cases` started. */
  close?(): Promise<void>;
}

export interface BenchOptions {
  /** The file that `--image` names. */
  readonly image: string | undefined;
}

/** `ms`, `kB`, `MB` and `shift` (of a layout) are better when less, a rate when more; `growth` is a factor and its ratio is that factor. */
export type Unit = 'ms' | 'kB' | 'MB' | 'shift' | 'images/s' | 'rows/s' | 'growth';

export interface Case {
  readonly name: string;
  readonly unit: Unit;
  /** What is measured: the number it answers, in `unit`, else how long it takes in milliseconds. */
  readonly contenders: Readonly<Record<string, () => Promise<unknown>>>;
  /** Contender and baseline, for each comparison that is printed. */
  readonly compare: readonly (readonly [contender: string, baseline: string])[];
  /** Runs of each contender, when `--runs` does not say. */
  readonly runs?: number;
  readonly warmUps?: number;
}

/** One line of `--json` (design.md, section 10). */
export interface Line {
  readonly bench: string;
  readonly case: string;
  readonly contender: string;
  readonly baseline: string;
  readonly unit: Unit;
  readonly median: number;
  readonly baselineMedian: number;
  readonly ratio: number;
  readonly runs: number;
}
