import { queryFaults } from './kusto.ts';

/** A resource as it is sent to its provider. */
export interface Deployed {
  readonly type: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly id: string;
  readonly [more: string]: unknown;
}

/** What the services know when a resource is asked of them. */
export interface World {
  /** By id in lower case: from earlier deployments, and from this one as far as it has come. */
  readonly resources: ReadonlyMap<string, Deployed>;
  /** Roles of who deploys, on the subscription. */
  readonly roles: readonly string[];
  /** A region that does not answer. */
  readonly lostRegion: string | undefined;
}

/** Why the service refuses the resource; undefined when it takes it. */
type Rule = (resource: Deployed, world: World) => string | undefined;

type Properties = Record<string, unknown>;
const propertiesOf = (one: Deployed | undefined): Properties => (one?.['properties'] ?? {}) as Properties;
const parentOf = (id: string): string => id.toLowerCase().split('/').slice(0, -2).join('/');
const ofType = (world: World, type: string): Deployed[] =>
  [...world.resources.values()].filter((one) => one.type === type);
const before = (resource: Deployed, world: World) => world.resources.get(resource.id.toLowerCase());

/** Where a resource lives: its own location, or that of what it is part of. */
export function regionOf(id: string, world: World): string | undefined {
  for (let at = id.toLowerCase(); at.includes('/providers/'); at = parentOf(at)) {
    const location = world.resources.get(at)?.['location'];
    if (typeof location === 'string') return location;
  }
  return undefined;
}

const answersOnlyWhereItIs: Rule = (resource, world) => {
  const known = before(resource, world);
  const place = known?.['location'] as string | undefined;
  if (place !== undefined && place !== resource['location'])
    return `InvalidResourceLocation: it is in ${place}`;
  const region = resource['location'] ?? regionOf(resource.id, world);
  return world.lostRegion !== undefined && region === world.lostRegion
    ? `ServiceUnavailable: ${world.lostRegion} does not answer`
    : undefined;
};

const pairings = 'Microsoft.EventHub/namespaces/disasterRecoveryConfigs';
const pairedWith = (world: World): string[] =>
  ofType(world, pairings).map((one) => String(propertiesOf(one)['partnerNamespace']).toLowerCase());
const linkedTo = (endpoint: Deployed): string[] => {
  const { privateLinkServiceConnections: links } = propertiesOf(endpoint) as {
    privateLinkServiceConnections: { properties: { privateLinkServiceId: string } }[];
  };
  return links.map(({ properties }) => properties.privateLinkServiceId.toLowerCase());
};

/** Azure/bicep#4442 and #14431, hashicorp/terraform-provider-azurerm#25005, and the guide to private endpoints. */
const eventHubsPairing: Rule = (resource, world) => {
  const id = resource.id.toLowerCase();
  const secondaries = pairedWith(world);
  if (secondaries.some((one) => id === one || id.startsWith(`${one}/networkrulesets/`)))
    return 'BadRequest: a paired secondary namespace takes no updates';
  if (resource.type === 'Microsoft.Network/privateEndpoints' && !world.resources.has(id)) {
    const primaries = ofType(world, pairings).map((one) => parentOf(one.id));
    if (linkedTo(resource).some((one) => primaries.includes(one)))
      return 'BadRequest: the primary of a pair takes no new private endpoint';
  }
  if (resource.type !== pairings) return undefined;
  if (resource.apiVersion === '2024-01-01') return 'NotFound: No HTTP resource was found that matches';
  if (world.resources.has(id)) return 'BadRequest: the namespaces are paired already';
  const both = [parentOf(id), String(propertiesOf(resource)['partnerNamespace']).toLowerCase()];
  const linked = ofType(world, 'Microsoft.Network/privateEndpoints').flatMap(linkedTo);
  const bare = both.filter(
    (one) =>
      propertiesOf(world.resources.get(one))['publicNetworkAccess'] === 'Disabled' && !linked.includes(one),
  );
  return bare.length > 0 ? `BadRequest: ${bare.join(', ')} has no private endpoint` : undefined;
};

/** Azure/azure-sdk-for-net#44775; auto-pause and collation as the documents of Azure SQL have them. */
const sqlDatabase: Rule = (resource, world) => {
  if (resource.type === 'Microsoft.Sql/servers/failoverGroups') {
    const databases = (propertiesOf(resource)['databases'] as string[]).map((id) =>
      world.resources.get(id.toLowerCase()),
    );
    return databases.some((one) => (propertiesOf(one)['autoPauseDelay'] ?? -1) !== -1)
      ? 'AutoPauseNotSupported: a database of a failover group cannot pause'
      : undefined;
  }
  if (resource.type !== 'Microsoft.Sql/servers/databases') return undefined;
  const inGroup = ofType(world, 'Microsoft.Sql/servers/failoverGroups').some((group) =>
    (propertiesOf(group)['databases'] as string[]).some(
      (id) => id.toLowerCase() === resource.id.toLowerCase(),
    ),
  );
  if (inGroup && (propertiesOf(resource)['autoPauseDelay'] ?? -1) !== -1)
    return 'AutoPauseNotSupported: a database of a failover group cannot pause';
  const { zoneRedundant, requestedBackupStorageRedundancy: backups, collation } = propertiesOf(resource);
  const hyperscale = (resource['sku'] as { tier: string }).tier === 'Hyperscale';
  if (hyperscale && zoneRedundant === true && backups !== 'Zone' && backups !== 'GeoZone')
    return `InvalidBackupStorageRedundancy: zone-redundant Hyperscale takes Zone or GeoZone, not ${String(backups)}`;
  const known = before(resource, world) && propertiesOf(before(resource, world));
  if (known && known['collation'] !== collation) return 'CannotChangeCollation: it is fixed at creation';
  return known && hyperscale && known['requestedBackupStorageRedundancy'] !== backups
    ? 'CannotChangeBackupStorageRedundancy: Hyperscale fixes it at creation'
    : undefined;
};

const refusedSettings =
  /^(FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_EXTENSION_VERSION|WEBSITE_|SCM_DO_BUILD|ENABLE_ORYX)/;

/** microsoft/azure-pipelines-tasks#21032 and Azure/azure-cli#31414. */
const flexConsumption: Rule = (resource) => {
  if (resource.type !== 'Microsoft.Web/sites') return undefined;
  const { siteConfig } = propertiesOf(resource) as { siteConfig: Properties };
  if ('ftpsState' in siteConfig) return 'BadRequest: FtpsState for Flex Consumption sites is invalid';
  const setting = (siteConfig['appSettings'] as { name: string }[]).find(({ name }) =>
    refusedSettings.test(name),
  );
  return setting && `BadRequest: ${setting.name} for Flex Consumption sites is invalid`;
};

/** Blob Storage takes a bearer token only with a version of its API that knows them; Front Door sends none by itself. */
const storageVersion: Rule = (resource, world) => {
  if (resource.type !== 'Microsoft.Cdn/profiles/afdEndpoints/routes') return undefined;
  const { originGroup, ruleSets = [] } = propertiesOf(resource) as {
    originGroup: { id: string };
    ruleSets?: readonly { id: string }[];
  };
  const group = world.resources.get(originGroup.id.toLowerCase());
  if (!propertiesOf(group)['authentication']) return undefined;
  const sets = ruleSets.map(({ id }) => id.toLowerCase());
  const isSet = ofType(world, 'Microsoft.Cdn/profiles/ruleSets/rules').some(
    (rule) => sets.includes(parentOf(rule.id)) && JSON.stringify(rule).includes('"x-ms-version"'),
  );
  return isSet ? undefined : 'AuthenticationFailed: the storage wants x-ms-version with a bearer token';
};

const frontDoor: Rule = (resource, world) => {
  if (resource.type !== 'Microsoft.Cdn/profiles/originGroups/origins') return undefined;
  const group = propertiesOf(world.resources.get(parentOf(resource.id)));
  return propertiesOf(resource)['sharedPrivateLinkResource'] && group['authentication']
    ? 'BadRequest: an origin with a private link takes no sign-in by identity'
    : undefined;
};

const mayWriteRoles = ['Owner', 'User Access Administrator'];

const roles: Rule = ({ type }, world) =>
  type === 'Microsoft.Authorization/roleDefinitions' &&
  !world.roles.some((one) => mayWriteRoles.includes(one))
    ? 'AuthorizationFailed: no right to Microsoft.Authorization/roleDefinitions/write'
    : undefined;

const synapse: Rule = (resource, world) =>
  resource.type === 'Microsoft.Synapse/workspaces/azureADOnlyAuthentications' &&
  !world.resources.has(`${parentOf(resource.id)}/administrators/activedirectory`)
    ? 'BadRequest: Entra-only sign-in needs an administrator of Entra'
    : undefined;

const alertQueries: Rule = (resource) => {
  if (resource.type !== 'Microsoft.Insights/scheduledQueryRules') return undefined;
  const { criteria } = propertiesOf(resource) as { criteria: { allOf: { query: string }[] } };
  const faults = criteria.allOf.flatMap(({ query }) => queryFaults(query));
  return faults.length > 0 ? `BadArgumentError: ${faults.join('; ')}` : undefined;
};

const partitions: Rule = (resource, world) => {
  if (resource.type !== 'Microsoft.EventHub/namespaces/eventhubs') return undefined;
  const known = before(resource, world);
  return known && propertiesOf(known)['partitionCount'] !== propertiesOf(resource)['partitionCount']
    ? 'BadRequest: the partition count of a Standard hub is fixed at creation'
    : undefined;
};

const immutability = 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies';

/** "Ledger digest management" and the REST reference of immutability policies. */
const ledgerDigests: Rule = (resource, world) => {
  if (resource.type === immutability)
    return propertiesOf(before(resource, world))['state'] === 'Locked'
      ? 'ContainerImmutabilityPolicyFailure: a locked policy takes no update'
      : undefined;
  if (resource.type !== 'Microsoft.Sql/servers/databases/ledgerDigestUploads') return undefined;
  // A snapshot keeps what only Azure knows, the ending of the host, as an expression.
  const endpoint = String(propertiesOf(resource)['digestStorageEndpoint']);
  const policy = ofType(world, immutability).find(({ name }) => {
    const [account = '', , container] = name.split('/');
    return container === 'sqldbledgerdigests' && endpoint.includes(account);
  });
  return propertiesOf(policy)['allowProtectedAppendWrites'] === true
    ? undefined
    : 'LedgerDigestUploadFailed: digests are appended to blobs, which nothing there allows and keeps';
};

const rules: readonly Rule[] = [
  answersOnlyWhereItIs,
  eventHubsPairing,
  sqlDatabase,
  flexConsumption,
  frontDoor,
  storageVersion,
  roles,
  synapse,
  alertQueries,
  partitions,
  ledgerDigests,
];

/** What Azure's services refuse although the template is well formed, each as public threads and documents tell it. */
export function refusal(resource: Deployed, world: World): string | undefined {
  for (const rule of rules) {
    const reason = rule(resource, world);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** What services would refuse of a first deployment, whose resources come in this order, by somebody who may do everything. */
export function refusals(resources: readonly Deployed[]): readonly string[] {
  const made = new Map<string, Deployed>();
  const world: World = { resources: made, roles: ['Owner'], lostRegion: undefined };
  return resources.flatMap((resource) => {
    const reason = refusal(resource, world);
    made.set(resource.id.toLowerCase(), resource);
    return reason === undefined ? [] : [`${resource.type} ${resource.name}: ${reason}`];
  });
}
