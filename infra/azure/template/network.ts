import { call, concat, not, when, type Expression } from './expressions.ts';
import { appNames, type AppName } from './apps.ts';
import { local, primary, privateNetwork, regions, secondary } from './names.ts';
import { parameter } from './parameters.ts';
import { Resource, unless, type Region } from './resource.ts';

/** Address plan: a /16 a region, so that the two can be peered. */
const network = { primary: '10.70', secondary: '10.71' } as const;

const group = (region: Region) =>
  new Resource('Microsoft.Network/networkSecurityGroups', [local('network-rules', region.suffix)], {
    ...unless(region),
    location: region.location,
    properties: {
      securityRules: [
        {
          name: 'no-way-in-from-the-internet',
          properties: {
            priority: 4000,
            direction: 'Inbound',
            access: 'Deny',
            protocol: '*',
            sourceAddressPrefix: 'Internet',
            sourcePortRange: '*',
            destinationAddressPrefix: '*',
            destinationPortRange: '*',
          },
        },
      ],
    },
  });

const groups = { primary: group(primary), secondary: group(secondary) };

const subnet = (region: Region, name: string, addresses: string, more: object = {}) => ({
  name,
  properties: {
    addressPrefix: `${network[region.key]}.${addresses}`,
    networkSecurityGroup: { id: groups[region.key].id },
    ...more,
  },
});

/** One subnet an app, delegated as Flex Consumption asks, one for private endpoints, one for build agents. */
const virtualNetwork = (region: Region) =>
  new Resource('Microsoft.Network/virtualNetworks', [local('network', region.suffix)], {
    ...unless(region),
    location: region.location,
    dependsOn: [groups[region.key].id],
    properties: {
      addressSpace: { addressPrefixes: [`${network[region.key]}.0.0/16`] },
      subnets: [
        ...appNames.map((app, index) =>
          subnet(region, app, `${index}.0/24`, {
            delegations: [{ name: 'functions', properties: { serviceName: 'Microsoft.App/environments' } }],
          }),
        ),
        subnet(region, 'endpoints', '10.0/24', { privateEndpointNetworkPolicies: 'Enabled' }),
        subnet(region, 'agents', '11.0/24'),
        // For a virtual network data gateway, which Power BI's administrators make when they want one.
        subnet(region, 'power-bi', '12.0/24', {
          delegations: [
            { name: 'power-bi', properties: { serviceName: 'Microsoft.PowerPlatform/vnetaccesslinks' } },
          ],
        }),
      ],
    },
  });

export const networks = { primary: virtualNetwork(primary), secondary: virtualNetwork(secondary) };

export const subnetId = (region: Region, name: AppName | 'endpoints'): Expression =>
  call('resourceId', 'Microsoft.Network/virtualNetworks/subnets', local('network', region.suffix), name);

const peering = (from: Region, to: Region) =>
  new Resource(
    'Microsoft.Network/virtualNetworks/virtualNetworkPeerings',
    [local('network', from.suffix), `to-${to.key}`],
    {
      ...unless(secondary),
      dependsOn: [networks.primary.id, networks.secondary.id],
      properties: {
        allowVirtualNetworkAccess: true,
        remoteVirtualNetwork: { id: networks[to.key].id },
      },
    },
  );

/** The names that clients ask for, answered with private addresses inside our networks. */
const zoneNames = {
  blob: 'privatelink.blob.core.windows.net',
  dfs: 'privatelink.dfs.core.windows.net',
  namespace: 'privatelink.servicebus.windows.net',
  sqlServer: 'privatelink.database.windows.net',
  vault: 'privatelink.vaultcore.azure.net',
  SqlOnDemand: 'privatelink.sql.azuresynapse.net',
} as const;

export type EndpointKind = keyof typeof zoneNames;

const zone = (kind: EndpointKind) =>
  new Resource('Microsoft.Network/privateDnsZones', [zoneNames[kind]], {
    condition: privateNetwork,
    location: 'global',
    properties: {},
  });

const zones = Object.fromEntries(
  (Object.keys(zoneNames) as EndpointKind[]).map((kind) => [kind, zone(kind)]),
) as Record<EndpointKind, Resource>;

const link = (kind: EndpointKind, region: Region) =>
  new Resource(
    'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
    [zoneNames[kind], local('network', region.suffix)],
    {
      ...unless(region, privateNetwork),
      location: 'global',
      dependsOn: [zones[kind].id, networks[region.key].id],
      properties: { registrationEnabled: false, virtualNetwork: { id: networks[region.key].id } },
    },
  );

/** Where a store that moves with a failover has its endpoint: in the network of the active region. */
const activeRegion = {
  location: when(parameter('failedOver'), parameter('secondaryLocation'), parameter('location')),
  subnet: call(
    'resourceId',
    'Microsoft.Network/virtualNetworks/subnets',
    concat(local('network'), when(parameter('failedOver'), '2', '')),
    'endpoints',
  ),
  suffix: when(parameter('failedOver'), '2', ''),
} as const;

/** A private endpoint with its DNS record. `region` pins it; without, it is made anew where a failover brings the store. */
export function privateEndpoint(name: string, kind: EndpointKind, to: Resource, region?: Region): Resource[] {
  const at = region
    ? { location: region.location, subnet: subnetId(region, 'endpoints'), suffix: region.suffix }
    : activeRegion;
  const condition = region
    ? unless(region, privateNetwork)
    : ({ condition: privateNetwork, takesOver: true } as const);
  const endpointName = local(name, '-', kind.toLowerCase(), at.suffix);
  const endpoint = new Resource('Microsoft.Network/privateEndpoints', [endpointName], {
    ...condition,
    location: at.location,
    dependsOn: [to.id, ...regions.map(({ key }) => networks[key].id)],
    properties: {
      subnet: { id: at.subnet },
      privateLinkServiceConnections: [
        { name: kind, properties: { privateLinkServiceId: to.id, groupIds: [kind] } },
      ],
    },
  });
  const record = new Resource(
    'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
    [endpointName, 'default'],
    {
      ...condition,
      dependsOn: [endpoint.id, zones[kind].id],
      properties: {
        privateDnsZoneConfigs: [{ name: kind, properties: { privateDnsZoneId: zones[kind].id } }],
      },
    },
  );
  return [endpoint, record];
}

/** `Enabled` for a stage without private endpoints, `Disabled` for one with. */
export const publicAccess = when(privateNetwork, 'Disabled', 'Enabled');
export const openNetwork = not(privateNetwork);

export const networkResources: readonly Resource[] = [
  ...Object.values(groups),
  ...Object.values(networks),
  peering(primary, secondary),
  peering(secondary, primary),
  ...Object.values(zones),
  ...regions.flatMap((region) =>
    (Object.keys(zoneNames) as EndpointKind[]).map((kind) => link(kind, region)),
  ),
];
