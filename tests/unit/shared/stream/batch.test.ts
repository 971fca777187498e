import pLimit from 'p-limit';
import { describe, expect, test } from '@jest/globals';
import { DarkroomError } from '../../../../shared/platform/errors.ts';
import { makeLog } from '../../../../shared/platform/log.ts';
import type { IncomingRecord } from '../../../../shared/stream/record.ts';
import { makeBatch } from '../../../../shared/stream/batch.ts';
import type { FailedRecord } from '../../../../shared/stream/send-to-dead-letters.ts';

const record = (offset: string): IncomingRecord => ({
  ...{ hub: 'image-stream', partition: '0', offset, enqueuedAt: new Date(0) },
  ...{ key: undefined, value: new Uint8Array(), headers: {} },
});

/** A batch whose records do what `fate` says, and the traces that they leave. */
function batchOf(fate: (offset: string, attempt: number) => void, concurrency = 4) {
  const handled: string[] = [];
  const buried: FailedRecord[] = [];
  const run = makeBatch({
    handle: ({ offset }) => {
      handled.push(offset);
      fate(offset, handled.filter((one) => one === offset).length);
      return Promise.resolve();
    },
    sendToDeadLetters: (death) => Promise.resolve(void buried.push(death)),
    limit: pLimit(concurrency),
    stage: 'check',
    log: makeLog(() => undefined),
  });
  return { run, handled, buried };
}
const outage = () => new DarkroomError('unavailable', 'away');
const poison = () => new DarkroomError('message-malformed', 'malformed');

describe('a batch', () => {
  test('handles each record on its own and buries the one that cannot succeed, once', async () => {
    const { run, handled, buried } = batchOf((offset) => {
      if (offset === '1') throw poison();
    });
    await run(['0', '1', '2'].map(record));
    expect(handled).toEqual(['0', '1', '2']);
    expect(buried).toMatchObject([
      { record: { offset: '1' }, error: { code: 'message-malformed' }, attempts: 1 },
    ]);
  });

  test('throws for an outage however often it is tried, and tries again only what is open', async () => {
    let isAway = true;
    const { run, handled, buried } = batchOf((offset) => {
      if (offset === '0') throw poison();
      if (offset === '1' && isAway) throw outage();
    });
    for (let retry = 0; retry < 20; retry++) {
      await expect(run(['0', '1', '2'].map(record), retry)).rejects.toMatchObject({ code: 'unavailable' });
    }
    isAway = false;
    await run(['0', '1', '2'].map(record), 20);
    expect(handled.filter((offset) => offset !== '1')).toEqual(['0', '2']);
    expect(buried.map(({ record: { offset } }) => offset)).toEqual(['0']);
  });

  test('buries an error that nobody foresaw after five tries, with the number of tries', async () => {
    const { run, buried } = batchOf(() => {
      throw new TypeError('a bug');
    });
    for (let retry = 0; retry < 4; retry++) {
      await expect(run([record('0')], retry)).rejects.toMatchObject({ code: 'unavailable' });
    }
    await run([record('0')], 4);
    expect(buried).toMatchObject([{ error: { code: 'internal' }, attempts: 5 }]);
  });

  test('that comes again after it ended is handled again: memory is only for its retries', async () => {
    const { run, handled } = batchOf(() => undefined);
    await run([record('0')]);
    await run([record('0')]);
    expect(handled).toEqual(['0', '0']);
  });

  test('has no more records in work than its limit', async () => {
    let [working, most] = [0, 0];
    const run = makeBatch({
      handle: async () => {
        most = Math.max(most, (working += 1));
        await new Promise((resolve) => setImmediate(resolve));
        working -= 1;
      },
      sendToDeadLetters: () => Promise.resolve(),
      limit: pLimit(3),
      stage: 'check',
      log: makeLog(() => undefined),
    });
    await run(Array.from({ length: 20 }, (_, index) => record(String(index))));
    expect(most).toBe(3);
  });
});
