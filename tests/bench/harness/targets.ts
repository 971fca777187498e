/** What a ratio of `Line` has to be. It varies from run to run on the same code by `noise`, a share of it. */
export interface Target {
  readonly bench: string;
  /** Start of its cases' names; every case that begins so has to meet it. */
  readonly case: string;
  /** Every contender when left out. */
  readonly contender?: string;
  readonly baseline: string;
  readonly noise: number;
  readonly ratio: { readonly atLeast: number } | { readonly atMost: number };
}

const target = (
  [bench, name, contender, baseline]: readonly [string, string, string | undefined, string],
  ratio: Target['ratio'],
  noise: number,
): Target => ({
  bench,
  case: name,
  baseline,
  ratio,
  noise,
  ...(contender === undefined ? {} : { contender }),
});

const least = (atLeast: number) => ({ atLeast });
const most = (atMost: number) => ({ atMost });

/** Of one process that computes; of several that talk to each other; of measured memory and of processes that start. */
const [computing, talking, starting] = [0.1, 0.2, 0.25];

/** Each figure that docs/performance.md promises. */
export const targets: readonly Target[] = [
  target(['processing', 'JPEG to 720', 'darkroom', 'jimp'], least(20), computing),
  target(['processing', 'JPEG to 720', 'darkroom', 'sharp'], least(1.1), computing),
  target(['processing', 'standard set', 'darkroom', 'sharp once per variant'], least(1.5), computing),
  target(['processing', 'PNG with alpha', 'darkroom', 'jimp'], least(2.5), computing),
  target(['processing', 'PNG with alpha', 'darkroom', 'sharp'], least(1), computing),
  target(['pipeline', 'from Kafka', 'darkroom', 'bare loop'], least(0.9), talking),
  target(['pipeline', 'from HTTP', 'darkroom', 'bare loop'], least(0.9), talking),
  target(
    ['pipeline', 'acknowledged to processed, one image at a time, p50', undefined, 'bare loop'],
    least(1 / 1.4),
    talking,
  ),
  target(
    ['pipeline', 'acknowledged to processed, one image at a time, p95', undefined, 'bare loop'],
    least(1 / 2),
    talking,
  ),
  target(['pipeline', 'a POST to its 202 with 200 images', 'in flight', 'idle'], least(1 / 2), talking),
  target(['upload', 'p50 of a POST', 'darkroom', 'bare upload and event'], least(0.92), talking),
  target(['upload', 'growth of the host', 'chunked', 'allowed'], least(1), starting),
  target(['upload', 'resumable', 'darkroom', 'bare blocks and event'], least(0.95), talking),
  target(['read', 'p50 of a variant, with a token', 'darkroom', 'bare function'], least(0.8), talking),
  target(['read', 'p50 of a 206', 'darkroom', 'bare function'], least(0.8), talking),
  target(['read', 'p50 of a 304', 'darkroom', 'bare function'], least(0.8), talking),
  target(['cold-start', '204 of', undefined, 'an empty app'], least(1 / 3), starting),
  target(['cold-start', '401', undefined, 'an empty app'], least(1 / 3), starting),
  target(['cold-start', '200', undefined, 'an empty app'], least(1 / 3), starting),
  target(['backlog', 'memory of the host', 'at the end', 'after the first 500'], most(1.15), computing),
  target(
    ['hostile', 'good images per second', 'with hostile files', 'good ones alone'],
    least(0.85),
    talking,
  ),
  target(['hostile', 'memory of the whole stack', 'darkroom', 'allowed'], least(1), starting),
  target(
    ['fairness', "one owner's photo from acknowledged to processed", 'beside', 'idle'],
    most(3),
    starting,
  ),
  target(['purge', 'milliseconds for an image', '5000 due', '500 due'], most(1.2), talking),
  target(['growth', '', '500000 rows', '50000 rows'], most(1.3), talking),
  target(['fidelity', 'largest', 'previews', 'allowed'], most(1), 0),
  target(
    ['warehouse', 'memory high-water mark', '10 million rows', '1 million rows'],
    least(1 / 1.15),
    computing,
  ),
  target(['console', 'largest contentful paint', undefined, 'allowed'], least(1), starting),
  target(['console', 'cumulative layout shift', undefined, 'allowed'], least(1), 0),
];
