import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  /** One more is done, or `by` more. */
  step(label: string, by?: number): void;
  end(): void;
}

/** A bar on standard error; none with --json or where nobody watches. */
export function showProgress(total: number, what: string, hidden: boolean): Progress {
  if (hidden || !process.stderr.isTTY) return { step: () => undefined, end: () => undefined };
  const format = `${what} {bar} {value}/{total}  {label}`;
  const bar = new SingleBar({ format, hideCursor: true, stream: process.stderr }, Presets.shades_classic);
  bar.start(total, 0, { label: '' });
  return { step: (label, by = 1) => bar.increment(by, { label }), end: () => bar.stop() };
}
