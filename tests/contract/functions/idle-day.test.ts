import { InvocationContext, type Timer } from '@azure/functions';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { composition } from '../../../functions/composition.ts';
import { lookAtReaders } from '../../../functions/operations/composition.ts';
import { operationsTimer } from '../../../functions/operations/operations-timer.ts';
import { publishCheckpoint } from '../../../functions/purge/checkpoint-timer.ts';
import { purge } from '../../../functions/purge/purge-timer.ts';
import { sweep } from '../../../functions/purge/sweep-timer.ts';
import { streamTimer } from '../../../functions/stream/stream-timer.ts';
import { compactLake } from '../../../functions/warehouse/compact-timer.ts';
import { exportWarehouse } from '../../../functions/warehouse/export-timer.ts';
import { reconcileLake } from '../../../functions/warehouse/reconcile-timer.ts';
import { changeMinutes, dailyQuestionMinutes } from '../../../infra/azure/database-hours.ts';
import { serverlessYml } from '../../../infra/azure/stage-parameters.ts';
import type { Database } from '../../../shared/database/port.ts';
import { makeActivity, nextDaily, type Activity } from '../../../shared/platform/activity/activity.ts';
import { day, hour, minute } from '../../../shared/platform/clock.ts';
import { checkpointContainer } from '../../../shared/stream/checkpoints.ts';
import { startCountingProxy } from '../../support/counting-proxy.ts';
import { configure } from '../../support/functions.ts';
import { imageMaker } from '../../support/images.ts';
import { startIssuer } from '../../support/issuer.ts';
import { memoryActivity } from '../../support/memory-activity.ts';
import { startPipeline } from '../../support/pipeline.ts';
import { silentLog } from '../../support/silent-log.ts';
import { emptyStores } from '../../support/stores.ts';

type TimerFunction = (timer: Timer, context: InvocationContext) => Promise<void>;

const call = (handler: TimerFunction) => () =>
  handler(
    { isPastDue: false, schedule: { adjustForDST: false }, scheduleStatus: {} } as Timer,
    new InvocationContext({ functionName: 'test', logHandler: () => undefined }),
  );

/** What runs by itself and when, in minutes of the day; a test below holds it against the schedules. */
const timers: Readonly<Record<string, { run: () => Promise<unknown>; isDue: (minutes: number) => boolean }>> =
  {
    purge: { run: call(purge), isDue: (at) => at % 5 === 0 },
    sweep: { run: call(sweep), isDue: (at) => at % 60 === 2 },
    ledgerCheckpoint: { run: call(publishCheckpoint), isDue: () => true },
    exportWarehouse: { run: call(exportWarehouse), isDue: (at) => at % 15 === 0 },
    reconcileLake: { run: call(reconcileLake), isDue: (at) => at % 60 === 4 },
    compactLake: { run: call(compactLake), isDue: (at) => at === 185 },
    streamTimer: { run: call(streamTimer), isDue: () => true },
    operationsTimer: { run: call(operationsTimer), isDue: (at) => at % 10 === 0 },
    // What `operationsTimer` asks once a minute of time as it passes, which here it hardly does.
    readerStates: { run: async () => lookAtReaders()(), isDue: () => true },
  };

let pipeline: Awaited<ReturnType<typeof startPipeline>>;
let issuer: Awaited<ReturnType<typeof startIssuer>>;
let proxy: Awaited<ReturnType<typeof startCountingProxy>>;
let clock: ReturnType<typeof configure>;
/** The present of the test, and when the database was asked. */
let now = Date.now();
let asked: number[] = [];
let memory: ReturnType<typeof memoryActivity>;
let activity: Activity;

beforeAll(async () => {
  [pipeline, issuer] = await Promise.all([startPipeline(), startIssuer()]);
  await pipeline.blobs.getContainerClient(checkpointContainer).createIfNotExists();
  proxy = await startCountingProxy(pipeline.stores.database, () => asked.push(now));
  clock = configure(pipeline.stores, issuer);
  Object.assign(process.env, {
    DARKROOM_DATABASE: proxy.address,
    DARKROOM_DATABASE_SLEEPS: 'true',
    DARKROOM_EVENT_HUBS: pipeline.eventHubs.connectionString,
    DARKROOM_CHECKPOINT_STORAGE: pipeline.stores.storage,
    DARKROOM_LAKE_STORAGE: pipeline.stores.storage,
  });
}, 180_000);

/** A stage that has just begun. */
beforeEach(() => {
  memory = memoryActivity(() => now);
  const startWatch = () => {
    const since = now;
    return () => now - since;
  };
  activity = makeActivity({ store: memory, clock: composition.clock(), log: silentLog, startWatch });
  composition.activity = () => Promise.resolve(activity);
});

afterAll(async () => {
  await composition.close();
  await proxy.close();
  await issuer.close();
  await pipeline.stop();
});

function moveTo(time: number): void {
  now = time;
  clock.moveClock(now - Date.now());
}

const minuteOfDay = (): number => Math.floor((now % day) / minute);

/** Lets time pass until then, with these timers on their schedules. */
async function live(until: number, names = Object.keys(timers), step = minute): Promise<void> {
  for (let at = now - (now % step) + step; at <= until; at += step) {
    moveTo(at);
    for (const name of names) {
      const { run, isDue } = timers[name]!;
      if (isDue(minuteOfDay())) await run();
    }
  }
}

/** Minutes in which the database is awake, when it pauses after so many without a question. */
function awakeMinutes(times: readonly number[], pauseAfter: number): number {
  const awake = new Set<number>();
  for (const time of times)
    for (let at = 0; at <= pauseAfter; at += 1) awake.add(Math.floor(time / minute) + at);
  return awake.size;
}

describe('on a stage that nobody uses, all timers together', () => {
  test('ask the database once a day, and let it sleep within minutes', async () => {
    moveTo(Date.now());
    await live(now + 3 * hour);
    expect(asked.length).toBeGreaterThan(0);
    const begin = now;
    asked = [];
    await live(begin + day);
    const daily = nextDaily(new Date(begin)).getTime();
    const minutes = [...new Set(asked.map((time) => (time - daily) / minute))];
    expect(minutes.length).toBeGreaterThan(0);
    expect(Math.min(...minutes)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...minutes)).toBeLessThanOrEqual(dailyQuestionMinutes);
    expect(awakeMinutes(asked, 15)).toBeLessThanOrEqual(dailyQuestionMinutes + 16);
  }, 600_000);

  test.each([0, 20, 40])(
    'ask for no more than a while after a change %i minutes past the hour',
    async (past) => {
      moveTo(now - (now % hour) + hour);
      await live(now + 2 * hour + past * minute);
      asked = [];
      const database = await composition.database();
      const age = Date.now() - now;
      await imageMaker(pipeline.stores.storage, database).make('ann', 'processed', { age });
      await live(now + 4 * hour);
      expect(asked.length).toBeGreaterThan(0);
      const untilDaily = asked.filter((time) => time < nextDaily(new Date(now - 4 * hour)).getTime());
      expect(awakeMinutes(untilDaily, 15)).toBeLessThanOrEqual(changeMinutes);
      expect(now - Math.max(...untilDaily)).toBeGreaterThan(2 * hour);
    },
    300_000,
  );

  test('are all that serverless.yml has, on its schedules', () => {
    const scheduled = Object.entries(serverlessYml.functions).flatMap(([name, { events }]) =>
      events.flatMap((event) =>
        'timer' in event ? [[name, (event['timer'] as { schedule: string }).schedule] as const] : [],
      ),
    );
    expect(scheduled.map(([name]) => name).sort()).toEqual(
      Object.keys(timers)
        .filter((name) => name !== 'readerStates')
        .sort(),
    );
    for (const [name, schedule] of scheduled.filter(([one]) => one !== 'operationsTimer')) {
      const [, minutes = '', hours = ''] = schedule.split(' ');
      const isIn = (field: string, at: number) =>
        field === '*' || (field.startsWith('*/') ? at % Number(field.slice(2)) === 0 : at === Number(field));
      const all = Array.from({ length: 24 * 60 }, (_, at) => at);
      const due = all.filter((at) => isIn(minutes, at % 60) && isIn(hours, Math.floor(at / 60)));
      expect([name, all.filter(timers[name]!.isDue)]).toEqual([name, due]);
    }
  });
});

/** Where nobody does anything for seven days but upload one image, and the purge asks only when it has to. */
describe('an image is erased within five minutes of its last day, with its place in the log', () => {
  const eraser = ['purge', 'ledgerCheckpoint'];
  // Images of the tests before would be due in these days.
  beforeEach(() => emptyStores(pipeline.stores));

  const exists = async (imageId: string): Promise<boolean> =>
    (
      await pipeline.database.query('storage_writer', 'images', {
        where: [{ column: 'image_id', operator: '=', value: imageId }],
      })
    ).length > 0;

  async function requireErasedInTime(database: Database, atTheEnd = () => undefined): Promise<void> {
    await live(now + hour, eraser, 5 * minute);
    const uploadedAt = now;
    const age = Date.now() - uploadedAt;
    const imageId = await imageMaker(pipeline.stores.storage, database).make('ann', 'processed', { age });
    asked = [];
    await live(uploadedAt + 7 * day - minute, eraser, 5 * minute);
    expect(await exists(imageId)).toBe(true);
    // A quarter of an hour after the upload, and once a day; a checkpoint may follow on each.
    expect(awakeMinutes(asked, 0)).toBeLessThanOrEqual(3 + 7 + 1);
    atTheEnd();
    await live(uploadedAt + 7 * day + 5 * minute, eraser, 5 * minute);
    expect(await exists(imageId)).toBe(false);
    const unpublished = await pipeline.database.query('storage_writer', 'ledger_waiting');
    expect(unpublished).toEqual([]);
  }

  test('that was recorded with its mark', async () => {
    await requireErasedInTime(await composition.database());
  }, 300_000);

  test('whose mark was never left', async () => {
    await requireErasedInTime(pipeline.database);
  }, 300_000);

  test('when the marks and what was known are lost on that day', async () => {
    await requireErasedInTime(await composition.database(), () => {
      memory.store.loseMark();
      memory.store.answers.clear();
    });
  }, 300_000);

  test('when the store of marks is away on that day', async () => {
    await requireErasedInTime(await composition.database(), () => {
      memory.store.isAway = true;
    });
  }, 300_000);
});
