import { describe, expect, test } from '@jest/globals';
import {
  makeAttention,
  unfinishedFilter,
  type AttentionDependencies,
  type Concern,
} from '../../../../shared/operations/attention.ts';
import { day, hour, minute, shiftedClock } from '../../../../shared/platform/clock.ts';
import { hubs, readHubs } from '../../../../shared/stream/hubs.ts';
import { erasedEntry } from '../../../support/erased-entry.ts';
import { useImageStores } from '../../../support/image-stores.ts';

const given = useImageStores();
const by = { actor: 'service:test' };

const quiet = { state: 'current', events: 0, seconds: null, throughput: null, partitions: [] } as const;
const stream = readHubs.map((hub) => ({ hub, consumerGroup: 'g', ...quiet }));

/** What needs somebody `later` (milliseconds), where all but `more` is as it should be. */
async function concerns(later = 0, more: Partial<AttentionDependencies> = {}): Promise<Concern[]> {
  const attention = makeAttention({
    ...{ database: given().database, clock: shiftedClock(() => later), hasLake: false },
    readers: () => Promise.resolve([]),
    stream: () => Promise.resolve(stream),
    runs: () => Promise.resolve([]),
    clockAhead: () => Promise.resolve(0),
    nothingToExportUntil: () => Promise.resolve(undefined),
    ...more,
  });
  return attention();
}
const seen = async (...asked: Parameters<typeof concerns>) =>
  (await concerns(...asked)).map(({ kind, of, count }) => [kind, of, count]);

let place = 0;
async function indexDeadLetter(imageId: string | null, code = 'processor-failed') {
  const key = { partition: '0', sequence_number: (place += 1) };
  const row = {
    ...{ ...key, origin_hub: hubs.processing, origin_partition: '0', origin_offset: String(place) },
    ...{ stage: 'process', code, message: 'm', attempts: 1, image_id: imageId, payload_bytes: 1 },
    ...{ claim_check: null, dead_at: new Date(), expires_at: new Date(Date.now() + 6 * day) },
  };
  await given().database.execute('operations', 'record_dead_letter', row, by);
  return (outcome: string) =>
    given().database.execute(
      'operations',
      'record_replay',
      { ...key, reason: 'r', outcome, at: new Date() },
      by,
    );
}

describe('what needs attention', () => {
  test('is nothing while images are new, or have come to their end', async () => {
    for (const status of ['stored', 'processed', 'rejected', 'received'] as const)
      await given().images.make('ann', status);
    expect(await concerns()).toEqual([]);
    expect(await seen(hour)).toEqual([['stored', null, 1]]);
  });

  test('is a failed image, by its dead letter, or without one after a minute', async () => {
    const id = await given().images.make('ann', 'failed');
    expect(await seen(2 * minute)).toEqual([['failed', null, 1]]);
    const replay = await indexDeadLetter(id);
    expect(await seen(2 * minute)).toEqual([['dead-letters', 'processor-failed', 1]]);
    await replay('fails-again');
    expect(await seen(2 * minute)).toEqual([['dead-letters', 'processor-failed', 1]]);
    // The replay was sent, and nothing came of it.
    await replay('applied');
    expect(await seen(2 * minute)).toEqual([['failed', null, 1]]);
  });

  test('is no image that somebody decided on, as long as it is there', async () => {
    const id = await given().images.make('ann', 'failed');
    const replay = await indexDeadLetter(id);
    await replay('discarded');
    expect(await seen(2 * minute)).toEqual([]);
    const at = new Date(Date.now() + 6 * day + hour);
    await given().database.execute('storage_writer', 'forget_expired_dead_letters', { at }, by);
    expect(await seen(6 * day + hour)).toEqual([]);
  });

  test('is an image whose dead letter expired before anybody acted', async () => {
    await indexDeadLetter(await given().images.make('ann', 'failed'));
    const at = new Date(Date.now() + 6 * day + hour);
    await given().database.execute('storage_writer', 'forget_expired_dead_letters', { at }, by);
    expect(await seen(6 * day + hour)).toEqual([['failed', null, 1]]);
  });

  test('is an image that is stored for over ten minutes, since its last event', async () => {
    const id = await given().images.make('ann', 'stored');
    expect(await seen(9 * minute)).toEqual([]);
    const [concern] = await concerns(11 * minute);
    expect(concern).toMatchObject({ kind: 'stored', count: 1 });
    expect(concern!.since!.getTime()).toBeLessThanOrEqual(Date.now());
    const later = new Date(Date.now() + 11 * minute);
    const { where, orderBy } = unfinishedFilter('stored', later);
    const listed = await given().database.query('operations', 'unfinished_images', { where, orderBy });
    expect(listed.map(({ image_id }) => image_id)).toEqual([id]);
  });

  test('is an erasure a quarter of an hour after it was due or began', async () => {
    const id = await given().images.make('ann', 'processed');
    expect(await seen(7 * day + 10 * minute)).toEqual([]);
    expect(await seen(7 * day + 20 * minute)).toEqual([['erasure-late', null, 1]]);
    const mark = {
      ...{ imageId: id, kind: 'erasure', uploadedAt: new Date().toISOString(), blobs: {} },
      deleteAt: new Date(Date.now() + 7 * day).toISOString(),
    };
    await given().database.execute('storage_writer', 'begin_erasures', { images: [mark] }, by);
    expect(await seen(10 * minute)).toEqual([]);
    expect(await seen(20 * minute)).toEqual([['erasure-late', null, 1]]);
  });

  test('is a receipt without a checkpoint after a quarter of an hour', async () => {
    const id = await given().images.make('ann', 'processed');
    const entry = erasedEntry(id, { kind: 'erasure', erasedAt: new Date().toISOString() });
    await given().database.execute('storage_writer', 'erase_images', { entries: [entry] }, by);
    expect(await seen(10 * minute)).toEqual([]);
    expect(await seen(16 * minute)).toEqual([['receipts-late', null, 1]]);
    const [{ size }] = (await given().database.execute('storage_writer', 'sequence_ledger', {}, by)) as [
      { size: number },
    ];
    expect(await seen(16 * minute)).toEqual([['receipts-late', null, 1]]);
    const checkpoint = { log: 'l', size, note: 'n', at: new Date() };
    await given().database.execute('storage_writer', 'record_checkpoint', checkpoint, by);
    expect(await seen(16 * minute)).toEqual([]);
  });

  test('is a lake that nothing came into for three quarters of an hour', async () => {
    expect(await seen(0, { hasLake: true })).toEqual([]);
    expect(await seen(30 * day, { hasLake: true })).toContainEqual(['export-late', null, null]);
    expect(await seen(30 * day, { hasLake: false })).toEqual([]);
    const nothingUntil = (later: number) => ({
      hasLake: true,
      nothingToExportUntil: () => Promise.resolve(new Date(Date.now() + later)),
    });
    expect(await seen(30 * day, nothingUntil(30 * day - 40 * minute))).toEqual([]);
    expect(await seen(30 * day, nothingUntil(30 * day - 50 * minute))).toHaveLength(1);
  });

  test('is what the stream says: losses, pauses, and who is late without a pause', async () => {
    await indexDeadLetter(null, 'events-expired');
    expect(await seen()).toEqual([['events-lost', 'events-expired', 1]]);
    const pause = (isHold: boolean) => ({
      ...{ since: new Date(), actor: 'a', reason: 'r', isHold, remindAt: null },
    });
    const behind = (hub: (typeof readHubs)[number], seconds: number) => ({
      ...{ hub, consumerGroup: 'g', ...quiet, state: 'behind' as const, events: 7, seconds },
    });
    const found = await seen(0, {
      readers: () =>
        Promise.resolve([
          { hub: hubs.processing, pause: pause(true) },
          { hub: hubs.reprocessing, pause: pause(false) },
          { hub: hubs.stream, pause: null },
        ]),
      stream: () =>
        Promise.resolve([
          ...[behind(hubs.processing, 900), behind(hubs.stream, 900), behind(hubs.deadLetter, 300)],
          { hub: hubs.reprocessing, consumerGroup: 'g', ...quiet, state: 'not-measurable' as const },
        ]),
    });
    expect(found).toEqual([
      ['events-lost', 'events-expired', 1],
      ['reader-held', hubs.processing, null],
      ['reader-paused', hubs.reprocessing, null],
      ['reader-late', hubs.stream, 7],
      ['not-known', `lag of ${hubs.reprocessing}`, null],
    ]);
  });

  test('is a run that waits, a clock that differs, and a replica that is behind', async () => {
    const startedAt = new Date().toISOString();
    const database = {
      ...given().database,
      freshness: () => Promise.resolve({ source: 'replica', lagMs: 2 * minute, isConnected: true } as const),
    };
    const found = await seen(0, {
      database,
      runs: () => Promise.resolve([{ id: 'r', startedAt, waitingFor: 'event-hubs' }]),
      clockAhead: () => Promise.resolve(-2 * hour),
    });
    expect(found).toEqual([
      ['run-waits', 'event-hubs', null],
      ['replica-late', null, null],
      ['clock-differs', null, null],
    ]);
  });

  test('is whatever could not be looked at; nothing is claimed of it', async () => {
    const away = () => Promise.reject(new Error('away'));
    const found = await seen(0, {
      ...{ readers: away, stream: away, runs: away },
      clockAhead: () => Promise.resolve(undefined),
    });
    expect(found.map(([kind]) => kind)).toEqual(Array(4).fill('not-known'));
    expect(found.map(([, of]) => of).sort()).toEqual(['bulk runs', 'clock', 'readers', 'stream']);
  });

  test('is an outcome that its sender was not told within ten minutes', async () => {
    await given().images.make('ann', 'rejected', { source: 'kafka' });
    expect(await seen(9 * minute)).toEqual([]);
    expect(await seen(11 * minute)).toEqual([['outcomes-late', null, 1]]);
  });
});
