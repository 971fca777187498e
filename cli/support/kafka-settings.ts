import { hubs, maxEventBytes } from '../../shared/stream/hubs.ts';

export type Client = 'java' | 'librdkafka' | 'kafkajs' | 'python' | 'dotnet';
export type Sign = 'oauthbearer' | 'connection-string';

export interface Endpoint {
  /** `name:port` */
  readonly host: string;
  /** TLS everywhere but on one machine. */
  readonly encrypted: boolean;
}

/** Room for headers and the batch's own bytes under the hub's limit. */
const maxRequestBytes = 1_000_000;

/**
 * What Microsoft recommends for Event Hubs: it closes idle connections after four minutes and moves partitions, so
 * metadata and idle times stay below that, and a request may take a minute.
 */
const times = { metadata: 180_000, idle: 180_000, request: 60_000 } as const;

const security = ({ encrypted }: Endpoint): string => (encrypted ? 'SASL_SSL' : 'SASL_PLAINTEXT');
const tokenUrl = 'https://login.microsoftonline.com/${AZURE_TENANT_ID}/oauth2/v2.0/token';

/** Where the value of EVENT_HUBS_CONNECTION_STRING is. */
const keyPlace = ({ encrypted }: Endpoint): string =>
  encrypted
    ? '"az eventhubs namespace authorization-rule keys list" (primaryConnectionString)'
    : '"hubs" in .darkroom/stack.json of the running stack';

const scope = ({ host }: Endpoint): string => `https://${host.split(':')[0] ?? ''}/.default`;

function java(endpoint: Endpoint, sign: Sign): string {
  const login =
    sign === 'oauthbearer'
      ? [
          'sasl.mechanism=OAUTHBEARER',
          `# Since Kafka 4 start Java with -Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${tokenUrl}`,
          `sasl.oauthbearer.token.endpoint.url=${tokenUrl}`,
          'sasl.login.callback.handler.class=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler',
          `sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId="\${AZURE_CLIENT_ID}" clientSecret="\${AZURE_CLIENT_SECRET}" scope="${scope(endpoint)}";`,
        ]
      : [
          `# EVENT_HUBS_CONNECTION_STRING: ${keyPlace(endpoint)}`,
          'sasl.mechanism=PLAIN',
          'sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="$ConnectionString" password="${EVENT_HUBS_CONNECTION_STRING}";',
        ];
  return [
    `# Java (kafka-clients 3.4 or newer), topic ${hubs.stream}, record key = user id`,
    `bootstrap.servers=${endpoint.host}`,
    `security.protocol=${security(endpoint)}`,
    ...login,
    'acks=all',
    'enable.idempotence=true',
    'compression.type=none',
    `max.request.size=${maxRequestBytes}`,
    `metadata.max.age.ms=${times.metadata}`,
    `connections.max.idle.ms=${times.idle}`,
    `request.timeout.ms=${times.request}`,
    'delivery.timeout.ms=180000',
  ].join('\n');
}

function librdkafka(endpoint: Endpoint, sign: Sign): string {
  const login =
    sign === 'oauthbearer'
      ? [
          'sasl.mechanism=OAUTHBEARER',
          'sasl.oauthbearer.method=oidc',
          `sasl.oauthbearer.token.endpoint.url=${tokenUrl}`,
          'sasl.oauthbearer.client.id=${AZURE_CLIENT_ID}',
          'sasl.oauthbearer.client.secret=${AZURE_CLIENT_SECRET}',
          `sasl.oauthbearer.scope=${scope(endpoint)}`,
        ]
      : [
          `# EVENT_HUBS_CONNECTION_STRING: ${keyPlace(endpoint)}`,
          'sasl.mechanism=PLAIN',
          'sasl.username=$ConnectionString',
          'sasl.password=${EVENT_HUBS_CONNECTION_STRING}',
        ];
  return [
    `# librdkafka (kcat -F FILE, confluent-kafka), topic ${hubs.stream}, record key = user id`,
    `bootstrap.servers=${endpoint.host}`,
    `security.protocol=${security(endpoint)}`,
    ...login,
    'acks=all',
    'enable.idempotence=true',
    'compression.codec=none',
    `message.max.bytes=${maxRequestBytes}`,
    `topic.metadata.refresh.interval.ms=${times.metadata}`,
    `metadata.max.age.ms=${times.metadata}`,
    `connections.max.idle.ms=${times.idle}`,
    `request.timeout.ms=${times.request}`,
    'socket.keepalive.enable=true',
  ].join('\n');
}

function kafkajs(endpoint: Endpoint, sign: Sign): string {
  const login =
    sign === 'oauthbearer'
      ? [
          '  sasl: {',
          "    mechanism: 'oauthbearer',",
          '    oauthBearerProvider: async () => ({',
          `      value: (await credential.getToken('${scope(endpoint)}')).token,`,
          '    }),',
          '  },',
        ]
      : [
          `  // EVENT_HUBS_CONNECTION_STRING: ${keyPlace(endpoint)}`,
          '  sasl: {',
          "    mechanism: 'plain',",
          "    username: '$ConnectionString',",
          '    password: process.env.EVENT_HUBS_CONNECTION_STRING,',
          '  },',
        ];
  return [
    `// kafkajs 2, topic ${hubs.stream}, record key = user id`,
    ...(sign === 'oauthbearer'
      ? [
          "import { DefaultAzureCredential } from '@azure/identity';",
          "import { Kafka } from 'kafkajs';",
          '',
          'const credential = new DefaultAzureCredential();',
        ]
      : ["import { Kafka } from 'kafkajs';", '']),
    'const kafka = new Kafka({',
    "  clientId: 'image-producer',",
    `  brokers: ['${endpoint.host}'],`,
    `  ssl: ${String(endpoint.encrypted)},`,
    ...login,
    `  requestTimeout: ${times.request},`,
    '});',
    '',
    `const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, metadataMaxAge: ${times.metadata} });`,
    `// await producer.send({ topic: '${hubs.stream}', acks: -1, messages: [{ key: userId, value: bytes }] });`,
    `// Keep value and headers under ${maxRequestBytes} bytes (the hub takes ${maxEventBytes}); send larger images in chunks.`,
  ].join('\n');
}

/** librdkafka's settings as name and value; what is in `${…}` is an environment variable. */
const librdkafkaPairs = (endpoint: Endpoint, sign: Sign): [string, string][] =>
  librdkafka(endpoint, sign)
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);

const variable = /\$\{(\w+)\}/;

function python(endpoint: Endpoint, sign: Sign): string {
  const valueOf = (value: string): string =>
    variable.test(value) ? `os.path.expandvars(${JSON.stringify(value)})` : JSON.stringify(value);
  return [
    `# Python (confluent-kafka), topic ${hubs.stream}, record key = user id`,
    ...(sign === 'connection-string' ? [`# EVENT_HUBS_CONNECTION_STRING: ${keyPlace(endpoint)}`] : []),
    'import os',
    'from confluent_kafka import Producer',
    '',
    'producer = Producer({',
    ...librdkafkaPairs(endpoint, sign).map(([name, value]) => `    "${name}": ${valueOf(value)},`),
    '})',
  ].join('\n');
}

function dotnet(endpoint: Endpoint, sign: Sign): string {
  const valueOf = (value: string): string => {
    const parts = value.split(/(\$\{\w+\})/).filter((part) => part !== '');
    return parts
      .map((part) => variable.exec(part)?.[1])
      .map((name, index) =>
        name === undefined ? JSON.stringify(parts[index]) : `Environment.GetEnvironmentVariable("${name}")`,
      )
      .join(' + ');
  };
  return [
    `// .NET (Confluent.Kafka), topic ${hubs.stream}, record key = user id`,
    ...(sign === 'connection-string' ? [`// EVENT_HUBS_CONNECTION_STRING: ${keyPlace(endpoint)}`] : []),
    'var config = new ProducerConfig(new Dictionary<string, string>',
    '{',
    ...librdkafkaPairs(endpoint, sign).map(([name, value]) => `    ["${name}"] = ${valueOf(value)},`),
    '});',
    'using var producer = new ProducerBuilder<string, byte[]>(config).Build();',
  ].join('\n');
}

const writers: Readonly<Record<Client, (endpoint: Endpoint, sign: Sign) => string>> = {
  java,
  librdkafka,
  kafkajs,
  python,
  dotnet,
};

/** Settings of a producer for one client, ready to paste; secrets stay names of environment variables. */
export function producerSettings(client: Client, endpoint: Endpoint, sign: Sign): string {
  const writer = (writers as Partial<typeof writers>)[client];
  if (!writer) throw new Error(`--client is one of ${Object.keys(writers).join(', ')}`);
  return writer(endpoint, sign);
}
