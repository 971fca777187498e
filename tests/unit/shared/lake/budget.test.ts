import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { makeBudget } from '../../../../shared/lake/budget.ts';

/** Jobs that end when they are told to, and what is under way of them. */
function jobs() {
  const ends = new Map<string, () => void>();
  const job = (name: string) => () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    ends.set(name, () => {
      ends.delete(name);
      resolve(undefined);
    });
    return promise;
  };
  return {
    job,
    end: async (name: string) => {
      ends.get(name)!();
      await turn();
    },
    underWay: () => [...ends.keys()],
  };
}

test('jobs run beside each other as long as their weights together are within the limit', async () => {
  const budget = makeBudget({ jobs: 10, weight: 100 });
  const { job, end, underWay } = jobs();
  await budget.start(60, job('a'));
  await budget.start(40, job('b'));
  const third = budget.start(1, job('c'));
  await turn();
  expect(underWay()).toEqual(['a', 'b']);
  await end('b');
  await third;
  expect(underWay()).toEqual(['a', 'c']);
  await end('a');
  await end('c');
  await budget.settled();
});

test('what an ended job weighed is free again', async () => {
  const budget = makeBudget({ jobs: 10, weight: 100 });
  const { job, end, underWay } = jobs();
  await budget.start(100, job('a'));
  await end('a');
  await budget.start(100, job('b'));
  expect(underWay()).toEqual(['b']);
  await end('b');
  await budget.settled();
});

test('a job that is heavier than the limit runs alone', async () => {
  const budget = makeBudget({ jobs: 10, weight: 100 });
  const { job, end, underWay } = jobs();
  await budget.start(1, job('light'));
  const heavy = budget.start(500, job('heavy'));
  await turn();
  expect(underWay()).toEqual(['light']);
  await end('light');
  await heavy;
  expect(underWay()).toEqual(['heavy']);
  await end('heavy');
});

test('no more jobs run than their limit, however light', async () => {
  const budget = makeBudget({ jobs: 2, weight: 100 });
  const { job, end, underWay } = jobs();
  await budget.start(0, job('a'));
  await budget.start(0, job('b'));
  const third = budget.start(0, job('c'));
  await turn();
  expect(underWay()).toEqual(['a', 'b']);
  await end('a');
  await third;
  expect(underWay()).toEqual(['b', 'c']);
  await end('b');
  await end('c');
});

test('a job that fails is met by the next start, which starts nothing, and by the end', async () => {
  const budget = makeBudget({ jobs: 2, weight: 100 });
  const { job, underWay } = jobs();
  await budget.start(1, () => Promise.reject(new Error('the disk is full')));
  await turn();
  await expect(budget.start(1, job('after'))).rejects.toThrow('the disk is full');
  expect(underWay()).toEqual([]);
  await expect(budget.settled()).rejects.toThrow('the disk is full');
});
