import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { containers } from '../../shared/platform/blobs/containers.ts';
import { retentionHours } from '../../shared/stream/hubs.ts';
import { imageLifetimeDays } from '../../shared/platform/retention.ts';
import { alerts } from '../../infra/azure/template/alerts.ts';
import { appNames } from '../../infra/azure/template/apps.ts';
import { budgetOf, costTables, idle } from '../../infra/azure/cost-model.ts';
import { privateEndpoints, promiseCosts, totalOf } from '../../infra/azure/idle-cost.ts';
import { rightsTable, roleOf } from '../../infra/azure/rights-table.ts';
import { template } from '../../infra/azure/template/template.ts';
import type { Deployed } from './support/evaluate.ts';
import { stageNames, stageOf, type StageName } from './support/stages.ts';

type Properties = Record<string, unknown>;

const stages = stageNames.map((name) => [name] as const);
const propertiesOf = (resource: Deployed): Properties => (resource['properties'] ?? {}) as Properties;
const deployed = (stage: StageName, type: string): Deployed[] =>
  stageOf(stage)
    .deploy()
    .filter((one) => one.type === type);
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('secrets', () => {
  test('no expression lists keys', () => {
    expect(JSON.stringify(template)).not.toMatch(
      /list(Keys|Secrets|AccountSas|ServiceSas|ConnectionStrings)\(/i,
    );
  });

  test('no parameter looks like a secret without being a secureString', () => {
    const suspicious = Object.entries(template.parameters)
      .filter(
        ([name, { type }]) => /password|secret|key$|token$|connection/i.test(name) && type !== 'secureString',
      )
      .map(([name]) => name);
    expect(suspicious).toEqual([]);
  });

  test('no output holds a secret', () => {
    expect(JSON.stringify(template.outputs)).not.toMatch(/SharedAccessKey|AccountKey|Password|primaryKey/i);
  });
});

describe.each(stages)('in %s', (stage) => {
  test('storage takes no shared keys, no anonymous reads, no other domain of copies, TLS 1.2 and https only', () => {
    const accounts = deployed(stage, 'Microsoft.Storage/storageAccounts');
    expect(accounts.length).toBeGreaterThanOrEqual(7);
    for (const account of accounts) {
      expect(propertiesOf(account)).toMatchObject({
        allowSharedKeyAccess: false,
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        minimumTlsVersion: 'TLS1_2',
        supportsHttpsTrafficOnly: true,
      });
    }
    for (const one of deployed(stage, 'Microsoft.Storage/storageAccounts/blobServices/containers')) {
      expect(propertiesOf(one)).toEqual({ publicAccess: 'None' });
    }
  });

  test('Event Hubs, SQL and Synapse take no keys or passwords, and TLS 1.2', () => {
    for (const one of deployed(stage, 'Microsoft.EventHub/namespaces')) {
      expect(propertiesOf(one)).toMatchObject({
        disableLocalAuth: true,
        minimumTlsVersion: '1.2',
        kafkaEnabled: true,
      });
    }
    for (const one of deployed(stage, 'Microsoft.Sql/servers')) {
      expect(propertiesOf(one)).toMatchObject({
        minimalTlsVersion: '1.2',
        administrators: { azureADOnlyAuthentication: true },
      });
      expect(JSON.stringify(one)).not.toContain('administratorLogin');
    }
    for (const one of deployed(stage, 'Microsoft.Synapse/workspaces')) {
      expect(propertiesOf(one)).toMatchObject({ azureADOnlyAuthentication: true });
    }
  });

  test('function apps speak https and TLS 1.2 and let nobody in but our Front Door', () => {
    for (const site of deployed(stage, 'Microsoft.Web/sites')) {
      expect(propertiesOf(site)).toMatchObject({
        httpsOnly: true,
        siteConfig: {
          minTlsVersion: '1.2',
          scmMinTlsVersion: '1.2',
          ipSecurityRestrictionsDefaultAction: 'Deny',
          ipSecurityRestrictions: [
            { action: 'Allow', tag: 'ServiceTag', ipAddress: 'AzureFrontDoor.Backend' },
          ],
        },
      });
    }
    const policies = deployed(stage, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies');
    expect(policies).toHaveLength(2 * deployed(stage, 'Microsoft.Web/sites').length);
    for (const policy of policies) expect(propertiesOf(policy)).toEqual({ allow: false });
  });

  test('every function app runs as an identity of its own', () => {
    const own = deployed(stage, 'Microsoft.Web/sites').map((site) => {
      const { keyVaultReferenceIdentity: id } = propertiesOf(site) as { keyVaultReferenceIdentity: string };
      expect(
        Object.keys((site['identity'] as { userAssignedIdentities: object }).userAssignedIdentities),
      ).toContain(id);
      return `${(site['tags'] as Record<string, string>)['darkroom-app'] ?? ''} ${id}`;
    });
    expect(new Set(own).size).toBe(4);
  });

  test('the firewall stands before everything and prevents', () => {
    const [policy] = deployed(stage, 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies');
    expect(policy && propertiesOf(policy)).toMatchObject({
      policySettings: { enabledState: 'Enabled', mode: 'Prevention' },
    });
    const [guard] = deployed(stage, 'Microsoft.Cdn/profiles/securityPolicies');
    expect(guard && propertiesOf(guard)).toMatchObject({
      parameters: { associations: [{ patternsToMatch: ['/*'] }] },
    });
    for (const route of deployed(stage, 'Microsoft.Cdn/profiles/afdEndpoints/routes')) {
      expect(propertiesOf(route)).toMatchObject({
        httpsRedirect: 'Enabled',
        forwardingProtocol: 'HttpsOnly',
      });
    }
  });

  test('nothing in blob storage outlives its deletion', () => {
    const services = deployed(stage, 'Microsoft.Storage/storageAccounts/blobServices');
    expect(services).toHaveLength(deployed(stage, 'Microsoft.Storage/storageAccounts').length);
    for (const service of services) {
      expect(propertiesOf(service)).toMatchObject({
        deleteRetentionPolicy: { enabled: false },
        containerDeleteRetentionPolicy: { enabled: false },
        isVersioningEnabled: false,
        restorePolicy: { enabled: false },
      });
    }
  });

  test('the backstop deletes what the purge left of images, and nothing that is not due', () => {
    const rules = deployed(stage, 'Microsoft.Storage/storageAccounts/managementPolicies').flatMap(
      (one) => (propertiesOf(one) as { policy: { rules: Rule[] } }).policy.rules,
    );
    const days = (prefix: string): number[] =>
      rules
        .filter((rule) => rule.enabled && rule.definition.filters.prefixMatch.includes(prefix))
        .map((rule) => rule.definition.actions.baseBlob.delete.daysAfterCreationGreaterThan);
    for (const name of Object.values(containers)) {
      // Nothing of an image: what engineers set going, and figures.
      if (name === containers.operations) expect(days(`${name}/`)).toEqual([30]);
      // A dozen blobs that are written over, and nothing of an image.
      else if (name === containers.activity) expect(days(`${name}/`)).toEqual([]);
      // A file of image rows holds a whole day: its last image is due a day after its first.
      else if (name === containers.lake)
        expect(days(`${name}/fact_images/`)).toEqual([imageLifetimeDays + 1]);
      else expect(days(`${name}/`)).toEqual([imageLifetimeDays]);
    }
  });

  test('each hub keeps events as long as shared/stream/hubs.ts says, and none for seven days', () => {
    const hubs = deployed(stage, 'Microsoft.EventHub/namespaces/eventhubs');
    const kept: Record<string, number> = Object.fromEntries(
      hubs.map((hub) => [
        hub.name.split('/')[1] ?? '',
        (propertiesOf(hub) as { retentionDescription: { retentionTimeInHours: number } }).retentionDescription
          .retentionTimeInHours,
      ]),
    );
    expect(kept).toEqual(retentionHours);
    for (const hours of Object.values(kept)) expect(hours).toBeLessThan(imageLifetimeDays * 24);
  });

  test('every resource that can be diagnosed is', () => {
    const targets = new Set(
      stageOf(stage)
        .deploy()
        .filter(({ type }) => type === 'Microsoft.Insights/diagnosticSettings')
        .map(({ scope }) => scope),
    );
    const wanted = stageOf(stage)
      .deploy()
      .filter(({ type }) => diagnosable.includes(type))
      .map(({ id }) => id);
    expect(wanted.filter((id) => !targets.has(id))).toEqual([]);
    const masters = deployed(stage, 'Microsoft.Sql/servers').map(({ id }) => `${id}/databases/master`);
    expect(masters.filter((id) => !targets.has(id))).toEqual([]);
  });
});

/** Tables without the padding that the formatter gives them. */
const squeezed = (text: string): string =>
  text
    .replaceAll(/ +/g, ' ')
    .replaceAll(/-{3,}(:?)/g, '--$1')
    .replaceAll(/(?<=\| )--(?= \|)/g, '---');

interface Site {
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: { readonly siteConfig: { readonly appSettings: { name: string; value: string }[] } };
}

interface Rule {
  readonly enabled: boolean;
  readonly definition: {
    readonly filters: { readonly prefixMatch: readonly string[] };
    readonly actions: {
      readonly baseBlob: { readonly delete: { readonly daysAfterCreationGreaterThan: number } };
    };
  };
}

/** Types of the template that take diagnostic settings; the rest has no logs of its own. */
const diagnosable = [
  'Microsoft.Storage/storageAccounts/blobServices',
  'Microsoft.EventHub/namespaces',
  'Microsoft.Sql/servers/databases',
  'Microsoft.KeyVault/vaults',
  'Microsoft.Synapse/workspaces',
  'Microsoft.Cdn/profiles',
  'Microsoft.Web/sites',
  'Microsoft.Network/virtualNetworks',
];

/** Azure SQL writes digests of its ledger from outside the network. */
const isOfDigests = ({ name }: Deployed): boolean => name.startsWith('drledger');
const isWeb = ({ name }: Deployed): boolean => name.startsWith('drweb');

describe('prod, opened for listed addresses', () => {
  const opened = stageOf('prod', {
    producerAddresses: '203.0.113.0/28,198.51.100.7',
    databaseAddresses: '203.0.113.4-203.0.113.4, 198.51.100.0-198.51.100.15',
  }).deploy();
  const of = (type: string) => opened.filter((one) => one.type === type);

  test('lets these in, and nobody else', () => {
    for (const rules of of('Microsoft.EventHub/namespaces/networkRuleSets'))
      expect(propertiesOf(rules)).toMatchObject({
        defaultAction: 'Deny',
        ipRules: [
          { ipMask: '203.0.113.0/28', action: 'Allow' },
          { ipMask: '198.51.100.7', action: 'Allow' },
        ],
      });
    for (const type of ['Microsoft.Sql/servers', 'Microsoft.Synapse/workspaces']) {
      const ranges = of(`${type}/firewallRules`).map((one) => Object.values(propertiesOf(one)).join('-'));
      expect([...new Set(ranges)]).toEqual(['203.0.113.4-203.0.113.4', '198.51.100.0-198.51.100.15']);
    }
  });

  test('leaves images, lake, vault and the apps storage closed', () => {
    const closed = of('Microsoft.Storage/storageAccounts').filter((one) => !isWeb(one) && !isOfDigests(one));
    for (const store of [...closed, ...of('Microsoft.KeyVault/vaults')])
      expect(propertiesOf(store)).toMatchObject({ publicNetworkAccess: 'Disabled' });
  });
});

describe('prod', () => {
  test('no store of data can be reached from the public network, and each has a private endpoint', () => {
    const all = stageOf('prod').deploy();
    const stores = all.filter(({ type }) =>
      [
        'Microsoft.Storage/storageAccounts',
        'Microsoft.EventHub/namespaces',
        'Microsoft.Sql/servers',
        'Microsoft.KeyVault/vaults',
        'Microsoft.Synapse/workspaces',
      ].includes(type),
    );
    // The console's files and the releases: no secrets, read by whoever signs in (decision 073).
    const [open, others] = [stores.filter(isWeb), stores.filter((one) => !isWeb(one))];
    expect(open).toHaveLength(2);
    const closed = others.filter((one) => !isOfDigests(one));
    expect(closed.length).toBeGreaterThan(10);
    for (const store of closed)
      expect(propertiesOf(store)).toMatchObject({ publicNetworkAccess: 'Disabled' });
    const linked = JSON.stringify(all.filter(({ type }) => type === 'Microsoft.Network/privateEndpoints'));
    expect(closed.map(({ id }) => id).filter((id) => !linked.includes(`"${id}"`))).toEqual([]);
    expect(all.filter(({ type }) => type.endsWith('/firewallRules'))).toEqual([]);
  });

  test('digests of the ledger go where only the SQL servers get in, and nobody can change them', () => {
    const all = stageOf('prod').deploy();
    const servers = all.filter(({ type }) => type === 'Microsoft.Sql/servers').map(({ id }) => id);
    const account = all.find((one) => one.type === 'Microsoft.Storage/storageAccounts' && isOfDigests(one));
    const { networkAcls } = propertiesOf(account!) as {
      networkAcls: { defaultAction: string; resourceAccessRules: { resourceId: string }[] };
    };
    expect(networkAcls.defaultAction).toBe('Deny');
    expect(networkAcls.resourceAccessRules.map(({ resourceId }) => resourceId)).toEqual(servers);
    const policies = all.filter(({ type }) => type.endsWith('/immutabilityPolicies'));
    const logs = policies.filter(({ name }) => /^drlog2?[0-9a-f]{10}\/default\/ledger\/default$/.test(name));
    expect(logs).toHaveLength(2);
    for (const log of logs)
      expect(propertiesOf(log)).toEqual({
        immutabilityPeriodSinceCreationInDays: 3650,
        allowProtectedAppendWrites: false,
      });
    const [policy] = policies.filter((one) => !logs.includes(one));
    expect(policy?.name).toBe(`${account!.name}/default/sqldbledgerdigests/default`);
    expect(propertiesOf(policy!)).toEqual({
      immutabilityPeriodSinceCreationInDays: 365,
      allowProtectedAppendWrites: true,
    });
    const [uploads] = all.filter(({ type }) => type.endsWith('/ledgerDigestUploads'));
    expect(propertiesOf(uploads!)).toEqual({
      digestStorageEndpoint: `https://${account!.name}.blob.core.windows.net`,
    });
    const writers = all.filter(
      ({ type, scope }) => type.endsWith('/roleAssignments') && String(scope).endsWith('/sqldbledgerdigests'),
    );
    const rights = writers.map((one) => propertiesOf(one)['roleDefinitionId']);
    expect(new Set(rights).size).toBe(1);
    expect(writers).toHaveLength(servers.length + 1);
  });

  test('one region at a time reads hubs and runs timers, and after a failover that is the other one', () => {
    const enabled = Object.fromEntries(
      deployed('prod', 'Microsoft.Web/sites').map((site) => [
        `${(site['tags'] as Record<string, string>)['darkroom-app'] ?? ''} ${String(site['location'])}`,
        propertiesOf(site)['enabled'],
      ]),
    );
    for (const app of ['pipeline', 'maintenance'])
      expect(enabled).toMatchObject({ [`${app} westeurope`]: true, [`${app} northeurope`]: false });
    const over = stageOf('prod', { failedOver: true });
    const { value } = over.json(template.outputs['functionApps']) as { value: Properties[] };
    expect(value.map(({ region, enabled: is }) => `${String(region)} ${String(is)}`)).toEqual(
      Array(4).fill('secondary true'),
    );
  });

  test('failed over, the template has what takes over in the region that is alive, and nothing else', () => {
    const over = stageOf('prod', { failedOver: true });
    const made = over.deploy();
    over.json(template.outputs);
    const regions = new Set(made.map(({ location }) => location ?? 'global'));
    expect(regions).toEqual(new Set(['northeurope', 'global']));
    expect(new Set(made.map(({ type }) => type))).toEqual(
      new Set([
        'Microsoft.Network/privateEndpoints',
        'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
        'Microsoft.Cdn/profiles/originGroups/origins',
      ]),
    );
    // Front Door is everywhere; nothing else is asked what it knows.
    expect([...over.references].filter((id) => !id.includes('/Microsoft.Cdn/profiles/'))).toEqual([]);
  });

  test('images, lake and database are encrypted with the key of the stage', () => {
    const own = deployed('prod', 'Microsoft.Storage/storageAccounts').filter(
      (one) =>
        (propertiesOf(one)['encryption'] as Properties | undefined)?.['keySource'] === 'Microsoft.Keyvault',
    );
    expect(own.map(({ name }) => name.replace(/[0-9a-f]{10}$/, '')).sort()).toEqual(['drimg', 'drlake']);
    for (const server of deployed('prod', 'Microsoft.Sql/servers'))
      expect(propertiesOf(server)['keyId']).toContain('/keys/encryption');
  });
});

describe.each(stages)('logs of %s', (stage) => {
  test('keep what names a person no longer than an image lives', () => {
    const tables = deployed(stage, 'Microsoft.OperationalInsights/workspaces/tables');
    expect(tables.map(({ name }) => name.split('/')[1])).toEqual(['AzureDiagnostics', 'AppRequests']);
    for (const table of tables)
      expect(propertiesOf(table)).toEqual({ retentionInDays: 7, totalRetentionInDays: 7 });
    for (const table of tables)
      expect(read('docs/privacy.md')).toContain(`\`${table.name.split('/')[1] ?? ''}\``);
  });

  test('hold no signature and no address in what Front Door writes of requests', () => {
    const [profile] = deployed(stage, 'Microsoft.Cdn/profiles');
    const { logScrubbing } = propertiesOf(profile!) as { logScrubbing: Properties };
    expect(logScrubbing).toMatchObject({
      state: 'Enabled',
      scrubbingRules: [{ matchVariable: 'QueryStringArgNames' }, { matchVariable: 'RequestIPAddress' }],
    });
  });
});

describe('documents', () => {
  test('docs/security.md holds the table of identities and rights as the template has it', () => {
    const document = squeezed(read('docs/security.md'));
    expect(document).toContain(squeezed(rightsTable()));
    for (const start of ['blob-adder (own role) | containers `', 'cache-purger (own role) | afdEndpoints `'])
      expect(document).toContain(`| storage-writer | ${start}`);
  });

  test('who moves checkpoints for an engineer may change them, and nothing else of the hosts that keep them', () => {
    const rows = squeezed(rightsTable())
      .split('\n')
      .filter((row) => row.includes('azure-webjobs-eventhub'));
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row).toContain('| maintenance | checkpoint-mover (own role) |');
    const mover = deployed('prod', 'Microsoft.Authorization/roleDefinitions').filter((role) =>
      String(propertiesOf(role)['roleName']).includes('checkpoint-mover'),
    );
    const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';
    const dataActions = ['read', 'write', 'delete'].map((action) => `${blobs}/${action}`);
    const permissions = [{ actions: [], notActions: [], dataActions, notDataActions: [] }];
    expect(mover.map((role) => propertiesOf(role)['permissions'])).toEqual([permissions]);
  });

  test('no right is named after a role that the template does not know', () => {
    expect(() => roleOf("[resourceId('Microsoft.Authorization/roleDefinitions', 'other')]")).toThrow(/other/);
  });

  test('docs/security.md names every secret, and the apps that read it', () => {
    const readers = new Map<string, Set<string>>();
    for (const { tags, properties } of deployed('prod', 'Microsoft.Web/sites') as unknown as Site[])
      for (const { name, value } of properties.siteConfig.appSettings)
        if (value.startsWith('@Microsoft.KeyVault('))
          readers.set(name, (readers.get(name) ?? new Set()).add(tags['darkroom-app'] ?? ''));
    expect(readers.size).toBe(3);
    const rows = read('docs/security.md')
      .split('\n')
      .filter((line) => line.startsWith('| '));
    for (const [name, apps] of readers) {
      const [, , , whoReads = ''] = rows.find((row) => row.includes(`\`${name}\``))!.split('|');
      const named = appNames.filter((app) => new RegExp(`\\b${app}\\b`).test(whoReads));
      expect([name, named]).toEqual([name, appNames.filter((app) => apps.has(app))]);
    }
  });

  test('docs/security.md says of each app with the key of the ledger what taking it over gives', () => {
    const rows = read('docs/security.md').split('\n');
    for (const app of ['edge', 'maintenance'])
      expect(rows.find((row) => row.startsWith(`| ${app} `) && !row.includes('Azure'))).toMatch(
        /key of the ledger/,
      );
  });

  test.each(Object.entries(costTables))(
    'docs/costs.md holds the table %s as the cost model has it',
    (_, table) => {
      expect(squeezed(read('docs/costs.md'))).toContain(squeezed(table));
    },
  );

  test('the cost model counts the private endpoints of the template', () => {
    for (const [regions, secondaryLocation] of [
      [1, ''],
      [2, 'northeurope'],
    ] as const) {
      const all = stageOf('prod', { secondaryLocation }).deploy();
      expect(all.filter(({ type }) => type === 'Microsoft.Network/privateEndpoints')).toHaveLength(
        privateEndpoints(regions),
      );
    }
  });

  test.each(['dev', 'prod', 'dr'] as const)(
    'the budget of %s is the one that follows from the cost model, and covers what it costs idle',
    (stage) => {
      const [budget] = deployed(stage, 'Microsoft.Consumption/budgets');
      const amount = (budget && propertiesOf(budget))?.['amount'];
      expect(amount).toBe(budgetOf(stage));
      expect(amount).toBeGreaterThan(totalOf(idle[stage]));
    },
  );

  test('dev costs 75 USD a month at most while nobody uses it, and its database 5', () => {
    expect(totalOf(idle.dev)).toBeLessThanOrEqual(75);
    expect(totalOf(idle.dev.filter(({ what }) => what.startsWith('SQL')))).toBeLessThanOrEqual(5);
  });

  test('the cost model counts two instances always ready for each group of a zone-redundant app, and none without', () => {
    const ready = (stage: 'dev' | 'prod' | 'dr') =>
      idle[stage].filter(({ what }) => what.startsWith('Always ready'));
    expect(ready('dev')).toEqual([]);
    expect(ready('dr')).toEqual([]);
    // 6 groups of 4 GB: its six hub functions and timers, which scale each by itself.
    const pipeline = ready('prod').find(({ what }) => what.includes(': pipeline,'));
    expect(pipeline!.usd).toBeCloseTo(2 * 6 * 4 * 2_628_000 * 0.000004, 6);
  });

  test('every promise of prod has a price and a loss, and its settings are parameters', () => {
    for (const { usd, set, loses } of promiseCosts()) {
      expect(usd).toBeGreaterThan(0);
      expect(loses).not.toBe('');
      for (const [, name] of set.matchAll(/`(\w+):/g))
        expect(Object.keys(template.parameters)).toContain(name);
    }
  });

  test('no data role reaches further than one store', () => {
    const wide = stageOf('prod')
      .deploy()
      .filter(
        ({ type, scope }) => type === 'Microsoft.Authorization/roleAssignments' && typeof scope !== 'string',
      );
    expect(wide).toEqual([]);
  });

  test.each([...alerts.map(({ name }) => [name] as const), ['cost'] as const])(
    'the alert %s has a runbook',
    (name) => {
      const runbook = read(`docs/runbooks/${name}.md`);
      for (const heading of ['What it means', 'Look', 'Act', 'Afterwards'])
        expect(runbook).toContain(`## ${heading}`);
    },
  );
});
