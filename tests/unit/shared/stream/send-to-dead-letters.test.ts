import { describe, expect, test } from '@jest/globals';
import { day, hour } from '../../../../shared/platform/clock.ts';
import { DarkroomError, type Failure } from '../../../../shared/platform/errors.ts';
import { randomImageId } from '../../../../shared/platform/image-id.ts';
import type { Origin } from '../../../../shared/platform/image-origin.ts';
import { readDeadLetter } from '../../../../shared/stream/dead-letter.ts';
import { hubs, maxEventBytes } from '../../../../shared/stream/hubs.ts';
import { unframeRecord } from '../../../../shared/stream/record-frame.ts';
import {
  makeSendToDeadLetters,
  type DeadLetterStorage,
} from '../../../../shared/stream/send-to-dead-letters.ts';
import { recordingSender } from '../../../support/sent-events.ts';
import { silentLog } from '../../../support/silent-log.ts';

const now = new Date('2026-03-08T12:00:00Z');
const away = () => new DarkroomError('unavailable', 'The store is away.');

const recordOf = (value: Uint8Array, enqueuedAt = now) => ({
  ...{ hub: 'image-stream', partition: '3', offset: '77', enqueuedAt },
  ...{ key: 'ann', value, headers: { ce_subject: 'a' } },
});
const small = recordOf(Buffer.from('x'));
const large = recordOf(Buffer.alloc(maxEventBytes));
const originOf = (uploadedAt: Date): Origin => ({
  ...{ imageId: randomImageId(), owner: 'ann', source: 'kafka', uploadedAt, correlationId: 'c-1' },
});

/** Keeps what it is told; what it answers, and that it is away, is the test's to say. */
function deadLetterStorage(outcome: 'created' | 'erased' | 'away' = 'created') {
  const failed: { origin: Origin; failure: Failure }[] = [];
  const payloads: { imageId: string | undefined; bytes: Uint8Array; expiresAt: Date }[] = [];
  const storage: DeadLetterStorage = {
    recordFailed(origin, failure) {
      failed.push({ origin, failure });
      return outcome === 'away' ? Promise.reject(away()) : Promise.resolve(outcome);
    },
    storeDeadLetterPayload(imageId, bytes, expiresAt) {
      payloads.push({ imageId, bytes, expiresAt });
      return Promise.resolve('place/of-it');
    },
  };
  return { storage, failed, payloads };
}

function setUp(outcome?: 'created' | 'erased' | 'away') {
  const stores = deadLetterStorage(outcome);
  const hub = recordingSender();
  const send = makeSendToDeadLetters({
    storage: stores.storage,
    events: hub.sender,
    clock: { now: () => now },
    log: silentLog,
  });
  const error = new DarkroomError('image-corrupt', 'It cannot be decoded.');
  const give = (record: typeof small, origin?: Origin) =>
    send({ record, stage: 'check', error, attempts: 2, origin });
  return { ...stores, ...hub, give };
}

/** What somebody reads who reads the hub of dead letters. */
const readBack = (sent: ReturnType<typeof recordingSender>['sent']) =>
  sent.map(({ hub, event: { key, value, headers = {} } }) =>
    readDeadLetter({ ...small, hub, key, value, headers }),
  );

describe('a record that is dead-lettered', () => {
  test('is in the hub of dead letters with where it was, why, when and whose image it is', async () => {
    const { give, sent, failed, payloads } = setUp();
    const origin = originOf(now);
    await give(small, origin);
    expect(sent.map(({ hub }) => hub)).toEqual([hubs.deadLetter]);
    expect(readBack(sent)).toEqual([
      {
        reason: {
          ...{ hub: 'image-stream', partition: '3', offset: '77', stage: 'check', attempts: 2, at: now },
          ...{ code: 'image-corrupt', message: 'It cannot be decoded.', imageId: origin.imageId },
        },
        record: { key: 'ann', value: small.value, headers: small.headers },
        ...{ payloadBytes: 1, claimCheck: undefined },
      },
    ]);
    expect(failed).toEqual([
      { origin, failure: { code: 'image-corrupt', message: 'It cannot be decoded.' } },
    ]);
    expect(payloads).toEqual([]);
  });

  test('of no known image has no row to mark', async () => {
    const { give, sent, failed } = setUp();
    await give(small);
    expect(failed).toEqual([]);
    expect(readBack(sent)).toMatchObject([{ reason: { code: 'image-corrupt' } }]);
    expect(readBack(sent)[0]!.reason.imageId).toBeUndefined();
  });

  test('that does not fit an event leaves its value in the store first, and a claim check on it in the hub', async () => {
    const { give, sent, payloads } = setUp();
    const origin = originOf(now);
    await give(large, origin);
    expect(payloads.map(({ imageId }) => imageId)).toEqual([origin.imageId]);
    expect(unframeRecord(payloads[0]!.bytes).value.byteLength).toBe(maxEventBytes);
    expect(readBack(sent)).toMatchObject([{ claimCheck: 'place/of-it', payloadBytes: maxEventBytes }]);
  });

  test('of an image that was erased leaves nothing, neither in the store nor in the hub', async () => {
    const { give, sent, payloads } = setUp('erased');
    await give(large, originOf(now));
    expect([sent, payloads]).toEqual([[], []]);
  });

  test('is not in the hub while its row cannot be written, so that it is tried again as a whole', async () => {
    const { give, sent, payloads } = setUp('away');
    await expect(give(large, originOf(now))).rejects.toMatchObject({ code: 'unavailable' });
    expect([sent, payloads]).toEqual([[], []]);
  });
});

describe('the payload of a dead letter', () => {
  test('of a young image is kept for as long as the hub keeps the dead letter: six days', async () => {
    const { give, payloads } = setUp();
    await give(large, originOf(now));
    expect(payloads[0]!.expiresAt).toEqual(new Date(now.getTime() + 6 * day));
  });

  test('is never kept past day 7 of its image', async () => {
    const { give, payloads } = setUp();
    const uploadedAt = new Date(now.getTime() - 3 * day - hour);
    await give(large, originOf(uploadedAt));
    expect(payloads[0]!.expiresAt).toEqual(new Date(uploadedAt.getTime() + 7 * day));
  });

  test('of no known image counts its seven days from when the record came', async () => {
    const { give, payloads } = setUp();
    const enqueuedAt = new Date(now.getTime() - 2 * day);
    await give(recordOf(large.value, enqueuedAt));
    expect(payloads).toMatchObject([
      { imageId: undefined, expiresAt: new Date(enqueuedAt.getTime() + 7 * day) },
    ]);
  });
});
