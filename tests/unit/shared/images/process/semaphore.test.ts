import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Semaphore } from '../../../../../shared/images/process/semaphore.ts';

const never = new AbortController().signal;

describe('the semaphore', () => {
  test('lets in as many as there are places, and the next when one leaves', async () => {
    const semaphore = new Semaphore(1, 5);
    const leave = await semaphore.enter(never);
    let entered = false;
    const next = semaphore.enter(never).then((leaveNext) => {
      entered = true;
      return leaveNext;
    });
    await Promise.resolve();
    expect(entered).toBe(false);
    leave();
    (await next)();
    expect(entered).toBe(true);
  });

  test('lets in those who wait in the order in which they came', async () => {
    const semaphore = new Semaphore(2, 5);
    const leave = [await semaphore.enter(never), await semaphore.enter(never)];
    const order: string[] = [];
    for (const name of ['a', 'b', 'c']) void semaphore.enter(never).then(() => order.push(name));
    await turn();
    expect(order).toEqual([]);
    leave[0]!();
    await turn();
    expect(order).toEqual(['a']);
    leave[1]!();
    await turn();
    expect(order).toEqual(['a', 'b']);
  });

  test('has its places again when all have left, and not one more', async () => {
    const semaphore = new Semaphore(1, 0);
    (await semaphore.enter(never))();
    await semaphore.enter(never);
    await expect(semaphore.enter(never)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('refuses more than may wait', async () => {
    const semaphore = new Semaphore(1, 1);
    await semaphore.enter(never);
    void semaphore.enter(never);
    await expect(semaphore.enter(never)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('forgets who gave up waiting, and nobody else', async () => {
    const semaphore = new Semaphore(1, 2);
    const leave = await semaphore.enter(never);
    const first = semaphore.enter(never);
    const controller = new AbortController();
    const waiting = semaphore.enter(controller.signal);
    controller.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    void semaphore.enter(never);
    await expect(semaphore.enter(never)).rejects.toMatchObject({ code: 'unavailable' });
    leave();
    await expect(first).resolves.toBeDefined();
  });

  test('does not let in who gave up before', async () => {
    const semaphore = new Semaphore(1, 1);
    await expect(semaphore.enter(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    await expect(semaphore.enter(never)).resolves.toBeDefined();
  });

  test('who gives up once inside keeps the place until leaving', async () => {
    const semaphore = new Semaphore(1, 2);
    const leave = await semaphore.enter(never);
    const controller = new AbortController();
    const inside = semaphore.enter(controller.signal);
    leave();
    const leaveInside = await inside;
    const next = semaphore.enter(never);
    controller.abort(new Error('gone'));
    leaveInside();
    await expect(next).resolves.toBeDefined();
  });
});
