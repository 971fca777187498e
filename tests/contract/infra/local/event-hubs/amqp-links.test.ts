import { once } from 'node:events';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs';
import rhea from 'rhea';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { AmqpClient, audience, partitionSource, policy, sasToken, startingAt } from './amqp-wire-client.ts';
import { key, startTemporary } from './support.ts';

let eventHubs: Awaited<ReturnType<typeof startTemporary>>;
beforeAll(async () => {
  eventHubs = await startTemporary();
});
afterAll(() => eventHubs.stop());

async function withClient(
  work: (client: AmqpClient) => Promise<void>,
  login: { username?: string; password?: string; idle_time_out?: number } = {},
): Promise<void> {
  const client = new AmqpClient(eventHubs.amqpPort, login);
  try {
    await work(client);
  } finally {
    client.close();
  }
}

/** A client that showed a token for the whole namespace. */
const withSignedIn = (work: (client: AmqpClient) => Promise<void>) =>
  withClient(async (client) => {
    expect((await client.putToken(sasToken(audience('')), audience(''))).status).toBe(202);
    await work(client);
  });

describe('a connection that nothing comes over (AMQP 1.0, part 2, section 2.4.5)', () => {
  test('is kept open by empty frames, more often than the client said it would wait', async () => {
    await withClient(
      async (client) => {
        await once(client.connection, 'connection_open');
        await sleep(4_000);
        expect(client.connection.is_open()).toBe(true);
        expect((await client.putToken(sasToken(audience('')), audience(''))).status).toBe(202);
      },
      { idle_time_out: 1_500 },
    );
  });
});

describe('a link (AMQP 1.0, part 2, section 2.6)', () => {
  test('is answered with the source, the target and the settle modes that the client names', async () => {
    await withSignedIn(async (client) => {
      for (const mode of [0, 1, 2]) {
        const sender = await client.link('sender', {
          source: 'here',
          target: hubs.stream,
          snd_settle_mode: mode,
        });
        expect(sender.attach).toMatchObject({
          source: { address: 'here' },
          target: { address: hubs.stream },
          snd_settle_mode: mode,
          rcv_settle_mode: 0,
        });
        const receiver = await client.link('receiver', {
          source: partitionSource(0),
          target: 'there',
          snd_settle_mode: mode,
          rcv_settle_mode: 1,
        });
        expect(receiver.attach).toMatchObject({
          source: { address: partitionSource(0) },
          target: { address: 'there' },
          snd_settle_mode: mode,
          rcv_settle_mode: 1,
        });
        receiver.link.close();
      }
    });
  });

  test('that is refused has no terminus of the service, and then the reason', async () => {
    await withSignedIn(async (client) => {
      const sender = await client.link('sender', { target: 'no-such-hub' });
      expect(sender.attach.target?.address).toBeUndefined();
      expect(await sender.fault).toMatchObject({ condition: 'amqp:not-found' });
      const receiver = await client.link('receiver', {
        source: `no-such-hub/ConsumerGroups/$Default/Partitions/0`,
      });
      expect(receiver.attach.source?.address).toBeUndefined();
      expect(await receiver.fault).toMatchObject({ condition: 'amqp:not-found' });
    });
  });

  test('that wants a start position which cannot be is refused', async () => {
    await withSignedIn(async (client) => {
      const filter = startingAt("amqp.annotation.x-opt-offset > '99999999'");
      const receiver = await client.link('receiver', { source: { address: partitionSource(0), filter } });
      expect(receiver.attach.source?.address).toBeUndefined();
      expect(await receiver.fault).toMatchObject({ condition: 'com.microsoft:argument-error' });
    });
  });

  test('and all that is around it is written with every field, as clients read them by their place', async () => {
    await withSignedIn(async (client) => {
      const { link, attach } = await client.link('sender', { target: hubs.stream });
      expect(attach.value).toHaveLength(14);
      expect(attach.target!.value).toHaveLength(7);
      const { connection, session } = link as unknown as Record<
        string,
        { remote: Record<string, { value: [] }> }
      >;
      expect(connection!.remote['open']!.value).toHaveLength(10);
      expect(session!.remote['begin']!.value).toHaveLength(8);
      expect(session!.remote['begin']).toMatchObject({ handle_max: 0xffff_ffff });
      const refused = await client.link('sender', { target: 'no-such-hub' });
      await refused.fault;
      const { detach } = (refused.link as unknown as { remote: { detach: { value: { value: [] }[] } } })
        .remote;
      expect(detach.value).toHaveLength(3);
      expect(detach.value[2]!.value).toHaveLength(3);
    });
  });

  test('may have the name of another that goes in the opposite direction', async () => {
    await withSignedIn(async (client) => {
      const { link } = await client.link('sender', { name: 'twin', target: hubs.stream });
      // The client here keeps links by their name alone, too.
      const { links } = link.session as unknown as { links: Record<string, unknown> };
      delete links['twin'];
      const { attach } = await client.link('receiver', { name: 'twin', source: partitionSource(2) });
      expect(attach.source?.address).toBe(partitionSource(2));
    });
  });
});

describe('a batch', () => {
  test('reaches a receiver that has credit for all of it in one write', async () => {
    const written = jest.spyOn(Socket.prototype, '_writev');
    const count = 5;
    await withSignedIn(async (client) => {
      const next = await client.next(partitionSource(0, hubs.processing));
      const producer = new EventHubProducerClient(eventHubs.connectionString, hubs.processing);
      const bodies = Array.from({ length: count }, (_, index) => ({ body: `together ${index}` }));
      await producer.sendBatch(bodies, { partitionId: '0' });
      await next();
      await producer.close();
    });
    const writes = written.mock.calls.map(([chunks]) =>
      Buffer.concat(
        (chunks as (Buffer | { chunk: Buffer })[]).map((part) => (Buffer.isBuffer(part) ? part : part.chunk)),
      ).toString(),
    );
    const carrying = writes.filter((bytes) => bytes.includes('x-opt-enqueued-time'));
    expect(carrying.map((bytes) => bytes.split('together').length - 1)).toEqual([count]);
    written.mockRestore();
  });
});

describe('a single message', () => {
  const typed = rhea.message.encode({
    application_properties: {
      int: rhea.types.wrap_int(5),
      ulong: rhea.types.wrap_ulong(5),
      guid: rhea.types.wrap_uuid(Buffer.alloc(16, 7)),
      char: rhea.types.wrap_char(0x78),
      float: rhea.types.wrap_float(2.5),
    },
    body: rhea.message.data_section(Buffer.from('typed')),
  });
  const applicationProperties = (message: Buffer) =>
    message.subarray(message.indexOf(Buffer.from([0, 0x53, 0x74])));

  test('keeps the types of its properties: what is stored is what was sent', async () => {
    await withSignedIn(async (client) => {
      const next = await client.next(partitionSource(1));
      await client.send(`${hubs.stream}/Partitions/1`, typed);
      expect(applicationProperties(await next())).toEqual(applicationProperties(typed));
    });
  });

  test('of 1,048,576 bytes as sent is taken, and one byte more is refused', async () => {
    await withSignedIn(async (client) => {
      const message = (bytes: number) => {
        const head = rhea.message.encode({ body: rhea.message.data_section(Buffer.alloc(300)) }).length - 300;
        // A binary of 256 bytes and more has three bytes of length more than the shorter one that `head` may be from.
        const encoded = rhea.message.encode({
          body: rhea.message.data_section(Buffer.alloc(bytes - head)),
        });
        expect(encoded).toHaveLength(bytes);
        return encoded;
      };
      const target = `${hubs.processing}/Partitions/0`;
      const outcome = async (bytes: number) =>
        ((await client.send(target, message(bytes))) as unknown as { remote_state: { error?: object } })
          .remote_state.error;
      expect(await outcome(1_048_576)).toBeUndefined();
      expect(await outcome(1_048_577)).toMatchObject({
        condition: 'amqp:link:message-size-exceeded',
        description: expect.stringMatching(
          /\(delivery-id:\d+, size:1048577 bytes\) exceeds the limit \(1048576 bytes\)/,
        ),
      });
    });
  });
});

describe('a token', () => {
  test('is for its audience: nothing of another namespace or hub opens with it', async () => {
    await withClient(async (client) => {
      const name = audience(hubs.stream);
      for (const other of ['sb://other.example/', audience(hubs.processing), `${name}-2`]) {
        expect((await client.putToken(sasToken(other), name)).status).toBe(401);
      }
      expect((await client.putToken(sasToken(name), `${name}/Partitions/1`)).status).toBe(202);
      const allowed = await client.link('sender', { target: `${hubs.stream}/Partitions/1` });
      expect(allowed.attach.target?.address).toBe(`${hubs.stream}/Partitions/1`);
      const refused = await client.link('sender', { target: hubs.processing });
      expect(await refused.fault).toMatchObject({ condition: 'amqp:unauthorized-access' });
    });
  });

  test('ends the links that live by it when it expires, and a newer one keeps them', async () => {
    await withClient(async (client) => {
      await client.putToken(sasToken(audience(hubs.stream), 2), audience(hubs.stream));
      await client.putToken(sasToken(audience(hubs.processing), 2), audience(hubs.processing));
      const sender = await client.link('sender', { target: hubs.stream });
      const receiver = await client.link('receiver', { source: partitionSource(3) });
      const kept = await client.link('sender', { target: hubs.processing });
      await client.putToken(sasToken(audience(hubs.processing)), audience(hubs.processing));
      for (const { fault } of [sender, receiver]) {
        expect(await fault).toMatchObject({
          condition: 'amqp:unauthorized-access',
          description: expect.stringContaining('ExpiredToken'),
        });
      }
      expect(kept.link.is_closed()).toBe(false);
    });
  });

  test('comes with each request to $management, or was shown before; a wrong one there is refused', async () => {
    const read = { operation: 'READ', name: hubs.stream, type: 'com.microsoft:eventhub' };
    await withClient(async (client) => {
      const good = await client.request('$management', {
        ...read,
        security_token: sasToken(audience(hubs.stream)),
      });
      expect(good).toMatchObject({ status: 200, body: { name: hubs.stream } });
      expect(await client.request('$management', read)).toMatchObject({ status: 401 });
    });
    await withSignedIn(async (client) => {
      expect(await client.request('$management', read)).toMatchObject({ status: 200 });
      const wrong = sasToken(audience(hubs.stream), 3600, 'another');
      expect(await client.request('$management', { ...read, security_token: wrong })).toMatchObject({
        status: 401,
        condition: 'amqp:unauthorized-access',
      });
    });
  });

  test('is not needed after SASL PLAIN with the key, and another key does not open', async () => {
    await withClient(
      async (client) => {
        const { attach } = await client.link('sender', { target: hubs.stream });
        expect(attach.target?.address).toBe(hubs.stream);
      },
      { username: policy, password: key },
    );
    const stranger = new AmqpClient(eventHubs.amqpPort, { username: policy, password: 'another' });
    const error = await new Promise((resolve) => stranger.connection.on('connection_error', resolve));
    expect(error).toBeDefined();
    stranger.close();
    // A trace of ANONYMOUS that looks like the policy proves nothing.
    await withClient(
      async (client) => {
        const { fault } = await client.link('sender', { target: hubs.stream });
        expect(await fault).toMatchObject({ condition: 'amqp:unauthorized-access' });
      },
      { username: policy },
    );
  });
});

describe('where a partition ends', () => {
  test('is told with each event to a receiver that asks for it', async () => {
    const hub = hubs.slow;
    const producer = new EventHubProducerClient(eventHubs.connectionString, hub);
    await producer.sendBatch([{ body: 'a' }, { body: 'b' }, { body: 'c' }], { partitionId: '1' });
    const { lastEnqueuedOffset, lastEnqueuedSequenceNumber, lastEnqueuedOnUtc } =
      await producer.getPartitionProperties('1');
    await producer.close();
    const consumer = new EventHubConsumerClient('$Default', eventHubs.connectionString, hub);
    const told = await new Promise((resolve, reject) => {
      consumer.subscribe(
        '1',
        {
          processEvents: (events, context) => {
            if (events.length > 0) resolve(context.lastEnqueuedEventProperties);
            return Promise.resolve();
          },
          processError: (error) => {
            reject(error);
            return Promise.resolve();
          },
        },
        { startPosition: earliestEventPosition, trackLastEnqueuedEventProperties: true, maxBatchSize: 1 },
      );
    });
    await consumer.close();
    expect(told).toMatchObject({
      sequenceNumber: lastEnqueuedSequenceNumber,
      offset: lastEnqueuedOffset,
      enqueuedOn: lastEnqueuedOnUtc,
      retrievedOn: expect.any(Date),
    });
  });

  test('cannot be asked of a partition that is not there', async () => {
    await withSignedIn(async (client) => {
      expect(
        await client.request('$management', {
          operation: 'READ',
          name: hubs.stream,
          type: 'com.microsoft:partition',
          partition: '9',
        }),
      ).toMatchObject({ status: 400, condition: 'com.microsoft:argument-out-of-range' });
    });
  });
});
