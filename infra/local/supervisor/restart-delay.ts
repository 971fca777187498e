const delays = { firstMs: 100, longestMs: 10_000, calmMs: 30_000 } as const;

/** How long to wait before each restart: doubling, and from the start again after a calm half minute. */
export function makeRestartDelay(now: () => number = Date.now) {
  let failures = 0;
  let last = -Infinity;
  return (): number => {
    if (now() - last > delays.calmMs) failures = 0;
    last = now();
    failures += 1;
    return Math.min(delays.longestMs, delays.firstMs * 2 ** (failures - 1));
  };
}
