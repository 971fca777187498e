import {
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { ledgerContainer } from '../../../shared/platform/blobs/containers.ts';
import type { ServiceName } from '../../../shared/platform/services.ts';
import { cdnAddress } from '../front-door/purge.ts';
import { defaultPartitions } from '../event-hubs/start.ts';
import { postgresFolder } from '../postgres/account.ts';
import { serviceAddress } from '../postgres/addresses.ts';
import type { Ports } from './ports.ts';
import type { Secrets } from './state.ts';

/** Where clients reach the components. */
export interface Endpoints {
  readonly api: string;
  readonly identity: string;
  /** Storage connection string of the one local account. */
  readonly storage: string;
  /** Storage connection string of the ledger's account: it may read, list and add, and change nothing. */
  readonly ledger: string;
  /** Event Hubs connection string. */
  readonly hubs: string;
  /** Kafka bootstrap server; SASL PLAIN, user `$ConnectionString`, password `hubs`. */
  readonly kafka: string;
  /** Where services connect; each signs in under the login of its role. */
  readonly database: string;
}

export const storageAccount = 'darkroom';
/** The second one, whose key no service has: it holds the log of erasures. */
export const ledgerAccount = 'ledger';

/** Moves the clock of every component that has one: retention in a hub passes with the image's own. */
export const clockOffsetFile = (stateDir: string): string => `${stateDir}/clock-offset`;

/** Connection string of an account. */
export const storageAddress = (port: number, key: string, account = storageAccount): string =>
  [
    'DefaultEndpointsProtocol=http',
    `AccountName=${account}`,
    `AccountKey=${key}`,
    `BlobEndpoint=http://127.0.0.1:${port}/${account}`,
    '',
  ].join(';');

/** A signature for the container `ledger` that allows to read, list and create, and not to write over or delete. */
export function ledgerAddress(port: number, key: string, account = ledgerAccount): string {
  const credential = new StorageSharedKeyCredential(account, key);
  const token = generateBlobSASQueryParameters(
    {
      containerName: ledgerContainer,
      permissions: ContainerSASPermissions.parse('rcl'),
      expiresOn: new Date('2100-01-01T00:00:00Z'),
      protocol: SASProtocol.HttpsAndHttp,
    },
    credential,
  );
  return `BlobEndpoint=http://127.0.0.1:${port}/${account};SharedAccessSignature=${token.toString()}`;
}

/** `databasePorts`: of every server of the database that runs. */
export const endpointsOf = (
  ports: Ports,
  secrets: Secrets,
  stateDir: string,
  databasePorts: readonly number[] = [ports.database],
): Endpoints => ({
  api: `http://localhost:${ports.api}`,
  identity: `http://localhost:${ports.identity}`,
  storage: storageAddress(ports.blob, secrets.storageKey),
  ledger: ledgerAddress(ports.blob, secrets.ledgerStorageKey),
  hubs: [
    `Endpoint=sb://127.0.0.1:${ports.amqp}`,
    'SharedAccessKeyName=RootManageSharedAccessKey',
    `SharedAccessKey=${secrets.eventHubsKey}`,
    'UseDevelopmentEmulator=true',
  ].join(';'),
  kafka: `127.0.0.1:${ports.kafka}`,
  database: serviceAddress(postgresFolder(stateDir), databasePorts),
});

interface Given {
  readonly endpoints: Endpoints;
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly stateDir: string;
  readonly services: readonly ServiceName[] | undefined;
}

/** The app settings of the functions host: the same names as in Azure, with this machine's endpoints. */
export const settingsOf = ({ endpoints, ports, secrets, stateDir, services }: Given) => ({
  AzureWebJobsStorage: endpoints.storage,
  DARKROOM_IMAGE_STORAGE: endpoints.storage,
  DARKROOM_LAKE_STORAGE: endpoints.storage,
  DARKROOM_LEDGER_STORAGE: endpoints.ledger,
  DARKROOM_LEDGER_KEY: secrets.ledgerKey,
  DARKROOM_EVENT_HUBS: endpoints.hubs,
  DARKROOM_CHECKPOINT_STORAGE: endpoints.storage,
  DARKROOM_HUB_PARTITIONS: String(defaultPartitions),
  DARKROOM_DATABASE: endpoints.database,
  DARKROOM_TOKEN_ISSUER: endpoints.identity,
  DARKROOM_TOKEN_AUDIENCE: 'api://darkroom',
  DARKROOM_DIRECTORY: `${endpoints.identity}/graph/v1.0`,
  DARKROOM_URL_SIGNING_KEY: secrets.urlSigningKey,
  DARKROOM_PUBLIC_URL: endpoints.api,
  DARKROOM_CDN_ENDPOINT_ID: cdnAddress(ports.api, secrets.hostMasterKey),
  DARKROOM_CLOCK_OFFSET_FILE: clockOffsetFile(stateDir),
  /** One host and no rivals: a partition that was taken for a moment, or whose hub was away, is claimed again soon. */
  AzureFunctionsJobHost__extensions__eventHubs__loadBalancingUpdateInterval: '00:00:03',
  /** As on Azure: an entry file that cannot be loaded is an error, not an app without functions. */
  FUNCTIONS_NODE_BLOCK_ON_ENTRY_POINT_ERROR: '1',
  TZ: 'UTC',
  ...(services && { DARKROOM_SERVICES: services.join(',') }),
});
