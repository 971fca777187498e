import { limitedTurn } from '../../../support/limited-turn.ts';
import { describe, expect, test } from '@jest/globals';
import { DarkroomError } from '../../../../shared/platform/errors.ts';
import type { IncomingRecord } from '../../../../shared/stream/record.ts';
import { makeBatch } from '../../../../shared/stream/batch.ts';
import { StageFailure } from '../../../../shared/stream/stage-failure.ts';
import type { FailedRecord } from '../../../../shared/stream/send-to-dead-letters.ts';
import { silentLog } from '../../../support/silent-log.ts';

const record = (offset: string): IncomingRecord => ({
  ...{ hub: 'image-stream', partition: '0', offset, enqueuedAt: new Date(0) },
  ...{ key: undefined, value: new Uint8Array(), headers: {} },
});

/** A batch whose records do what `fate` says, and the traces that they leave. */
function batchOf(
  fate: (offset: string, attempt: number) => void,
  concurrency = 4,
  canWrite = () => Promise.resolve(false),
) {
  const handled: string[] = [];
  const buried: FailedRecord[] = [];
  const run = makeBatch({
    handle: ({ offset }) => {
      handled.push(offset);
      fate(offset, handled.filter((one) => one === offset).length);
      return Promise.resolve();
    },
    sendToDeadLetters: (death) => Promise.resolve(void buried.push(death)),
    turn: limitedTurn(concurrency),
    canWrite,
    stage: 'check',
    log: silentLog,
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

  test('ends what only one record calls an outage after twenty tries, when others can be written', async () => {
    const { run, buried } = batchOf(
      () => {
        throw outage();
      },
      4,
      () => Promise.resolve(true),
    );
    for (let retry = 0; retry < 19; retry++) {
      await expect(run([record('0')], retry)).rejects.toMatchObject({ code: 'unavailable' });
    }
    await run([record('0')], 19);
    expect(buried).toMatchObject([{ error: { code: 'unavailable' }, attempts: 20, isLastResort: true }]);
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

  test('counts the tries that the host tells of, though another instance made them', async () => {
    const { run, buried } = batchOf(() => {
      throw new TypeError('a bug');
    });
    await expect(run([record('0')], 3)).rejects.toMatchObject({ code: 'unavailable' });
    await run([record('0')], 4);
    expect(buried).toMatchObject([{ error: { code: 'internal' }, attempts: 5 }]);
  });

  test('counts its own tries where the host tells of none', async () => {
    const { run, buried } = batchOf(() => {
      throw new TypeError('a bug');
    });
    for (let attempt = 1; attempt < 5; attempt++) {
      await expect(run([record('0')])).rejects.toMatchObject({ code: 'unavailable' });
    }
    await run([record('0')]);
    expect(buried).toMatchObject([{ attempts: 5 }]);
  });

  test('says the stage and the image of the step that failed, else its own stage', async () => {
    const origin = {
      ...{ imageId: 'i-1', owner: 'ann', source: 'kafka' as const, correlationId: 'c' },
      uploadedAt: new Date(0),
    };
    const { run, buried } = batchOf((offset) => {
      throw offset === '0' ? new StageFailure('parse', origin, poison()) : poison();
    });
    await run(['0', '1'].map(record));
    expect(buried.map(({ stage, origin: whose }) => [stage, whose])).toEqual([
      ['parse', origin],
      ['check', undefined],
    ]);
  });

  test('keeps the records of different partitions, offsets and times apart', async () => {
    const places = [
      record('0'),
      { ...record('0'), partition: '1' },
      { ...record('0'), hub: 'image-processing' },
      { ...record('0'), enqueuedAt: new Date(1) },
      record('1'),
    ];
    let tries = 0;
    const { run, handled } = batchOf(() => {
      tries += 1;
      if (tries === places.length) throw outage();
    }, 1);
    await expect(run(places)).rejects.toMatchObject({ code: 'unavailable' });
    await run(places);
    expect(handled).toHaveLength(places.length + 1);
  });

  test('whose cause was an outage says so, with what went wrong as its cause', async () => {
    const { run } = batchOf((offset) => {
      if (offset === '1') throw outage();
    });
    await expect(run(['0', '1', '2'].map(record))).rejects.toMatchObject({
      cause: { cause: { code: 'unavailable', message: 'away' } },
    });
  });

  test('that another host took over leaves no memory that grows for ever', async () => {
    let isAway = true;
    const error = outage();
    const { run, handled } = batchOf((offset) => {
      if (isAway && offset !== 'kept') throw error;
    });
    const abandoned = ['kept', ...Array.from({ length: 10_002 }, (_, index) => String(index))].map(record);
    await expect(run(abandoned)).rejects.toMatchObject({ code: 'unavailable' });
    isAway = false;
    await run([record('other')]);
    expect(handled.filter((offset) => offset === 'kept')).toHaveLength(1);
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
      turn: limitedTurn(3),
      canWrite: () => Promise.resolve(true),
      stage: 'check',
      log: silentLog,
    });
    await run(Array.from({ length: 20 }, (_, index) => record(String(index))));
    expect(most).toBe(3);
  });

  test('whose time is up takes no further record, and hands the rest back as if it had not been read', async () => {
    const [handled, back]: [string[], string[]] = [[], []];
    const { promise: slow, resolve: endSlow } = Promise.withResolvers<undefined>();
    const run = makeBatch({
      handle: async ({ offset }) => {
        handled.push(offset);
        await slow;
      },
      sendToDeadLetters: () => Promise.reject(new Error('nothing is dead')),
      turn: limitedTurn(1),
      canWrite: () => Promise.resolve(true),
      stage: 'process',
      log: silentLog,
      budget: { ms: 20, handBack: ({ offset }) => Promise.resolve(void back.push(offset)) },
    });
    const done = run(['0', '1', '2'].map(record));
    await new Promise((later) => setTimeout(later, 60));
    expect([handled, back]).toEqual([['0'], ['1', '2']]);
    endSlow(undefined);
    await done;
    expect(handled).toEqual(['0']);
  });

  test('that is given again does not take up what was handed back: its copy waits', async () => {
    const [handled, back]: [string[], string[]] = [[], []];
    const run = makeBatch({
      handle: async ({ offset }) => {
        handled.push(offset);
        if (handled.length > 1) return;
        await new Promise((later) => setTimeout(later, 60));
        throw outage();
      },
      sendToDeadLetters: () => Promise.reject(new Error('nothing is dead')),
      turn: limitedTurn(1),
      canWrite: () => Promise.resolve(true),
      stage: 'process',
      log: silentLog,
      budget: { ms: 20, handBack: ({ offset }) => Promise.resolve(void back.push(offset)) },
    });
    await expect(run(['0', '1'].map(record))).rejects.toMatchObject({ code: 'unavailable' });
    await run(['0', '1'].map(record), 1);
    expect([handled, back]).toEqual([['0', '0'], ['1']]);
  });

  test('passes on at once, and once, what shall not wait here, while others have their turn', async () => {
    const [handled, on]: [string[], string[]] = [[], []];
    const run = makeBatch({
      handle: ({ offset }) => {
        handled.push(offset);
        return handled.length === 1 ? Promise.reject(outage()) : Promise.resolve();
      },
      sendToDeadLetters: () => Promise.reject(new Error('nothing is dead')),
      turn: limitedTurn(1),
      isPassedOn: ({ offset }) => offset === '1',
      canWrite: () => Promise.resolve(true),
      stage: 'process',
      log: silentLog,
      budget: { ms: 1_000, handBack: ({ offset }) => Promise.resolve(void on.push(offset)) },
    });
    const records = ['0', '1', '2'].map(record);
    await expect(run(records)).rejects.toMatchObject({ code: 'unavailable' });
    await run(records, 1);
    expect([handled, on]).toEqual([['0', '2', '0'], ['1']]);
  });

  test('throws when what is left cannot be handed back, so that it is not lost', async () => {
    const run = makeBatch({
      handle: () => new Promise((later) => setTimeout(later, 60)),
      sendToDeadLetters: () => Promise.reject(new Error('nothing is dead')),
      turn: limitedTurn(1),
      canWrite: () => Promise.resolve(true),
      stage: 'process',
      log: silentLog,
      budget: { ms: 20, handBack: () => Promise.reject(outage()) },
    });
    await expect(run(['0', '1'].map(record))).rejects.toMatchObject({ code: 'unavailable' });
  });
});
