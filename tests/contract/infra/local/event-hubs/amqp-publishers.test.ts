import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import rhea, { type EventContext, type Sender } from 'rhea';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { AmqpClient, audience, partitionSource, sasToken } from './amqp-wire-client.ts';
import { receive, startTemporary } from './support.ts';

/*
 * Idempotent publishing as the live tests of Microsoft's clients for JavaScript and Python see it: names, types and
 * conditions are those that they meet on Azure.
 */

let eventHubs: Awaited<ReturnType<typeof startTemporary>>;
let client: AmqpClient;
beforeAll(async () => {
  eventHubs = await startTemporary();
  client = new AmqpClient(eventHubs.amqpPort);
  await client.putToken(sasToken(audience('')), audience(''));
});
afterAll(async () => {
  client.close();
  await eventHubs.stop();
});

const names = {
  id: 'com.microsoft:producer-id',
  epoch: 'com.microsoft:producer-epoch',
  sequence: 'com.microsoft:producer-sequence-number',
} as const;
type Told = Record<keyof typeof names, number>;

const batchFormat = 0x80013700;
let made = 0;

function attach(asked: Partial<Told> = {}, target = `${hubs.stream}/Partitions/0`) {
  const wrapped = {
    [names.id]: asked.id === undefined ? null : rhea.types.wrap_long(asked.id),
    [names.epoch]: asked.epoch === undefined ? null : rhea.types.wrap_short(asked.epoch),
    [names.sequence]: asked.sequence === undefined ? null : rhea.types.wrap_int(asked.sequence),
  };
  return client.link('sender', {
    name: `publisher ${made++}`,
    target,
    desired_capabilities: ['com.microsoft:idempotent-producer'],
    properties: Object.keys(asked).length > 0 ? wrapped : {},
  });
}

async function publisher(asked: Partial<Told> = {}) {
  const { link } = await attach(asked);
  const properties = link.properties as Record<string, number>;
  const told: Told = {
    id: properties[names.id]!,
    epoch: properties[names.epoch]!,
    sequence: properties[names.sequence]!,
  };
  return { link, told, offered: (link as unknown as { offered_capabilities: unknown }).offered_capabilities };
}

const numbered = (body: string, sequence?: number): Buffer =>
  rhea.message.encode({
    message_annotations: sequence === undefined ? {} : { [names.sequence]: rhea.types.wrap_int(sequence) },
    body,
  });

/** Sends one batch of events that are numbered from `first`; tells why it was refused, if it was. */
async function publish(link: Sender, first: number, bodies: readonly string[]): Promise<string | undefined> {
  const events = bodies.map((body, index) => numbered(body, first + index));
  const batch = rhea.message.encode({ body: rhea.message.data_sections(events) });
  const settled = Promise.race([once(link, 'accepted'), once(link, 'rejected')]);
  link.send(batch, undefined, batchFormat);
  const [{ delivery }] = (await settled) as [EventContext];
  return (delivery!.remote_state as { error?: { condition: string } } | undefined)?.error?.condition;
}

const bodies = async (): Promise<unknown[]> => {
  const { body } = await client.request('$management', {
    operation: 'READ',
    type: 'com.microsoft:partition',
    name: hubs.stream,
    partition: '0',
  });
  const count = Number(body['last_enqueued_sequence_number']) + 1;
  return (await receive(eventHubs.connectionString, hubs.stream, count)).map(
    (event) => event.body as unknown,
  );
};

describe('a link for idempotent publishing', () => {
  test('that names nothing is given an id of its own, epoch 0 and number 0', async () => {
    const [one, other] = [await publisher(), await publisher()];
    expect(one.told).toEqual({ id: expect.any(Number) as unknown, epoch: 0, sequence: 0 });
    expect(one.offered).toEqual(['com.microsoft:idempotent-producer']);
    expect(other.told.id).not.toBe(one.told.id);
  });

  test('keeps the epoch that it names, and what it knows of before it published anything', async () => {
    expect((await publisher({ epoch: 1 })).told).toMatchObject({ epoch: 1, sequence: 0 });
    const { told } = await publisher();
    expect((await publisher(told)).told).toEqual(told);
  });

  test.each([
    ['a negative epoch', { epoch: -1 }, 'com.microsoft:argument-out-of-range'],
    ['a negative id', { id: -5 }, 'com.microsoft:argument-out-of-range'],
    [
      'events of a producer that nothing is known of',
      { id: 100, epoch: 100, sequence: 100 },
      'amqp:not-allowed',
    ],
  ])('is refused %s', async (_, asked, condition) => {
    expect(await (await attach(asked)).fault).toMatchObject({ condition });
  });

  test('is refused on a whole hub', async () => {
    expect(await (await attach({}, hubs.stream)).fault).toMatchObject({ condition: 'amqp:not-allowed' });
  });
});

describe('an idempotent publisher', () => {
  test('has each event stored once, however often it sends it, and none of a gap or of old numbers', async () => {
    const { link } = await publisher();
    expect(await publish(link, 1, ['one', 'two'])).toBeUndefined();
    expect(await publish(link, 1, ['one', 'two'])).toBeUndefined();
    expect(await publish(link, 4, ['gap'])).toBe('com.microsoft:out-of-order-sequence');
    expect(await publish(link, 2, ['six as two'])).toBe('com.microsoft:out-of-order-sequence');
    expect(await publish(link, 3, ['three'])).toBeUndefined();
    expect((await bodies()).slice(-3)).toEqual(['one', 'two', 'three']);
  });

  test('goes on after a lost connection where it was', async () => {
    const { link, told } = await publisher();
    await publish(link, 1, ['before']);
    const again = await publisher({ ...told, sequence: 0 });
    expect(again.told).toEqual(told);
    expect(await publish(again.link, 1, ['before'])).toBeUndefined();
    expect(await publish(again.link, 2, ['after'])).toBeUndefined();
    expect((await publisher({ id: told.id })).told).toEqual({ ...told, sequence: 2 });
    expect((await bodies()).slice(-2)).toEqual(['before', 'after']);
  });

  test('is ended by one of a higher epoch, which goes on after the number that it names', async () => {
    const { link, told } = await publisher();
    await publish(link, 1, ['a', 'b']);
    const next = await publisher({ id: told.id, epoch: 1, sequence: 2 });
    expect(next.told).toEqual({ id: told.id, epoch: 1, sequence: 2 });
    expect(await publish(next.link, 3, ['c'])).toBeUndefined();
    expect(await publish(link, 3, ['too late'])).toBe('com.microsoft:producer-epoch-stolen');
    expect(await (await attach(told)).fault).toMatchObject({
      condition: 'com.microsoft:producer-epoch-stolen',
    });
    const anew = await publisher({ id: told.id, epoch: 2 });
    expect(anew.told).toEqual({ id: told.id, epoch: 2, sequence: 0 });
    expect(await publish(anew.link, 3, ['not the first'])).toBe('com.microsoft:out-of-order-sequence');
    expect(await publish(anew.link, 1, ['first'])).toBeUndefined();
  });

  test('has to number its events, and the numbers are not what receivers get', async () => {
    const { link } = await publisher();
    const refused = once(link, 'rejected');
    link.send(numbered('without'), undefined, 0);
    const [{ delivery }] = (await refused) as [EventContext];
    expect(delivery!.remote_state).toMatchObject({ error: { condition: 'com.microsoft:argument-error' } });
    const next = await client.next(partitionSource(0));
    await publish(link, 1, ['x']);
    expect(String(await next())).not.toContain('producer-');
  });
});
