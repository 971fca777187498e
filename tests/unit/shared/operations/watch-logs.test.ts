import { describe, expect, test } from '@jest/globals';
import { makeWatchLogs } from '../../../../shared/operations/watch-logs.ts';
import { hubs } from '../../../../shared/stream/hubs.ts';
import type { ExpiredEvents } from '../../../../shared/stream/expired-events.ts';
import { memoryHubs, type PartitionAt } from '../../../support/memory-hubs.ts';
import { makeLog } from '../../../../shared/platform/log.ts';

const made = new Date('2026-03-14T12:00:00Z');
const before = new Date('2026-03-13T12:00:00Z');
const hub = hubs.stream;

/** A look at one partition of a hub that was made at `made`; `known` is when the product saw it made before. */
async function lookAt(partition: PartitionAt, known: Date | 'never' = made) {
  const { reader, checkpoints } = memoryHubs({ [hub]: [partition] });
  const moved: unknown[] = [];
  const told: ExpiredEvents[] = [];
  const recorded: string[] = [];
  const lines: string[] = [];
  const watch = makeWatchLogs({
    reader: { ...reader, createdAt: () => Promise.resolve(made) },
    checkpoints,
    moveCheckpoint: (_namespace, ...move) => Promise.resolve(void moved.push(move)),
    readers: {
      logOf: () => Promise.resolve(known === 'never' ? undefined : known),
      record: (_hub, { topic, action }) => Promise.resolve(void recorded.push(`${topic} ${action}`)),
    },
    tellExpired: (events) => Promise.resolve(void told.push(events)),
    log: makeLog((_level, line) => lines.push((JSON.parse(line) as { event: string }).event)),
  });
  await watch(hub);
  return { moved, told, recorded, lines };
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
    const look = await lookAt({ first: 0, last: 71, checkpoint: at(47) }, before);
    expect(look.moved).toEqual(toBeginning);
    expect(look.recorded).toEqual(['position restarted', 'log seen']);
  });

  test('is known at the first look by a checkpoint from before it was made', async () => {
    const anew = await lookAt({ first: 0, last: 71, checkpoint: at(47, before) }, 'never');
    expect(anew.moved).toEqual(toBeginning);
    const same = await lookAt({ first: 0, last: 71, checkpoint: at(47) }, 'never');
    expect(same).toMatchObject({ moved: [], recorded: ['log seen'] });
  });

  test('is none where the checkpoint is in the log, or there is no checkpoint yet', async () => {
    for (const checkpoint of [{ checkpoint: at(47) }, { checkpoint: at(71) }, {}]) {
      const look = await lookAt({ first: 0, last: 71, ...checkpoint });
      expect(look).toEqual({ moved: [], told: [], recorded: [], lines: [] });
    }
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
});
