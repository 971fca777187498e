import { describe, expect, test } from '@jest/globals';
import { makeFairQueue, type Turn } from '../../../../shared/stream/fair-queue.ts';

const tick = () => new Promise((resolve) => setImmediate(resolve));

/** A queue of so many at once, whose work takes what a test lets pass. */
function setUp(atOnce: number) {
  let now = 0;
  const queue = makeFairQueue<Turn>(
    (_turn, inWork) => inWork.length < atOnce,
    () => now,
  );
  const begun: string[] = [];
  const running: { name: string; end: (error?: Error) => void }[] = [];
  const add = (flow: string, ms: number): Promise<void> =>
    queue({ flow, ms }, () => {
      begun.push(flow);
      return new Promise<void>((resolve, reject) => {
        running.push({ name: flow, end: (error) => (error ? reject(error) : resolve()) });
      });
    });
  return {
    ...{ begun, add },
    /** `tookMs`: of that flow's work, or of any. */
    endNext: async (tookMs: number | ((flow: string) => number), error?: Error): Promise<void> => {
      await tick();
      const { name, end } = running.shift()!;
      now += typeof tookMs === 'number' ? tookMs : tookMs(name);
      end(error);
      await tick();
    },
  };
}

describe('a fair queue', () => {
  test('gives the next turn to a flow that just came, however many wait of another', async () => {
    const { add, endNext, begun } = setUp(1);
    for (let index = 0; index < 50; index += 1) void add('flood', 1_000);
    await endNext(1_000);
    void add('other', 100);
    await endNext(1_000);
    expect(begun).toEqual(['flood', 'flood', 'other']);
  });

  test('shares time, not turns: of one whose work takes ten times as long, ten times fewer begin', async () => {
    const { add, endNext, begun } = setUp(1);
    for (let index = 0; index < 60; index += 1) {
      void add('long', 1_000);
      void add('short', 100);
    }
    for (let index = 0; index < 44; index += 1) await endNext((flow) => (flow === 'long' ? 1_000 : 100));
    const long = begun.filter((flow) => flow === 'long').length;
    expect(long).toBeGreaterThanOrEqual(4);
    expect(long).toBeLessThanOrEqual(6);
  });

  test('counts what work took in place of what was estimated', async () => {
    const { add, endNext, begun } = setUp(1);
    for (let index = 0; index < 4; index += 1) void add('liar', 1);
    for (let index = 0; index < 4; index += 1) void add('other', 500);
    await endNext(5_000);
    for (let index = 0; index < 4; index += 1) await endNext(500);
    expect(begun).toEqual(['liar', 'other', 'other', 'other', 'other', 'liar']);
  });

  test('never leaves out a flow, whatever comes of others', async () => {
    const { add, endNext, begun } = setUp(1);
    for (let index = 0; index < 3; index += 1) void add('slow', 60_000);
    for (let index = 0; index < 700; index += 1) {
      void add('others', 100);
      await endNext((flow) => (flow === 'slow' ? 60_000 : 100));
    }
    expect(begun.filter((flow) => flow === 'slow')).toHaveLength(2);
  });

  test('shares time with a flow that sends the next when the one before is through', async () => {
    const { add, endNext, begun } = setUp(1);
    for (let index = 0; index < 60; index += 1) void add('short', 100);
    const sendNext = (): void => void add('long', 1_000).then(sendNext);
    sendNext();
    for (let index = 0; index < 44; index += 1) await endNext((flow) => (flow === 'long' ? 1_000 : 100));
    const long = begun.filter((flow) => flow === 'long').length;
    expect(long).toBeGreaterThanOrEqual(4);
    expect(long).toBeLessThanOrEqual(6);
  });

  test('owes nothing and is owed nothing once nobody waits any more', async () => {
    const { add, endNext, begun } = setUp(1);
    void add('a', 1_000);
    await endNext(60_000);
    for (const flow of ['b', 'a', 'b', 'b']) void add(flow, 100);
    for (let index = 0; index < 3; index += 1) await endNext(100);
    expect(begun.slice(1)).toEqual(['b', 'a', 'b', 'b']);
  });

  test('begins what comes first where nothing else tells them apart', async () => {
    const { add, endNext, begun } = setUp(1);
    for (const flow of ['a', 'b', 'c']) void add(flow, 100);
    for (let index = 0; index < 2; index += 1) await endNext(100);
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  test('lets a flow’s deferred work wait behind its other, and keeps their order', async () => {
    const begun: string[] = [];
    const queue = makeFairQueue<Turn>((_turn, inWork) => inWork.length < 1);
    const add = (name: string, isDeferred: boolean) =>
      queue({ flow: 'a', ms: 10, isDeferred }, () => void begun.push(name));
    await Promise.all([
      ...['d1', 'd2', 'd3'].map((name) => add(name, true)),
      ...['o1', 'o2'].map((name) => add(name, false)),
    ]);
    expect(begun).toEqual(['d1', 'o1', 'o2', 'd2', 'd3']);
  });

  test('goes on after work that throws, and hands the error on', async () => {
    const { add, endNext, begun } = setUp(1);
    const failed = expect(add('a', 100)).rejects.toThrow('broken');
    void add('b', 100);
    await endNext(100, new Error('broken'));
    await failed;
    expect(begun).toEqual(['a', 'b']);
  });

  test('lets pass what fits where the first in line does not', async () => {
    const begun: string[] = [];
    const queue = makeFairQueue<Turn>(({ ms }, inWork) => inWork.every((one) => one.ms + ms <= 10));
    for (const ms of [8, 7, 1]) {
      void queue({ flow: String(ms), ms }, () => {
        begun.push(String(ms));
        return new Promise(() => undefined);
      });
    }
    await tick();
    expect(begun).toEqual(['8', '1']);
  });
});
