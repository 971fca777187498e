import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { Kafka, type ConsumerConfig, type KafkaConfig } from 'kafkajs';
import { kafkaSettings, type Client, type Endpoint, type Sign } from '../../../cli/support/kafka-settings.ts';

const stage = { host: 'darkroom-prod-events.servicebus.windows.net:9093', encrypted: true };
const local = { host: '127.0.0.1:9092', encrypted: false };

const clients = ['java', 'librdkafka', 'kafkajs', 'python', 'dotnet'] as const;
const producerSettings = (client: Client, endpoint: Endpoint, sign: Sign) =>
  kafkaSettings(client, 'producer', endpoint, sign);
const consumerSettings = (client: Client, endpoint: Endpoint, sign: Sign) =>
  kafkaSettings(client, 'consumer', endpoint, sign);

/** `name=value` lines; a value may hold further signs. */
const properties = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

describe('Kafka client settings', () => {
  test.each(['java', 'librdkafka'] as const)(
    '%s gets the values that Microsoft gives for Event Hubs',
    (client) => {
      const settings = properties(producerSettings(client, stage, 'oauthbearer'));
      expect(settings).toMatchObject({
        'bootstrap.servers': stage.host,
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': 'OAUTHBEARER',
        'metadata.max.age.ms': '180000',
        'connections.max.idle.ms': '180000',
        'request.timeout.ms': '60000',
        'enable.idempotence': 'true',
      });
      const size = settings[client === 'java' ? 'max.request.size' : 'message.max.bytes'];
      expect(size).toBe('1000000');
    },
  );

  test.each(clients)('%s signs in for the namespace it connects to', (client) => {
    expect(producerSettings(client, stage, 'oauthbearer')).toContain(
      'https://darkroom-prod-events.servicebus.windows.net/.default',
    );
  });

  test.each(clients)('%s names the secret and never holds one', (client) => {
    expect(producerSettings(client, stage, 'connection-string')).toMatch(/EVENT_HUBS_CONNECTION_STRING/);
    expect(producerSettings(client, stage, 'connection-string')).not.toMatch(/SharedAccessKey=/);
  });

  test('kafkajs settings are code that its own client accepts', () => {
    const text = producerSettings('kafkajs', local, 'connection-string').replace(
      "import { Kafka } from 'kafkajs';",
      '',
    );
    let given: KafkaConfig | undefined;
    class Watched extends Kafka {
      constructor(config: KafkaConfig) {
        super(config);
        given = config;
      }
    }
    runInNewContext(text, { Kafka: Watched, process: { env: { EVENT_HUBS_CONNECTION_STRING: 'a string' } } });
    expect(given).toMatchObject({
      brokers: [local.host],
      ssl: false,
      sasl: { mechanism: 'plain', username: '$ConnectionString', password: 'a string' },
    });
  });

  test.each(clients)('%s is told where the key is, of Azure and of this machine', (client) => {
    expect(producerSettings(client, local, 'connection-string')).toContain('.darkroom/stack.json');
    expect(producerSettings(client, stage, 'connection-string')).toContain('authorization-rule keys list');
  });

  test.each(['java', 'librdkafka'] as const)(
    '%s reads outcomes from the first on, and commits none that is not handled',
    (client) => {
      const settings = properties(consumerSettings(client, stage, 'oauthbearer'));
      expect(settings).toMatchObject({
        'bootstrap.servers': stage.host,
        'sasl.mechanism': 'OAUTHBEARER',
        'auto.offset.reset': 'earliest',
        'enable.auto.commit': 'false',
        'session.timeout.ms': '30000',
        'metadata.max.age.ms': '180000',
        'connections.max.idle.ms': '180000',
      });
      expect(settings['group.id']).toMatch(/\w/);
      // Settings of producers only: clients warn of them, or refuse them.
      expect(Object.keys(settings).join()).not.toMatch(/acks|idempotence|compression|max\.request\.size/);
    },
  );

  test.each(clients)('%s is told the topic of outcomes, the group and the role that reads it', (client) => {
    const text = consumerSettings(client, stage, 'oauthbearer');
    for (const said of [
      'image-outcomes',
      'group',
      'Azure Event Hubs Data Receiver',
      'DARKROOM_OUTCOME_READER_ID',
    ])
      expect(text).toContain(said);
    expect(text).not.toContain('image-stream');
  });

  test('kafkajs settings of a consumer are code that its own client accepts', () => {
    const text = consumerSettings('kafkajs', local, 'connection-string');
    let given: ConsumerConfig | undefined;
    class Watched extends Kafka {
      override consumer(config: ConsumerConfig) {
        given = config;
        return super.consumer(config);
      }
    }
    runInNewContext(text.replace("import { Kafka } from 'kafkajs';", ''), {
      Kafka: Watched,
      process: { env: {} },
    });
    expect(given).toEqual({ groupId: expect.any(String), sessionTimeout: 30_000, metadataMaxAge: 180_000 });
  });

  test('java is told of the system property without which Kafka 4 asks no token endpoint', () => {
    expect(producerSettings('java', stage, 'oauthbearer')).toContain(
      '-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=https://login.microsoftonline.com/${AZURE_TENANT_ID}/oauth2/v2.0/token',
    );
  });

  test('another client is refused with those there are', () => {
    expect(() => producerSettings('sarama' as Client, stage, 'oauthbearer')).toThrow(
      'java, librdkafka, kafkajs, python, dotnet',
    );
  });
});
