import { describe, expect, test } from '@jest/globals';
import { turnsOfLane } from '../../../../../shared/images/process/lane-turns.ts';
import type { Lane } from '../../../../../shared/images/process/process-record.ts';
import {
  deferredEvent,
  parseProcessingMessage,
  processingEvent,
  type ProcessingMessage,
} from '../../../../../shared/images/process/processing-message.ts';
import { makeWorkerTurns } from '../../../../../shared/images/process/worker-turns.ts';
import { randomImageId } from '../../../../../shared/platform/image-id.ts';
import { hubs, type Hub } from '../../../../../shared/stream/hubs.ts';
import type { IncomingRecord, OutgoingEvent } from '../../../../../shared/stream/record.ts';
import { recordingSender } from '../../../../support/sent-events.ts';

const never = () => new Promise<void>(() => undefined);
const recordOf = (hub: Hub, { key, value }: OutgoingEvent): IncomingRecord => ({
  ...{ hub, partition: '0', offset: '0', enqueuedAt: new Date(0), key, value, headers: {} },
});
const message = (about: Partial<ProcessingMessage>): ProcessingMessage => ({
  ...{ imageId: randomImageId(), correlationId: 'c' },
  ...about,
});

function setUp(lane: Lane) {
  const { sender, sent } = recordingSender();
  return { ...turnsOfLane(lane, makeWorkerTurns(2), sender), sent };
}

describe('the ordinary lane', () => {
  const photo = (flow: string) =>
    recordOf(hubs.processing, processingEvent(message({ flow, estimatedMs: 360 })));

  test('passes on the third photo of an owner and takes the first of another', () => {
    const { turn, isPassedOn } = setUp('ordinary');
    for (let count = 0; count < 2; count += 1) {
      expect(isPassedOn(photo('0a1b'))).toBe(false);
      void turn(photo('0a1b'), never);
    }
    expect([isPassedOn(photo('0a1b')), isPassedOn(photo('2c3d'))]).toEqual([true, false]);
  });

  test('hands back to the slow hub, under a key of the owner, with all that was known of the image', async () => {
    const { handBack, sent } = setUp('ordinary');
    const record = photo('0a1b');
    await handBack(record);
    expect(sent.map(({ hub }) => hub)).toEqual([hubs.slow]);
    expect(sent[0]!.event.key).toMatch(/^0a1b-[0-3]$/);
    expect(parseProcessingMessage(sent[0]!.event.value)).toEqual(parseProcessingMessage(record.value));
  });

  test('takes what an earlier release sent, of which only the image is known', async () => {
    const { isPassedOn, handBack, sent } = setUp('ordinary');
    const record = recordOf(hubs.processing, processingEvent(message({})));
    expect(isPassedOn(record)).toBe(false);
    await handBack(record);
    expect(sent.map(({ hub }) => hub)).toEqual([hubs.slow]);
  });

  test('gives its turn to what is no message, so that it becomes a dead letter', async () => {
    const { turn, isPassedOn } = setUp('ordinary');
    const record = recordOf(hubs.processing, { value: Buffer.from('{') });
    expect(isPassedOn(record)).toBe(false);
    await expect(turn(record, () => Promise.resolve('run'))).resolves.toBe('run');
  });
});

test.each([
  ['slow', hubs.slow],
  ['again', hubs.reprocessing],
] as const)('the lane "%s" passes nothing on, and hands back to %s as it came', async (lane, hub) => {
  const { turn, isPassedOn, handBack, sent } = setUp(lane);
  const record = recordOf(hub, deferredEvent(message({ flow: '0a1b' })));
  for (let count = 0; count < 20; count += 1) void turn(record, never);
  expect(isPassedOn(record)).toBe(false);
  await handBack(record);
  const { key, value, headers } = record;
  expect(sent).toEqual([{ hub, event: { key, value, headers } }]);
});

test('a bulk re-run is one owner, whosever the images are', () => {
  const turns = makeWorkerTurns(2);
  const { turn } = turnsOfLane('again', turns, recordingSender().sender);
  const begun: number[] = [];
  for (let index = 0; index < 5; index += 1) {
    const record = recordOf(hubs.reprocessing, processingEvent(message({ flow: `000${index}` })));
    void turn(record, () => {
      begun.push(index);
      return never();
    });
  }
  return new Promise<void>((done) => setImmediate(done)).then(() => expect(begun).toEqual([0]));
});
