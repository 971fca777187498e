import { and, call, concat, not, type Argument, type Expression, type Text } from './expressions.ts';
import { parameter } from './parameters.ts';

/** The version of each type's API that the template was written against; schemas of these versions check it. */
const apiVersions = {
  'Microsoft.ManagedIdentity/userAssignedIdentities': '2024-11-30',
  'Microsoft.Authorization/roleAssignments': '2022-04-01',
  'Microsoft.Authorization/roleDefinitions': '2022-04-01',
  'Microsoft.Network/networkSecurityGroups': '2024-05-01',
  'Microsoft.Network/virtualNetworks': '2024-05-01',
  'Microsoft.Network/virtualNetworks/virtualNetworkPeerings': '2024-05-01',
  'Microsoft.Network/privateEndpoints': '2024-05-01',
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups': '2024-05-01',
  'Microsoft.Network/privateDnsZones': '2024-06-01',
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': '2024-06-01',
  'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies': '2025-11-01',
  'Microsoft.Storage/storageAccounts': '2025-06-01',
  'Microsoft.Storage/storageAccounts/blobServices': '2025-06-01',
  'Microsoft.Storage/storageAccounts/blobServices/containers': '2025-06-01',
  'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies': '2025-06-01',
  'Microsoft.Storage/storageAccounts/managementPolicies': '2025-06-01',
  'Microsoft.EventHub/namespaces': '2024-01-01',
  'Microsoft.EventHub/namespaces/eventhubs': '2024-01-01',
  'Microsoft.EventHub/namespaces/eventhubs/consumergroups': '2024-01-01',
  'Microsoft.EventHub/namespaces/networkRuleSets': '2024-01-01',
  // 2024-01-01 has no such route in every region (Azure/bicep#14431).
  'Microsoft.EventHub/namespaces/disasterRecoveryConfigs': '2023-01-01-preview',
  'Microsoft.Sql/servers': '2023-08-01',
  'Microsoft.Sql/servers/databases': '2023-08-01',
  'Microsoft.Sql/servers/databases/ledgerDigestUploads': '2023-08-01',
  'Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies': '2023-08-01',
  'Microsoft.Sql/servers/auditingSettings': '2023-08-01',
  'Microsoft.Sql/servers/encryptionProtector': '2023-08-01',
  'Microsoft.Sql/servers/failoverGroups': '2023-08-01',
  'Microsoft.Sql/servers/firewallRules': '2023-08-01',
  'Microsoft.KeyVault/vaults': '2025-05-01',
  'Microsoft.KeyVault/vaults/keys': '2025-05-01',
  'Microsoft.Synapse/workspaces': '2021-06-01',
  'Microsoft.Synapse/workspaces/administrators': '2021-06-01',
  'Microsoft.Synapse/workspaces/azureADOnlyAuthentications': '2021-06-01',
  'Microsoft.Synapse/workspaces/firewallRules': '2021-06-01',
  'Microsoft.Cdn/profiles': '2025-06-01',
  'Microsoft.Cdn/profiles/afdEndpoints': '2025-06-01',
  'Microsoft.Cdn/profiles/afdEndpoints/routes': '2025-06-01',
  'Microsoft.Cdn/profiles/customDomains': '2025-06-01',
  'Microsoft.Cdn/profiles/originGroups': '2025-06-01',
  'Microsoft.Cdn/profiles/originGroups/origins': '2025-06-01',
  'Microsoft.Cdn/profiles/ruleSets': '2025-06-01',
  'Microsoft.Cdn/profiles/ruleSets/rules': '2025-06-01',
  'Microsoft.Cdn/profiles/securityPolicies': '2025-06-01',
  'Microsoft.Web/serverfarms': '2024-11-01',
  'Microsoft.Web/sites': '2024-11-01',
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': '2024-11-01',
  'Microsoft.OperationalInsights/workspaces': '2025-02-01',
  'Microsoft.OperationalInsights/workspaces/tables': '2025-02-01',
  'Microsoft.Insights/components': '2020-02-02',
  'Microsoft.Insights/diagnosticSettings': '2021-05-01-preview',
  'Microsoft.Insights/actionGroups': '2023-01-01',
  'Microsoft.Insights/metricAlerts': '2018-03-01',
  'Microsoft.Insights/scheduledQueryRules': '2023-12-01',
  'Microsoft.Insights/workbooks': '2022-04-01',
  'Microsoft.Consumption/budgets': '2024-08-01',
} as const satisfies Record<string, string>;

export type ResourceType = keyof typeof apiVersions;
export type Json =
  Expression | string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** What stands beside type and name; `condition` leaves the resource out, `scope` makes it one of another's. */
export interface Body {
  readonly condition?: Expression | undefined;
  readonly scope?: Expression;
  /** True for what takes over when a region is lost: everything else is left as it is while the stage is failed over. */
  readonly takesOver?: true;
  readonly dependsOn?: readonly Expression[];
  readonly [property: string]: Json | undefined;
}

/** One resource of the template, and the expression that is its id. */
export class Resource {
  readonly type: ResourceType;
  readonly segments: readonly Text[];
  readonly body: Body;

  constructor(type: ResourceType, segments: readonly Text[], body: Body) {
    this.type = type;
    this.segments = segments;
    this.body = body;
  }

  get id(): Expression {
    const parts: readonly Argument[] = [this.type, ...this.segments];
    return this.body.scope === undefined
      ? call('resourceId', ...parts)
      : call('extensionResourceId', this.body.scope, ...parts);
  }

  /** What Azure knows of the resource once it is there: `reference(id, version).` + path. */
  runtime(path: string): Expression {
    return call('reference', this.id, apiVersions[this.type]).get(path);
  }

  /** The principal of the identity that the platform gave the resource. */
  get principalId(): Expression {
    const whole = call('reference', this.id, apiVersions[this.type], 'Full');
    return whole.get('identity.principalId');
  }

  toJSON(): Record<string, unknown> {
    const [first, ...rest] = this.segments;
    const name =
      rest.length === 0 ? first : concat(...this.segments.flatMap((s, i) => (i === 0 ? [s] : ['/', s])));
    const { condition: own, takesOver, ...body } = this.body;
    const condition = takesOver ? own : and(own, not(parameter('failedOver')));
    return {
      ...(condition && { condition }),
      type: this.type,
      apiVersion: apiVersions[this.type],
      name,
      ...body,
    };
  }
}

/** A region that the template fills; everything in the secondary is left out when there is no pair. */
export interface Region {
  readonly key: 'primary' | 'secondary';
  /** Ends the names of what exists once a region. */
  readonly suffix: '' | '2';
  readonly location: Expression;
  readonly condition: Expression | undefined;
}

export const unless = (region: Region, condition?: Expression): { condition?: Expression } => {
  const all = and(region.condition, condition);
  return all ? { condition: all } : {};
};
