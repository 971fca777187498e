import { describe, expect, test } from '@jest/globals';
import { day, hour } from '../../../../shared/platform/clock.ts';
import { DarkroomError, type ErrorCode, type Failure } from '../../../../shared/platform/errors.ts';
import { randomImageId } from '../../../../shared/platform/image-id.ts';
import type { Origin } from '../../../../shared/platform/image-origin.ts';
import { readDeadLetter } from '../../../../shared/stream/dead-letter.ts';
import { hubs } from '../../../../shared/stream/hubs.ts';
import { unframeRecord } from '../../../../shared/stream/record-frame.ts';
import {
  makeSendToDeadLetters,
  type DeadLetterStorage,
  type FailedRecord,
} from '../../../../shared/stream/send-to-dead-letters.ts';
import { recordingSender } from '../../../support/sent-events.ts';
import { silentLog } from '../../../support/silent-log.ts';

const now = new Date('2026-03-08T12:00:00Z');
const error = new DarkroomError('image-corrupt', 'It cannot be decoded.');
const failsWith = (code: ErrorCode) => Promise.reject(new DarkroomError(code, 'No.'));

const recordOf = (enqueuedAt = now) => ({
  ...{ hub: 'image-stream', partition: '3', offset: '77', enqueuedAt },
  ...{ key: 'ann', value: Buffer.from('her picture'), headers: { ce_subject: 'ann' } },
});
const originOf = (uploadedAt = now): Origin => ({
  ...{ imageId: randomImageId(), owner: 'ann', source: 'kafka', uploadedAt, correlationId: 'c-1' },
});

type Answers = Partial<DeadLetterStorage>;

/** A store that keeps what it is told; what it answers is the test's to say. */
function setUp(answers: Answers = {}, hub = recordingSender()) {
  const done: string[] = [];
  const failed: { origin: Origin; failure: Failure }[] = [];
  const payloads: { imageId: string | undefined; bytes: Uint8Array; expiresAt: Date }[] = [];
  const storage: DeadLetterStorage = {
    recordFailed(origin, failure) {
      done.push('row');
      failed.push({ origin, failure });
      return answers.recordFailed?.(origin, failure) ?? Promise.resolve('created');
    },
    storeDeadLetterPayload(imageId, bytes, expiresAt) {
      done.push('payload');
      payloads.push({ imageId, bytes, expiresAt });
      return answers.storeDeadLetterPayload?.(imageId, bytes, expiresAt) ?? Promise.resolve('place/of-it');
    },
    statusOf: (imageId) => answers.statusOf?.(imageId) ?? Promise.resolve(undefined),
    deleteDeadLetterPayload: (name) => Promise.resolve(void done.push(`deleted ${name}`)),
  };
  const send = makeSendToDeadLetters({
    storage,
    events: hub.sender,
    clock: { now: () => now },
    log: silentLog,
  });
  const give = (more: Partial<FailedRecord> = {}) =>
    send({ record: recordOf(), stage: 'check', error, attempts: 2, ...more });
  /** What somebody reads who reads the hub of dead letters. */
  const letters = () =>
    hub.sent
      .filter(({ hub: name }) => name === hubs.deadLetter)
      .map(({ event: { key, value, headers = {} } }) =>
        readDeadLetter({ ...recordOf(), hub: hubs.deadLetter, key, value, headers }),
      );
  return { done, failed, payloads, sent: hub.sent, give, letters };
}

describe('a record that is dead-lettered', () => {
  test('is in the store under the id of its image, and in the hub are only place, reason and claim check', async () => {
    const { give, sent, letters, failed, payloads } = setUp();
    const origin = originOf();
    await give({ origin });
    expect(sent.map(({ hub }) => hub)).toEqual([hubs.deadLetter]);
    expect(letters()).toEqual([
      {
        reason: {
          ...{ hub: 'image-stream', partition: '3', offset: '77', stage: 'check', attempts: 2, at: now },
          ...{ code: 'image-corrupt', message: 'It cannot be decoded.', imageId: origin.imageId },
        },
        ...{ payloadBytes: 11, claimCheck: 'place/of-it', sha256: undefined },
      },
    ]);
    expect(JSON.stringify(sent)).not.toMatch(/\bann\b|picture/);
    expect(failed).toEqual([
      { origin, failure: { code: 'image-corrupt', message: 'It cannot be decoded.' } },
    ]);
    expect(payloads.map(({ imageId }) => imageId)).toEqual([origin.imageId]);
    expect(unframeRecord(payloads[0]!.bytes)).toMatchObject({
      ...{ key: 'ann', headers: { ce_subject: 'ann' }, enqueuedAt: now },
    });
  });

  test('is stored first, then marked, then sent: what stops in between is done again', async () => {
    const { give, done, sent } = setUp({}, recordingSender({ awayAfter: 0 }));
    await expect(give({ origin: originOf() })).rejects.toMatchObject({ code: 'unavailable' });
    expect([done, sent]).toEqual([['payload', 'row'], []]);
  });

  test('of no known image has no row to mark', async () => {
    const { give, letters, failed } = setUp();
    await give();
    expect(failed).toEqual([]);
    expect(letters()[0]!.reason.imageId).toBeUndefined();
  });

  test('that says nothing about the image of its id leaves the row as it is, and names it', async () => {
    const { give, letters, failed } = setUp();
    const origin = originOf();
    await give({ origin, marksImage: false });
    expect(failed).toEqual([]);
    expect(letters()[0]!.reason.imageId).toBe(origin.imageId);
  });

  test.each([
    ['that failed', {}, { recordFailed: () => Promise.resolve('erased' as const) }, ['payload', 'row']],
    [
      'that says nothing of the image',
      { marksImage: false },
      { statusOf: () => Promise.resolve('erased') },
      ['payload'],
    ],
  ])(
    'of an image that was erased leaves only that its id was, of a record %s',
    async (_, more, answers, steps) => {
      const { give, letters, done } = setUp(answers);
      const origin = originOf();
      await give({ origin, ...more });
      expect(letters()).toMatchObject([
        { reason: { code: 'erased-id', imageId: origin.imageId, offset: '77' }, payloadBytes: 11 },
      ]);
      expect([letters()[0]!.claimCheck, letters()[0]!.sha256]).toEqual([undefined, undefined]);
      expect(done).toEqual([...steps, 'deleted place/of-it']);
    },
  );

  test('of an id that was erased is stored nowhere at any time', async () => {
    const { give, letters, done, failed } = setUp();
    const erased = new DarkroomError('erased-id', 'It was erased.');
    await give({ origin: originOf(), error: erased });
    expect([done, failed]).toEqual([[], []]);
    expect(letters()).toMatchObject([{ reason: { code: 'erased-id', message: 'It was erased.' } }]);
  });
});

describe('the sender of a record that says nothing about the image of its id', () => {
  const reused = new DarkroomError('id-reused', 'It came with the sha256 0123.', {
    details: { first: '0123' },
  });

  test.each([
    ['id-reused', { error: reused, marksImage: false }, {}],
    ['id-reused', { error: reused }, { recordFailed: () => Promise.resolve('reused' as const) }],
    ['erased-id', { error: new DarkroomError('erased-id', 'It was erased.') }, {}],
    ['erased-id', {}, { recordFailed: () => Promise.resolve('erased' as const) }],
    ['erased-id', { marksImage: false }, { statusOf: () => Promise.resolve('erased') }],
  ])('is told %s by the place of the record (%#), and nothing of the image', async (code, more, answers) => {
    const { give, sent } = setUp(answers);
    const origin = originOf();
    await give({ origin, ...more });
    expect(sent.map(({ hub }) => hub)).toEqual([hubs.outcomes, hubs.deadLetter]);
    const { value, contentType } = sent[0]!.event;
    expect(contentType).toBe('application/cloudevents+json');
    expect(JSON.parse(Buffer.from(value).toString())).toEqual({
      ...{ specversion: '1.0', type: 'darkroom.record.refused', source: '/api/images', subject: '3/77' },
      ...{ id: `3/77/refused/${now.toISOString()}`, time: now.toISOString() },
      datacontenttype: 'application/json',
      data: {
        ...{ imageId: null, source: null, sourceId: '3/77', key: null },
        reason: { code, message: expect.any(String) },
      },
    });
    const told = JSON.stringify(sent[0]!.event) + Buffer.from(value).toString();
    for (const secret of [origin.imageId, 'ann', '0123', 'picture']) expect(told).not.toContain(secret);
  });

  test('is told before the dead letter goes, so that nothing in between forgets it', async () => {
    const { give, sent } = setUp({}, recordingSender({ awayAfter: 0 }));
    const failing = give({ origin: originOf(), error: reused, marksImage: false });
    await expect(failing).rejects.toMatchObject({ code: 'unavailable' });
    expect(sent).toEqual([]);
  });

  test('is not told where the image is told of, nor of what came by HTTP, nor of our own events', async () => {
    const { give, sent } = setUp();
    await give({ origin: originOf() });
    await give({ origin: { ...originOf(), source: 'http' }, error: reused, marksImage: false });
    const record = { ...recordOf(), hub: hubs.processing };
    await give({ record, origin: originOf(), error: reused, marksImage: false });
    expect(new Set(sent.map(({ hub }) => hub))).toEqual(new Set([hubs.deadLetter]));
  });
});

describe('what a record breaks', () => {
  const broken: ErrorCode[] = ['invalid-value', 'internal', 'conflict'];

  test.each(broken)('when it is the row (%s), the dead letter goes to the hub without it', async (code) => {
    const { give, letters } = setUp({ recordFailed: () => failsWith(code) });
    await give({ origin: originOf() });
    expect(letters()).toMatchObject([{ reason: { code: 'image-corrupt' }, claimCheck: 'place/of-it' }]);
  });

  test.each(broken)(
    'when it is its place in the store (%s), the dead letter has its digest',
    async (code) => {
      const { give, letters } = setUp({ storeDeadLetterPayload: () => failsWith(code) });
      await give({ origin: originOf() });
      expect(letters()).toMatchObject([
        { payloadBytes: 11, claimCheck: undefined, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ]);
    },
  );

  test('when it is everything, a minimal dead letter goes', async () => {
    const { give, letters } = setUp({
      recordFailed: () => failsWith('internal'),
      storeDeadLetterPayload: () => failsWith('internal'),
    });
    await give({ origin: originOf() });
    expect(letters()).toMatchObject([
      { reason: { hub: 'image-stream', partition: '3', offset: '77', code: 'image-corrupt' } },
    ]);
  });

  test('an outage does not break: the record is tried again as a whole', async () => {
    for (const step of ['recordFailed', 'storeDeadLetterPayload'] as const) {
      const { give, sent } = setUp({ [step]: () => failsWith('unavailable') });
      await expect(give({ origin: originOf() })).rejects.toMatchObject({ code: 'unavailable' });
      expect(sent).toEqual([]);
    }
  });

  test('an outage that only this record has is left out in the end', async () => {
    const { give, letters } = setUp({
      recordFailed: () => failsWith('unavailable'),
      storeDeadLetterPayload: () => failsWith('unavailable'),
    });
    await give({ origin: originOf(), isLastResort: true });
    expect(letters()).toHaveLength(1);
  });
});

describe('the records of a set', () => {
  test('that fail together have one dead letter, at once or one after another', async () => {
    const { give, sent, failed } = setUp();
    const origin = originOf();
    await Promise.all([give({ origin, once: true }), give({ origin, once: true })]);
    await give({ origin, once: true });
    expect(sent).toHaveLength(1);
    expect(failed).toHaveLength(3);
  });

  test('have theirs from the next record when the first could not be sent', async () => {
    let isAway = true;
    const { give, sent } = setUp({
      storeDeadLetterPayload: () => (isAway ? failsWith('unavailable') : Promise.resolve('place/of-it')),
    });
    const origin = originOf();
    await expect(give({ origin, once: true })).rejects.toMatchObject({ code: 'unavailable' });
    isAway = false;
    await give({ origin, once: true });
    expect(sent).toHaveLength(1);
  });

  test('of two images have two', async () => {
    const { give, sent } = setUp();
    await give({ origin: originOf(), once: true });
    await give({ origin: originOf(), once: true });
    expect(sent).toHaveLength(2);
  });
});

describe('the record of a dead letter', () => {
  test('of a young image is kept for as long as the hub keeps the dead letter: six days', async () => {
    const { give, payloads } = setUp();
    await give({ origin: originOf() });
    expect(payloads[0]!.expiresAt).toEqual(new Date(now.getTime() + 6 * day));
  });

  test('is never kept past day 7 of its image', async () => {
    const { give, payloads } = setUp();
    const uploadedAt = new Date(now.getTime() - 3 * day - hour);
    await give({ origin: originOf(uploadedAt) });
    expect(payloads[0]!.expiresAt).toEqual(new Date(uploadedAt.getTime() + 7 * day));
  });

  test('of no known image counts its seven days from when the record came', async () => {
    const { give, payloads } = setUp();
    const enqueuedAt = new Date(now.getTime() - 2 * day);
    await give({ record: recordOf(enqueuedAt) });
    expect(payloads).toMatchObject([
      { imageId: undefined, expiresAt: new Date(enqueuedAt.getTime() + 7 * day) },
    ]);
  });
});
