import {
  consumerGroups,
  hubs,
  hubTier,
  partitionsOf,
  retentionHours,
  type Hub,
} from '../../../shared/stream/hubs.ts';
import { and, call, concat, not, type Expression } from './expressions.ts';
import { grant, grantTo, type IdentityName, type RoleName } from './identities.ts';
import { accessFor, producerRules } from './allowed-addresses.ts';
import { privateEndpoint } from './network.ts';
import { local, paired, primary, regions, secondary, worldwide } from './names.ts';
import { parameter } from './parameters.ts';
import { Resource, unless, type Region } from './resource.ts';

const name = (region: Region) => worldwide('events', region.suffix);
const alias = worldwide('events-pair');

const unpaired = not(parameter('eventHubsPaired'));

/** A paired secondary is read-only, and pairing once more is refused (Azure/bicep#4442). */
const takesUpdates = (region: Region) => unless(region, region.key === 'secondary' ? unpaired : undefined);

/** Kafka speaks on Standard and above. Keys are off: who sends or reads signs in. */
const namespace = (region: Region) =>
  new Resource('Microsoft.EventHub/namespaces', [name(region)], {
    ...takesUpdates(region),
    location: region.location,
    sku: { name: hubTier.tier, tier: hubTier.tier, capacity: hubTier.minimumUnits },
    properties: {
      isAutoInflateEnabled: true,
      maximumThroughputUnits: parameter('eventHubsMaximumUnits'),
      kafkaEnabled: true,
      disableLocalAuth: true,
      minimumTlsVersion: '1.2',
      publicNetworkAccess: accessFor('producerAddresses'),
      zoneRedundant: true,
    },
  });

export const namespaces = { primary: namespace(primary), secondary: namespace(secondary) };

const networkRules = (region: Region) =>
  new Resource('Microsoft.EventHub/namespaces/networkRuleSets', [name(region), 'default'], {
    ...takesUpdates(region),
    dependsOn: [namespaces[region.key].id],
    properties: {
      publicNetworkAccess: accessFor('producerAddresses'),
      defaultAction: call('if', parameter('privateNetwork'), 'Deny', 'Allow'),
      ipRules: producerRules,
      trustedServiceAccessEnabled: true,
    },
  });

/** Hubs are made in the primary only; pairing copies them, and refuses a secondary that has its own. */
const hub = (one: Hub) =>
  new Resource('Microsoft.EventHub/namespaces/eventhubs', [name(primary), one], {
    dependsOn: [namespaces.primary.id],
    properties: {
      partitionCount: partitionsOf(one, parameter('partitionCount')),
      retentionDescription: { cleanupPolicy: 'Delete', retentionTimeInHours: retentionHours[one] },
    },
  });

const hubResources = Object.fromEntries(Object.values(hubs).map((one) => [one, hub(one)])) as Record<
  Hub,
  Resource
>;

const group = (one: Hub) =>
  new Resource(
    'Microsoft.EventHub/namespaces/eventhubs/consumergroups',
    [name(primary), one, consumerGroups[one]],
    {
      dependsOn: [hubResources[one].id],
      properties: {},
    },
  );

/** In the producers' own network, to both namespaces; their DNS zone is theirs (docs/kafka.md). */
const ofProducers = (region: Region) =>
  new Resource('Microsoft.Network/privateEndpoints', [local('events-producers', region.suffix)], {
    ...unless(region, not(call('empty', parameter('producerSubnetId')))),
    location: parameter('location'),
    dependsOn: [namespaces[region.key].id],
    properties: {
      subnet: { id: parameter('producerSubnetId') },
      privateLinkServiceConnections: [
        {
          name: 'namespace',
          properties: { privateLinkServiceId: namespaces[region.key].id, groupIds: ['namespace'] },
        },
      ],
    },
  });

const endpoints = regions.flatMap((region) => [
  ...privateEndpoint('events', 'namespace', namespaces[region.key], region),
  ofProducers(region),
]);

const pairing = new Resource(
  'Microsoft.EventHub/namespaces/disasterRecoveryConfigs',
  [name(primary), alias],
  {
    ...takesUpdates(secondary),
    // Private endpoints of both come first: a pair takes no new ones on its primary.
    dependsOn: [
      ...regions.map((region) => networkRules(region).id),
      ...endpoints.map(({ id }) => id),
      ...Object.values(hubs).map((one) => group(one).id),
    ],
    properties: { partnerNamespace: namespaces.secondary.id },
  },
);

interface Right {
  readonly identity: IdentityName;
  readonly role: RoleName;
  readonly hubs: readonly Hub[];
  readonly why: string;
}

const rights: readonly Right[] = [
  {
    identity: 'edge',
    role: 'Azure Event Hubs Data Sender',
    hubs: [hubs.stream],
    why: 'Upload announces images.',
  },
  {
    identity: 'pipeline',
    role: 'Azure Event Hubs Data Receiver',
    hubs: [hubs.stream, hubs.processing, hubs.slow, hubs.reprocessing],
    why: 'Its triggers.',
  },
  {
    identity: 'pipeline',
    role: 'Azure Event Hubs Data Sender',
    hubs: [hubs.processing, hubs.slow, hubs.deadLetter, hubs.outcomes],
    why: 'Hands stored images on, what cannot be handled to dead letters, tells senders of outcomes.',
  },
  {
    identity: 'maintenance',
    role: 'Azure Event Hubs Data Receiver',
    hubs: Object.values(hubs),
    why: 'Shows lag of every hub and reads dead letters.',
  },
  {
    identity: 'maintenance',
    role: 'Azure Event Hubs Data Sender',
    hubs: [hubs.stream, hubs.processing, hubs.slow, hubs.reprocessing, hubs.deadLetter],
    why: 'Replays dead letters, reprocesses, tells of events that expired unread.',
  },
];

/**
 * Rights are given hub by hub. Pairing copies hubs but no role assignments, and the hubs of a secondary are known only
 * after it: there the same roles go to its namespace.
 */
const assignments = rights.flatMap(({ identity, role, hubs: on, why }) => [
  ...on.map((one) => grant(identity, role, hubResources[one], { why })),
  grant(identity, role, namespaces.secondary, { why: `${why} (after a failover)`, condition: paired }),
]);

const producer = { why: 'The web application that sends images by Kafka: send only, one hub.' };
const outcomeReader = {
  why: 'The application that learns what became of images sent by Kafka: receive only, one hub.',
  condition: not(call('empty', parameter('outcomeReaderPrincipalId'))),
};
const hasProducer = not(call('empty', parameter('producerPrincipalId')));

/** What clients connect to: the pair's alias follows a failover, the namespace's own name does not. */
export const eventHubsHost: Expression = concat(
  call('if', paired, alias, name(primary)),
  '.servicebus.windows.net',
);

export const eventHubsResources: readonly Resource[] = [
  ...Object.values(namespaces),
  ...regions.map(networkRules),
  ...Object.values(hubResources),
  ...Object.values(hubs).map(group),
  pairing,
  ...assignments,
  grantTo('producerPrincipalId', 'Azure Event Hubs Data Sender', hubResources[hubs.stream], {
    ...producer,
    condition: hasProducer,
  }),
  grantTo('producerPrincipalId', 'Azure Event Hubs Data Sender', namespaces.secondary, {
    why: `${producer.why} (after a failover)`,
    condition: and(paired, hasProducer),
  }),
  // Nowhere but on this hub: on the second namespace the role would open the hub that has images' bytes (docs/kafka.md).
  grantTo(
    'outcomeReaderPrincipalId',
    'Azure Event Hubs Data Receiver',
    hubResources[hubs.outcomes],
    outcomeReader,
  ),
  ...endpoints,
];
