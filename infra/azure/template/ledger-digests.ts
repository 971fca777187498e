import { call, not } from './expressions.ts';
import { grant, roles } from './identities.ts';
import { primary, regions, storageName } from './names.ts';
import { parameter } from './parameters.ts';
import { Resource, unless, type Region } from './resource.ts';
import { database, servers } from './sql.ts';
import { account, accountUrl, blobService, container } from './storage.ts';

/** The name is Azure SQL's choice. */
export const digestContainer = 'sqldbledgerdigests';

/** How long a digest can be neither changed nor deleted. It is a hash: it says nothing of anybody. */
const digestDays = 365;

/** What proves the database's ledger from outside it: nobody signs in here but the SQL servers, and nobody overwrites. */
export const digests = account(storageName('ledger'), {
  location: primary.location,
  sku: parameter('storageSku'),
  // Azure SQL writes from outside the network. It is let in by name, nobody else is.
  writers: servers,
});

const kept = container(digests, blobService(digests), digestContainer);

/** Digests are appended to, so appending is the one change that the policy allows. `sls deploy` locks it (lock-digests.ts). */
const immutable = new Resource(
  'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies',
  [...kept.segments, 'default'],
  {
    // A locked policy takes no update.
    condition: not(parameter('ledgerDigestsLocked')),
    dependsOn: [kept.id],
    properties: { immutabilityPeriodSinceCreationInDays: digestDays, allowProtectedAppendWrites: true },
  },
);

/** By its own identity, or by the one that it was given; after a failover it is the second server that writes. */
const writes = (region: Region) => {
  const server = servers[region.key];
  return new Resource(
    'Microsoft.Authorization/roleAssignments',
    [call('guid', kept.id, server.id, 'Storage Blob Data Contributor')],
    {
      ...unless(region),
      scope: kept.id,
      dependsOn: [kept.id, server.id],
      properties: {
        roleDefinitionId: call(
          'subscriptionResourceId',
          'Microsoft.Authorization/roleDefinitions',
          roles['Storage Blob Data Contributor'],
        ),
        principalId: server.principalId,
        principalType: 'ServicePrincipal',
        description: 'The SQL server writes digests of its ledger.',
      },
    },
  );
};

const given = grant('encryption', 'Storage Blob Data Contributor', kept, {
  why: 'The identity that the SQL servers were given: they write digests of their ledger.',
});

const uploads = new Resource(
  'Microsoft.Sql/servers/databases/ledgerDigestUploads',
  [...database.segments, 'current'],
  {
    dependsOn: [
      database.id,
      digests.id,
      immutable.id,
      given.id,
      ...regions.map((region) => writes(region).id),
    ],
    properties: { digestStorageEndpoint: accountUrl(digests) },
  },
);

export const ledgerDigestResources: readonly Resource[] = [
  digests,
  blobService(digests),
  kept,
  immutable,
  ...regions.map(writes),
  given,
  uploads,
];
