import type { Template } from '../azure/template/template.ts';

/** Deployments that are checked. */
export type CaseName = 'dev' | 'prod' | 'dr' | 'opened' | 'failed over';

type Body = Record<string, unknown>;

interface Fault {
  readonly fault: string;
  readonly stage: CaseName;
  /** The check that has to see it, by the end of its name. */
  readonly seenBy: string;
  readonly plant: (template: Template) => void;
}

const each = (type: string, change: (resource: Body) => void) => (template: Template) => {
  const found = template.resources.filter((one) => one.type === type);
  if (found.length === 0) throw new Error(`There is no ${type} to plant a fault in.`);
  found.forEach(change);
};

/** Sets what a path such as `properties.criteria.allOf.0.query` leads to. */
const put = (path: string, value: unknown) => (resource: Body) => {
  const names = path.split('.');
  const last = names.pop()!;
  const body = names.reduce<Body>((at, name) => at[name] as Body, resource);
  body[last] = value;
};

const withoutWait = (kind: RegExp) => (resource: Body) => {
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
      const list = (outputs as Record<string, Body>)['functionApps']!;
      list['value'] = String(list['value']).replace('true()', 'true');
    },
  },
  {
    fault: 'siteConfig.ftpsState on Flex Consumption',
    stage: 'dev',
    seenBy: refused,
    plant: each('Microsoft.Web/sites', put('properties.siteConfig.ftpsState', 'Disabled')),
  },
  {
    fault: 'an identity that nothing waits for',
    stage: 'dev',
    seenBy: undeclared,
    plant: each('Microsoft.Authorization/roleAssignments', withoutWait(/userAssignedIdentities/)),
  },
  {
    fault: 'a role of our own that nothing waits for',
    stage: 'dev',
    seenBy: undeclared,
    plant: each('Microsoft.Authorization/roleAssignments', withoutWait(/roleDefinitions/)),
  },
  {
    fault: 'Geo backups of zone-redundant Hyperscale',
    stage: 'prod',
    seenBy: refused,
    plant: each(databases, put('properties.requestedBackupStorageRedundancy', 'Geo')),
  },
  {
    fault: 'a pause in a failover group',
    stage: 'dr',
    seenBy: refused,
    plant: each(databases, put('properties.autoPauseDelay', 60)),
  },
  {
    fault: 'pairing before the private endpoints',
    stage: 'prod',
    seenBy: 'orders that services ask for',
    plant: each(pairings, withoutWait(/privateEndpoints/)),
  },
  {
    fault: 'pairing in an API version that has no route for it',
    stage: 'prod',
    seenBy: refused,
    plant: each(pairings, put('apiVersion', '2024-01-01')),
  },
  {
    fault: 'a property that no type has',
    stage: 'dev',
    seenBy: 'types of properties',
    plant: each('Microsoft.EventHub/namespaces', put('properties.zoneRedundnat', true)),
  },
  {
    fault: 'a value of another type',
    stage: 'dev',
    seenBy: 'types of properties',
    plant: each('Microsoft.Storage/storageAccounts', put('properties.allowSharedKeyAccess', 'false')),
  },
  {
    fault: 'an alert whose query does not parse',
    stage: 'dev',
    seenBy: refused,
    plant: each(
      'Microsoft.Insights/scheduledQueryRules',
      put('properties.criteria.allOf.0.query', 'AppTraces | where Message == @"a\\"b"'),
    ),
  },
  {
    fault: 'digests of the ledger where nothing may be appended',
    stage: 'dev',
    seenBy: refused,
    plant: each(
      'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies',
      put('properties.allowProtectedAppendWrites', false),
    ),
  },
  {
    fault: 'a failover that touches the lost region',
    stage: 'failed over',
    seenBy: 'resources of the lost region',
    plant: each('Microsoft.EventHub/namespaces', put('condition', undefined)),
  },
];

export interface FaultyTemplate extends Omit<Fault, 'plant'> {
  readonly template: Template;
}

/** The template with each fault in turn. Throws where there is nothing left to plant one in. */
export const faultyTemplates = (template: Template): readonly FaultyTemplate[] =>
  faults.map(({ plant, ...rest }) => {
    const faulty = structuredClone(template);
    plant(faulty);
    if (JSON.stringify(faulty) === JSON.stringify(template))
      throw new Error(`"${rest.fault}" changes nothing in the template.`);
    return { ...rest, template: faulty };
  });
