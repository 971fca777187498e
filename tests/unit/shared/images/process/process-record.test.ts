import { Readable } from 'node:stream';
import { describe, expect, jest, test } from '@jest/globals';
import { parseImageMessage } from '../../../../../shared/images/receive/image-message.ts';
import type { ImageBytes } from '../../../../../shared/images/process/file/spool.ts';
import type { ProcessedImage, ProcessOptions } from '../../../../../shared/images/process/ports.ts';
import { makeProcessRecord, type Lane } from '../../../../../shared/images/process/process-record.ts';
import { processingEvent } from '../../../../../shared/images/process/processing-message.ts';
import type { StorageWriter } from '../../../../../shared/images/store/ports.ts';
import { DarkroomError } from '../../../../../shared/platform/errors.ts';
import { randomImageId } from '../../../../../shared/platform/image-id.ts';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import type { IncomingRecord } from '../../../../../shared/stream/record.ts';
import { recordingSender } from '../../../../support/sent-events.ts';
import { silentLog } from '../../../../support/silent-log.ts';

const now = new Date('2026-03-01T12:00:00Z');
const enqueuedAt = new Date('2026-03-01T11:00:00Z');
const bytes = Buffer.from('the bytes of an image');
const made = {
  header: {},
  variants: [{ name: 'web' }],
  facts: [{ name: 'hash' }],
} as unknown as ProcessedImage;

interface Situation {
  readonly status?: Awaited<ReturnType<StorageWriter['statusOf']>>;
  /** False: its bytes are not in the store. */
  readonly hasBytes?: boolean;
  readonly saved?: 'saved' | 'missing' | 'erased';
  readonly failure?: Error;
  /** It is still at work when the caller gives it up. */
  readonly isSlow?: boolean;
  /** How long the store takes to open its bytes. */
  readonly readingMs?: number;
  readonly lane?: Lane;
  readonly maxBytes?: number;
  /** What the database throws when it is asked. */
  readonly statusError?: Error;
  /** What the store says of the bytes' number. */
  readonly size?: number;
}

/** One image in a storage that is in the state of the test's choosing, a restored or a changing one too. */
function setUp(situation: Situation = {}) {
  const { status, hasBytes = true, saved = 'saved' } = situation;
  const { failure, isSlow = false, readingMs = 0, lane = 'ordinary', maxBytes = 1_000 } = situation;
  const { statusError, size = bytes.byteLength } = situation;
  const imageId = randomImageId();
  const origin = {
    ...{ imageId, owner: 'ann', source: 'tus' as const, uploadedAt: new Date(0), correlationId: 'c-1' },
    ...{ contentType: 'image/png', bytes: size },
  };
  const calls: unknown[][] = [];
  const requests = { opened: 0, closed: 0, openedAnew: 0 };
  const stored = async function* () {
    if (readingMs > 0) await new Promise((resolve) => setTimeout(resolve, readingMs));
    yield* [bytes.subarray(0, 5), bytes.subarray(5)];
  };
  const storage = {
    statusOf: () => (statusError === undefined ? Promise.resolve(status) : Promise.reject(statusError)),
    openWithOrigin: () => {
      if (!hasBytes) return Promise.resolve(undefined);
      requests.opened++;
      const close = () => {
        requests.closed++;
      };
      return Promise.resolve({ origin, bytes: stored(), close });
    },
    openRaw: () => {
      requests.openedAnew++;
      return Promise.resolve(Readable.from(stored()));
    },
    saveVariants: (...args: unknown[]) => {
      calls.push(['saveVariants', ...args]);
      return Promise.resolve(saved);
    },
    recordRejected: (...args: unknown[]) => {
      calls.push(['recordRejected', ...args]);
      return Promise.resolve('created');
    },
  } as unknown as StorageWriter;
  const given: Buffer[] = [];
  const processing = {
    process: async (image: ImageBytes, { giveUp, signal }: ProcessOptions = {}) => {
      signal?.throwIfAborted();
      if (image instanceof Uint8Array) throw new Error('it was read before there was room for it');
      given.push(Buffer.concat(await Readable.from(await image.open()).toArray()));
      if (isSlow && giveUp) throw giveUp.reason;
      if (failure !== undefined) throw failure;
      return made;
    },
  };
  const { sender: events, sent } = recordingSender();
  const handle = makeProcessRecord({
    ...{ storage, processing, events, clock: { now: () => now }, maxBytes, lane, log: silentLog },
  });
  const { value } = processingEvent({ imageId, correlationId: 'c-1' });
  const record: IncomingRecord = {
    ...{ hub: hubs.processing, partition: '0', offset: '1', enqueuedAt, key: undefined, headers: {}, value },
  };
  return { run: () => handle(record), handle, record, imageId, origin, calls, given, sent, requests };
}

describe('a record of image-processing', () => {
  test.each(['stored', 'failed', undefined] as const)(
    'has the whole image processed and what was made of it saved (status %s)',
    async (status) => {
      const { run, imageId, calls, given, sent } = setUp({ status });
      await run();
      expect(given).toEqual([bytes]);
      expect(calls).toEqual([['saveVariants', imageId, made.variants, made.facts]]);
      expect(sent).toEqual([]);
    },
  );

  test.each(['processed', 'rejected', 'erased'] as const)(
    'of an image that is %s changes nothing: it was delivered before',
    async (status) => {
      const { run, calls, given } = setUp({ status });
      await run();
      expect([calls, given]).toEqual([[], []]);
    },
  );

  test('of a reprocess makes anew what is processed, but nothing that is rejected or erased', async () => {
    const processed = setUp({ status: 'processed', lane: 'again' });
    await processed.run();
    expect(processed.given).toHaveLength(1);
    for (const status of ['rejected', 'erased'] as const) {
      const ended = setUp({ status, lane: 'again' });
      await ended.run();
      expect([ended.calls, ended.given]).toEqual([[], []]);
    }
  });

  test('has its bytes read with the request that told whose they are', async () => {
    const { run, given, requests } = setUp({ status: 'stored' });
    await run();
    expect(given).toEqual([bytes]);
    expect(requests).toMatchObject({ opened: 1, openedAnew: 0 });
    expect(requests.closed).toBeGreaterThan(0);
  });

  test('of many bytes leaves none waiting at the store: they are asked for when there is room', async () => {
    const size = 64 * 1_048_576;
    const { run, requests } = setUp({ status: 'stored', size, maxBytes: size });
    await run();
    expect(requests).toMatchObject({ opened: 1, openedAnew: 1 });
    expect(requests.closed).toBeGreaterThan(0);
  });

  test.each([
    ['was delivered before', { status: 'processed' }],
    ['is larger than may be', { maxBytes: 1 }],
    ['fails', { failure: new DarkroomError('unavailable', 'm') }],
    ['cannot be looked up', { statusError: new DarkroomError('unavailable', 'm') }],
  ] as const)('of an image that %s leaves no request open', async (_what, situation) => {
    const { run, requests } = setUp(situation);
    await run().catch(() => undefined);
    await new Promise(setImmediate);
    expect(requests.opened).toBe(1);
    expect(requests.closed).toBeGreaterThan(0);
  });

  test('whose row is gone but whose bytes are there, as after a restore, sends the image in anew', async () => {
    const { run, sent, imageId } = setUp({ saved: 'missing' });
    await run();
    expect(sent.map(({ hub }) => hub)).toEqual([hubs.stream]);
    const { key, value, headers = {} } = sent[0]!.event;
    const record = {
      ...{ hub: hubs.stream, partition: '0', offset: '1', enqueuedAt: now },
      key,
      value,
      headers,
    };
    expect(parseImageMessage(record)).toMatchObject({ imageId, owner: 'unknown', correlationId: 'c-1' });
    expect(JSON.parse(Buffer.from(value).toString())).toMatchObject({ time: now.toISOString() });
  });

  test('of an image that was erased meanwhile ends there', async () => {
    const { run, sent } = setUp({ saved: 'erased' });
    await run();
    expect(sent).toEqual([]);
  });

  test('of an image that is no image rejects it, with why', async () => {
    const { run, calls, origin } = setUp({ failure: new DarkroomError('image-corrupt', 'It is corrupt.') });
    await run();
    const failure = { code: 'image-corrupt', message: 'It is corrupt.' };
    expect(calls).toEqual([['recordRejected', origin, failure, { bytes: bytes.byteLength }]]);
  });

  test.each(['unavailable', 'processing-timeout', 'processor-failed'] as const)(
    'that fails with %s says so, and whose image it is',
    async (code) => {
      const { run, origin, calls } = setUp({ failure: new DarkroomError(code, 'm') });
      await expect(run()).rejects.toMatchObject({ stage: 'process', origin, cause: { code } });
      expect(calls).toEqual([]);
    },
  );

  test('of an image that takes longer than an ordinary one may goes on in the slow lane, as do its owner’s next', async () => {
    const { run, sent, given, calls } = setUp({ isSlow: true });
    await run();
    await run();
    expect(sent.map(({ hub }) => hub)).toEqual([hubs.slow, hubs.slow]);
    expect([given.length, calls]).toEqual([1, []]);
  });

  test('is tried in the ordinary lane ten minutes after its owner’s last overrun, however many came meanwhile', async () => {
    jest.useFakeTimers();
    try {
      const { run, given } = setUp({ isSlow: true });
      await run();
      await jest.advanceTimersByTimeAsync(9 * 60_000);
      await run();
      expect(given).toHaveLength(1);
      await jest.advanceTimersByTimeAsync(61_000);
      await run();
      expect(given).toHaveLength(2);
    } finally {
      jest.useRealTimers();
    }
  });

  test.each(['slow', 'again'] as const)('has all the time of an image in the %s lane', async (lane) => {
    const { run, sent, calls } = setUp({ isSlow: true, lane });
    await run();
    expect([sent, calls.map(([name]) => name)]).toEqual([[], ['saveVariants']]);
  });

  test('is not given up for how long its bytes or a worker let it wait', async () => {
    jest.useFakeTimers();
    try {
      const { run, given, sent } = setUp({ readingMs: 60_000 });
      const done = run();
      await jest.advanceTimersByTimeAsync(60_000);
      await done;
      expect([given.length, sent]).toEqual([1, []]);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('a record whose image', () => {
  test('has neither row nor bytes is of one that is gone', async () => {
    const { run, calls } = setUp({ hasBytes: false });
    await run();
    expect(calls).toEqual([]);
  });

  test.each(['stored', 'failed'] as const)(
    'is %s without bytes fails, as of an owner not known',
    async (status) => {
      const { run, imageId } = setUp({ status, hasBytes: false });
      await expect(run()).rejects.toMatchObject({
        ...{ stage: 'process', cause: { code: 'claim-check-missing' } },
        origin: {
          ...{ imageId, owner: 'unknown', source: 'http', uploadedAt: enqueuedAt, correlationId: 'c-1' },
        },
      });
    },
  );

  test('is larger than may be is rejected before it is read', async () => {
    const { run, given, calls } = setUp({ maxBytes: bytes.byteLength - 1 });
    await run().catch(() => undefined);
    expect(given).toEqual([]);
    expect(calls.map(([name]) => name)).toEqual(['recordRejected']);
    const fits = setUp({ maxBytes: bytes.byteLength });
    await fits.run();
    expect(fits.given).toHaveLength(1);
  });

  test('cannot be told from the record makes it one that cannot be parsed', async () => {
    const { handle, record } = setUp();
    await expect(handle({ ...record, value: Buffer.from('{}') })).rejects.toMatchObject({
      ...{ stage: 'parse', origin: undefined, cause: { code: 'message-malformed' } },
    });
  });
});
