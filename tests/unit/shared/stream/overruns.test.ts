import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limitedTurn } from '../../../support/limited-turn.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makeEndingBatch } from '../../../../shared/stream/overruns.ts';
import type { Origin } from '../../../../shared/platform/image-origin.ts';
import type { IncomingRecord } from '../../../../shared/stream/record.ts';
import type { FailedRecord } from '../../../../shared/stream/send-to-dead-letters.ts';
import { silentLog } from '../../../support/silent-log.ts';

const record = (offset: string): IncomingRecord => ({
  ...{ hub: 'image-processing', partition: '0', offset, enqueuedAt: new Date(0) },
  ...{ key: undefined, value: new Uint8Array(), headers: {} },
});
const origin: Origin = {
  ...{ imageId: 'an-image', owner: 'ann', source: 'http' },
  ...{ uploadedAt: new Date(0), correlationId: 'c' },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/darkroom-overruns-`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process of its own, on the files of those before it. What ends it never comes back. */
function startProcess(ending: readonly string[]) {
  const handled: string[] = [];
  const deadLetters: FailedRecord[] = [];
  const run = makeEndingBatch({
    handle({ offset }) {
      handled.push(offset);
      return ending.includes(offset) ? new Promise<never>(() => undefined) : Promise.resolve();
    },
    sendToDeadLetters: (failed) => Promise.resolve(void deadLetters.push(failed)),
    turn: limitedTurn(2),
    canWrite: () => Promise.resolve(true),
    stage: 'process',
    log: silentLog,
    originOf: () => Promise.resolve(origin),
    folder,
  });
  return { run, handled, deadLetters };
}

/** Resolves when nothing more happens of itself. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

const batch = ['0', '1', '2', '3'].map(record);

describe('a record that ends its process', () => {
  test('is handled last and alone, ends it three times, and is then a dead letter of its image', async () => {
    for (let retries = 0; retries < 3; retries += 1) {
      const { run, handled, deadLetters } = startProcess(['1']);
      void run(batch, retries);
      await settled();
      if (retries > 0) expect(handled).toEqual(['0', '2', '3', '1']);
      expect(deadLetters).toEqual([]);
    }
    const { run, handled, deadLetters } = startProcess(['1']);
    await run(batch, 3);
    expect(handled).toEqual(['0', '2', '3']);
    expect(deadLetters).toMatchObject([
      { record: { offset: '1' }, error: { code: 'processing-timeout' }, stage: 'process', origin },
    ]);
  });

  test('costs no other record that was in work beside it an attempt', async () => {
    const first = startProcess(['0', '1']);
    void first.run(batch, 0);
    await settled();
    expect(first.handled).toEqual(['0', '1']);
    for (let retries = 1; retries < 4; retries += 1) {
      const { run, deadLetters } = startProcess(['1']);
      void run(batch, retries);
      await settled();
      expect(deadLetters.filter(({ record: { offset } }) => offset !== '1')).toEqual([]);
    }
  });
});

describe('the time of an invocation', () => {
  test('is one for the records and for those that are handled alone behind them', async () => {
    const before = startProcess(['1']);
    void before.run(batch, 0);
    await settled();
    const [handled, back]: [string[], string[]] = [[], []];
    const run = makeEndingBatch({
      handle: async ({ offset }) => {
        handled.push(offset);
        await new Promise((later) => setTimeout(later, 60));
      },
      sendToDeadLetters: () => Promise.reject(new Error('nothing is dead')),
      turn: limitedTurn(4),
      canWrite: () => Promise.resolve(true),
      ...{ stage: 'process', log: silentLog, originOf: () => Promise.resolve(origin), folder },
      budget: { ms: 30, handBack: ({ offset }) => Promise.resolve(void back.push(offset)) },
    });
    await run(batch, 1);
    expect([handled, back]).toEqual([['0', '2', '3'], ['1']]);
  });
});

describe('a place that cannot be written', () => {
  test('costs no record anything', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const handled: string[] = [];
    const run = makeEndingBatch({
      handle: ({ offset }) => Promise.resolve(void handled.push(offset)),
      sendToDeadLetters: () => Promise.reject(new Error('nothing is dead')),
      turn: limitedTurn(2),
      canWrite: () => Promise.resolve(true),
      ...{ stage: 'process', log: silentLog, originOf: () => Promise.resolve(origin) },
      folder: join(file, 'below'),
    });
    await run(batch, 0);
    expect(handled).toEqual(['0', '1', '2', '3']);
  });
});

describe('a record that was in work when its host was killed', () => {
  test('is not charged for it: the host gives its batch for the first time', async () => {
    for (let kill = 0; kill < 5; kill += 1) {
      const { run, deadLetters } = startProcess(['1']);
      void run(batch, 0);
      await settled();
      expect(deadLetters).toEqual([]);
    }
    const { run, deadLetters } = startProcess([]);
    await run(batch, 0);
    expect(deadLetters).toEqual([]);
  });
});
