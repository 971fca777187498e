import { describe, expect, test } from '@jest/globals';
import { makeExpireChunks } from '../../../../../shared/images/receive/expire-chunks.ts';
import type { CompleteChunks } from '../../../../../shared/images/receive/complete-chunks.ts';
import type { ChunkSet, StorageWriter } from '../../../../../shared/images/store/ports.ts';
import { DarkroomError } from '../../../../../shared/platform/errors.ts';
import { StageFailure } from '../../../../../shared/stream/stage-failure.ts';
import { silentLog } from '../../../../support/silent-log.ts';

const now = new Date('2026-03-14T12:00:00Z');
const lifetimeMs = 15 * 60_000;

const setOf = (imageId: string, minutesAgo: number): ChunkSet => ({
  origin: { imageId, owner: 'ann', source: 'kafka', uploadedAt: now, correlationId: 'c' },
  ...{ count: 2, sha256: 'ab'.repeat(32), startedAt: new Date(now.getTime() - minutesAgo * 60_000) },
  record: { hub: 'image-stream', partition: '0', offset: '1', key: 'ann' },
});

function setUp(
  sets: readonly ChunkSet[],
  complete: Partial<CompleteChunks>,
  storage: Partial<StorageWriter> = {},
  since?: Date | 'paused',
) {
  const done: string[] = [];
  const expire = makeExpireChunks({
    storage: {
      async *chunkSets() {
        yield* sets;
        await Promise.resolve();
      },
      stagedChunks: () => Promise.resolve([{ index: 0, bytes: 1 }]),
      discardChunks: () => Promise.resolve('discarded'),
      statusOf: () => Promise.resolve(undefined),
      endChunkSet: (imageId: string) => Promise.resolve(void done.push(`ended ${imageId}`)),
      ...storage,
    } as unknown as StorageWriter,
    completeChunks: { join: () => Promise.resolve(false), ...complete } as CompleteChunks,
    sendToDeadLetters: ({ origin, error }) =>
      Promise.resolve(void done.push(`dead ${origin!.imageId} ${error.code}`)),
    clock: { now: () => now },
    log: silentLog,
    lifetimeMs,
    readingSince: () => Promise.resolve(since),
  });
  return { expire, done };
}

describe('chunk sets whose time is looked at', () => {
  test('keep nobody behind them waiting when one meets an outage, which is told at the end', async () => {
    const outage = new StageFailure(
      'check',
      undefined,
      new DarkroomError('unavailable', 'The store is away.'),
    );
    const { expire, done } = setUp([setOf('first', 20), setOf('second', 20)], {
      join: ({ origin }) => (origin.imageId === 'first' ? Promise.reject(outage) : Promise.resolve(false)),
    });
    await expect(expire()).rejects.toBe(outage);
    expect(done).toEqual(['dead second chunks-incomplete', 'ended second']);
  });

  test('are ended only behind their dead letter when the bytes are not those that were announced', async () => {
    const damaged = new StageFailure(
      'check',
      undefined,
      new DarkroomError('digest-mismatch', 'Send it again.'),
    );
    const { expire, done } = setUp([setOf('one', 5)], { join: () => Promise.reject(damaged) });
    await expire().catch(() => undefined);
    expect(done.map((step) => step.split(' ')[0])).toEqual(['dead', 'ended']);
  });

  test('whose image was joined by a process that ended before its check are checked with the announced digest', async () => {
    const set = setOf('one', 5);
    const checked: string[] = [];
    const { expire } = setUp(
      [set],
      { resume: (origin, sha256) => Promise.resolve(void checked.push(`${origin.imageId} ${sha256}`)) },
      {
        stagedChunks: () => Promise.resolve(undefined),
        rawOrigin: () => Promise.resolve({ ...set.origin, contentType: 'image/png', bytes: 3 }),
      },
    );
    await expire();
    expect(checked).toEqual([`one ${set.sha256}`]);
  });

  test('do not expire while their reader is paused, nor before it read as long as they may take', async () => {
    const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
    const expired = async (since?: Date | 'paused') => {
      const { expire } = setUp([setOf('one', 120)], {}, {}, since);
      return expire();
    };
    expect(await expired('paused')).toBe(0);
    expect(await expired(minutesAgo(10))).toBe(0);
    expect(await expired(minutesAgo(16))).toBe(1);
    expect(await expired()).toBe(1);
  });
});
