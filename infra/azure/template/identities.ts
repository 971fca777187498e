import { call, concat, type Expression } from './expressions.ts';
import { appNames, type AppName } from './apps.ts';
import { local } from './names.ts';
import { parameter } from './parameters.ts';
import { Resource } from './resource.ts';

/** Identities that are not an app's own: the hands that touch the stores, and two of the platform's. */
const dataIdentities = ['storage-writer', 'storage-reader', 'lake-writer'] as const;
const platformIdentities = ['front-door', 'encryption'] as const;

export type IdentityName = AppName | (typeof dataIdentities)[number] | (typeof platformIdentities)[number];

export const identityNames: readonly IdentityName[] = [...appNames, ...dataIdentities, ...platformIdentities];

const make = (name: IdentityName) =>
  new Resource('Microsoft.ManagedIdentity/userAssignedIdentities', [local(name)], {
    location: parameter('location'),
    properties: {},
  });

export const identities = Object.fromEntries(identityNames.map((name) => [name, make(name)])) as Record<
  IdentityName,
  Resource
>;

export const clientId = (name: IdentityName): Expression => identities[name].runtime('clientId');
const principalId = (name: IdentityName): Expression => identities[name].runtime('principalId');

/** Built-in roles, by the ids that are the same in every tenant. */
export const roles = {
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  'Storage Blob Data Reader': '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  'Azure Event Hubs Data Receiver': 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde',
  'Azure Event Hubs Data Sender': '2b629674-e913-4c01-ae53-ef4638d8f975',
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb',
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6',
  'Key Vault Secrets Officer': 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
  'Key Vault Crypto Service Encryption User': 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
} as const;

export type RoleName = keyof typeof roles;

interface Grant {
  readonly why: string;
  readonly condition?: Expression | undefined;
}

const assignment = (
  principal: { seed: Expression; id: Expression; type: Expression | string; after?: Resource },
  role: { seed: string; id: Expression; after?: Resource },
  on: Resource,
  { why, condition }: Grant,
) =>
  new Resource('Microsoft.Authorization/roleAssignments', [call('guid', on.id, principal.seed, role.seed)], {
    condition,
    scope: on.id,
    properties: {
      roleDefinitionId: role.id,
      principalId: principal.id,
      principalType: principal.type,
      description: why,
    },
    dependsOn: [on, principal.after, role.after].flatMap((one) => one?.id ?? []),
  });

const builtIn = (role: RoleName) => ({
  seed: role,
  id: call('subscriptionResourceId', 'Microsoft.Authorization/roleDefinitions', roles[role]),
});

const principalOf = (identity: IdentityName) => ({
  seed: identities[identity].id,
  id: principalId(identity),
  type: 'ServicePrincipal',
  after: identities[identity],
});

/** Gives an identity a role on one resource; the reason is kept with the assignment and goes into docs/security.md. */
export function grant(identity: IdentityName, role: RoleName, on: Resource, options: Grant): Resource {
  return assignment(principalOf(identity), builtIn(role), on, options);
}

/** The same for a principal that a parameter names. */
export const grantTo = (
  principal: 'deployerPrincipalId' | 'producerPrincipalId' | 'outcomeReaderPrincipalId',
  role: RoleName,
  on: Resource,
  options: Grant,
): Resource =>
  assignment(
    {
      seed: parameter(principal),
      id: parameter(principal),
      type: principal === 'deployerPrincipalId' ? parameter('deployerPrincipalType') : 'ServicePrincipal',
    },
    builtIn(role),
    on,
    options,
  );

interface OwnRole {
  readonly description: string;
  readonly actions?: readonly string[];
  readonly dataActions?: readonly string[];
}

const roleDefinition = (name: string, { description, actions = [], dataActions = [] }: OwnRole) =>
  new Resource(
    'Microsoft.Authorization/roleDefinitions',
    [call('guid', call('resourceGroup').get('id'), name)],
    {
      properties: {
        roleName: concat(local(`${name}-`), call('uniqueString', call('resourceGroup').get('id'))),
        ...{ description, type: 'CustomRole' },
        permissions: [{ actions, notActions: [], dataActions, notDataActions: [] }],
        assignableScopes: [call('resourceGroup').get('id')],
      },
    },
  );

const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';

/** Roles of our own, where every built-in one allows more. */
export const ownRoles = {
  'cache-purger': roleDefinition('cache-purger', {
    description: 'May drop cached paths of a Front Door endpoint, nothing else.',
    actions: ['Microsoft.Cdn/profiles/afdEndpoints/Purge/action'],
  }),
  'blob-adder': roleDefinition('blob-adder', {
    description: 'May read blobs and add new ones; may not write over or delete any.',
    dataActions: [`${blobs}/read`, `${blobs}/add/action`],
  }),
  'activity-marker': roleDefinition('activity-marker', {
    description: 'May read and write blobs of a container; may delete none.',
    dataActions: [`${blobs}/read`, `${blobs}/write`],
  }),
  'checkpoint-mover': roleDefinition('checkpoint-mover', {
    description: 'May read, write and delete blobs of a container; the container itself stays.',
    dataActions: [`${blobs}/read`, `${blobs}/write`, `${blobs}/delete`],
  }),
};

export const grantOwn = (
  identity: IdentityName,
  role: keyof typeof ownRoles,
  on: Resource,
  options: Grant,
): Resource => {
  const definition = ownRoles[role];
  return assignment(principalOf(identity), { seed: role, id: definition.id, after: definition }, on, options);
};

export const identityResources: readonly Resource[] = [
  ...Object.values(identities),
  ...Object.values(ownRoles),
];
