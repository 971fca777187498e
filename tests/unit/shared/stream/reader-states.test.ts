import { expect, jest, test } from '@jest/globals';
import {
  makeReaderStates,
  readerStateOf,
  type ReaderStateRow,
} from '../../../../shared/stream/reader-states.ts';
import { hubs } from '../../../../shared/stream/hubs.ts';

const at = new Date('2026-03-14T12:00:00Z');
const minutesLater = (minutes: number) => new Date(at.getTime() + minutes * 60_000);
const row = (over: Partial<ReaderStateRow>): ReaderStateRow => ({
  ...{ hub: hubs.stream, topic: 'pause', action: 'paused', detail: null, at },
  ...over,
});
const paused = row({ detail: { remindAt: minutesLater(60).toISOString() } });
const clock = { now: () => at };

test('a reader is paused by the latest change of it, and of its own hub only', () => {
  expect(readerStateOf(hubs.stream, [paused], at).pause?.since).toBe(at);
  expect(readerStateOf(hubs.processing, [paused], at).pause).toBeUndefined();
  const resumed = readerStateOf(hubs.stream, [row({ action: 'resumed' })], at);
  expect(resumed).toMatchObject({ pause: undefined, resumedAt: at });
  expect(readerStateOf(hubs.stream, [row({ topic: 'limit', action: 'set' })], at).pause).toBeUndefined();
});

test('a planned pause is quiet until its reminder, one that the product made never', () => {
  const isQuiet = (over: Partial<ReaderStateRow>, minutes: number) =>
    readerStateOf(hubs.stream, [{ ...paused, ...over }], minutesLater(minutes)).pause?.isQuiet;
  expect([isQuiet({}, 59), isQuiet({}, 61)]).toEqual([true, false]);
  expect(isQuiet({ action: 'held', detail: null }, 0)).toBe(false);
});

test('an answer serves all batches of some seconds; a failure serves nobody else', async () => {
  const read = jest.fn<() => Promise<ReaderStateRow[]>>().mockResolvedValue([paused]);
  const states = makeReaderStates(read, clock);
  await Promise.all([states.of(hubs.stream), states.of(hubs.processing), states.of(hubs.stream)]);
  expect(read).toHaveBeenCalledTimes(1);

  const away = jest
    .fn<() => Promise<ReaderStateRow[]>>()
    .mockRejectedValueOnce(new Error('away'))
    .mockResolvedValue([paused]);
  const others = makeReaderStates(away, clock);
  await expect(others.of(hubs.stream)).rejects.toThrow('away');
  expect((await others.of(hubs.stream)).pause?.since).toBe(at);
});
