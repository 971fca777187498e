import { settings } from '../../../shared/platform/config.ts';
import { eventHubsConnection } from '../../../shared/stream/hubs.ts';
import type { ServiceName } from '../../../shared/platform/services.ts';
import { call, concat, when, type Text } from './expressions.ts';
import { apps, hosts, type AppName } from './apps.ts';
import { eventHubsHost } from './event-hubs.ts';
import { endpoint, publicUrl } from './front-door-endpoint.ts';
import { httpHostSettings, maxPostBytes } from './http-capacity.ts';
import { clientId } from './identities.ts';
import { ledgerKey, ledgerVaultName, signingKeys, vaultName } from './key-vault.ts';
import { accountUrl, hostAccount, images, lake, ledgerAccounts } from './storage.ts';
import { connectionString } from './sql.ts';
import { databaseSleeps, paired, primary, secondary } from './names.ts';
import { parameter } from './parameters.ts';
import type { Region } from './resource.ts';

export type Setting = keyof typeof settings.shape;

interface Source {
  /** Services whose code needs it; `all` because the schema asks every app for it. */
  readonly services: 'all' | readonly ServiceName[];
  readonly value: (app: AppName, region: Region) => Text;
}

/** Who signs people in: the tenant of the subscription. */
export const tokenIssuer = concat(
  call('environment').get('authentication.loginEndpoint'),
  call('subscription').get('tenantId'),
  '/v2.0',
);

/** A secret of the vault, fetched by the platform under the app's identity: never in the template, never in a log. */
const secret = (name: string, of: Text = vaultName): Text =>
  concat('@Microsoft.KeyVault(VaultName=', of, `;SecretName=${name})`);

/** Defaults live in shared/platform/config.ts alone; here they become visible settings that an operator can change. */
const tunable = (name: Setting, services: readonly ServiceName[]): Source => ({
  services,
  value: () => String(settings.shape[name].parse(undefined)),
});

/**
 * One image on Azure, a number that the temporary disk of an instance (0.8 GB of Flex Consumption) has room for beside three
 * of up to 64 MiB and the host's own files. A test holds the sum.
 */
export const maxImageBytes = 400 * 1024 * 1024;

const usesHubs: readonly ServiceName[] = ['upload', 'stream', 'processing', 'operations'];
const writes: readonly ServiceName[] = ['upload', 'stream', 'processing', 'read', 'purge', 'operations'];
/** Also `read`: an erasure on request takes the image's rows out of the lake before it answers. */
const erases: readonly ServiceName[] = ['warehouse', 'purge', 'read'];
/** Who erases signs what it did; who shows or verifies the ledger reads its files. */
const keepsLedger: readonly ServiceName[] = ['read', 'purge', 'operations'];
const reads: readonly ServiceName[] = ['read', 'processing', 'operations'];

/** Pipeline reads the streams and maintenance the dead letters: their hosts keep checkpoints, in each region its own. */
const checkpointsIn = (region: Region) =>
  concat(accountUrl(hostAccount('pipeline', region)), ',', accountUrl(hostAccount('maintenance', region)));

/** The log of the app's own region; of the other one it reads what is not there, while that one does the work. */
const logsFrom = (region: Region) =>
  region.key === 'primary'
    ? accountUrl(ledgerAccounts.primary)
    : concat(accountUrl(ledgerAccounts.secondary), ',', accountUrl(ledgerAccounts.primary));

/** What each setting is on Azure, and who needs it. A test holds that this and shared/platform/config.ts name the same. */
export const sources: Partial<Record<Setting, Source>> = {
  DARKROOM_SERVICES: { services: 'all', value: (app) => apps[app].services.join(',') },
  DARKROOM_IMAGE_STORAGE: { services: 'all', value: () => accountUrl(images) },
  DARKROOM_LAKE_STORAGE: { services: erases, value: () => accountUrl(lake) },
  DARKROOM_LEDGER_STORAGE: { services: keepsLedger, value: (_, region) => logsFrom(region) },
  DARKROOM_LEDGER_KEY: { services: keepsLedger, value: () => secret(ledgerKey, ledgerVaultName) },
  DARKROOM_LEDGER_WEBHOOK: { services: ['purge'], value: () => parameter('ledgerWebhook') },
  DARKROOM_STORAGE_WRITER_CLIENT_ID: { services: writes, value: () => clientId('storage-writer') },
  DARKROOM_STORAGE_READER_CLIENT_ID: { services: reads, value: () => clientId('storage-reader') },
  DARKROOM_LAKE_CLIENT_ID: { services: erases, value: () => clientId('lake-writer') },
  DARKROOM_DATABASE_CLIENT_ID: { services: 'all', value: (app) => clientId(app) },
  DARKROOM_EVENT_HUBS__fullyQualifiedNamespace: { services: usesHubs, value: () => eventHubsHost },
  DARKROOM_EVENT_HUBS__clientId: { services: usesHubs, value: (app) => clientId(app) },
  DARKROOM_CHECKPOINT_STORAGE: {
    services: ['operations', 'stream', 'processing'],
    // Operations shows both regions; who only reads compares with its own host's.
    value: (app, region) =>
      hosts(app, 'operations')
        ? when(paired, concat(checkpointsIn(primary), ',', checkpointsIn(secondary)), checkpointsIn(primary))
        : accountUrl(hostAccount(app, region)),
  },
  DARKROOM_HUB_PARTITIONS: {
    services: ['operations'],
    value: () => call('string', parameter('partitionCount')),
  },
  DARKROOM_HUB_MAXIMUM_UNITS: {
    services: ['operations'],
    value: () => call('string', parameter('eventHubsMaximumUnits')),
  },
  DARKROOM_DATABASE: { services: 'all', value: () => connectionString },
  DARKROOM_DATABASE_SLEEPS: { services: 'all', value: () => when(databaseSleeps, 'true', 'false') },
  DARKROOM_TOKEN_ISSUER: { services: 'all', value: () => tokenIssuer },
  DARKROOM_TOKEN_AUDIENCE: { services: 'all', value: () => parameter('tokenAudience') },
  DARKROOM_DIRECTORY: { services: ['operations'], value: () => 'https://graph.microsoft.com/v1.0' },
  DARKROOM_URL_SIGNING_KEY: { services: ['read'], value: () => secret(signingKeys.current) },
  DARKROOM_URL_SIGNING_KEY_PREVIOUS: { services: ['read'], value: () => secret(signingKeys.previous) },
  DARKROOM_PUBLIC_URL: { services: 'all', value: () => publicUrl },
  DARKROOM_CDN_ENDPOINT_ID: { services: ['read', 'purge'], value: () => endpoint.id },
  DARKROOM_MAX_IMAGE_BYTES: {
    services: ['upload', 'stream', 'processing', 'operations'],
    value: () => String(maxImageBytes),
  },
  DARKROOM_MAX_UPLOAD_BYTES: { services: ['upload'], value: () => String(maxPostBytes) },
  DARKROOM_ALLOWED_ORIGINS: tunable('DARKROOM_ALLOWED_ORIGINS', ['upload']),
  DARKROOM_MAX_PIXELS: tunable('DARKROOM_MAX_PIXELS', ['stream', 'processing', 'operations']),
  DARKROOM_PROCESSING_TIMEOUT_MS: tunable('DARKROOM_PROCESSING_TIMEOUT_MS', ['processing', 'operations']),
  DARKROOM_PROCESSING_MEMORY_MB: tunable('DARKROOM_PROCESSING_MEMORY_MB', ['processing', 'operations']),
  DARKROOM_PROCESSING_WORKERS: tunable('DARKROOM_PROCESSING_WORKERS', ['processing', 'operations']),
};

/** Settings that no function app on Azure has, and why. */
export const notOnAzure: Partial<Record<Setting, string>> = {
  DARKROOM_EVENT_HUBS: 'a connection string is a shared key; apps sign in',
  DARKROOM_CLOCK_OFFSET_FILE: 'moves time in tests and demos',
  DARKROOM_PROCESSING_ENGINE: 'the platform has the native engine; set by hand to go round a fault in it',
};

const needs = (app: AppName, { services }: Source): boolean =>
  services === 'all' || services.some((service) => hosts(app, service));

/** What the Functions host itself reads; no code of ours does. */
export const hostSettings = (app: AppName, region: Region, telemetry: Text): Record<string, Text> => {
  const host = accountUrl(hostAccount(app, region));
  return {
    AzureWebJobsStorage__accountName: hostAccount(app, region).segments[0] ?? '',
    AzureWebJobsStorage__blobServiceUri: host,
    AzureWebJobsStorage__credential: 'managedidentity',
    AzureWebJobsStorage__clientId: clientId(app),
    AZURE_CLIENT_ID: clientId(app),
    APPLICATIONINSIGHTS_CONNECTION_STRING: telemetry,
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: concat('ClientId=', clientId(app), ';Authorization=AAD'),
    FUNCTIONS_NODE_BLOCK_ON_ENTRY_POINT_ERROR: '1',
    ...httpHostSettings(app),
    ...(usesHubs.some((service) => hosts(app, service)) && {
      [`${eventHubsConnection}__credential`]: 'managedidentity',
    }),
  };
};

/** All settings of an app, in the order of the schema. */
export function appSettings(app: AppName, region: Region, telemetry: Text): { name: string; value: Text }[] {
  const ours = Object.entries(sources)
    .filter(([, source]) => needs(app, source))
    .map(([name, source]) => [name, source.value(app, region)] as const);
  return [...Object.entries(hostSettings(app, region, telemetry)), ...ours].map(([name, value]) => ({
    name,
    value,
  }));
}
