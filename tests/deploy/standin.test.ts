import { describe, expect, test } from '@jest/globals';
import { stageParameters, type Scalars } from '../../infra/azure/stage-parameters.ts';
import { template } from '../../infra/azure/template/template.ts';
import { runDeployment } from './support/standin/deployments.ts';
import { newState, type State } from './support/standin/state.ts';

type Body = Record<string, any>;

/** A deployment of a stage's template, with a change to each resource of a type; why it was refused, if it was. */
function deploy(
  state: State,
  stage: string,
  {
    more = {},
    type = '',
    change = () => undefined,
  }: { more?: Scalars; type?: string; change?: (body: Body) => void } = {},
): string {
  const changed = structuredClone(template) as Body & typeof template;
  for (const resource of changed.resources) if (resource.type === type) change(resource);
  const parameters = Object.fromEntries(
    Object.entries(stageParameters(stage, more)).map(([name, value]) => [name, { value }]),
  );
  const outcome = runDeployment(state, {
    properties: { mode: 'Incremental', template: changed, parameters },
  });
  return 'failed' in outcome
    ? outcome.failed.map(({ type: of, message }) => `${of}: ${message}`).join('\n')
    : '';
}

const paired = { eventHubsPaired: true };

describe('the rehearsed Azure takes', () => {
  test.each(['dev', 'prod', 'dr'])('%s, and takes it again', (stage) => {
    const state = newState();
    expect(deploy(state, stage)).toBe('');
    expect(deploy(state, stage, { more: stage === 'dev' ? {} : paired })).toBe('');
  });
});

const sites = 'Microsoft.Web/sites';
const databases = 'Microsoft.Sql/servers/databases';
const pairings = 'Microsoft.EventHub/namespaces/disasterRecoveryConfigs';
const withoutOwn = (kind: RegExp) => (body: Body) => {
  body['dependsOn'] = (body['dependsOn'] as string[]).filter((one) => !kind.test(one));
};

describe('the rehearsed Azure refuses what Azure refuses', () => {
  test.each<[string, string, string, (body: Body) => void, RegExp]>([
    ['a boolean literal', 'dev', sites, (body) => (body['location'] = '[if(true, 1, 2)]'), /found/],
    [
      'an identity that is used before it is there',
      'dev',
      'Microsoft.Authorization/roleAssignments',
      withoutOwn(/userAssignedIdentities/),
      /ResourceNotFound/,
    ],
    [
      'a role that is used before it is there',
      'dev',
      'Microsoft.Authorization/roleAssignments',
      withoutOwn(/roleDefinitions/),
      /ResourceNotFound/,
    ],
    [
      'Geo backups of zone-redundant Hyperscale',
      'prod',
      databases,
      (body) => (body['properties'].requestedBackupStorageRedundancy = 'Geo'),
      /InvalidBackupStorageRedundancy/,
    ],
    [
      'a pause in a failover group',
      'dr',
      databases,
      (body) => (body['properties'].autoPauseDelay = 60),
      /AutoPauseNotSupported/,
    ],
    [
      'FTPS of Flex Consumption',
      'dev',
      sites,
      (body) => (body['properties'].siteConfig.ftpsState = 'Disabled'),
      /FtpsState/,
    ],
    [
      'a bearer token for storage without a version that knows them',
      'dev',
      'Microsoft.Cdn/profiles/ruleSets/rules',
      (body) => {
        for (const { parameters } of (body['properties'] as Body)['actions'] as Body[])
          if (parameters.headerName === 'x-ms-version') parameters.headerName = 'x-other';
      },
      /x-ms-version/,
    ],
    [
      'the API version in which pairing has no route',
      'prod',
      pairings,
      (body) => (body['apiVersion'] = '2024-01-01'),
      /No HTTP resource/,
    ],
    [
      'pairing before the private endpoints',
      'prod',
      pairings,
      withoutOwn(/privateEndpoints/),
      /pairing needs the private endpoints/,
    ],
    [
      'Entra-only sign-in that does not wait for an administrator',
      'dev',
      'Microsoft.Synapse/workspaces/azureADOnlyAuthentications',
      (body) =>
        (body['dependsOn'] = (body['dependsOn'] as string[]).map((one) =>
          one.replace("/administrators'", "'").replace(", 'activeDirectory'", ''),
        )),
      /needs an administrator/,
    ],
    [
      'a private link with sign-in by identity',
      'prod',
      'Microsoft.Cdn/profiles/originGroups/origins',
      (body) => (body['properties'].sharedPrivateLinkResource = { groupId: 'blob' }),
      /takes no sign-in/,
    ],
    [
      'digests of the ledger in a container that forbids to append',
      'dev',
      'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies',
      (body) => (body['properties'].allowProtectedAppendWrites = false),
      /LedgerDigestUploadFailed/,
    ],
    [
      'digests of the ledger before their writer has a right',
      'dev',
      'Microsoft.Sql/servers/databases/ledgerDigestUploads',
      withoutOwn(/roleAssignments/),
      /knows its writer/,
    ],
    [
      'an alert whose query does not parse',
      'dev',
      'Microsoft.Insights/scheduledQueryRules',
      (body) => (body['properties'].criteria.allOf[0].query = 'AppTraces | where Message == @"a\\"b"'),
      /BadArgumentError/,
    ],
  ])('%s', (_, stage, type, change, reason) => {
    let refused: string;
    try {
      refused = deploy(newState(), stage, { type, change });
    } catch (error) {
      refused = String(error);
    }
    expect(refused).toMatch(reason);
  });

  test('a role of our own from a deployer who may only assign roles', () => {
    const state = { ...newState(), roles: ['Contributor', 'Role Based Access Control Administrator'] };
    expect(deploy(state, 'dev')).toMatch(/roleDefinitions\/write/);
  });

  test('on the second deployment: updates of a paired secondary', () => {
    const state = newState();
    deploy(state, 'prod');
    expect(deploy(state, 'prod')).toMatch(/paired secondary/);
  });

  test('on the second deployment: a pause in a failover group', () => {
    const state = newState();
    deploy(state, 'dr');
    const change = (body: Body) => (body['properties'].autoPauseDelay = 60);
    expect(deploy(state, 'dr', { more: paired, type: databases, change })).toMatch(/AutoPauseNotSupported/);
  });

  test('on the second deployment: updates of a locked policy', () => {
    const state = newState();
    deploy(state, 'dev');
    for (const [id, one] of state.resources)
      if (id.endsWith('/immutabilitypolicies/default'))
        state.resources.set(id, {
          ...one,
          properties: { ...(one['properties'] as object), state: 'Locked' },
        });
    expect(deploy(state, 'dev')).toMatch(/a locked policy takes no update/);
    expect(deploy(state, 'dev', { more: { ledgerDigestsLocked: true } })).toBe('');
  });

  test.each<[string, string, string, (body: Body) => void, RegExp]>([
    [
      'another collation',
      'dev',
      databases,
      (body) => (body['properties'].collation = 'Latin1_General_CI_AS'),
      /collation|CannotChange/i,
    ],
    [
      'another place of backups',
      'prod',
      databases,
      (body) => (body['properties'].requestedBackupStorageRedundancy = 'Zone'),
      /CannotChangeBackup/,
    ],
    [
      'another number of partitions',
      'dev',
      'Microsoft.EventHub/namespaces/eventhubs',
      (body) => (body['properties'].partitionCount = 9),
      /partition count/,
    ],
    [
      'another region',
      'dev',
      'Microsoft.Storage/storageAccounts',
      (body) => (body['location'] = 'northeurope'),
      /InvalidResourceLocation/,
    ],
  ])('on the second deployment: %s', (_, stage, type, change, reason) => {
    const state = newState();
    deploy(state, stage);
    expect(deploy(state, stage, { more: stage === 'prod' ? paired : {}, type, change })).toMatch(reason);
  });
});
