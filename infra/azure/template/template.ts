import { budgetResources } from './budget.ts';
import { eventHubsResources } from './event-hubs.ts';
import { firewallResources, managedRuleSets } from './firewall.ts';
import { frontDoorResources } from './front-door.ts';
import { frontDoorRules } from './front-door-rules.ts';
import { functionResources } from './functions.ts';
import { identityResources } from './identities.ts';
import { keyVaultResources } from './key-vault.ts';
import { ledgerDigestResources } from './ledger-digests.ts';
import { monitoringResources } from './monitoring.ts';
import { variables } from './names.ts';
import { networkResources } from './network.ts';
import { outputs } from './outputs.ts';
import { parameters } from './parameters.ts';
import type { Resource } from './resource.ts';
import { sqlResources } from './sql.ts';
import { storageResources } from './storage.ts';
import { synapseResources } from './synapse.ts';

export interface Template {
  readonly $schema: string;
  readonly contentVersion: string;
  readonly parameters: Readonly<Record<string, TemplateParameter>>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly resources: readonly TemplateResource[];
  readonly outputs: Readonly<Record<string, { type: string; value: unknown }>>;
}

export interface TemplateParameter {
  readonly type: string;
  readonly defaultValue?: unknown;
  readonly allowedValues?: readonly unknown[];
  readonly minLength?: number;
  readonly maxLength?: number;
}

export interface TemplateResource {
  readonly type: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly condition?: string | boolean;
  readonly scope?: string;
  readonly location?: string;
  readonly dependsOn?: readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly [more: string]: unknown;
}

const resources: readonly Resource[] = [
  ...identityResources,
  ...networkResources,
  ...keyVaultResources,
  ...storageResources,
  ...eventHubsResources,
  ...sqlResources,
  ...ledgerDigestResources,
  ...synapseResources,
  ...functionResources,
  ...frontDoorRules,
  ...frontDoorResources,
  ...firewallResources,
  ...monitoringResources,
  ...budgetResources,
];

/** The one ARM template of every stage, as plain JSON values. */
export const template = JSON.parse(
  JSON.stringify({
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters,
    variables: { ...variables, managedRuleSets },
    resources,
    outputs,
  }),
) as Template;
