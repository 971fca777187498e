import { describe, expect, test } from '@jest/globals';
import { hubs } from '../../../../shared/stream/hubs.ts';
import {
  makeExpiredGaps,
  makeTellExpired,
  type ExpiredEvents,
} from '../../../../shared/stream/expired-events.ts';
import { readDeadLetter } from '../../../../shared/stream/dead-letter.ts';
import type { IncomingRecord } from '../../../../shared/stream/record.ts';
import { recordingSender } from '../../../support/sent-events.ts';
import { silentLog } from '../../../support/silent-log.ts';

const at = new Date('2026-03-14T12:00:00Z');
const record = (sequenceNumber: number, partition = '0'): IncomingRecord => ({
  ...{ hub: hubs.stream, partition, offset: String(sequenceNumber * 100), sequenceNumber, enqueuedAt: at },
  ...{ key: undefined, value: new Uint8Array(), headers: {} },
});
const batch = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => record(from + index));

function setUp(checkpoint: number | undefined) {
  const told: ExpiredEvents[] = [];
  const asked: string[] = [];
  let now = checkpoint;
  const look = makeExpiredGaps({
    checkpointOf: (hub, partition) => {
      asked.push(`${hub}/${partition}`);
      return Promise.resolve(now);
    },
    tell: (events) => Promise.resolve(void told.push(events)),
  });
  return { look, told, asked, moveTo: (checkpoint: number | undefined) => (now = checkpoint) };
}

describe('events that expired before they were read', () => {
  test('are what lies between the checkpoint and the first record, told once', async () => {
    const { look, told } = setUp(99);
    await look(batch(117, 120));
    await look(batch(117, 120));
    expect(told).toEqual([{ hub: hubs.stream, partition: '0', from: 100, to: 116 }]);
  });

  test('are none where the batch goes on where the checkpoint is, which is read for the first batch only', async () => {
    const { look, told, asked } = setUp(99);
    for (const from of [100, 110, 120]) await look(batch(from, from + 9));
    expect(told).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  test('are found while reading, too', async () => {
    const { look, told, moveTo } = setUp(99);
    await look(batch(100, 109));
    moveTo(109);
    await look(batch(112, 113));
    expect(told).toEqual([{ hub: hubs.stream, partition: '0', from: 110, to: 111 }]);
  });

  test('are none where engineers moved the checkpoint, forward or to the beginning', async () => {
    const { look, told, moveTo } = setUp(99);
    await look(batch(100, 109));
    moveTo(199);
    await look(batch(200, 201));
    moveTo(undefined);
    await look(batch(50, 51));
    await look(batch(300, 301));
    expect(told).toEqual([]);
  });

  test('are told again when telling failed', async () => {
    let fails = true;
    const told: ExpiredEvents[] = [];
    const look = makeExpiredGaps({
      checkpointOf: () => Promise.resolve(0),
      tell: (events) => (fails ? Promise.reject(new Error('away')) : Promise.resolve(void told.push(events))),
    });
    await expect(look([record(5)])).rejects.toThrow('away');
    fails = false;
    await look([record(5)]);
    expect(told).toHaveLength(1);
  });

  test('become one dead letter of a code of their own, with from, to and count', async () => {
    const { sender, sent } = recordingSender();
    const tell = makeTellExpired({ events: sender, clock: { now: () => at }, log: silentLog });
    await tell({ hub: hubs.stream, partition: '2', from: 100, to: 116 });
    expect(sent).toHaveLength(1);
    const { hub, event } = sent[0]!;
    expect(hub).toBe(hubs.deadLetter);
    const { reason, claimCheck } = readDeadLetter({ ...record(1), headers: event.headers! });
    expect(claimCheck).toBeUndefined();
    expect(reason).toMatchObject({
      ...{ hub: hubs.stream, partition: '2', sequenceNumber: 100, code: 'events-expired', at },
      message: '17 events (100 to 116) expired before they were read.',
    });
  });
});
