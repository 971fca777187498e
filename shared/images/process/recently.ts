/** Remembers each name for so long after it was last added. Milliseconds. */
export function makeRecently(forMs: number, now: () => number = () => performance.now()) {
  const until = new Map<string, number>();
  return {
    add(name: string): void {
      const at = now();
      // The oldest are in front.
      for (const [old, end] of until) {
        if (end > at) break;
        until.delete(old);
      }
      until.delete(name);
      until.set(name, at + forMs);
    },
    has: (name: string): boolean => (until.get(name) ?? -Infinity) > now(),
    get size(): number {
      return until.size;
    },
  };
}
