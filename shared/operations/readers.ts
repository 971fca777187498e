import { z } from 'zod';
import type { ViewRow } from '../database/catalog/index.ts';
import type { Database } from '../database/port.ts';
import { minute, type Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { consumerGroups, hubs, readHubs, type ReadHub } from '../stream/hubs.ts';
import { readerStateOf } from '../stream/reader-states.ts';
import { deadLetterOrder } from './dead-letters.ts';
import { holdLimitOf, type HoldLimit } from './hold-limit.ts';

export type StateRow = ViewRow<'operations', 'reader_states'>;

/** Who changes something and why: kept, and shown. */
export interface Change {
  readonly dryRun: boolean;
  readonly actor: string;
  readonly reason: string;
}

export interface ReaderView {
  readonly hub: ReadHub;
  readonly consumerGroup: string;
  readonly pause: {
    readonly since: Date;
    readonly actor: string;
    readonly reason: string;
    /** The product paused it, because of dead letters. */
    readonly isHold: boolean;
    readonly remindAt: Date | null;
  } | null;
  readonly resumedAt: Date | null;
  /** Undefined when dead letters never pause it. */
  readonly limit: HoldLimit | undefined;
}

export interface ReaderResult {
  readonly hub: ReadHub;
  readonly outcome: 'changed' | 'unchanged';
  readonly detail: string;
}

export interface ReadersDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the states are known from, if not from the database. */
  readonly states?: (() => Promise<readonly StateRow[]>) | undefined;
}

interface Entry {
  readonly topic: 'pause' | 'rerun' | 'limit' | 'position' | 'log';
  readonly action: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

const seenLog = z.object({
  createdAt: z.coerce.date(),
  /** Partitions whose checkpoints are still of the log before. */
  open: z.array(z.string()).default([]),
});

/** What was last seen of a hub's log: when the hub was made. */
export type SeenLog = z.infer<typeof seenLog>;

function viewOf(hub: ReadHub, rows: readonly StateRow[], now: Date): ReaderView {
  const { pause, resumedAt = null } = readerStateOf(hub, rows, now);
  const row = rows.find((one) => one.hub === hub && one.topic === 'pause');
  return {
    hub,
    consumerGroup: consumerGroups[hub],
    pause:
      pause === undefined || row === undefined
        ? null
        : {
            since: pause.since,
            actor: row.actor,
            reason: row.reason,
            isHold: row.action === 'held',
            remindAt: pause.remindAt ?? null,
          },
    resumedAt,
    limit: holdLimitOf(rows.find((one) => one.hub === hub && one.topic === 'limit')),
  };
}

/** The readers of the hubs, and what engineers may do with them; every change is kept with who and why. */
export function makeReaders({
  database,
  clock,
  log,
  states = () => database.query('operations', 'reader_states'),
}: ReadersDependencies) {
  async function record(
    hub: ReadHub,
    { topic, action, detail }: Entry,
    { actor, reason }: Pick<Change, 'actor' | 'reason'>,
    at = clock.now(),
  ): Promise<void> {
    const parameters = { hub, topic, action, reason, at, detail };
    await database.execute('operations', 'record_reader_change', parameters, { actor });
    log.info('reader.changed', { hub, topic, action, actor, reason, ...detail });
  }

  /** Makes an entry for each hub whose reader is not yet as it shall be. */
  async function change(
    wanted: readonly ReadHub[],
    by: Change,
    decide: (reader: ReaderView, now: Date) => { entry?: Entry; detail: string },
  ): Promise<ReaderResult[]> {
    const rows = await states();
    const now = clock.now();
    const results: ReaderResult[] = [];
    for (const hub of wanted) {
      const { entry, detail } = decide(viewOf(hub, rows, now), now);
      if (entry !== undefined && !by.dryRun) await record(hub, entry, by, now);
      results.push({ hub, outcome: entry === undefined ? 'unchanged' : 'changed', detail });
    }
    return results;
  }

  return {
    async list(): Promise<ReaderView[]> {
      const rows = await states();
      return readHubs.map((hub) => viewOf(hub, rows, clock.now()));
    },

    /** The reader of a hub, and the log that it reads, by what was last seen of it. */
    async watched(hub: ReadHub): Promise<{ reader: ReaderView; log: SeenLog | undefined }> {
      const rows = await states();
      const row = rows.find((one) => one.hub === hub && one.topic === 'log');
      return { reader: viewOf(hub, rows, clock.now()), log: row && seenLog.parse(row.detail) };
    },

    /** Whether it was told that events from this one on expired. */
    async isLossTold(hub: ReadHub, partition: string, from: number): Promise<boolean> {
      const told = await database.query('operations', 'dead_letters', {
        where: [
          { column: 'code', operator: '=', value: 'events-expired' },
          { column: 'origin_hub', operator: '=', value: hub },
          { column: 'origin_partition', operator: '=', value: partition },
          { column: 'origin_offset', operator: '=', value: String(from) },
        ],
        limit: 1,
      });
      return told.length > 0;
    },

    losses: (limit: number) =>
      database.query('operations', 'dead_letters', {
        where: [{ column: 'code', operator: '=', value: 'events-expired' }],
        orderBy: deadLetterOrder('desc'),
        limit,
      }),

    changes: (limit: number) =>
      database.query('operations', 'reader_changes', {
        where: [{ column: 'topic', operator: '<>', value: 'log' }],
        orderBy: [['change_id', 'desc']],
        limit,
      }),

    /** Alerts are quiet about it until `remindAfterMinutes` have passed. */
    pause: (wanted: readonly ReadHub[], by: Change, remindAfterMinutes: number) =>
      change(wanted, by, ({ pause }, now) => {
        if (pause !== null) return { detail: `It is paused since ${pause.since.toISOString()}.` };
        const remindAt = new Date(now.getTime() + remindAfterMinutes * minute).toISOString();
        return {
          entry: { topic: 'pause', action: 'paused', detail: { remindAt } },
          detail: `Its batches wait from now on; a reminder comes at ${remindAt}.`,
        };
      }),

    /** Pauses the reader because of what it makes of its records. */
    hold: (hub: ReadHub, by: Change) =>
      change([hub], by, ({ pause }) =>
        pause === null
          ? { entry: { topic: 'pause', action: 'held' }, detail: 'Its batches wait from now on.' }
          : { detail: 'It is paused already.' },
      ),

    resume: (wanted: readonly ReadHub[], by: Change) =>
      change(wanted, by, ({ pause }) =>
        pause === null
          ? { detail: 'It reads.' }
          : {
              entry: { topic: 'pause', action: 'resumed' },
              detail: `It goes on at its checkpoint; it was paused since ${pause.since.toISOString()}.`,
            },
      ),

    /** Null: dead letters never pause it. */
    setLimit: (hub: ReadHub, limit: HoldLimit | null, by: Change) =>
      change([hub], by, () =>
        limit === null
          ? { entry: { topic: 'limit', action: 'off' }, detail: 'Dead letters never pause it.' }
          : {
              entry: { topic: 'limit', action: 'set', detail: { ...limit } },
              detail: `More than ${limit.deadLetters} dead letters of one code within ${limit.minutes} minutes pause it.`,
            },
      ),

    /** Images of bulk re-runs that were asked for until now are left as they are. */
    stopRerun: (by: Change) =>
      change([hubs.reprocessing], by, () => ({
        entry: { topic: 'rerun', action: 'stopped' },
        detail: 'Images of re-runs that were asked for before now stay as they are.',
      })),

    record,
  };
}

export type Readers = ReturnType<typeof makeReaders>;
