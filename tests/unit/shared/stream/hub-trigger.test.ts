import { InvocationContext } from '@azure/functions';
import { describe, expect, test } from '@jest/globals';
import { hubs } from '../../../../shared/stream/hubs.ts';
import { hubHandler, hubTrigger } from '../../../../shared/stream/hub-trigger.ts';
import { invocationLogger } from '../../../../shared/stream/invocation-log.ts';
import type { ReaderState, ReaderStates } from '../../../../shared/stream/reader-states.ts';
import type { IncomingRecord } from '../../../../shared/stream/record.ts';

const handler = () => Promise.resolve();

describe('how our functions read a hub', () => {
  test.each([
    [hubs.stream, 'stream'],
    [hubs.processing, 'processing'],
    [hubs.reprocessing, 'processing'],
    [hubs.deadLetter, 'operations'],
  ])('%s is read as the consumer group of its service, in batches of bytes', (hub, consumerGroup) => {
    expect(hubTrigger(hub, handler)).toMatchObject({
      ...{ eventHubName: hub, consumerGroup, connection: 'DARKROOM_EVENT_HUBS' },
      ...{ cardinality: 'many', dataType: 'binary', handler },
    });
  });

  test('never gives a batch up: an outage ends, and a last try would move the checkpoint past what was promised', () => {
    expect(hubTrigger(hubs.stream, handler).retry).toEqual({
      strategy: 'exponentialBackoff',
      maxRetryCount: -1,
      minimumInterval: { seconds: 1 },
      maximumInterval: { seconds: 30 },
    });
  });
});

describe('the handler of a batch', () => {
  const metadata = {
    partitionContext: { partitionId: '3' },
    systemPropertiesArray: [{ offset: '7', sequenceNumber: 1, enqueuedTimeUtc: '2026-01-02T03:04:05' }],
  };
  const reads: ReaderState = { pause: undefined, resumedAt: undefined, rerunStoppedAt: undefined };
  const since = new Date('2026-01-02T03:00:00Z');
  const paused = (isQuiet: boolean): ReaderState => ({
    ...reads,
    pause: { since, remindAt: undefined, isQuiet },
  });

  function setUp(retryContext?: { retryCount: number; maxRetryCount: number }) {
    let state = reads;
    let away: 'readers' | 'checkpoints' | undefined;
    const orAway = <T>(what: typeof away, value: T): Promise<T> =>
      away === what ? Promise.reject(new Error(`The ${what} are away.`)) : Promise.resolve(value);
    const readers: ReaderStates = { of: () => orAway('readers', state) };
    const lines: string[] = [];
    const calls: { records: readonly IncomingRecord[]; retries: number | undefined }[] = [];
    const context = new InvocationContext({
      functionName: 'receive',
      invocationId: 'i-1',
      triggerMetadata: metadata,
      logHandler: (_level, line) => lines.push(String(line)),
      ...(retryContext === undefined ? {} : { retryContext }),
    });
    const handle = hubHandler(
      hubs.stream,
      () =>
        Promise.resolve((records, retries) => {
          calls.push({ records, retries });
          invocationLogger.info('test.inside', { a: 1 });
          return Promise.resolve();
        }),
      () => Promise.resolve(readers),
      () => Promise.resolve(() => orAway('checkpoints', undefined)),
    );
    const run = () => handle([Buffer.from('x')], context);
    const retry = (retryCount: number, now: ReaderState) => {
      state = now;
      Object.assign(context, { retryContext: { retryCount, maxRetryCount: -1 } });
      return run();
    };
    const lose = (what: typeof away): void => void (away = what);
    return { run, retry, lose, calls, lines };
  }

  test('gets the records of the trigger, for the first time when no retry is told', async () => {
    const { run, calls } = setUp();
    await run();
    expect(calls).toMatchObject([
      {
        retries: 0,
        records: [{ hub: 'image-stream', partition: '3', offset: '7', value: Buffer.from('x') }],
      },
    ]);
  });

  test('is told how often the host has tried this batch before', async () => {
    const { run, calls } = setUp({ retryCount: 4, maxRetryCount: -1 });
    await run();
    expect(calls).toMatchObject([{ retries: 4 }]);
  });

  test('writes what happens inside to the log of its invocation, with the name of the function', async () => {
    const { run, lines } = setUp();
    await run();
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { event: 'test.inside', function: 'receive', a: 1 },
    ]);
  });

  test('throws what an outage throws while the reader is paused, and takes no record into work', async () => {
    const { retry, calls } = setUp();
    await expect(retry(0, paused(true))).rejects.toMatchObject({ code: 'unavailable' });
    expect(calls).toEqual([]);
  });

  test('does not count the tries of a pause as tries of the records', async () => {
    const { retry, calls } = setUp();
    await retry(2, reads);
    for (const tries of [3, 4, 5]) await retry(tries, paused(true)).catch(() => undefined);
    await retry(6, reads);
    expect(calls.map(({ retries }) => retries)).toEqual([2, 3]);
  });

  test.each(['readers', 'checkpoints'] as const)(
    'does not count the tries in which the %s could not be read either',
    async (what) => {
      const { retry, calls, lose } = setUp();
      await retry(0, reads);
      lose(what);
      for (const tries of [1, 2, 3]) await expect(retry(tries, reads)).rejects.toThrow('away');
      lose(undefined);
      await retry(4, reads);
      expect(calls.map(({ retries }) => retries)).toEqual([0, 1]);
    },
  );

  test('says in its log whether anybody has to be told of the pause', async () => {
    const { retry, lines } = setUp();
    for (const isQuiet of [true, false]) await retry(0, paused(isQuiet)).catch(() => undefined);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { event: 'reader.paused', hub: 'image-stream', since: since.toISOString() },
      { event: 'reader.paused-long', hub: 'image-stream' },
    ]);
  });
});
