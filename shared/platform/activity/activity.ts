import { day, hour, minute, type Clock } from '../clock.ts';
import type { Log } from '../log.ts';

/** How old the mark is goes by the store's clock, which is one for all who leave it. */
export interface Mark {
  /** Another one for each time that it was left. */
  readonly version: string;
  readonly ageMs: number;
}

/** Where the mark and the answers are kept. Each call ends soon, or throws. */
export interface ActivityStore {
  leaveMark(): Promise<void>;
  readMark(): Promise<Mark | undefined>;
  readAnswer(name: string): Promise<unknown>;
  writeAnswer(name: string, answer: unknown): Promise<void>;
}

export interface Answer<T> {
  /** As JSON has it when it is not asked anew. */
  readonly value: T;
  /** When to ask again though nothing has changed; a time that has come means at the next call. */
  readonly dueAt?: Date | undefined;
}

export interface AskOptions {
  /** For what looks only at what is older: so much longer after a change it has to ask. Milliseconds. */
  readonly graceMs?: number;
  /** Whether to note each time that an answer held, for `lastHeld`. */
  readonly notesHolding?: boolean;
}

/**
 * What is known of the database without asking it, so that it can pause. Whatever makes work for a timer leaves a mark in
 * the store; a timer asks when the mark is another than at its last answer, or that answer said so.
 */
export interface Activity {
  /** Before the change is made. Never fails: a mark that could not be left is found by the daily question. */
  changes(): Promise<void>;
  /** The last answer to this question while it holds, else a new one. A store that says nothing means: ask. */
  answer<T>(name: string, ask: () => Promise<Answer<T>>, options?: AskOptions): Promise<T>;
  /** When an answer held the last time, of a question that notes it: until then there was nothing to do. */
  lastHeld(name: string): Promise<Date | undefined>;
}

/** A process leaves the mark no more often. Milliseconds. */
const markEveryMs = 5 * minute;

/**
 * An answer holds when no mark was left for so long before the question: who left one earlier has to leave another by then,
 * and a change that began with a mark has ended. Milliseconds.
 */
export const quietMs = markEveryMs + 5 * minute;

/** So soon a mark is tried again that the store did not take: changes do not wait for a store that is away. Milliseconds. */
const retryEveryMs = 30_000;

/**
 * When every answer ends, at the same time for all so that the database wakes once for them: a little before 3:00 UTC, since a clock
 * that is a second behind would put off until 3:15 what runs at 3:00. Milliseconds of the day.
 */
const dailyMs = 3 * hour - 30_000;

interface Kept {
  readonly mark: string;
  readonly askedAt: string;
  readonly dueAt: string | null;
  readonly heldAt: string;
  readonly value: unknown;
}

/** The daily question that follows. */
export function nextDaily(after: Date): Date {
  const sinceDaily = (after.getTime() - dailyMs) % day;
  return new Date(after.getTime() - sinceDaily + day);
}

function isKept(found: unknown): found is Kept {
  const { mark, askedAt, dueAt, heldAt } = (found ?? {}) as Partial<Record<keyof Kept, unknown>>;
  const isTime = (text: unknown) => typeof text === 'string' && !Number.isNaN(Date.parse(text));
  const isDue = dueAt === null || isTime(dueAt);
  return typeof mark === 'string' && isTime(askedAt) && isTime(heldAt) && isDue;
}

function holds(kept: Kept, mark: Mark, now: Date): boolean {
  const askedAt = new Date(kept.askedAt);
  const dueAt = kept.dueAt === null ? nextDaily(askedAt) : new Date(kept.dueAt);
  // A clock that was put back knows nothing of what is due; one that is corrected moves by less.
  const isPast = now.getTime() > askedAt.getTime() - minute;
  return kept.mark === mark.version && isPast && now < dueAt && now < nextDaily(askedAt);
}

/** Time that passes whatever is done to one of the machine's clocks, or however long it slept. */
function stopwatch(): () => number {
  const [steady, wall] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - steady, Math.abs(Date.now() - wall));
}

export interface ActivityOptions {
  readonly store: ActivityStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Starts one that tells how many milliseconds have passed. */
  readonly startWatch?: (() => () => number) | undefined;
}

export function makeActivity({ store, clock, log, startWatch = stopwatch }: ActivityOptions): Activity {
  let passed: (() => number) | undefined;
  let isLeft = false;
  let leaving: Promise<void> | undefined;

  async function leave(): Promise<void> {
    const since = startWatch();
    try {
      await store.leaveMark();
      isLeft = true;
    } catch (error) {
      isLeft = false;
      log.warn('activity.not-marked', { error });
    }
    passed = since;
  }

  /** Undefined when the store does not say. */
  async function look(name: string): Promise<{ mark: Mark | undefined; kept: unknown } | undefined> {
    try {
      const [mark, kept] = await Promise.all([store.readMark(), store.readAnswer(name)]);
      return { mark, kept };
    } catch (error) {
      log.warn('activity.not-known', { name, error });
      return undefined;
    }
  }

  const current = (seen: Awaited<ReturnType<typeof look>>): Kept | undefined =>
    seen?.mark !== undefined && isKept(seen.kept) && holds(seen.kept, seen.mark, clock.now())
      ? seen.kept
      : undefined;

  async function keep(name: string, kept: Kept): Promise<void> {
    await store
      .writeAnswer(name, kept)
      .catch((error: unknown) => log.warn('activity.not-kept', { name, error }));
  }

  return {
    async changes() {
      if (passed !== undefined && passed() < (isLeft ? markEveryMs : retryEveryMs)) return;
      leaving ??= leave().finally(() => (leaving = undefined));
      await leaving;
    },
    async answer<T>(name: string, ask: () => Promise<Answer<T>>, options: AskOptions = {}) {
      const { graceMs = 0, notesHolding = false } = options;
      const seen = await look(name);
      const known = current(seen);
      const now = clock.now().toISOString();
      if (known !== undefined) {
        if (notesHolding) await keep(name, { ...known, heldAt: now });
        return known.value as T;
      }
      // A store without a mark is new, or lost it: it gets one to compare with.
      if (seen !== undefined && seen.mark === undefined) await leave();
      const { value, dueAt } = await ask();
      const mark = seen?.mark;
      const isQuiet = mark !== undefined && mark.ageMs >= quietMs + graceMs;
      if (isQuiet && (dueAt === undefined || dueAt > clock.now())) {
        const times = { askedAt: now, heldAt: now, dueAt: dueAt?.toISOString() ?? null };
        await keep(name, { mark: mark.version, ...times, value });
      }
      return value;
    },
    async lastHeld(name) {
      const kept = (await look(name))?.kept;
      return isKept(kept) ? new Date(kept.heldAt) : undefined;
    },
  };
}

/** Where the database never sleeps, every question is asked. */
export const alwaysAsk: Activity = {
  changes: () => Promise.resolve(),
  answer: async (_name, ask) => (await ask()).value,
  lastHeld: () => Promise.resolve(undefined),
};
