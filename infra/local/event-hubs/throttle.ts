import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How long a producer is asked to wait; 0 when nothing is throttled. Milliseconds. */
export type Throttle = () => number;

/**
 * A namespace beyond its throughput units, for a drill: while the file `throttle-ms` in the data folder holds a number,
 * that many milliseconds are what producers are told to wait.
 */
export function throttleIn(dataDir: string): Throttle {
  const file = join(dataDir, 'throttle-ms');
  return () => (existsSync(file) ? Math.max(0, Number.parseInt(readFileSync(file, 'utf8'), 10) || 0) : 0);
}
