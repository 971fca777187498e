import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { makeSendOutcomes } from '../../../../../shared/images/outcomes/send-outcomes.ts';
import { openDatabase } from '../../../../../shared/database/open.ts';
import type { Database } from '../../../../../shared/database/port.ts';
import { DarkroomError } from '../../../../../shared/platform/errors.ts';
import { makeEventSender, type EventSender } from '../../../../../shared/stream/event-sender.ts';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { enterErasure } from '../../../../support/erased-entry.ts';
import { runEventHubs, type TestHubs } from '../../../../support/event-hubs.ts';
import { readHub } from '../../../../support/hub-reader.ts';
import { imageMaker } from '../../../../support/images.ts';
import { interfering } from '../../../../support/interfering-database.ts';
import { silentLog as log } from '../../../../support/silent-log.ts';
import { startStores } from '../../../../support/stores.ts';

interface Told {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: string;
}

let stores: Awaited<ReturnType<typeof startStores>>;
let eventHubs: TestHubs;
let database: Database;
let events: EventSender;
let outcomes: ReturnType<typeof readHub>;

beforeAll(async () => {
  stores = await startStores();
  eventHubs = await runEventHubs(stores.directory);
  database = openDatabase({ DARKROOM_DATABASE: stores.database });
  events = makeEventSender({ connectionString: eventHubs.connectionString });
  outcomes = readHub(eventHubs.connectionString, hubs.outcomes);
}, 120_000);

afterAll(async () => {
  await Promise.all([outcomes.close(), events.close(), database.close()]);
  await eventHubs.component.stop();
  await stores.stop();
}, 60_000);

/** On the day of the erasures that tests enter. */
const clock = { now: () => new Date('2026-01-12T10:06:00Z') };

const sender = (over: { database?: Database; events?: EventSender } = {}) =>
  makeSendOutcomes({ database, events, holder: 'this instance', clock, log, ...over });

const make = (until: 'processed' | 'failed') =>
  imageMaker(stores.storage, database).make('user-1', until, { source: 'kafka' });

const told = async (imageId: string, count: number): Promise<Told[]> => {
  const isOf = ({ value }: { value: Uint8Array }) => Buffer.from(value).includes(imageId);
  return (await outcomes.until(count, isOf)).map(
    ({ value }) => JSON.parse(Buffer.from(value).toString()) as Told,
  );
};
const typesOf = (events_: readonly Told[]) => events_.map(({ type }) => type.replace('darkroom.image.', ''));

test('a process that dies after it sent and before that is noted sends the same events again', async () => {
  const imageId = await make('processed');
  const dying = interfering(database, (procedure, parameters) => {
    const { sent } = parameters as { sent: readonly number[] };
    return procedure === 'take_outcomes' && sent.length > 0
      ? Promise.reject(new Error('killed'))
      : Promise.resolve();
  });
  await expect(sender({ database: dying }).send()).rejects.toThrow('killed');
  await enterErasure(database, imageId);
  await sender().send();
  await sender().send();
  const all = await told(imageId, 3);
  expect(typesOf(all)).toEqual(['processed', 'processed', 'erased']);
  expect(all[1]).toEqual(all[0]);
  expect(all[2]!.sequence > all[1]!.sequence).toBe(true);
});

test('what is told after a restore, whose rows are numbered anew, has a later sequence than all before', async () => {
  const imageId = await make('failed');
  await sender().send();
  const client = new pg.Client(stores.owner);
  await client.connect();
  await client
    .query('ALTER TABLE imaging.outcomes ALTER COLUMN sequence RESTART')
    .finally(() => client.end());
  await database.execute('storage_writer', 'begin_epoch', { at: clock.now() }, { actor: 'service:purge' });
  await enterErasure(database, imageId);
  await sender().send();
  const [before, after] = await told(imageId, 2);
  expect(typesOf([before!, after!])).toEqual(['failed', 'erased']);
  expect(after!.sequence > before!.sequence).toBe(true);
});

test('what follows an event that the hub did not take waits for it, and other images do not', async () => {
  const [held, other] = [await make('failed'), await make('processed')];
  await enterErasure(database, held);
  let refusals = 0;
  const throttled: EventSender = {
    ...events,
    send: (hub, event) => {
      const isFirst = event.key === held && Buffer.from(event.value).includes('failed"') && refusals === 0;
      if (!isFirst) return events.send(hub, event);
      refusals += 1;
      return Promise.reject(new DarkroomError('unavailable', 'The hub is throttled.'));
    },
  };
  const one = sender({ events: throttled });
  await expect(one.send()).rejects.toMatchObject({ code: 'unavailable' });
  expect(typesOf(await told(other, 1))).toEqual(['processed']);
  await one.send();
  expect(typesOf(await told(held, 2))).toEqual(['failed', 'erased']);
});

test('waking sends soon, once for all that woke it', async () => {
  const ids = [await make('processed'), await make('failed')];
  let takes = 0;
  const counted = interfering(database, () => Promise.resolve((takes += 1)));
  const one = sender({ database: counted });
  for (let times = 0; times < 20; times += 1) one.wake();
  await one.idle();
  for (const id of ids) await told(id, 1);
  // To take, to note and find nothing more; and once more for those that woke it while it was at it.
  expect(takes).toBeLessThanOrEqual(3);
});

test('images of one owner and of many are each in one partition', () => {
  const partitions = Map.groupBy(outcomes.records, ({ key }) => key);
  expect(partitions.size).toBeGreaterThan(3);
  for (const records of partitions.values()) {
    expect(new Set(records.map(({ partition }) => partition)).size).toBe(1);
  }
});
