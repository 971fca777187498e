import { runInNewContext } from 'node:vm';
import kafkajs from 'kafkajs';
import { check, must, mustFail, settings, tellVersion, values } from './check.ts';

const { CompressionTypes, Kafka, logLevel, Partitioners } = kafkajs;
const groupId = `${settings.client}-readers`;

const kafkaWith = (sasl: kafkajs.SASLOptions) =>
  new Kafka({
    clientId: settings.client,
    brokers: [settings.kafka],
    ssl: false,
    sasl,
    logLevel: logLevel.NOTHING,
    retry: { retries: 2 },
  });
const plain = (password: string) =>
  kafkaWith({ mechanism: 'plain', username: '$ConnectionString', password });
const kafka = plain(settings.connectionString);

async function withAdmin(
  client: kafkajs.Kafka,
  work: (admin: kafkajs.Admin) => Promise<void>,
): Promise<void> {
  const admin = client.admin();
  await admin
    .connect()
    .then(() => work(admin))
    .finally(() => admin.disconnect());
}

async function send(compression: kafkajs.CompressionTypes): Promise<kafkajs.RecordMetadata[]> {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  const messages = values.map((value) => ({ key: value, value, headers: { ce_id: value } }));
  return producer.send({ topic: settings.hub, messages, compression }).finally(() => producer.disconnect());
}

async function consume(): Promise<void> {
  const consumer = kafka.consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topic: settings.hub, fromBeginning: true });
  const wanted = new Set(values);
  await new Promise<void>((resolve, reject) => {
    void consumer.run({
      eachMessage: ({ message }) => {
        const value = String(message.value);
        if (wanted.has(value)) {
          const isWhole = String(message.key) === value && String(message.headers?.['ce_id']) === value;
          const age = Date.now() - Number(message.timestamp);
          if (!isWhole || age < 0 || age > 60_000)
            reject(new Error(`${value} came back changed, aged ${age} ms`));
          wanted.delete(value);
          if (wanted.size === 0) resolve();
        }
        return Promise.resolve();
      },
    });
  }).finally(() => consumer.disconnect());
}

/** Runs what is printed, and answers what it makes. */
function printed<T>(side: 'producer' | 'consumer'): T {
  const text = settings.printed(side, 'kafkajs').replace("import { Kafka } from 'kafkajs';", '');
  return runInNewContext(`${text}\n${side};`, { Kafka, process }) as T;
}

async function producePrinted(): Promise<void> {
  const producer = printed<kafkajs.Producer>('producer');
  await producer.connect();
  const messages = [{ key: 'printed', value: 'printed' }];
  await producer.send({ topic: settings.hub, acks: -1, messages }).finally(() => producer.disconnect());
}

async function consumePrinted(): Promise<void> {
  const consumer = printed<kafkajs.Consumer>('consumer');
  await consumer.connect();
  await consumer.subscribe({ topic: settings.outcomes, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    const eachMessage = ({ message: { value } }: kafkajs.EachMessagePayload) => {
      if (String(value) === settings.outcome) resolve();
      else reject(new Error(`${String(value)} came`));
      return Promise.resolve();
    };
    consumer.run({ eachMessage }).catch(reject);
  }).finally(() => consumer.disconnect());
}

tellVersion('kafkajs');
await check('produce', async () => {
  const sent = await send(CompressionTypes.None);
  must(
    sent.every(({ errorCode }) => errorCode === 0),
    'not every partition acknowledged',
  );
});
await check('consume', consume);
await check('admin', () =>
  withAdmin(kafka, async (admin) => {
    must((await admin.listTopics()).includes(settings.hub), 'the hub is not listed');
    must(
      (await admin.listGroups()).groups.some((group) => group.groupId === groupId),
      'the group is not listed',
    );
    await admin.deleteGroups([groupId]);
  }),
);
await check('wrong key', () =>
  mustFail(
    () => withAdmin(plain(settings.wrongConnectionString), () => Promise.resolve()),
    /SASLAuthentication/,
  ),
);
await check('token', () =>
  withAdmin(
    kafkaWith({
      mechanism: 'oauthbearer',
      oauthBearerProvider: () => Promise.resolve({ value: settings.token }),
    }),
    async (admin) => must((await admin.listTopics()).includes(settings.hub), 'the hub is not listed'),
  ),
);
await check('no gzip', () => mustFail(() => send(CompressionTypes.GZIP), /UNSUPPORTED_COMPRESSION_TYPE/));
await check('settings, producer', producePrinted);
await check('settings, consumer', consumePrinted);
