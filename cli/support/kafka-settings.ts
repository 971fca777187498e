import { hubs, maxEventBytes } from '../../shared/stream/hubs.ts';

export type Client = 'java' | 'librdkafka' | 'kafkajs' | 'python' | 'dotnet';
export type Sign = 'oauthbearer' | 'connection-string';

/** What the application does: send images, or read what became of them. */
export type Side = 'producer' | 'consumer';

export interface Endpoint {
  /** `name:port` */
  readonly host: string;
  /** TLS everywhere but on one machine. */
  readonly encrypted: boolean;
}

interface Wanted {
  readonly side: Side;
  readonly endpoint: Endpoint;
  readonly sign: Sign;
}

type Pairs = readonly (readonly [name: string, value: string])[];

/** Room for headers and the batch's own bytes under the hub's limit. */
const maxRequestBytes = 1_000_000;

/**
 * What Microsoft recommends for Event Hubs: it closes idle connections after four minutes and moves partitions, so
 * metadata and idle times stay below that, and a request may take a minute.
 */
const times = { metadata: 180_000, idle: 180_000, request: 60_000, session: 30_000 } as const;

/** To be replaced by one's own. */
export const groupId = 'my-application';

/** Both of Java and librdkafka. Events are committed when they are handled, so none is lost. */
const consumerPairs: Pairs = [
  ['group.id', groupId],
  ['auto.offset.reset', 'earliest'],
  ['enable.auto.commit', 'false'],
  ['session.timeout.ms', String(times.session)],
];

const security = ({ encrypted }: Endpoint): string => (encrypted ? 'SASL_SSL' : 'SASL_PLAINTEXT');
const tokenUrl = 'https://login.microsoftonline.com/${AZURE_TENANT_ID}/oauth2/v2.0/token';

const scope = ({ host }: Endpoint): string => `https://${host.split(':')[0] ?? ''}/.default`;

/** What stands above the settings: which topic, and what they do not say. */
function heading(name: string, { side, endpoint, sign }: Wanted): string[] {
  const what =
    side === 'producer'
      ? `to send images: topic ${hubs.stream}, record key = user id`
      : `to read what became of them: topic ${hubs.outcomes}, a group.id of your own`;
  const role =
    'Needs the role Azure Event Hubs Data Receiver on that hub: DARKROOM_OUTCOME_READER_ID of the deployment.';
  const place = endpoint.encrypted
    ? '"az eventhubs namespace authorization-rule keys list" (primaryConnectionString)'
    : '"hubs" in .darkroom/stack.json of the running stack';
  return [
    `${name}, ${what}`,
    ...(side === 'consumer' && sign === 'oauthbearer' ? [role] : []),
    ...(sign === 'connection-string' ? [`EVENT_HUBS_CONNECTION_STRING: ${place}`] : []),
  ];
}

const commented = (sign: string, lines: readonly string[]): string[] =>
  lines.map((line) => `${sign} ${line}`);

const common = ({ endpoint }: Wanted): Pairs => [
  ['bootstrap.servers', endpoint.host],
  ['security.protocol', security(endpoint)],
  ['metadata.max.age.ms', String(times.metadata)],
  ['connections.max.idle.ms', String(times.idle)],
];

function javaLogin({ endpoint, sign }: Wanted): Pairs {
  const kafka = 'org.apache.kafka.common.security';
  return sign === 'oauthbearer'
    ? [
        ['sasl.mechanism', 'OAUTHBEARER'],
        ['sasl.oauthbearer.token.endpoint.url', tokenUrl],
        ['sasl.login.callback.handler.class', `${kafka}.oauthbearer.OAuthBearerLoginCallbackHandler`],
        [
          'sasl.jaas.config',
          `${kafka}.oauthbearer.OAuthBearerLoginModule required clientId="\${AZURE_CLIENT_ID}" clientSecret="\${AZURE_CLIENT_SECRET}" scope="${scope(endpoint)}";`,
        ],
      ]
    : [
        ['sasl.mechanism', 'PLAIN'],
        [
          'sasl.jaas.config',
          `${kafka}.plain.PlainLoginModule required username="$ConnectionString" password="\${EVENT_HUBS_CONNECTION_STRING}";`,
        ],
      ];
}

const properties = (pairs: Pairs): string[] => pairs.map(([name, value]) => `${name}=${value}`);

function java(wanted: Wanted): string {
  const own: Pairs =
    wanted.side === 'producer'
      ? [
          ['acks', 'all'],
          ['enable.idempotence', 'true'],
          ['compression.type', 'none'],
          ['max.request.size', String(maxRequestBytes)],
          ['delivery.timeout.ms', '180000'],
        ]
      : consumerPairs;
  const since4 = `Since Kafka 4 start Java with -Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${tokenUrl}`;
  return [
    ...commented('#', heading('Java (kafka-clients 3.4 or newer)', wanted)),
    ...(wanted.sign === 'oauthbearer' ? [`# ${since4}`] : []),
    ...properties([
      ...common(wanted),
      ...javaLogin(wanted),
      ...own,
      ['request.timeout.ms', String(times.request)],
    ]),
  ].join('\n');
}

/** librdkafka's settings; what is in `${…}` is an environment variable. */
function librdkafkaPairs(wanted: Wanted): Pairs {
  const login: Pairs =
    wanted.sign === 'oauthbearer'
      ? [
          ['sasl.mechanism', 'OAUTHBEARER'],
          ['sasl.oauthbearer.method', 'oidc'],
          ['sasl.oauthbearer.token.endpoint.url', tokenUrl],
          ['sasl.oauthbearer.client.id', '${AZURE_CLIENT_ID}'],
          ['sasl.oauthbearer.client.secret', '${AZURE_CLIENT_SECRET}'],
          ['sasl.oauthbearer.scope', scope(wanted.endpoint)],
        ]
      : [
          ['sasl.mechanism', 'PLAIN'],
          ['sasl.username', '$ConnectionString'],
          ['sasl.password', '${EVENT_HUBS_CONNECTION_STRING}'],
        ];
  const own: Pairs =
    wanted.side === 'producer'
      ? [
          ['acks', 'all'],
          ['enable.idempotence', 'true'],
          ['compression.codec', 'none'],
          ['message.max.bytes', String(maxRequestBytes)],
          ['request.timeout.ms', String(times.request)],
        ]
      : consumerPairs;
  return [
    ...common(wanted),
    ...login,
    ...own,
    ['topic.metadata.refresh.interval.ms', String(times.metadata)],
    ['socket.keepalive.enable', 'true'],
  ];
}

const librdkafka = (wanted: Wanted): string =>
  [
    ...commented('#', heading('librdkafka (confluent-kafka; kcat -F FILE, with ${…} filled in)', wanted)),
    ...properties(librdkafkaPairs(wanted)),
  ].join('\n');

function kafkajs(wanted: Wanted): string {
  const { side, endpoint, sign } = wanted;
  const isToken = sign === 'oauthbearer';
  const login = isToken
    ? [
        '  sasl: {',
        "    mechanism: 'oauthbearer',",
        '    oauthBearerProvider: async () => ({',
        `      value: (await credential.getToken('${scope(endpoint)}')).token,`,
        '    }),',
        '  },',
      ]
    : [
        '  sasl: {',
        "    mechanism: 'plain',",
        "    username: '$ConnectionString',",
        '    password: process.env.EVENT_HUBS_CONNECTION_STRING,',
        '  },',
      ];
  const own =
    side === 'producer'
      ? [
          `const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, metadataMaxAge: ${times.metadata} });`,
          `// await producer.send({ topic: '${hubs.stream}', acks: -1, messages: [{ key: userId, value: bytes }] });`,
          `// Keep value and headers under ${maxRequestBytes} bytes (the hub takes ${maxEventBytes}); send larger images in chunks.`,
        ]
      : [
          `const consumer = kafka.consumer({ groupId: '${groupId}', sessionTimeout: ${times.session}, metadataMaxAge: ${times.metadata} });`,
          `// await consumer.subscribe({ topic: '${hubs.outcomes}', fromBeginning: true });`,
          '// await consumer.run({ eachMessage: async ({ message }) => handle(JSON.parse(message.value)) });',
        ];
  return [
    ...commented('//', heading('kafkajs 2', wanted)),
    ...(isToken ? ["import { DefaultAzureCredential } from '@azure/identity';"] : []),
    "import { Kafka } from 'kafkajs';",
    '',
    ...(isToken ? ['const credential = new DefaultAzureCredential();'] : []),
    'const kafka = new Kafka({',
    `  clientId: 'image-${side}',`,
    `  brokers: ['${endpoint.host}'],`,
    `  ssl: ${String(endpoint.encrypted)},`,
    ...login,
    `  requestTimeout: ${times.request},`,
    '});',
    '',
    ...own,
  ].join('\n');
}

const variable = /\$\{(\w+)\}/;

function python(wanted: Wanted): string {
  const valueOf = (value: string): string =>
    variable.test(value) ? `os.path.expandvars(${JSON.stringify(value)})` : JSON.stringify(value);
  const type = wanted.side === 'producer' ? 'Producer' : 'Consumer';
  return [
    ...commented('#', heading('Python (confluent-kafka)', wanted)),
    'import os',
    `from confluent_kafka import ${type}`,
    '',
    `${wanted.side} = ${type}({`,
    ...librdkafkaPairs(wanted).map(([name, value]) => `    "${name}": ${valueOf(value)},`),
    '})',
  ].join('\n');
}

function dotnet(wanted: Wanted): string {
  const valueOf = (value: string): string => {
    const parts = value.split(/(\$\{\w+\})/).filter((part) => part !== '');
    return parts
      .map((part) => variable.exec(part)?.[1])
      .map((name, index) =>
        name === undefined ? JSON.stringify(parts[index]) : `Environment.GetEnvironmentVariable("${name}")`,
      )
      .join(' + ');
  };
  const type = wanted.side === 'producer' ? 'Producer' : 'Consumer';
  return [
    ...commented('//', heading('.NET (Confluent.Kafka)', wanted)),
    `var config = new ${type}Config(new Dictionary<string, string>`,
    '{',
    ...librdkafkaPairs(wanted).map(([name, value]) => `    ["${name}"] = ${valueOf(value)},`),
    '});',
    `using var ${wanted.side} = new ${type}Builder<string, byte[]>(config).Build();`,
  ].join('\n');
}

const writers: Readonly<Record<Client, (wanted: Wanted) => string>> = {
  ...{ java, librdkafka, kafkajs, python, dotnet },
};

export const settingsClients = Object.keys(writers) as readonly Client[];

/** Settings for one client, ready to paste; secrets stay names of environment variables. */
export function kafkaSettings(client: Client, side: Side, endpoint: Endpoint, sign: Sign): string {
  const writer = (writers as Partial<typeof writers>)[client];
  if (!writer) throw new Error(`--client is one of ${settingsClients.join(', ')}`);
  return writer({ side, endpoint, sign });
}
