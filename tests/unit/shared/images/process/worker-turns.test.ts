import { describe, expect, test } from '@jest/globals';
import { makeWorkerTurns, type WorkerWork } from '../../../../../shared/images/process/worker-turns.ts';

const tick = () => new Promise((resolve) => setImmediate(resolve));

const photo = (flow: string): WorkerWork => ({ flow, estimatedMs: 360, isDeferred: false });
const heic = (flow: string): WorkerWork => ({ flow, estimatedMs: 1_440, isDeferred: false });
const slow = (flow: string): WorkerWork => ({ flow, estimatedMs: 60_000, isDeferred: true });
const late = (flow: string): WorkerWork => ({ flow, estimatedMs: 360, isDeferred: true });

function setUp(workers: number) {
  let now = 0;
  const turns = makeWorkerTurns(workers, () => now);
  const running: { work: WorkerWork; end: () => void }[] = [];
  const add = (...all: WorkerWork[]): void => {
    for (const work of all)
      void turns.take(work, () => new Promise<void>((end) => void running.push({ work, end })));
  };
  const many = (count: number, work: WorkerWork): void => add(...Array.from({ length: count }, () => work));
  return {
    ...{ add, many, isCrowded: (work: WorkerWork) => turns.isCrowded(work) },
    inWork: async (): Promise<readonly WorkerWork[]> => {
      await tick();
      return running.map(({ work }) => work);
    },
    end: async (index: number, tookMs: number): Promise<void> => {
      await tick();
      now += tookMs;
      running.splice(index, 1)[0]!.end();
      await tick();
    },
    pass: (ms: number) => (now += ms),
  };
}

describe('the turns of images in the workers', () => {
  test.each([
    ['slow images', slow('ann')],
    ['images of the ordinary lane that take long', heic('ann')],
    ['images of which nobody knows how long they take', { ...slow('ann'), estimatedMs: undefined }],
  ])(
    'leave one of two workers without %s of one owner, for a photo of another at once',
    async (_title, work) => {
      const { many, add, inWork } = setUp(2);
      many(100, work);
      expect(await inWork()).toEqual([work]);
      add(photo('berta'), heic('carl'));
      expect(await inWork()).toEqual([work, photo('berta'), heic('carl')]);
    },
  );

  test('never give several owners’ slow images all workers', async () => {
    const { add, inWork } = setUp(4);
    add(...['a', 'b', 'c', 'd', 'e'].map(slow));
    expect(await inWork()).toHaveLength(3);
  });

  test('leave one worker to a photo beside both an owner’s slow images and long ordinary ones', async () => {
    const { many, add, inWork } = setUp(2);
    many(3, heic('ann'));
    many(3, slow('ann'));
    expect(await inWork()).toEqual([heic('ann')]);
    add(photo('berta'));
    expect(await inWork()).toEqual([heic('ann'), photo('berta')]);
  });

  test('give one owner’s many photos every worker, and the next one to another owner’s photo', async () => {
    const { many, add, inWork, end } = setUp(2);
    many(100, late('ann'));
    expect(await inWork()).toEqual([late('ann'), late('ann')]);
    add(late('berta'));
    await end(0, 150);
    expect(await inWork()).toEqual([late('ann'), late('berta')]);
  });

  test('give a photo of the ordinary lane its bytes while others are in the workers', async () => {
    const { many, add, inWork } = setUp(2);
    many(100, late('ann'));
    add(photo('berta'));
    expect(await inWork()).toEqual([late('ann'), late('ann'), photo('berta')]);
  });

  test('go on with the slow images of one owner while the photos of others never end', async () => {
    const { many, add, inWork, end } = setUp(2);
    many(3, slow('ann'));
    for (let index = 0; index < 200; index += 1) {
      add(photo('berta'), photo('carl'));
      const isSlowsTurn = index % 50 === 49;
      await end(
        (await inWork()).findIndex(({ flow }) => (flow === 'ann') === isSlowsTurn),
        100,
      );
    }
    expect((await inWork()).map(({ flow }) => flow)).not.toContain('ann');
  });

  test('take for long what took long before, until a minute has passed without it', async () => {
    const { many, inWork, end, pass } = setUp(2);
    many(1, late('ann'));
    await end(0, 4_001);
    many(3, late('ann'));
    expect(await inWork()).toHaveLength(1);
    await end(0, 100);
    pass(60_000);
    await end(0, 100);
    many(3, late('ann'));
    expect((await inWork()).length).toBe(2);
  });

  test('of one worker only are one deferred image at a time, and an ordinary one is next', async () => {
    const { many, add, inWork, end } = setUp(1);
    many(3, late('ann'));
    add(photo('berta'));
    expect(await inWork()).toEqual([late('ann'), photo('berta')]);
    await end(0, 100);
    expect(await inWork()).toEqual([photo('berta'), late('ann')]);
  });
});

describe('the ordinary lane', () => {
  test('has room for a single image of whatever length, for two seconds of an owner’s work, and for an image a worker', () => {
    const { add, isCrowded } = setUp(3);
    const of = (flow: string, estimatedMs: number): WorkerWork => ({ flow, estimatedMs, isDeferred: false });
    expect(isCrowded(of('ann', 60_000))).toBe(false);
    add(of('ann', 1_500));
    expect([500, 501].map((ms) => isCrowded(of('ann', ms)))).toEqual([false, true]);
    for (let count = 0; count < 3; count += 1) {
      expect(isCrowded(of('berta', 10))).toBe(false);
      add(of('berta', 10));
    }
    expect([of('berta', 10), of('carl', 10)].map(isCrowded)).toEqual([true, false]);
  });

  test('has room again when what waited is through', async () => {
    const { many, end, isCrowded } = setUp(2);
    many(2, photo('ann'));
    expect(isCrowded(photo('ann'))).toBe(true);
    await end(0, 100);
    expect(isCrowded(photo('ann'))).toBe(false);
  });

  test('has none for long images of an owner who sent too many, until a minute has passed without', async () => {
    const { add, end, pass, isCrowded } = setUp(2);
    add(heic('ann'));
    expect(isCrowded(heic('ann'))).toBe(true);
    await end(0, 1_000);
    pass(58_000);
    expect([heic('ann'), photo('ann'), heic('berta')].map(isCrowded)).toEqual([true, false, false]);
    pass(2_000);
    expect(isCrowded(heic('ann'))).toBe(false);
  });

  test('is not crowded by one who sends long images one after another', async () => {
    const { add, end, isCrowded } = setUp(2);
    for (let count = 0; count < 50; count += 1) {
      expect(isCrowded(heic('ann'))).toBe(false);
      add(heic('ann'));
      await end(0, 1_000);
    }
  });

  test('is the only one that passes on', () => {
    const { many, isCrowded } = setUp(2);
    many(50, late('ann'));
    expect([late('ann'), slow('ann'), photo('ann')].map(isCrowded)).toEqual([false, false, false]);
  });

  test('send a long ordinary image on while its owner’s deferred ones have all the workers that he may have', async () => {
    const { add, end, inWork, isCrowded } = setUp(3);
    add(slow('ann'));
    await inWork();
    expect(isCrowded(heic('ann'))).toBe(false);
    add(slow('ann'));
    await inWork();
    expect([heic('ann'), photo('ann'), heic('berta')].map(isCrowded)).toEqual([true, false, false]);
    await end(0, 60_000);
    expect(isCrowded(heic('ann'))).toBe(false);
  });
});
