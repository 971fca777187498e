import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Deployed } from './support/evaluate.ts';
import { stageOf, type StageName } from './support/stages.ts';

const of = (stage: StageName, type: string, more = {}): Deployed[] =>
  stageOf(stage, more)
    .deploy()
    .filter((one) => one.type === type);
const propertiesOf = (one: Deployed) => one['properties'] as Record<string, unknown>;
/** The starts of accounts' names, which say what they are for. */
const accountsOf = (all: readonly Deployed[]): string[] => [
  ...new Set(all.map(({ name }) => name.split('/')[0]!.replace(/2?[0-9a-f]{10}$/, ''))),
];
const geo = (): Deployed[] =>
  of('prod', 'Microsoft.Storage/storageAccounts').filter((one) => skuOf(one) === 'Standard_RAGZRS');
const skuOf = (one: Deployed) => (one['sku'] as { name: string }).name;

describe('high availability of prod', () => {
  test('everything that runs or keeps something is spread over availability zones', () => {
    for (const type of [
      'Microsoft.EventHub/namespaces',
      'Microsoft.Web/serverfarms',
      'Microsoft.Sql/servers/databases',
    ])
      for (const one of of('prod', type)) expect(propertiesOf(one)).toMatchObject({ zoneRedundant: true });
    const accounts = of('prod', 'Microsoft.Storage/storageAccounts');
    expect(accounts.map(skuOf).filter((sku) => !/_(RAG)?ZRS$/.test(sku))).toEqual([]);
  });

  test('images and lake are also in the paired region, to be read there', () => {
    expect(accountsOf(geo())).toEqual(expect.arrayContaining(['drimg', 'drlake']));
  });

  test('accounts that the runbook fails over are geo-redundant, and hold nothing that stops a failover', () => {
    const [, named = ''] =
      /^3\. \*\*Storage\*\*: (.*)$/m.exec(
        readFileSync(new URL('../../docs/disaster-recovery.md', import.meta.url), 'utf8'),
      ) ?? [];
    const over = [...named.matchAll(/`?(dr[a-z]+)…/g)].map(([, name]) => name);
    expect(over).toEqual(['drimg', 'drlake']);
    expect(accountsOf(geo())).toEqual(expect.arrayContaining(over));
    // Azure refuses the failover of an account with such a policy, locked or not.
    const policies = of(
      'prod',
      'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies',
    );
    expect(policies.length).toBeGreaterThan(0);
    expect(accountsOf(policies).filter((name) => over.includes(name))).toEqual([]);
  });

  test('the log of erasures has an account in each region, since none of its accounts fails over', () => {
    const logs = of('prod', 'Microsoft.Storage/storageAccounts').filter(({ name }) => /^drlog/.test(name));
    expect(logs.map((one) => one['location'])).toEqual(['westeurope', 'northeurope']);
  });

  test('the database has a replica and a failover group, Event Hubs an alias over two namespaces', () => {
    const [database] = of('prod', 'Microsoft.Sql/servers/databases');
    expect(propertiesOf(database!)).toMatchObject({ highAvailabilityReplicaCount: 1, readScale: 'Enabled' });
    const [group] = of('prod', 'Microsoft.Sql/servers/failoverGroups');
    expect(propertiesOf(group!)['databases']).toEqual([database!.id]);
    const namespaces = of('prod', 'Microsoft.EventHub/namespaces').map(({ id }) => id);
    const [pair] = of('prod', 'Microsoft.EventHub/namespaces/disasterRecoveryConfigs');
    expect(namespaces).toHaveLength(2);
    expect(propertiesOf(pair!)['partnerNamespace']).toBe(namespaces[1]);
  });

  test.each([
    [false, { primary: 1, secondary: 2 }],
    [true, { primary: 2, secondary: 1 }],
  ])('Front Door probes the apps of both regions and prefers one (failed over: %s)', (failedOver, order) => {
    const origins = of('prod', 'Microsoft.Cdn/profiles/originGroups/origins', { failedOver });
    for (const app of ['edge', 'desks', 'maintenance']) {
      const mine = origins.filter(({ name }) => name.split('/')[1] === app);
      expect(
        Object.fromEntries(mine.map((one) => [one.name.split('/')[2], propertiesOf(one)['priority']])),
      ).toEqual(order);
    }
    const groups = of('prod', 'Microsoft.Cdn/profiles/originGroups').filter(
      ({ name }) => !name.endsWith('console'),
    );
    for (const group of groups)
      expect(propertiesOf(group)).toMatchObject({ healthProbeSettings: { probePath: '/api/health/live' } });
  });
});

describe('elasticity', () => {
  const scaleOf = (stage: StageName) =>
    of(stage, 'Microsoft.Web/sites').map((site) => {
      const { functionAppConfig } = propertiesOf(site) as {
        functionAppConfig: {
          scaleAndConcurrency: { alwaysReady: { instanceCount: number }[]; maximumInstanceCount: number };
        };
      };
      const app = (site['tags'] as Record<string, string>)['darkroom-app'];
      return { app, ...functionAppConfig.scaleAndConcurrency };
    });

  test('dev keeps no instance while nobody comes, and a database that shrinks to half a core and may pause', () => {
    expect(scaleOf('dev').filter(({ alwaysReady }) => alwaysReady.length > 0)).toEqual([]);
    const [database] = of('dev', 'Microsoft.Sql/servers/databases');
    expect(skuOf(database!)).toMatch(/^GP_S_/);
    expect(propertiesOf(database!)).toMatchObject({ autoPauseDelay: 15, minCapacity: 0.5 });
    expect(propertiesOf(database!)['maxSizeBytes']).toBe(4 * 1024 ** 3);
  });

  test('prod keeps instances warm where somebody waits for an answer, and nowhere else', () => {
    const warm = scaleOf('prod').filter(({ alwaysReady }) =>
      alwaysReady.some(({ instanceCount }) => instanceCount > 0),
    );
    expect(new Set(warm.map(({ app }) => app))).toEqual(new Set(['edge', 'desks']));
  });

  test.each(['dev', 'prod'] as const)(
    'apps and Event Hubs of %s grow by themselves, up to a limit',
    (stage) => {
      for (const plan of of(stage, 'Microsoft.Web/serverfarms')) expect(skuOf(plan)).toBe('FC1');
      for (const { maximumInstanceCount } of scaleOf(stage))
        expect(maximumInstanceCount).toBeGreaterThanOrEqual(40);
      for (const namespace of of(stage, 'Microsoft.EventHub/namespaces')) {
        expect(propertiesOf(namespace)).toMatchObject({ isAutoInflateEnabled: true });
        expect(propertiesOf(namespace)['maximumThroughputUnits']).toBeGreaterThan(1);
      }
    },
  );
});
