import { containers } from '../../../shared/platform/blobs/containers.ts';
import { call, concat } from './expressions.ts';
import { accessFor, databaseRules } from './allowed-addresses.ts';
import { openNetwork, privateEndpoint } from './network.ts';
import { variable } from './expressions.ts';
import { lake, lakeContainer } from './storage.ts';
import { local, primary } from './names.ts';
import { parameter } from './parameters.ts';
import { Resource } from './resource.ts';
import { roles } from './identities.ts';

export const synapseName = concat('darkroom-', parameter('stage'), '-', variable('suffix'));

/** Serverless SQL over the lake: it costs what it scans, nothing while idle. */
export const synapse = new Resource('Microsoft.Synapse/workspaces', [synapseName], {
  location: parameter('location'),
  identity: { type: 'SystemAssigned' },
  dependsOn: [lake.id, lakeContainer.id],
  properties: {
    azureADOnlyAuthentication: true,
    defaultDataLakeStorage: {
      accountUrl: lake.runtime('primaryEndpoints.dfs'),
      filesystem: containers.lake,
      resourceId: lake.id,
      createManagedPrivateEndpoint: true,
    },
    managedVirtualNetwork: 'default',
    managedVirtualNetworkSettings: { preventDataExfiltration: false },
    managedResourceGroupName: local('synapse-managed'),
    publicNetworkAccess: accessFor('databaseAddresses'),
  },
});

const administrators = new Resource(
  'Microsoft.Synapse/workspaces/administrators',
  [synapseName, 'activeDirectory'],
  {
    dependsOn: [synapse.id],
    properties: {
      administratorType: 'ActiveDirectory',
      login: parameter('sqlAdministratorName'),
      sid: parameter('sqlAdministratorObjectId'),
      tenantId: call('subscription').get('tenantId'),
    },
  },
);

const entraOnly = new Resource(
  'Microsoft.Synapse/workspaces/azureADOnlyAuthentications',
  [synapseName, 'default'],
  {
    dependsOn: [administrators.id],
    properties: { azureADOnlyAuthentication: true },
  },
);

const azureServices = new Resource(
  'Microsoft.Synapse/workspaces/firewallRules',
  [synapseName, 'AllowAllWindowsAzureIps'],
  {
    condition: openNetwork,
    dependsOn: [synapse.id],
    properties: { startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' },
  },
);

/** The workspace reads the lake for whoever may read its views; people get no rights on the files. */
const reads = new Resource(
  'Microsoft.Authorization/roleAssignments',
  [call('guid', lakeContainer.id, synapse.id, 'Storage Blob Data Reader')],
  {
    scope: lakeContainer.id,
    dependsOn: [lakeContainer.id, synapse.id],
    properties: {
      roleDefinitionId: call(
        'subscriptionResourceId',
        'Microsoft.Authorization/roleDefinitions',
        roles['Storage Blob Data Reader'],
      ),
      principalId: synapse.principalId,
      principalType: 'ServicePrincipal',
      description: 'Synapse serverless SQL reads Parquet under its own identity.',
    },
  },
);

export const synapseResources: readonly Resource[] = [
  synapse,
  entraOnly,
  administrators,
  azureServices,
  databaseRules('Microsoft.Synapse/workspaces/firewallRules', synapseName, synapse),
  reads,
  ...privateEndpoint('synapse', 'SqlOnDemand', synapse, primary),
];
