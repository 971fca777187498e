import { defaultPorts } from '../../../infra/local/supervisor/ports.ts';
import { box, localPart } from '../nodes.ts';
import type { At, Edge, Page } from '../types.ts';

const at = (x: number, index: number): At => [x, 90 + index * 150, 400, 100];
const azure = 60;
const code = 630;
const here = 1200;

const sides = (middle: string, left: string, right: string, step: string): Edge[] => [
  { from: middle, to: left, leave: 'left', enter: 'right', label: 'in Azure' },
  { from: middle, to: right, leave: 'right', enter: 'left', step, label: 'here' },
];

/** The same bundle on both sides; what differs is what answers at the addresses it is given. */
export const localStack: Page = {
  id: 'local-stack',
  title: 'Darkroom 5: the local stack beside Azure',
  legend:
    'Production code knows nothing of infra/: it is given addresses and credentials by its settings and uses the official SDKs on both sides. Each part is a process that npm start supervises.',
  zones: [
    { id: 'zone-azure', name: 'Azure: infra/azure', at: [25, 45, 470, 1080], tone: 'plain' },
    {
      id: 'zone-code',
      name: 'The same code: functions/, shared/',
      at: [595, 45, 470, 1080],
      tone: 'guarded',
    },
    {
      id: 'zone-here',
      name: 'One machine: infra/local, npm start',
      at: [1165, 45, 470, 1080],
      tone: 'plain',
    },
  ],
  nodes: [
    box('platform', 'AZURE FUNCTIONS', 'Flex Consumption, Node 24', at(azure, 0), [
      'four function apps,',
      'DARKROOM_SERVICES chooses their services',
    ]),
    box('platform', 'EVENT HUBS', 'Standard namespace', at(azure, 1), ['AMQP 1.0 and Kafka']),
    box('platform', 'STORAGE', 'Blob Storage, Data Lake', at(azure, 2), ['images, lake, host accounts']),
    box('platform', 'AZURE SQL', 'Azure SQL', at(azure, 3), ['sql/azure, T-SQL, driven by mssql']),
    box('platform', 'ENTRA ID', 'Entra ID', at(azure, 4), ['people, groups, managed identities']),
    box('platform', 'FRONT DOOR', 'Front Door', at(azure, 5), ['one address, firewall, cache, console']),
    box('platform', 'SYNAPSE', 'Synapse serverless, Power BI', at(azure, 6), [
      'views over the Parquet files',
    ]),

    box('code', 'BUNDLE', 'dist/main.cjs', at(code, 0), [
      '@azure/functions, v4 programming model',
      'functions/main.ts registers the services',
    ]),
    box('code', 'SDK', '@azure/event-hubs, any Kafka client', at(code, 1), [
      'the four hubs of shared/stream/hubs.ts',
    ]),
    box('code', 'SDK', '@azure/storage-blob', at(code, 2), [
      'storage writer and reader, lake writer',
      'in shared/images/store',
    ]),
    box('code', 'PORT', 'Database: query, execute', at(code, 3), [
      'shared/database/port.ts, one contract suite',
      'for every engine',
    ]),
    box('code', 'OIDC', 'jose', at(code, 4), ['shared/platform/auth/verify.ts checks every token']),
    box('code', 'HTTP', 'headers of the answers', at(code, 5), [
      'Cache-Control, ETag, Range',
      'never past the deletion of an image',
    ]),
    box('code', 'PARQUET', 'functions/warehouse', at(code, 6), ['the same files on both sides']),

    localPart('functions', 'infra/local/functions-host', at(here, 0), [
      'checkpoints, retries and batches as Azure does',
      `port ${defaultPorts.api}: console and API`,
    ]),
    localPart('event-hubs', 'infra/local/event-hubs', at(here, 1), [
      'one durable log behind both protocols',
      `AMQP ${defaultPorts.amqp}, Kafka ${defaultPorts.kafka}`,
    ]),
    localPart('azurite', 'Azurite', at(here, 2), ['the official emulator', `port ${defaultPorts.blob}`]),
    localPart('database', 'PGlite', at(here, 3), [
      'sql/embedded, PostgreSQL with real roles',
      `port ${defaultPorts.database}`,
    ]),
    localPart('identity', 'infra/local/identity', at(here, 4), [
      'OIDC issuer with sample people, one a role',
      `port ${defaultPorts.identity}`,
    ]),
    box('local', 'NOTHING', 'the functions host serves the console', at(here, 5), [
      'a browser honours the same headers',
    ]),
    box('local', 'DEVELOPMENT', 'DuckDB', at(here, 6), [
      'reads the same files; a test holds that it',
      'agrees with the database',
    ]),
  ],
  edges: [
    ...sides('dist/main.cjs', 'Flex Consumption, Node 24', 'part functions', 'L1'),
    ...sides('@azure/event-hubs, any Kafka client', 'Standard namespace', 'part event-hubs', 'L2'),
    ...sides('@azure/storage-blob', 'Blob Storage, Data Lake', 'part azurite', 'L3'),
    ...sides('Database: query, execute', 'Azure SQL', 'part database', 'L4'),
    ...sides('jose', 'Entra ID', 'part identity', 'L5'),
    ...sides('headers of the answers', 'Front Door', 'the functions host serves the console', 'L6'),
    ...sides('functions/warehouse', 'Synapse serverless, Power BI', 'DuckDB', 'L7'),
  ],
};
