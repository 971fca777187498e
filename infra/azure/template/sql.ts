import { databaseCollation } from '../../../shared/database/collation.ts';
import { call, concat, key, when, type Expression } from './expressions.ts';
import { identities } from './identities.ts';
import { encryptionGrant, encryptionKey, vaultName } from './key-vault.ts';
import { accessFor, databaseRules } from './allowed-addresses.ts';
import { openNetwork, privateEndpoint } from './network.ts';
import { databaseSleeps, hyperscale, paired, primary, regions, secondary, worldwide } from './names.ts';
import { parameter } from './parameters.ts';
import { Resource, unless, type Region } from './resource.ts';

export const databaseName = 'darkroom';
const serverName = (region: Region) => worldwide('sql', region.suffix);
const failoverName = worldwide('sql-pair');
const ownKey = parameter('customerManagedKeys');
const keyVersion = encryptionKey.runtime('keyUriWithVersion');

/** Entra-only from its first minute: there is no password to leak. */
const server = (region: Region) =>
  new Resource('Microsoft.Sql/servers', [serverName(region)], {
    ...unless(region),
    location: region.location,
    identity: {
      type: 'SystemAssigned,UserAssigned',
      userAssignedIdentities: { [key(identities.encryption.id)]: {} },
    },
    dependsOn: [identities.encryption.id, encryptionKey.id, encryptionGrant.id],
    properties: {
      administrators: {
        administratorType: 'ActiveDirectory',
        azureADOnlyAuthentication: true,
        principalType: 'Group',
        login: parameter('sqlAdministratorName'),
        sid: parameter('sqlAdministratorObjectId'),
        tenantId: call('subscription').get('tenantId'),
      },
      primaryUserAssignedIdentityId: identities.encryption.id,
      keyId: when(ownKey, keyVersion, call('null')),
      minimalTlsVersion: '1.2',
      publicNetworkAccess: accessFor('databaseAddresses'),
      restrictOutboundNetworkAccess: 'Disabled',
    },
  });

export const servers = { primary: server(primary), secondary: server(secondary) };

/** The server names a version of the key, which expires; it goes on to the next one when the vault has it. */
const protector = (region: Region) =>
  new Resource('Microsoft.Sql/servers/encryptionProtector', [serverName(region), 'current'], {
    ...unless(region, ownKey),
    dependsOn: [servers[region.key].id],
    properties: {
      serverKeyType: 'AzureKeyVault',
      serverKeyName: concat(vaultName, '_encryption_', call('last', call('split', keyVersion, '/'))),
      autoRotationEnabled: true,
    },
  });

/** Serverless pauses while nobody works; Hyperscale keeps a readable replica for analytics. */
export const database = new Resource('Microsoft.Sql/servers/databases', [serverName(primary), databaseName], {
  location: parameter('location'),
  dependsOn: [servers.primary.id],
  sku: {
    name: when(hyperscale, 'HS_Gen5', 'GP_S_Gen5'),
    tier: when(hyperscale, 'Hyperscale', 'GeneralPurpose'),
    family: 'Gen5',
    capacity: parameter('sqlMaximumCores'),
  },
  properties: {
    collation: databaseCollation,
    autoPauseDelay: when(
      hyperscale,
      call('null'),
      when(databaseSleeps, parameter('sqlAutoPauseMinutes'), -1),
    ),
    minCapacity: when(hyperscale, call('null'), call('json', '0.5')),
    // Paid for by this size, not by what is in it; Hyperscale grows by itself.
    maxSizeBytes: when(hyperscale, call('null'), call('mul', parameter('sqlMaximumGb'), 1_073_741_824)),
    highAvailabilityReplicaCount: when(hyperscale, 1, call('null')),
    readScale: when(hyperscale, 'Enabled', 'Disabled'),
    zoneRedundant: parameter('zoneRedundant'),
    // Fixed for good on Hyperscale, which keeps the backups of a zone-redundant database in zones too.
    requestedBackupStorageRedundancy: when(
      parameter('zoneRedundant'),
      when(paired, 'GeoZone', 'Zone'),
      when(paired, 'Geo', 'Local'),
    ),
    isLedgerOn: false,
  },
});

const backups = new Resource(
  'Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies',
  [serverName(primary), databaseName, 'default'],
  { dependsOn: [database.id], properties: { retentionDays: parameter('backupDays') } },
);

const auditing = (region: Region) =>
  new Resource('Microsoft.Sql/servers/auditingSettings', [serverName(region), 'default'], {
    ...unless(region),
    dependsOn: [servers[region.key].id],
    properties: { state: 'Enabled', isAzureMonitorTargetEnabled: true },
  });

/** Azure's own addresses only (a stage without private endpoints): our apps have no fixed ones. */
const azureServices = (region: Region) =>
  new Resource('Microsoft.Sql/servers/firewallRules', [serverName(region), 'AllowAllWindowsAzureIps'], {
    ...unless(region, openNetwork),
    dependsOn: [servers[region.key].id],
    properties: { startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' },
  });

const allowed = (region: Region) =>
  databaseRules(
    'Microsoft.Sql/servers/firewallRules',
    serverName(region),
    servers[region.key],
    region.condition,
  );

const failover = new Resource('Microsoft.Sql/servers/failoverGroups', [serverName(primary), failoverName], {
  condition: paired,
  dependsOn: [database.id, servers.secondary.id],
  properties: {
    databases: [database.id],
    partnerServers: [{ id: servers.secondary.id }],
    readWriteEndpoint: { failoverPolicy: 'Manual' },
    readOnlyEndpoint: { failoverPolicy: 'Disabled' },
  },
});

/** What clients connect to: the failover group's listener follows a failover. */
export const sqlHost: Expression = concat(
  when(paired, failoverName, serverName(primary)),
  call('environment').get('suffixes.sqlServerHostname'),
);

export const connectionString: Expression = concat(
  'Server=tcp:',
  sqlHost,
  `,1433;Database=${databaseName};Encrypt=true;TrustServerCertificate=false`,
);

export const sqlResources: readonly Resource[] = [
  ...Object.values(servers),
  database,
  backups,
  ...regions.flatMap((region) => [
    protector(region),
    auditing(region),
    azureServices(region),
    allowed(region),
  ]),
  failover,
  ...regions.flatMap((region) => privateEndpoint('sql', 'sqlServer', servers[region.key], region)),
];
