import type { Clock } from '../platform/clock.ts';
import type { ReadHub } from './hubs.ts';

/** The latest change of a reader on one topic, as the database has it. */
export interface ReaderStateRow {
  readonly hub: string;
  readonly topic: string;
  readonly action: string;
  readonly detail: unknown;
  readonly at: Date;
}

/** What holds for the reader of a hub. */
export interface ReaderState {
  /** Undefined while it reads. */
  readonly pause:
    | {
        readonly since: Date;
        readonly remindAt: Date | undefined;
        /** It was meant so, and not for longer: nobody has to be told. */
        readonly isQuiet: boolean;
      }
    | undefined;
  readonly resumedAt: Date | undefined;
  /** Bulk re-runs that were asked for until then are not run. */
  readonly rerunStoppedAt: Date | undefined;
}

const instantOf = (detail: unknown, name: string): Date | undefined => {
  const value = (detail as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  return typeof value === 'string' ? new Date(value) : undefined;
};

export function readerStateOf(hub: ReadHub, rows: readonly ReaderStateRow[], now: Date): ReaderState {
  const latest = (topic: string) => rows.find((row) => row.hub === hub && row.topic === topic);
  const pause = latest('pause');
  const isPaused = pause !== undefined && pause.action !== 'resumed';
  const remindAt = instantOf(pause?.detail, 'remindAt');
  const isQuiet = remindAt !== undefined && now < remindAt;
  return {
    pause: isPaused ? { since: pause.at, remindAt, isQuiet } : undefined,
    resumedAt: pause?.action === 'resumed' ? pause.at : undefined,
    rerunStoppedAt: latest('rerun')?.at,
  };
}

/** Every batch of every reader asks, so an answer is kept this long. Milliseconds. */
const freshMs = 3_000;

export interface ReaderStates {
  /** Throws when the states cannot be read: an outage, as for what the records need. */
  of(hub: ReadHub): Promise<ReaderState>;
}

export function makeReaderStates(read: () => Promise<readonly ReaderStateRow[]>, clock: Clock): ReaderStates {
  let latest: { readonly at: number; readonly rows: Promise<readonly ReaderStateRow[]> } | undefined;
  return {
    async of(hub) {
      if (latest === undefined || performance.now() - latest.at > freshMs) {
        const asked = { at: performance.now(), rows: read() };
        latest = asked;
        asked.rows.catch(() => {
          if (latest === asked) latest = undefined;
        });
      }
      return readerStateOf(hub, await latest.rows, clock.now());
    },
  };
}
