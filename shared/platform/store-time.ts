import { hour, minute } from './clock.ts';

/** Time as a store tells it, carried on by the process's steady clock: setting the machine's clock does not move it. */
export interface StoreTime {
  /** Milliseconds since 1970; until a store has answered, the machine's. */
  now(): number;
  /** From now on this store's time counts. One that cannot be reached changes nothing. */
  follow(url: string): Promise<void>;
  /** Asks again; answers by how much the machine's clock is ahead, in milliseconds, where the store answered. */
  measure(): Promise<number | undefined>;
}

/** A `Date` header has whole seconds, and its answer takes a while: what differs by less is taken as the same. */
const toleranceMs = 5_000;
const measureEveryMs = 5 * minute;
const timeoutMs = 5_000;
/** A machine's clock that differs by more is an alert. */
export const maxClockDifferenceMs = hour;

async function storeDate(url: string): Promise<number> {
  const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(timeoutMs) });
  // Whatever the status: an answer to nobody in particular has its time, too.
  return Date.parse(response.headers.get('date') ?? '');
}

export function makeStoreTime(): StoreTime {
  let url: string | undefined;
  let measured: { readonly time: number; readonly at: number; readonly local: number } | undefined;
  let askedAt = -Infinity;

  async function measure(): Promise<number | undefined> {
    if (url === undefined) return undefined;
    askedAt = performance.now();
    const store = await storeDate(url).catch(() => NaN);
    if (Number.isNaN(store)) return undefined;
    const local = Date.now();
    const ahead = local - store;
    measured = { time: Math.abs(ahead) <= toleranceMs ? local : store, at: performance.now(), local };
    return ahead;
  }

  /** Whether the two clocks of the machine parted: one was set, or the other stood still while the machine slept. */
  const parted = (): boolean =>
    measured !== undefined &&
    Math.abs(Date.now() - measured.local - (performance.now() - measured.at)) > toleranceMs;

  return {
    now() {
      if (performance.now() - askedAt > (parted() ? toleranceMs : measureEveryMs)) void measure();
      return measured === undefined ? Date.now() : measured.time + performance.now() - measured.at;
    },
    async follow(store) {
      if (url !== undefined) return;
      url = store;
      await measure();
    },
    measure,
  };
}
