import { containers, ledgerContainer } from '../../../shared/platform/blobs/containers.ts';
import { imageLifetimeDays } from '../../../shared/platform/retention.ts';
import { checkpointContainer } from '../../../shared/stream/checkpoints.ts';
import { call, concat, key, not, when, type Expression } from './expressions.ts';
import { apps, appNames, type AppName } from './apps.ts';
import { grant, grantOwn, grantTo, identities } from './identities.ts';
import { encryptionGrant, encryptionKey, vault } from './key-vault.ts';
import { privateEndpoint, publicAccess } from './network.ts';
import { databaseSleeps, paired, primary, regions, secondary, storageName } from './names.ts';
import { parameter } from './parameters.ts';
import { Resource, unless, type Json, type Region } from './resource.ts';

interface AccountOptions {
  readonly location: Expression;
  readonly sku: Expression | string;
  readonly condition?: { condition?: Expression };
  /** A data lake: hierarchical names. */
  readonly hierarchical?: boolean;
  /** Answers from anywhere whoever signs in: what is in it is no secret. */
  readonly open?: boolean;
  /** Holds people's images or facts of them, so the customer's key applies. */
  readonly ownKey?: boolean;
  /** Who gets in from outside the network, each by its id, one for each region; nobody else does, whatever the stage. */
  readonly writers?: Readonly<Record<Region['key'], Resource>>;
}

interface Access {
  readonly publicNetworkAccess: Expression | string;
  readonly networkAcls: Json;
}

function accessOf({ open, writers }: AccountOptions): Access {
  if (writers === undefined) {
    const defaultAction = open ? 'Allow' : when(parameter('privateNetwork'), 'Deny', 'Allow');
    return {
      publicNetworkAccess: open ? 'Enabled' : publicAccess,
      networkAcls: { bypass: 'AzureServices', defaultAction },
    };
  }
  const tenantId = call('subscription').get('tenantId');
  const rule = ({ id }: Resource) => call('createObject', 'tenantId', tenantId, 'resourceId', id);
  const [first, second] = [rule(writers.primary), rule(writers.secondary)];
  const resourceAccessRules = when(paired, call('createArray', first, second), call('createArray', first));
  return {
    publicNetworkAccess: 'Enabled',
    networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny', resourceAccessRules },
  };
}

const ownEncryption: Json = {
  keySource: when(parameter('customerManagedKeys'), 'Microsoft.Keyvault', 'Microsoft.Storage'),
  requireInfrastructureEncryption: true,
  identity: when(
    parameter('customerManagedKeys'),
    call('createObject', 'userAssignedIdentity', identities.encryption.id),
    call('null'),
  ),
  keyvaultproperties: when(
    parameter('customerManagedKeys'),
    call('createObject', 'keyname', 'encryption', 'keyvaulturi', vault.runtime('vaultUri')),
    call('null'),
  ),
};

/** No shared keys, no anonymous reads, TLS 1.2, and no trace of a deleted blob (no soft delete, no versions). */
export function account(name: Expression, options: AccountOptions): Resource {
  return new Resource('Microsoft.Storage/storageAccounts', [name], {
    ...options.condition,
    location: options.location,
    kind: 'StorageV2',
    sku: { name: options.sku },
    ...(options.ownKey && {
      identity: { type: 'UserAssigned', userAssignedIdentities: { [key(identities.encryption.id)]: {} } },
      dependsOn: [identities.encryption.id, encryptionKey.id, encryptionGrant.id],
    }),
    ...(options.writers && { dependsOn: Object.values(options.writers).map(({ id }) => id) }),
    properties: {
      accessTier: 'Hot',
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      defaultToOAuthAuthentication: true,
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
      isHnsEnabled: options.hierarchical ?? false,
      ...accessOf(options),
      ...(options.ownKey && { encryption: ownEncryption }),
    },
  });
}

export const blobService = (of: Resource): Resource =>
  new Resource('Microsoft.Storage/storageAccounts/blobServices', [...of.segments, 'default'], {
    ...(of.body.condition && { condition: of.body.condition }),
    dependsOn: [of.id],
    properties: {
      deleteRetentionPolicy: { enabled: false },
      containerDeleteRetentionPolicy: { enabled: false },
      isVersioningEnabled: false,
      changeFeed: { enabled: false },
      restorePolicy: { enabled: false },
    },
  });

export const container = (of: Resource, service: Resource, name: string) =>
  new Resource(
    'Microsoft.Storage/storageAccounts/blobServices/containers',
    [...of.segments, 'default', name],
    {
      ...(of.body.condition && { condition: of.body.condition }),
      dependsOn: [service.id],
      properties: { publicAccess: 'None' },
    },
  );

const deleteAfter = (name: string, days: number, prefixes: readonly string[]) => ({
  name,
  enabled: true,
  type: 'Lifecycle',
  definition: {
    filters: { blobTypes: ['blockBlob', 'appendBlob'], prefixMatch: prefixes },
    actions: { baseBlob: { delete: { daysAfterCreationGreaterThan: days } } },
  },
});

const lifecycle = (of: Resource, rules: readonly Json[]) =>
  new Resource('Microsoft.Storage/storageAccounts/managementPolicies', [...of.segments, 'default'], {
    ...(of.body.condition && { condition: of.body.condition }),
    dependsOn: [of.id],
    properties: { policy: { rules } },
  });

export const images = account(storageName('img'), {
  location: parameter('location'),
  sku: parameter('storageSku'),
  ownKey: true,
});
export const lake = account(storageName('lake'), {
  location: parameter('location'),
  sku: parameter('storageSku'),
  ownKey: true,
  hierarchical: true,
});
/** What cannot run without an account spreads over the zones that its apps spread over. */
const zonal = when(parameter('zoneRedundant'), 'Standard_ZRS', 'Standard_LRS');
/** The console's static files and the releases that `sls rollback` goes back to, in each region: both outlive one. */
const webAccount = (region: Region) =>
  account(storageName(`web${region.suffix}`), {
    condition: unless(region),
    location: region.location,
    sku: zonal,
    open: true,
  });
export const web = { primary: webAccount(primary), secondary: webAccount(secondary) };

export const webContainers = { console: 'console', releases: 'releases' } as const;

const services = { images: blobService(images), lake: blobService(lake) };
const imageContainers = (['raw', 'processed', 'deadLetters', 'uploads'] as const).map((one) =>
  container(images, services.images, containers[one]),
);
/** What engineers set going and what is measured: no bytes of an image, so for the writer alone. */
const operationsContainer = container(images, services.images, containers.operations);
/** What is known of the database without asking it; every app tells of what it changes there. */
const activityContainer = container(images, services.images, containers.activity);
const operationsDays = 30;
export const lakeContainer = container(lake, services.lake, containers.lake);
/**
 * Never before an image is due, for that is the purge's hour: lifecycle takes what the purge could not. Rows of images are
 * in files by day of upload under `fact_images/`, made when the day begins, so the last of them are due a day later.
 */
const backstopDays = imageLifetimeDays;
const lakeDays = 3 * 365;

/** The app's own account: its package, its leases and its checkpoints, out of the other apps' reach. */
export const hostAccount = (app: AppName, region: Region): Resource =>
  account(storageName(`h${apps[app].code}${region.suffix}`), {
    location: region.location,
    sku: zonal,
    condition: unless(region),
  });

export const packageContainer = 'packages';

/** Where the platform keeps what was published; it must be there before the app. */
export const packages = (app: AppName, region: Region): Resource => {
  const host = hostAccount(app, region);
  return container(host, blobService(host), packageContainer);
};

const logAccount = (region: Region) =>
  account(storageName(`log${region.suffix}`), {
    location: region.location,
    sku: zonal,
    condition: unless(region),
  });
/** Of the log of erasures, one in each region: Azure fails no account over that holds what nobody may change. */
export const ledgerAccounts = { primary: logAccount(primary), secondary: logAccount(secondary) };

const logDays = 10 * 365;

/** What is added can be changed by nobody: `sls deploy` locks the policy (lock-digests.ts). */
function logStorage(region: Region): Resource[] {
  const of = ledgerAccounts[region.key];
  const kept = container(of, blobService(of), ledgerContainer);
  const policy = new Resource(
    'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies',
    [...kept.segments, 'default'],
    {
      // A locked policy takes no update.
      ...unless(region, not(parameter('ledgerDigestsLocked'))),
      dependsOn: [kept.id],
      properties: { immutabilityPeriodSinceCreationInDays: logDays, allowProtectedAppendWrites: false },
    },
  );
  return [
    of,
    blobService(of),
    kept,
    policy,
    grantOwn('storage-writer', 'blob-adder', kept, {
      why: 'Adds to the log of erasures, and changes nothing in it.',
      ...unless(region),
    }),
    ...privateEndpoint('log', 'blob', of, region),
  ];
}

function hostStorage(app: AppName, region: Region): Resource[] {
  const host = hostAccount(app, region);
  const service = blobService(host);
  return [
    host,
    service,
    packages(app, region),
    grant(app, 'Storage Blob Data Owner', host, {
      why: 'Its own package, host leases and checkpoints.',
      ...unless(region),
    }),
    ...privateEndpoint(`host-${app}`, 'blob', host, region),
  ];
}

/** Image containers, one right each; the reader has no use for dead letters and unfinished uploads. */
const imageGrants = [
  ...imageContainers.map((one) =>
    grant('storage-writer', 'Storage Blob Data Contributor', one, {
      why: 'Storage writer: the only one that writes image bytes.',
    }),
  ),
  grant('storage-writer', 'Storage Blob Data Contributor', operationsContainer, {
    why: 'Keeps what engineers set going, and figures of the stream.',
  }),
  ...appNames.map((app) =>
    grantOwn(app, 'activity-marker', activityContainer, {
      why: 'Leaves a mark when it changes the database, which may sleep; timers go by it.',
      condition: databaseSleeps,
    }),
  ),
  ...imageContainers.slice(0, 2).map((one) =>
    grant('storage-reader', 'Storage Blob Data Reader', one, {
      why: 'Storage reader: serves image bytes, cannot change them.',
    }),
  ),
];

/** Lag is the difference between a hub's end and these: who shows it may read them, and move them, in both regions. */
const checkpoints = regions.flatMap((region) => {
  const host = hostAccount('pipeline', region);
  const kept = container(host, blobService(host), checkpointContainer);
  return [
    kept,
    grantOwn('maintenance', 'checkpoint-mover', kept, {
      why: 'Shows how far the pipeline is, and moves its checkpoints for an engineer.',
      ...unless(region),
    }),
  ];
});

/** The setting's form of an account: its URL without the slash at the end. */
export const accountUrl = (of: Resource): Expression =>
  concat('https://', of.segments[0] ?? '', '.blob.', call('environment').get('suffixes.storage'));

const consoleIn = (of: Resource) => container(of, blobService(of), webContainers.console);

/** Front Door signs in to storage, so nothing in it is anonymous; that does not go with a private link (decision 073). */
export const consoleGrants = regions.map((region) =>
  grant('front-door', 'Storage Blob Data Reader', consoleIn(web[region.key]), {
    why: 'Front Door fetches the console.',
    ...unless(region),
  }),
);

const webStorage = regions.flatMap((region) => {
  const of = web[region.key];
  return [
    of,
    blobService(of),
    consoleIn(of),
    container(of, blobService(of), webContainers.releases),
    lifecycle(of, [deleteAfter('old-releases', 90, [`${webContainers.releases}/packages/`])]),
    grantTo('deployerPrincipalId', 'Storage Blob Data Contributor', of, {
      why: 'Uploads console and releases.',
      ...unless(region),
    }),
  ];
});

export const storageResources: readonly Resource[] = [
  images,
  lake,
  ...Object.values(services),
  ...imageContainers,
  operationsContainer,
  activityContainer,
  lakeContainer,
  lifecycle(images, [
    deleteAfter('images-backstop', backstopDays, [
      `${containers.raw}/`,
      `${containers.processed}/`,
      `${containers.deadLetters}/`,
      `${containers.uploads}/`,
    ]),
    deleteAfter('old-operations', operationsDays, [`${containers.operations}/`]),
  ]),
  lifecycle(lake, [
    deleteAfter('image-rows-backstop', backstopDays + 1, [`${containers.lake}/fact_images/`]),
    deleteAfter('old-partitions', lakeDays, [
      `${containers.lake}/fact_sales/`,
      `${containers.lake}/fact_transactions/`,
    ]),
  ]),
  ...imageGrants,
  ...regions.flatMap(logStorage),
  ...checkpoints,
  grant('lake-writer', 'Storage Blob Data Contributor', lakeContainer, {
    why: 'Exports Parquet, removes erased rows.',
  }),
  ...consoleGrants,
  ...webStorage,
  ...privateEndpoint('images', 'blob', images),
  ...privateEndpoint('lake', 'blob', lake),
  ...privateEndpoint('lake', 'dfs', lake),
  ...regions.flatMap((region) => appNames.flatMap((app) => hostStorage(app, region))),
];
