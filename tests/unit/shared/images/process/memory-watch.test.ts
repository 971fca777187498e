import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { MemoryWatch } from '../../../../../shared/images/process/memory-watch.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A watch over a process that takes what the test says. */
function setUp(limitMb = 50) {
  let rssMb = 100;
  const ended: string[] = [];
  const watch = new MemoryWatch(limitMb, () => rssMb * 2 ** 20);
  return {
    ...{ watch, ended },
    task: (name: string, startedAt: number) => ({ startedAt, end: () => void ended.push(name) }),
    grow: (toMb: number) => {
      rssMb = toMb;
      jest.advanceTimersByTime(100);
    },
  };
}

describe('past the memory of all that runs', () => {
  test('the image that has run longest is ended, and only that', () => {
    const { watch, ended, task, grow } = setUp();
    watch.add(task('second', 2));
    watch.add(task('first', 1));
    grow(200);
    expect(ended).toEqual([]);
    grow(201);
    expect(ended).toEqual(['first']);
  });

  test('each is ended once: what is ended counts no longer', () => {
    const { watch, ended, task, grow } = setUp();
    watch.add(task('first', 1));
    watch.add(task('second', 2));
    grow(201);
    grow(150);
    expect(ended).toEqual(['first']);
    grow(151);
    grow(400);
    expect(ended).toEqual(['first', 'second']);
  });

  test('growth counts from when the first image began, not from what the host takes', () => {
    const { watch, ended, task, grow } = setUp();
    const first = task('first', 1);
    watch.add(first);
    watch.delete(first);
    grow(500);
    watch.add(task('second', 2));
    grow(549);
    expect(ended).toEqual([]);
    grow(551);
    expect(ended).toEqual(['second']);
  });

  test('an image that begins later does not move where growth counts from', () => {
    const { watch, ended, task, grow } = setUp();
    watch.add(task('first', 1));
    grow(150);
    watch.add(task('second', 2));
    grow(201);
    expect(ended).toEqual(['first']);
  });
});

test('it looks ten times a second, and not at all while nothing runs', () => {
  const { watch, ended, task } = setUp(-1_000);
  const [first, second] = [task('first', 1), task('second', 2)];
  watch.add(first);
  watch.add(second);
  expect(jest.getTimerCount()).toBe(1);
  watch.delete(first);
  expect(jest.getTimerCount()).toBe(1);
  jest.advanceTimersByTime(99);
  expect(ended).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(ended).toEqual(['second']);
  watch.delete(second);
  expect(jest.getTimerCount()).toBe(0);
  watch.add(first);
  expect(jest.getTimerCount()).toBe(1);
});

test('without a measure of its own it takes the memory of the process', () => {
  const watch = new MemoryWatch(100_000);
  const ended: string[] = [];
  watch.add({ startedAt: 1, end: () => void ended.push('first') });
  watch.check();
  expect(ended).toEqual([]);
});
