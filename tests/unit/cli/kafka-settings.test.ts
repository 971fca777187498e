import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { Kafka, type KafkaConfig } from 'kafkajs';
import { producerSettings, type Client } from '../../../cli/support/kafka-settings.ts';

const stage = { host: 'darkroom-prod-events.servicebus.windows.net:9093', encrypted: true };
const local = { host: '127.0.0.1:9092', encrypted: false };

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

  test.each(['java', 'librdkafka', 'kafkajs', 'python', 'dotnet'] as const)(
    '%s signs in for the namespace it connects to',
    (client) => {
      expect(producerSettings(client, stage, 'oauthbearer')).toContain(
        'https://darkroom-prod-events.servicebus.windows.net/.default',
      );
    },
  );

  test.each(['java', 'librdkafka', 'kafkajs', 'python', 'dotnet'] as const)(
    '%s names the secret and never holds one',
    (client) => {
      expect(producerSettings(client, stage, 'connection-string')).toMatch(/EVENT_HUBS_CONNECTION_STRING/);
      expect(producerSettings(client, stage, 'connection-string')).not.toMatch(/SharedAccessKey=/);
    },
  );

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

  test.each(['java', 'librdkafka', 'kafkajs', 'python', 'dotnet'] as const)(
    '%s is told where the key is, of Azure and of this machine',
    (client) => {
      expect(producerSettings(client, local, 'connection-string')).toContain('.darkroom/stack.json');
      expect(producerSettings(client, stage, 'connection-string')).toContain('authorization-rule keys list');
    },
  );

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
