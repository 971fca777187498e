import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { startIdentity } from '../../../../../infra/local/identity/server.ts';
import { eventually } from '../../../../support/eventually.ts';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { issuerToken, signIn, startTemporary, temporaryDirectory } from './support.ts';

/* What administrators' tools call, and sign-in with a token. Codes are those of the Kafka protocol guide. */

let identity: Awaited<ReturnType<typeof startIdentity>>;
let directory: string;
let eventHubs: Awaited<ReturnType<typeof startTemporary>>;
beforeAll(async () => {
  directory = await temporaryDirectory();
  identity = await startIdentity({ directory, port: 0 });
  eventHubs = await startTemporary({ issuer: identity.issuer });
});
afterAll(async () => {
  await eventHubs.stop();
  await identity.close();
  await rm(directory, { recursive: true, force: true });
});

const token = (...asked: [persona: string, audience: string, expiresIn?: number]) =>
  issuerToken(identity.issuer, ...asked);

const kafka = (sasl: kafkajs.SASLOptions) =>
  new kafkajs.Kafka({
    brokers: [`127.0.0.1:${eventHubs.kafkaPort}`],
    sasl,
    ssl: false,
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 0 },
  });
const withKey = () => {
  const { username, password } = signIn(eventHubs.kafkaPort);
  return kafka({ mechanism: 'plain', username, password });
};
const withToken = (value: string) =>
  kafka({ mechanism: 'oauthbearer', oauthBearerProvider: () => Promise.resolve({ value }) });

async function withAdmin<T>(work: (admin: kafkajs.Admin) => Promise<T>, client = withKey()): Promise<T> {
  const admin = client.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Runs `work` while a consumer of the group is a member of it. */
async function whileConsuming(groupId: string, work: () => Promise<void>): Promise<void> {
  const consumer = withKey().consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topic: hubs.stream });
  const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
  await consumer.run({ eachMessage: () => Promise.resolve() });
  await joined;
  try {
    await work();
  } finally {
    await consumer.disconnect();
  }
}

describe('OAUTHBEARER', () => {
  const audience = 'https://127.0.0.1';

  test('lets in whom the issuer gave a token for this namespace, with the role', async () => {
    const names = await withAdmin(
      (admin) => admin.listTopics(),
      withToken(await token('engineering', audience)),
    );
    expect(names).toContain(hubs.stream);
  });

  test('lets nobody in with a token for something else, of another role, expired, or no token', async () => {
    for (const wrong of [
      await token('engineering', 'api://darkroom'),
      await token('uploader', audience),
      await token('engineering', audience, -60),
      'not.a.token',
    ]) {
      await expect(withToken(wrong).admin().connect()).rejects.toMatchObject({
        name: 'KafkaJSSASLAuthenticationError',
      });
    }
  });

  test('ends with the token', async () => {
    const admin = withToken(await token('engineering', audience, 5)).admin();
    await admin.connect();
    await admin.listTopics();
    const ended = () =>
      admin.fetchTopicOffsets(hubs.stream).then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(await eventually(ended)).toBeInstanceOf(Error);
    await admin.disconnect();
  });
});

describe('administrators', () => {
  test('see groups and their members', async () => {
    await whileConsuming('seen', async () => {
      await withAdmin(async (admin) => {
        expect((await admin.listGroups()).groups).toContainEqual({
          groupId: 'seen',
          protocolType: 'consumer',
        });
        const { groups } = await admin.describeGroups(['seen', 'never-there']);
        expect(groups).toMatchObject([
          { groupId: 'seen', errorCode: 0, state: 'Stable', protocolType: 'consumer', members: [{}] },
          { groupId: 'never-there', errorCode: 0, state: 'Dead', members: [] },
        ]);
        const [member] = groups[0]!.members;
        const assigned = kafkajs.AssignerProtocol.MemberAssignment.decode(member!.memberAssignment);
        expect(assigned!.assignment[hubs.stream]).toEqual([0, 1, 2, 3]);
      });
    });
  });

  test('delete a group that nobody is in, and no other', async () => {
    await whileConsuming('kept', async () => {
      await withAdmin(async (admin) => {
        await expect(admin.deleteGroups(['kept'])).rejects.toMatchObject({ groups: [{ errorCode: 68 }] });
        await expect(admin.deleteGroups(['never-there'])).rejects.toMatchObject({
          groups: [{ errorCode: 69 }],
        });
      });
    });
    await withAdmin(async (admin) => {
      await admin.setOffsets({
        groupId: 'gone',
        topic: hubs.stream,
        partitions: [{ partition: 0, offset: '0' }],
      });
      await admin.deleteGroups(['gone']);
      expect((await admin.listGroups()).groups.map(({ groupId }) => groupId)).not.toContain('gone');
      const [offsets] = await admin.fetchOffsets({ groupId: 'gone', topics: [hubs.stream] });
      expect(offsets!.partitions.map(({ offset }) => offset)).toEqual(['-1', '-1', '-1', '-1']);
    });
  });

  test('read the settings of a hub, and cannot make, extend or delete one', async () => {
    await withAdmin(async (admin) => {
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: hubs.stream }],
      });
      const settings = new Map(
        resources[0]!.configEntries.map(({ configName, configValue }) => [configName, configValue]),
      );
      expect(settings.get('max.message.bytes')).toBe('1048576');
      expect(settings.get('message.timestamp.type')).toBe('LogAppendTime');
      await expect(admin.createTopics({ topics: [{ topic: 'of-my-own' }] })).rejects.toMatchObject({
        errors: [{ type: 'POLICY_VIOLATION' }],
      });
      // kafkajs answers false for a topic that exists already.
      expect(await admin.createTopics({ topics: [{ topic: hubs.stream }] })).toBe(false);
      for (const [topic, type] of [
        [hubs.stream, 'POLICY_VIOLATION'],
        ['of-my-own', 'UNKNOWN_TOPIC_OR_PARTITION'],
      ] as const) {
        const more = admin.createPartitions({ topicPartitions: [{ topic, count: 9 }] });
        await expect(more).rejects.toMatchObject({ type });
      }
      await expect(admin.deleteTopics({ topics: [hubs.stream] })).rejects.toMatchObject({
        type: 'POLICY_VIOLATION',
      });
      expect(await admin.listTopics()).toContain(hubs.stream);
    });
  });
});
