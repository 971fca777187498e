import { promisify } from 'node:util';
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import { check, must, mustFail, settings, tellVersion, values } from './check.ts';

const groupId = `${settings.client}-readers`;

const connection = (password: string) => ({
  clientId: settings.client,
  bootstrapBrokers: [settings.kafka],
  sasl: { mechanism: 'PLAIN' as const, username: '$ConnectionString', password },
  retries: 0,
});
const good = connection(settings.connectionString);
const oauth = { ...good, sasl: { mechanism: 'OAUTHBEARER' as const, token: settings.token } };

async function topicsOf(options: typeof good | typeof oauth): Promise<string[]> {
  const admin = new Admin(options);
  return admin.listTopics({}).finally(() => admin.close());
}

/** Two producers at a time: they have ids of their own. */
async function produce(): Promise<void> {
  const halves = [values.slice(0, 10), values.slice(10)];
  await Promise.all(
    halves.map(async (half) => {
      const producer = new Producer({ ...good, serializers: stringSerializers, idempotent: true });
      for (const value of half) {
        const message = {
          topic: settings.hub,
          partition: 1,
          key: value,
          value,
          headers: new Map([['ce_id', value]]),
        };
        await producer.send({ messages: [message] });
      }
      await producer.close();
    }),
  );
}

async function consume(): Promise<void> {
  const consumer = new Consumer({ ...good, groupId, deserializers: stringDeserializers });
  const stream = await consumer.consume({ topics: [settings.hub], mode: 'earliest', autocommit: true });
  const wanted = new Set(values);
  for await (const message of stream) {
    if (!wanted.delete(message.value)) continue;
    must(message.key === message.value, `the key of ${message.value} came back changed`);
    must(message.headers.get('ce_id') === message.value, `the header of ${message.value} came back changed`);
    if (wanted.size === 0) break;
  }
  await promisify((done: (error?: Error | null) => void) => consumer.close(true, done))();
}

tellVersion('@platformatic/kafka');
await check('produce', produce);
await check('consume', consume);
await check('admin', async () =>
  must((await topicsOf(good)).includes(settings.hub), 'the hub is not listed'),
);
await check('wrong key', () =>
  mustFail(() => topicsOf(connection(settings.wrongConnectionString)), /SASL|auth/i),
);
await check('token', async () =>
  must((await topicsOf(oauth)).includes(settings.hub), 'the hub is not listed'),
);
