import type { Template } from '../azure/template/template.ts';
import type { CaseName } from './template.ts';

/** Any JSON of a template, to change it. */
type Body = Record<string, any>;

interface Fault {
  readonly fault: string;
  readonly stage: CaseName;
  /** The check that has to see it, by the end of its name. */
  readonly seenBy: string;
  readonly plant: (template: Body) => void;
}

const each = (type: string, change: (resource: Body) => void) => (template: Body) => {
  const found = (template['resources'] as Body[]).filter((one) => one['type'] === type);
  if (found.length === 0) throw new Error(`There is no ${type} to plant a fault in.`);
  found.forEach(change);
};

const waitFor = (kind: RegExp) => (resource: Body) => {
  resource['dependsOn'] = (resource['dependsOn'] as string[]).filter((one) => !kind.test(one));
};

const databases = 'Microsoft.Sql/servers/databases';
const pairings = 'Microsoft.EventHub/namespaces/disasterRecoveryConfigs';
const refused = 'what services refuse';
const undeclared = 'uses of another resource without dependsOn';

/** Faults that the template has had, or that public threads tell of; each is planted alone and has to be seen. */
const faults: readonly Fault[] = [
  {
    fault: 'true in place of true() in an output',
    stage: 'dev',
    seenBy: 'snapshot',
    plant: ({ outputs }) => {
      outputs.functionApps.value = outputs.functionApps.value.replace('true()', 'true');
    },
  },
  {
    fault: 'siteConfig.ftpsState on Flex Consumption',
    stage: 'dev',
    seenBy: refused,
    plant: each('Microsoft.Web/sites', ({ properties }) => (properties.siteConfig.ftpsState = 'Disabled')),
  },
  {
    fault: 'an identity that nothing waits for',
    stage: 'dev',
    seenBy: undeclared,
    plant: each('Microsoft.Authorization/roleAssignments', waitFor(/userAssignedIdentities/)),
  },
  {
    fault: 'a role of our own that nothing waits for',
    stage: 'dev',
    seenBy: undeclared,
    plant: each('Microsoft.Authorization/roleAssignments', waitFor(/roleDefinitions/)),
  },
  {
    fault: 'Geo backups of zone-redundant Hyperscale',
    stage: 'prod',
    seenBy: refused,
    plant: each(databases, ({ properties }) => (properties.requestedBackupStorageRedundancy = 'Geo')),
  },
  {
    fault: 'a pause in a failover group',
    stage: 'dr',
    seenBy: refused,
    plant: each(databases, ({ properties }) => (properties.autoPauseDelay = 60)),
  },
  {
    fault: 'pairing before the private endpoints',
    stage: 'prod',
    seenBy: 'orders that services ask for',
    plant: each(pairings, waitFor(/privateEndpoints/)),
  },
  {
    fault: 'pairing in an API version that has no route for it',
    stage: 'prod',
    seenBy: refused,
    plant: each(pairings, (resource) => (resource['apiVersion'] = '2024-01-01')),
  },
  {
    fault: 'a property that no type has',
    stage: 'dev',
    seenBy: 'types of properties',
    plant: each('Microsoft.EventHub/namespaces', ({ properties }) => (properties.zoneRedundnat = true)),
  },
  {
    fault: 'a value of another type',
    stage: 'dev',
    seenBy: 'types of properties',
    plant: each('Microsoft.Storage/storageAccounts', ({ properties }) => {
      properties.allowSharedKeyAccess = 'false';
    }),
  },
  {
    fault: 'an alert whose query does not parse',
    stage: 'dev',
    seenBy: refused,
    plant: each('Microsoft.Insights/scheduledQueryRules', ({ properties }) => {
      properties.criteria.allOf[0].query = 'AppTraces | where Message == @"a\\"b"';
    }),
  },
  {
    fault: 'digests of the ledger where nothing may be appended',
    stage: 'dev',
    seenBy: refused,
    plant: each(
      'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies',
      ({ properties }) => (properties.allowProtectedAppendWrites = false),
    ),
  },
  {
    fault: 'a failover that touches the lost region',
    stage: 'failed over',
    seenBy: 'resources of the lost region',
    plant: each('Microsoft.EventHub/namespaces', (resource) => delete resource['condition']),
  },
];

export interface FaultyTemplate extends Omit<Fault, 'plant'> {
  readonly template: Template;
}

/** The template with each fault in turn. Throws where there is nothing left to plant one in. */
export const faultyTemplates = (template: Template): readonly FaultyTemplate[] =>
  faults.map(({ plant, ...rest }) => {
    const faulty = structuredClone(template);
    plant(faulty as unknown as Body);
    if (JSON.stringify(faulty) === JSON.stringify(template))
      throw new Error(`"${rest.fault}" changes nothing in the template.`);
    return { ...rest, template: faulty };
  });
