import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Filter } from '../database/port.ts';
import type { ViewRow } from '../database/catalog/index.ts';
import { minute, type Clock } from '../platform/clock.ts';
import { maxClockDifferenceMs } from '../platform/store-time.ts';
import type { ReaderView } from './readers.ts';
import type { GroupState } from './stream-state.ts';

/** Each is something that somebody must do; docs/console.md has the list with what to do. */
export const concernKinds = [
  ...(['dead-letters', 'failed', 'stored', 'erasure-late'] as const),
  ...(['events-lost', 'reader-held', 'reader-paused', 'reader-late', 'run-waits', 'outcomes-late'] as const),
  ...(['receipts-late', 'export-late', 'replica-late', 'clock-differs', 'not-known'] as const),
] as const;

export interface Concern {
  readonly kind: (typeof concernKinds)[number];
  /** A code, a hub, a table, or what could not be looked at. */
  readonly of: string | null;
  /** Images, events, receipts; at most `maxCounted` where there are more. */
  readonly count: number | null;
  readonly since: Date | null;
}

/** Images that are counted one by one. */
export const maxCounted = 1_000;

/** What is ordinary for so long is late after it. Milliseconds. */
const lateAfterMs = {
  /** Its dead letter is indexed within seconds. */
  failed: minute,
  /** As the alert `stream-lag`. */
  stored: 10 * minute,
  reader: 10 * minute,
  outcomes: 10 * minute,
  /** Three runs of the purge. */
  erasure: 15 * minute,
  /** As the alert `ledger-stopped`. */
  receipts: 15 * minute,
  /** Three exports. */
  export: 45 * minute,
  replica: minute,
} as const;

/** What takes longer to look at counts as not known. */
const timeoutMs = 8_000;

export interface AttentionDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly readers: () => Promise<readonly Pick<ReaderView, 'hub' | 'pause'>[]>;
  readonly stream: () => Promise<readonly GroupState[]>;
  /** Bulk runs that go on. */
  readonly runs: () => Promise<readonly { id: string; startedAt: string; waitingFor: string | null }[]>;
  /** By how much this machine's clock is ahead of the store's; undefined when the store does not say. Milliseconds. */
  readonly clockAhead: () => Promise<number | undefined>;
  readonly hasLake: boolean;
  /** Until when an export had nothing to do, for one that is left out then. */
  readonly nothingToExportUntil: () => Promise<Date | undefined>;
}

type Look = (now: Date) => Promise<readonly Concern[]>;

const before = (now: Date, ms: number): Date => new Date(now.getTime() - ms);
const earliest = (times: readonly Date[]): Date | null =>
  times.length === 0 ? null : new Date(Math.min(...times.map((time) => time.getTime())));

export const unfinishedStates = ['stored', 'failed', 'erasure'] as const;
export type UnfinishedState = (typeof unfinishedStates)[number];

/** Images in a state for longer than is ordinary, the longest first. */
export const unfinishedFilter = (state: UnfinishedState, now: Date) =>
  ({
    where: [
      { column: 'state', operator: '=', value: state },
      { column: 'since', operator: '<=', value: before(now, lateAfterMs[state]) },
    ],
    orderBy: [
      ['since', 'asc'],
      ['image_id', 'asc'],
    ],
  }) as const satisfies Filter<ViewRow<'operations', 'unfinished_images'>>;

const counted = (
  kind: Concern['kind'],
  count: number,
  since: Date | null | undefined,
  of: string | null = null,
): Concern[] => (count === 0 ? [] : [{ kind, of, count, since: since ?? null }]);

function ofDatabase({
  database,
  hasLake,
  nothingToExportUntil,
}: AttentionDependencies): Record<string, Look> {
  const unfinished = async (state: UnfinishedState, now: Date) =>
    database.query('operations', 'unfinished_images', {
      ...unfinishedFilter(state, now),
      limit: maxCounted,
    });
  return {
    'dead letters': async () => {
      const rows = await database.query('operations', 'dead_letter_counts', {
        where: [{ column: 'is_open', operator: '=', value: true }],
      });
      return [...Map.groupBy(rows, ({ code }) => code)]
        .flatMap(([code, group]) => {
          const kind = code === 'events-expired' ? 'events-lost' : 'dead-letters';
          const images = group.reduce((sum, row) => sum + row.images, 0);
          return counted(kind, images, earliest(group.map((row) => row.first_at)), code);
        })
        .sort((one, other) => other.count! - one.count!);
    },
    images: async (now) => {
      const [failed, stored] = await Promise.all([unfinished('failed', now), unfinished('stored', now)]);
      return [
        ...counted('failed', failed.length, failed[0]?.since),
        ...counted('stored', stored.length, stored[0]?.since),
      ];
    },
    erasures: async (now) => {
      const late = await unfinished('erasure', now);
      return counted('erasure-late', late.length, late[0]?.since);
    },
    outcomes: async (now) => {
      const [row] = await database.query('operations', 'waiting_outcomes');
      const oldest = row?.oldest ?? now;
      return oldest > before(now, lateAfterMs.outcomes)
        ? []
        : counted('outcomes-late', row!.outcomes, oldest);
    },
    receipts: async (now) => {
      const [last] = await database.query('storage_reader', 'ledger_checkpoints', {
        orderBy: [['size', 'desc']],
        limit: 1,
      });
      const rows = await database.query('operations', 'purges', {
        where: [
          {
            any: [
              { column: 'leaf_index', operator: 'is null' },
              { column: 'leaf_index', operator: '>=', value: last?.size ?? 0 },
            ],
          },
          {
            column: 'erased_at',
            operator: '<=',
            value: before(now, lateAfterMs.receipts).toISOString(),
          },
        ],
        orderBy: [['sequence', 'asc']],
        limit: maxCounted,
      });
      return counted('receipts-late', rows.length, rows[0] && new Date(rows[0].erased_at));
    },
    exports: async (now) => {
      if (!hasLake) return [];
      const rows = await database.query('operations', 'exports');
      const from = before(now, lateAfterMs.export);
      const nothingUntil = await nothingToExportUntil();
      if (nothingUntil !== undefined && nothingUntil >= from) return [];
      if (rows.length > 0) {
        const late = rows.filter((row) => row.exported_at < from);
        const of = late.length === 1 ? late[0]!.table_name : null;
        return counted('export-late', late.length, earliest(late.map((row) => row.exported_at)), of);
      }
      const [first] = await database.query('operations', 'migrations', {
        orderBy: [['applied_at', 'asc']],
        limit: 1,
      });
      const isLate = first !== undefined && first.applied_at < from;
      return isLate ? [{ kind: 'export-late', of: null, count: null, since: first.applied_at }] : [];
    },
    replica: async (now) => {
      const { source, lagMs, isConnected } = await database.freshness('analytics');
      const isLate = source === 'replica' && (!isConnected || (lagMs ?? 0) > lateAfterMs.replica);
      const since = lagMs === undefined ? null : before(now, lagMs);
      return isLate ? [{ kind: 'replica-late', of: null, count: null, since }] : [];
    },
  };
}

function pauseOf({ hub, pause }: Pick<ReaderView, 'hub' | 'pause'>): Concern[] {
  if (pause === null) return [];
  const kind = pause.isHold ? 'reader-held' : 'reader-paused';
  return [{ kind, of: hub, count: null, since: pause.since }];
}

function lagOf({ hub, state, events, seconds, partitions }: GroupState, now: Date): Concern[] {
  const lost = partitions.reduce((sum, { expired }) => sum + expired, 0);
  const waitedMs = (seconds ?? 0) * 1000;
  const isLate = state === 'no-consumer' || (state === 'behind' && waitedMs > lateAfterMs.reader);
  return [
    ...counted('events-lost', lost, null, hub),
    ...(isLate ? counted('reader-late', events ?? 0, before(now, waitedMs), hub) : []),
    ...(state === 'not-measurable'
      ? [{ kind: 'not-known', of: `lag of ${hub}`, count: null, since: null } as const]
      : []),
  ];
}

function ofStream({ readers, stream, runs, clockAhead }: AttentionDependencies): Record<string, Look> {
  return {
    readers: async () => (await readers()).flatMap(pauseOf),
    stream: async (now) => {
      const paused = new Set((await readers()).flatMap(({ hub, pause }) => (pause === null ? [] : hub)));
      const found = (await stream()).flatMap((group) => lagOf(group, now));
      // Whoever paused a reader knows that its events wait.
      return found.filter(({ kind, of }) => kind !== 'reader-late' || !paused.has(of as ReaderView['hub']));
    },
    'bulk runs': async () =>
      (await runs()).flatMap(({ waitingFor, startedAt }): Concern[] =>
        waitingFor === null
          ? []
          : [{ kind: 'run-waits', of: waitingFor, count: null, since: new Date(startedAt) }],
      ),
    clock: async () => {
      const ahead = await clockAhead();
      if (ahead === undefined) throw new Error('The store does not tell its time.');
      return Math.abs(ahead) <= maxClockDifferenceMs
        ? []
        : [{ kind: 'clock-differs', of: null, count: null, since: null }];
    },
  };
}

/** All that somebody must do, in the order of `concernKinds`. What cannot be looked at is a concern of its own: nothing is claimed of it. */
export function makeAttention(dependencies: AttentionDependencies) {
  const looks = Object.entries({ ...ofDatabase(dependencies), ...ofStream(dependencies) });
  const tooLate = async () => {
    await sleep(timeoutMs, undefined, { ref: false });
    throw new Error('timeout');
  };
  return async (): Promise<Concern[]> => {
    const now = dependencies.clock.now();
    const found = await Promise.all(
      looks.map(([name, look]) =>
        Promise.race([look(now), tooLate()]).catch((): Concern[] => [
          { kind: 'not-known', of: name, count: null, since: null },
        ]),
      ),
    );
    const rank = ({ kind }: Concern): number => concernKinds.indexOf(kind);
    return found.flat().sort((one, other) => rank(one) - rank(other));
  };
}
