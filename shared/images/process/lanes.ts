/** Milliseconds of one ordinary core for a million pixels, for the dearest files of a type. */
const perMegapixel: Readonly<Record<string, number>> = {
  'image/jpeg': 30,
  'image/png': 50,
  'image/webp': 35,
  'image/gif': 30,
  'image/bmp': 20,
  'image/tiff': 40,
  'image/avif': 110,
  'image/heic': 120,
  'image/jxl': 150,
};

/** A picture this long has rows or columns of next to nothing, and scaling it costs more than its pixels say. Pixels. */
const maxOrdinarySide = 20_000;
const longSideFactor = 20;

/** What is estimated above this does not wait among ordinary photos. */
export const slowMs = 2_000;

/** How long an image will take, from its header alone: to choose where it waits, not to refuse it. */
export function estimatedMs(image: { contentType: string; width: number; height: number }): number {
  const { contentType, width, height } = image;
  const rate = perMegapixel[contentType] ?? 150;
  const isLong = Math.max(width, height) > maxOrdinarySide;
  return Math.round(((width * height) / 1e6) * rate * (isLong ? longSideFactor : 1));
}

/** An owner's share of the ordinary lane: so much at once, and so much again in each second. Milliseconds of a core. */
const share = { capacityMs: 10_000, refillMsPerSecond: 250 } as const;
const maxOwners = 10_000;

/**
 * Who has used up the share waits behind the others, with images however ordinary. An owner's records have one key, so one
 * partition, so one process at a time: what each process counts is right however many there are.
 */
export function makeOwnerShares(now: () => number = () => performance.now()) {
  const used = new Map<string, { ms: number; at: number }>();
  return {
    /** Charges the estimate; false when the share is used up. */
    take(owner: string, ms: number): boolean {
      const at = now();
      const before = used.get(owner) ?? { ms: 0, at };
      const left = Math.max(0, before.ms - ((at - before.at) / 1_000) * share.refillMsPerSecond);
      const isWithin = left + ms <= share.capacityMs;
      used.delete(owner);
      used.set(owner, { ms: isWithin ? left + ms : left, at });
      const [oldest] = used.keys();
      if (used.size > maxOwners && oldest !== undefined) used.delete(oldest);
      return isWithin;
    },
  };
}
