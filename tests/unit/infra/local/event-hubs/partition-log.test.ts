import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PartitionLog, type LogOptions } from '../../../../../infra/local/event-hubs/log/partition-log.ts';
import { hour } from '../../../../../shared/platform/clock.ts';

let directory: string;
let now: number;
const clock = { now: () => new Date(now) };

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'partition-log-'));
  now = Date.UTC(2026, 0, 1);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const open = (options: Partial<LogOptions> = {}) =>
  PartitionLog.open(directory, { clock, retention: 24 * hour, ...options });
const event = (text: string) => ({ payload: Buffer.from(text) });
const append = (log: PartitionLog, ...texts: string[]) =>
  log.append({ format: 'amqp', records: texts.map(event) });
const readAll = async (log: PartitionLog, from = 0) => {
  const found: { sequence: number; offset: number; text: string }[] = [];
  for (;;) {
    const records = await log.read(found.length === 0 ? from : found.at(-1)!.sequence + 1, 1_000_000);
    if (records.length === 0) return found;
    for (const { sequence, offset, payload } of records)
      found.push({ sequence, offset, text: payload.toString() });
  }
};
const files = async () => (await readdir(directory)).sort();

describe('a partition log', () => {
  test('gives back what was appended, in order, with everything that belongs to it', async () => {
    const log = await open();
    await append(log, 'one', 'two');
    await log.append({ format: 'kafka', records: [{ payload: Buffer.from('three') }] });
    await log.append({ format: 'amqp', records: [{ partitionKey: 'Zoë', payload: Buffer.alloc(0) }] });
    const records = await log.read(0, 1_000_000);
    expect(records.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3]);
    expect(records.map(({ payload }) => payload.toString())).toEqual(['one', 'two', 'three', '']);
    expect(records.map(({ format }) => format)).toEqual(['amqp', 'amqp', 'kafka', 'amqp']);
    expect(records.map(({ partitionKey }) => partitionKey)).toEqual([undefined, undefined, undefined, 'Zoë']);
    expect(records.map(({ enqueuedAt }) => enqueuedAt)).toEqual([now, now, now, now]);
    await log.close();
  });

  test('goes on with its numbers after a restart', async () => {
    const first = await open();
    await append(first, 'one', 'two');
    const before = await readAll(first);
    await first.close();
    const second = await open();
    expect(await readAll(second)).toEqual(before);
    expect(second.lastEnqueued).toEqual({ offset: before[1]!.offset, enqueuedAt: now });
    expect(await append(second, 'three')).toMatchObject({ baseSequence: 2 });
    expect((await readAll(second))[2]!.offset).toBeGreaterThan(before[1]!.offset);
    await second.close();
  });

  test('drops a torn last batch, wherever it was torn, and keeps all before it', async () => {
    const log = await open();
    await append(log, 'kept');
    const [name] = await files();
    const path = join(directory, name!);
    const kept = (await readFile(path)).length;
    await append(log, 'torn', 'batch');
    await log.close();
    const whole = await readFile(path);
    for (let length = kept; length < whole.length; length++) {
      await writeFile(path, whole);
      await truncate(path, length);
      const repairs: number[] = [];
      const reopened = await open({ onRepair: ({ bytes }) => repairs.push(bytes) });
      expect((await readAll(reopened)).map(({ text }) => text)).toEqual(['kept']);
      expect(repairs).toEqual(length === kept ? [] : [length - kept]);
      expect(await append(reopened, 'next')).toMatchObject({ baseSequence: 1 });
      expect((await readAll(reopened)).map(({ text }) => text)).toEqual(['kept', 'next']);
      await reopened.close();
    }
  });

  test('drops a last batch of which any one byte is wrong', async () => {
    const log = await open();
    await append(log, 'kept');
    const path = join(directory, (await files())[0]!);
    const kept = (await readFile(path)).length;
    await append(log, 'wrong');
    await log.close();
    const whole = await readFile(path);
    for (let at = kept; at < whole.length; at++) {
      const wrong = Buffer.from(whole);
      wrong[at]! ^= 0x41;
      await writeFile(path, wrong);
      const reopened = await open();
      expect((await readAll(reopened)).map(({ text }) => text)).toEqual(['kept']);
      await reopened.close();
    }
  });

  test('deletes what is past retention and never uses a number again', async () => {
    const log = await open();
    await append(log, 'old', 'older');
    const last = (await readAll(log)).at(-1)!;
    now += 24 * hour - 1;
    expect(await log.enforceRetention()).toBe(0);
    now += 1;
    expect(await log.enforceRetention()).toBe(1);
    expect(await readAll(log)).toEqual([]);
    expect(log.isEmpty).toBe(true);
    await log.close();
    const reopened = await open();
    expect([reopened.beginSequence, reopened.nextSequence]).toEqual([2, 2]);
    expect(await append(reopened, 'new')).toMatchObject({ baseSequence: 2 });
    const [record] = await readAll(reopened);
    expect(record!.offset).toBeGreaterThan(last.offset);
    expect(reopened.beginSequence).toBe(2);
    await reopened.close();
  });

  test('keeps what is newer than retention beside what is not', async () => {
    const log = await open();
    await append(log, 'old');
    now += 2 * hour;
    await append(log, 'new');
    now += 22 * hour;
    await log.enforceRetention();
    expect((await readAll(log)).map(({ text }) => text)).toEqual(['new']);
    await log.close();
  });

  test('begins a new segment when one is full, and reads across them', async () => {
    const log = await open({ segmentBytes: 200 });
    const texts = Array.from({ length: 20 }, (_, index) => `event ${index}`);
    for (const text of texts) await append(log, text);
    expect((await files()).length).toBeGreaterThan(4);
    expect((await readAll(log)).map(({ text }) => text)).toEqual(texts);
    await log.close();
    const reopened = await open({ segmentBytes: 200 });
    expect((await readAll(reopened)).map(({ text }) => text)).toEqual(texts);
    await reopened.close();
  });

  test('finds a record by offset and by time', async () => {
    const log = await open({ segmentBytes: 40_000 });
    const times: number[] = [];
    for (let index = 0; index < 100; index++) {
      now += 1000;
      times.push(now);
      await append(log, `${index}`.padEnd(1000, '.'));
    }
    const all = await readAll(log);
    for (const [index, { offset, sequence }] of all.entries()) {
      expect(await log.sequenceAfterOffset(offset, true)).toBe(sequence);
      expect(await log.sequenceAfterOffset(offset, false)).toBe(sequence + 1);
      expect(await log.sequenceAfterTime(times[index]!, true)).toBe(sequence);
      expect(await log.sequenceAfterTime(times[index]!, false)).toBe(sequence + 1);
    }
    await log.close();
  });

  test('keeps the order of appends that come at once', async () => {
    const log = await open();
    const texts = Array.from({ length: 2000 }, (_, index) => String(index));
    await Promise.all(texts.map((text) => append(log, text)));
    expect((await readAll(log)).map(({ text }) => text)).toEqual(texts);
    await log.close();
  });

  test('takes a batch larger than what is read at once', async () => {
    const log = await open();
    await append(log, 'a', 'b'.repeat(6_000_000), 'c');
    await log.close();
    const reopened = await open();
    const records = await reopened.read(1, 1);
    expect(records.map(({ payload }) => payload.length)).toEqual([6_000_000, 1]);
    await reopened.close();
  });
});

describe('an idempotent producer', () => {
  const send = (log: PartitionLog, sequence: number, count: number, epoch = 0, id = 7) =>
    log.append({
      format: 'kafka',
      records: Array.from({ length: count }, (_, index) => event(`${sequence + index}`)),
      producer: { id, epoch, sequence },
    });

  test('is told the first place of a batch that it sends again, also after a restart', async () => {
    const log = await open();
    await send(log, 0, 3);
    await send(log, 3, 2);
    expect(await send(log, 3, 2)).toMatchObject({ outcome: 'duplicate', baseSequence: 3 });
    await log.close();
    const reopened = await open();
    expect(await send(reopened, 0, 3)).toMatchObject({ outcome: 'duplicate', baseSequence: 0 });
    expect(await send(reopened, 3, 2)).toMatchObject({ outcome: 'duplicate', baseSequence: 3 });
    expect(await send(reopened, 5, 1)).toMatchObject({ outcome: 'appended', baseSequence: 5 });
    expect((await readAll(reopened)).map(({ text }) => text)).toEqual(['0', '1', '2', '3', '4', '5']);
    await reopened.close();
  });

  test('is refused a gap, an older batch that is forgotten, and an older epoch', async () => {
    const log = await open();
    await send(log, 0, 1);
    expect(await send(log, 2, 1)).toEqual({ outcome: 'out-of-order-sequence' });
    for (let sequence = 1; sequence < 7; sequence++) await send(log, sequence, 1);
    expect(await send(log, 0, 1)).toEqual({ outcome: 'duplicate-sequence' });
    expect(await send(log, 3, 1, 1)).toEqual({ outcome: 'out-of-order-sequence' });
    expect(await send(log, 0, 1, 1)).toMatchObject({ outcome: 'appended' });
    expect(await send(log, 7, 1, 0)).toEqual({ outcome: 'fenced-epoch' });
    await log.close();
  });

  test('goes on at zero after the largest sequence number', async () => {
    const log = await open();
    await send(log, 2 ** 31 - 2, 1);
    await send(log, 2 ** 31 - 1, 1);
    expect(await send(log, 0, 1)).toMatchObject({ outcome: 'appended' });
    expect(await send(log, 2 ** 31 - 1, 1)).toMatchObject({ outcome: 'duplicate' });
    await log.close();
  });

  test('does not mind others', async () => {
    const log = await open();
    await send(log, 0, 1);
    expect(await send(log, 0, 1, 0, 8)).toMatchObject({ outcome: 'appended', baseSequence: 1 });
    await log.close();
  });
});
