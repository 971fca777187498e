import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  alwaysAsk,
  makeActivity,
  nextDaily,
  quietMs,
  type Answer,
} from '../../../../../shared/platform/activity/activity.ts';
import { day, hour, minute } from '../../../../../shared/platform/clock.ts';
import { memoryActivity } from '../../../../support/memory-activity.ts';
import { silentLog } from '../../../../support/silent-log.ts';

const start = Date.parse('2026-05-04T12:00:00Z');

beforeEach(() => {
  jest.useFakeTimers({ now: start });
});
afterEach(() => {
  jest.useRealTimers();
});

const pass = (ms: number): void => {
  jest.advanceTimersByTime(ms);
};

function setUp() {
  const memory = memoryActivity(() => Date.now());
  const instance = () =>
    makeActivity({ store: memory, clock: { now: () => new Date(Date.now()) }, log: silentLog });
  let asked = 0;
  const asks =
    (activity: ReturnType<typeof instance>, more: Partial<Answer<number>> = {}) =>
    async (name = 'question'): Promise<boolean> => {
      const before = asked;
      const answer = await activity.answer(name, () => {
        asked += 1;
        return Promise.resolve({ value: asked, ...more });
      });
      const wasAsked = asked > before;
      if (wasAsked) expect(answer).toBe(asked);
      return wasAsked;
    };
  return { store: memory.store, instance, asks };
}

/** A stage on which nothing has happened for a while, and its answer. */
async function setUpQuiet(more: Partial<Answer<number>> = {}) {
  const given = setUp();
  const activity = given.instance();
  await activity.changes();
  pass(quietMs);
  const ask = given.asks(activity, more);
  expect(await ask()).toBe(true);
  return { ...given, activity, ask };
}

describe('a question', () => {
  test('is not asked again while nothing changes and nothing is due', async () => {
    const { ask } = await setUpQuiet();
    for (let minutes = 5; minutes <= 12 * 60; minutes += 5) {
      pass(5 * minute);
      expect(await ask()).toBe(false);
    }
  });

  test('is asked after each change, until everything that began with its mark has ended', async () => {
    const { activity, ask } = await setUpQuiet();
    await activity.changes();
    expect(await ask()).toBe(true);
    pass(quietMs - 1);
    expect(await ask()).toBe(true);
    pass(1);
    expect(await ask()).toBe(true);
    expect(await ask()).toBe(false);
  });

  test('is asked when its answer is due, and again at once while that is past', async () => {
    const dueAt = new Date(start + quietMs + 40 * minute);
    const { ask } = await setUpQuiet({ dueAt });
    pass(39 * minute);
    expect(await ask()).toBe(false);
    pass(minute);
    expect(await ask()).toBe(true);
    expect(await ask()).toBe(true);
  });

  test('is asked once a day, whatever is known, all questions at the same time', async () => {
    const { activity, asks, ask } = await setUpQuiet();
    pass(hour);
    const other = asks(activity);
    expect(await other('other')).toBe(true);
    pass(Date.parse('2026-05-05T02:59:29Z') - Date.now());
    expect([await ask(), await other('other')]).toEqual([false, false]);
    pass(1000);
    expect([await ask(), await other('other')]).toEqual([true, true]);
    expect([await ask(), await other('other')]).toEqual([false, false]);
  });

  test('that fails has no answer', async () => {
    const { activity, ask } = await setUpQuiet({ dueAt: new Date(start + hour) });
    pass(hour);
    const failing = () => Promise.reject(new Error('away'));
    await expect(activity.answer('question', failing)).rejects.toThrow('away');
    expect(await ask()).toBe(true);
  });

  test('that looks only at what is older is asked for so much longer', async () => {
    const { instance } = setUp();
    const activity = instance();
    await activity.changes();
    const asked: number[] = [];
    for (let minutes = 0; minutes <= 60; minutes += 5) {
      await activity.answer('sweep', () => Promise.resolve({ value: asked.push(minutes) }), {
        graceMs: 15 * minute,
      });
      pass(5 * minute);
    }
    expect(asked).toEqual([0, 5, 10, 15, 20, 25]);
  });

  test('has the answer that was kept, in another process too', async () => {
    const { instance } = await setUpQuiet();
    const never = () => Promise.reject(new Error('asked'));
    expect(await instance().answer('question', never)).toBe(1);
  });
});

describe('the database is asked when', () => {
  test('the mark was lost, until a new one is old enough', async () => {
    const { store, ask } = await setUpQuiet();
    store.loseMark();
    expect([await ask(), await ask()]).toEqual([true, true]);
    pass(quietMs);
    expect([await ask(), await ask()]).toEqual([true, false]);
  });

  test('a stage is new', async () => {
    const { instance, asks } = setUp();
    const ask = asks(instance());
    expect(await ask()).toBe(true);
    pass(quietMs);
    expect([await ask(), await ask()]).toEqual([true, false]);
  });

  test('the store is away, and the answer before holds when it is back', async () => {
    const { store, ask } = await setUpQuiet();
    store.isAway = true;
    expect([await ask(), await ask()]).toEqual([true, true]);
    store.isAway = false;
    expect(await ask()).toBe(false);
  });

  test.each(['null', '[]', '{"mark":"1"}', '{"mark":"1","askedAt":"x","heldAt":"x","dueAt":null}'])(
    'the answer is none: %j',
    async (text) => {
      const { store, ask } = await setUpQuiet();
      store.answers.set('question', text);
      expect(await ask()).toBe(true);
    },
  );

  test('the clock was put back behind the answer', async () => {
    const { ask } = await setUpQuiet();
    jest.setSystemTime(start - day);
    expect(await ask()).toBe(true);
  });

  test('it never sleeps', async () => {
    const ask = () => Promise.resolve({ value: 1 });
    expect(await alwaysAsk.answer('question', ask)).toBe(1);
    await alwaysAsk.changes();
  });
});

describe('a mark', () => {
  test('is left once in five minutes by a process, and by all who change something at once', async () => {
    const { store, instance } = setUp();
    const activity = instance();
    await Promise.all([activity.changes(), activity.changes(), activity.changes()]);
    expect(store.marks).toBe(1);
    pass(5 * minute - 1);
    await activity.changes();
    expect(store.marks).toBe(1);
    pass(1);
    await activity.changes();
    expect(store.marks).toBe(2);
  });

  test('of one process is not hidden by that of another: each change is asked after when it was made', async () => {
    const { instance, asks } = setUp();
    const [one, other] = [instance(), instance()];
    const ask = asks(instance());
    let changedAt = 0;
    let askedAt = 0;
    // Two that change something all the time for an hour, and a timer beside them; then quiet.
    for (let at = 0; at < 3 * hour; at += minute) {
      if (at < hour) {
        if (at % (2 * minute) === 0) await one.changes();
        if (at % (3 * minute) === 0) await other.changes();
        changedAt = Date.now();
      }
      pass(1);
      if (await ask()) askedAt = Date.now();
      pass(minute - 1);
    }
    expect(askedAt).toBeGreaterThan(changedAt);
    expect(askedAt).toBeLessThanOrEqual(changedAt + quietMs + minute);
  });

  test('that the store does not take stops nothing, and is tried again half a minute later', async () => {
    const { store, instance } = setUp();
    const activity = instance();
    store.isAway = true;
    await activity.changes();
    store.isAway = false;
    await activity.changes();
    expect(store.marks).toBe(0);
    pass(30_000);
    await activity.changes();
    expect(store.marks).toBe(1);
  });

  test('that could not be left is made up for by the daily question', async () => {
    const { store, activity, ask } = await setUpQuiet();
    pass(hour);
    store.isAway = true;
    await activity.changes();
    store.isAway = false;
    expect(await ask()).toBe(false);
    pass(day);
    expect(await ask()).toBe(true);
  });
});

describe('until when there was nothing to do', () => {
  test('is noted by a question that says so', async () => {
    const { activity } = await setUpQuiet();
    const ask = () => Promise.resolve({ value: 1 });
    await activity.answer('noting', ask, { notesHolding: true });
    const asked = Date.now();
    pass(hour);
    expect(await activity.lastHeld('noting')).toEqual(new Date(asked));
    await activity.answer('noting', ask, { notesHolding: true });
    expect(await activity.lastHeld('noting')).toEqual(new Date(asked + hour));
    expect(await activity.lastHeld('nobody')).toBeUndefined();
  });
});

test('every answer has ended for a timer of 3:00 whose clock is seconds behind', () => {
  const threeOClock = Date.parse('2026-05-04T03:00:00Z');
  const lastEvening = new Date(threeOClock - 6 * hour);
  expect(threeOClock - nextDaily(lastEvening).getTime()).toBeGreaterThan(5_000);
});

test.each([
  ['2026-05-04T02:59:29.999Z', '2026-05-04T02:59:30.000Z'],
  ['2026-05-04T02:59:30.000Z', '2026-05-05T02:59:30.000Z'],
  ['2026-12-31T23:00:00.000Z', '2027-01-01T02:59:30.000Z'],
])('the daily question after %s is at %s', (after, next) => {
  expect(nextDaily(new Date(after)).toISOString()).toBe(next);
});
