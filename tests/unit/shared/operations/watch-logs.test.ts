import { describe, expect, test } from '@jest/globals';
import { makeWatchLogs } from '../../../../shared/operations/watch-logs.ts';
import { hubs } from '../../../../shared/stream/hubs.ts';
import type { ExpiredEvents } from '../../../../shared/stream/expired-events.ts';
import { memoryHubs, type PartitionAt } from '../../../support/memory-hubs.ts';
import type { ReaderView } from '../../../../shared/operations/readers.ts';
import { makeLog } from '../../../../shared/platform/log.ts';

const made = new Date('2026-03-14T12:00:00Z');
const before = new Date('2026-03-13T12:00:00Z');
const hub = hubs.stream;

const now = new Date('2026-03-15T12:00:00Z');

interface Before {
  /** When the product saw the hub made before. */
  readonly known: Date | 'never';
  /** Partitions that could not be brought onto the log then. */
  readonly open: string[];
  readonly reader: { readonly pause: object | null; readonly resumedAt: Date | null };
  /** Partitions that cannot be moved. */
  readonly fails: string[];
  /** Losses that are among the dead letters. */
  readonly lossTold: boolean;
}

/** A look at the partitions of a hub that was made at `made`. */
async function lookAt(partitions: PartitionAt | PartitionAt[], over: Partial<Before> = {}) {
  const before = { known: made, open: [], fails: [], lossTold: false, ...over };
  const { reader, checkpoints } = memoryHubs({ [hub]: [partitions].flat() });
  const moved: unknown[] = [];
  const told: ExpiredEvents[] = [];
  const recorded: string[] = [];
  const details: unknown[] = [];
  const lines: string[] = [];
  const order: string[] = [];
  const watch = makeWatchLogs({
    reader: { ...reader, createdAt: () => Promise.resolve(made) },
    checkpoints,
    moveCheckpoint: (_namespace, ...move) => {
      if (before.fails.includes(move[1])) return Promise.reject(new Error('No host lets go.'));
      order.push('moved');
      return Promise.resolve(void moved.push(move));
    },
    readers: {
      watched: () =>
        Promise.resolve({
          reader: { pause: null, resumedAt: null, ...over.reader } as ReaderView,
          log: before.known === 'never' ? undefined : { createdAt: before.known, open: before.open },
        }),
      isLossTold: () => Promise.resolve(before.lossTold),
      record: (_hub, { topic, action, detail }) => {
        details.push(detail);
        return Promise.resolve(void recorded.push(`${topic} ${action}`));
      },
    },
    tellExpired: (events) => {
      order.push('told');
      return Promise.resolve(void told.push(events));
    },
    clock: { now: () => now },
    log: makeLog((_level, line) => lines.push((JSON.parse(line) as { event: string }).event)),
  });
  const failed = await watch(hub).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
  return { moved, told, recorded, details, lines, order, failed };
}

const toBeginning = [[hub, '0', 'beginning']];
const at = (sequenceNumber: number, checkpointAt = made) => ({ sequenceNumber, checkpointAt });

describe('a hub that was made anew', () => {
  test('is read from the beginning where its checkpoint is ahead of the log, and it is said loudly', async () => {
    const look = await lookAt({ first: 0, last: 23, checkpoint: at(47) });
    expect(look.moved).toEqual(toBeginning);
    expect(look.recorded).toEqual(['position restarted']);
    expect(look.lines).toEqual(['hub.made-anew']);
  });

  test('is known by when it was made, also when it has grown past the checkpoint: 48 of 72 would be skipped', async () => {
    const look = await lookAt({ first: 0, last: 71, checkpoint: at(47) }, { known: before });
    expect(look.moved).toEqual(toBeginning);
    expect(look.recorded).toEqual(['position restarted', 'log seen']);
  });

  test('is known at the first look by a checkpoint from before it was made', async () => {
    const anew = await lookAt({ first: 0, last: 71, checkpoint: at(47, before) }, { known: 'never' });
    expect(anew.moved).toEqual(toBeginning);
    const same = await lookAt({ first: 0, last: 71, checkpoint: at(47) }, { known: 'never' });
    expect(same).toMatchObject({ moved: [], recorded: ['log seen'] });
  });

  test('is none where the checkpoint is in the log, or there is no checkpoint yet', async () => {
    for (const checkpoint of [{ checkpoint: at(47) }, { checkpoint: at(71) }, {}]) {
      const look = await lookAt({ first: 0, last: 71, ...checkpoint });
      expect(look).toMatchObject({ moved: [], told: [], recorded: [], lines: [] });
    }
  });
});

describe('a partition that could not be brought onto the log', () => {
  const two = [
    { first: 0, last: 71, checkpoint: at(47) },
    { first: 0, last: 71, checkpoint: at(47) },
  ];
  const open = (ids: string[]) => ({ createdAt: made.toISOString(), open: ids });

  test('is kept in mind, and fails the run', async () => {
    const look = await lookAt(two, { known: before, fails: ['1'] });
    expect(look.moved).toEqual(toBeginning);
    expect(look.failed).toBe('No host lets go.');
    expect(look.details.at(-1)).toEqual(open(['1']));
  });

  test('is tried again, and it alone: the others are not read from the beginning each time', async () => {
    const still = await lookAt(two, { open: ['1'], fails: ['1'] });
    expect(still).toMatchObject({ moved: [], recorded: [] });
    const done = await lookAt(two, { open: ['1'] });
    expect(done.moved).toEqual([[hub, '1', 'beginning']]);
    expect(done.details.at(-1)).toEqual(open([]));
  });
});

describe('events that expire unread', () => {
  test('are told while some of the partition is left, and the reader says so when it gets there', async () => {
    const look = await lookAt({ first: 60, last: 71, checkpoint: at(47) });
    expect(look).toMatchObject({ moved: [], told: [], lines: ['events.expired'] });
  });

  test('are a dead letter at once where nothing is left, once', async () => {
    const look = await lookAt({ first: 71, last: 71, isEmpty: true, checkpoint: at(47) });
    expect(look.told).toEqual([{ hub, partition: '0', from: 48, to: 71 }]);
    expect(look.moved).toEqual(toBeginning);
    const after = await lookAt({ first: 71, last: 71, isEmpty: true });
    expect(after.told).toEqual([]);
  });

  const gone = { first: 71, last: 71, isEmpty: true, checkpoint: at(47) };

  test('are told before the checkpoint goes, which is all that knows of them, and not twice when it could not go', async () => {
    expect((await lookAt(gone)).order).toEqual(['told', 'moved']);
    const stuck = await lookAt(gone, { fails: ['0'] });
    expect(stuck).toMatchObject({ order: ['told'], failed: 'No host lets go.' });
    expect((await lookAt(gone, { lossTold: true })).order).toEqual(['moved']);
  });

  test.each([
    ['is paused', { pause: {}, resumedAt: null }],
    ['was resumed a moment ago', { pause: null, resumedAt: new Date(now.getTime() - 60_000) }],
  ])('stay with a host that may have them in memory while its reader %s', async (_title, reader) => {
    expect(await lookAt(gone, { reader })).toMatchObject({ order: [], lines: ['events.expired'] });
  });

  test('are told when the reader was resumed long ago', async () => {
    const reader = { pause: null, resumedAt: new Date(now.getTime() - 3_600_000) };
    expect((await lookAt(gone, { reader })).order).toEqual(['told', 'moved']);
  });
});
