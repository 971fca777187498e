import { alerts, type Alert, type LogAlert, type MetricAlert } from './alerts.ts';
import { call, concat, type Expression } from './expressions.ts';
import { appNames } from './apps.ts';
import { namespaces } from './event-hubs.ts';
import { profile } from './front-door-endpoint.ts';
import { sites } from './functions.ts';
import { ledgerVault, vault } from './key-vault.ts';
import { digests } from './ledger-digests.ts';
import { local, regions } from './names.ts';
import { networks } from './network.ts';
import { parameter } from './parameters.ts';
import { Resource } from './resource.ts';
import { database, servers } from './sql.ts';
import { blobService, hostAccount, images, lake, ledgerAccounts, web } from './storage.ts';
import { synapse } from './synapse.ts';
import { logs, personalLogs, telemetry } from './telemetry.ts';
import { workbook } from './workbook.ts';

export const actionGroup = new Resource('Microsoft.Insights/actionGroups', [local('on-call')], {
  location: 'global',
  properties: {
    groupShortName: 'darkroom',
    enabled: true,
    emailReceivers: [{ name: 'on-call', emailAddress: parameter('alertEmail'), useCommonAlertSchema: true }],
  },
});

const targets: Record<MetricAlert['on'], Resource> = {
  'event-hubs': namespaces.primary,
  'front-door': profile,
  database,
};

const minutes = (count: number): string => (count % 60 === 0 ? `PT${count / 60}H` : `PT${count}M`);
const describe = (alert: Alert) => `${alert.summary} Runbook: docs/runbooks/${alert.name}.md`;

const metricAlert = (alert: Alert & MetricAlert) =>
  new Resource('Microsoft.Insights/metricAlerts', [local(alert.name)], {
    location: 'global',
    dependsOn: [targets[alert.on].id, actionGroup.id],
    properties: {
      description: describe(alert),
      severity: alert.severity,
      enabled: true,
      autoMitigate: true,
      scopes: [targets[alert.on].id],
      evaluationFrequency: minutes(alert.everyMinutes),
      windowSize: minutes(alert.windowMinutes),
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria',
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion',
            name: alert.name,
            metricNamespace: alert.namespace,
            metricName: alert.metric,
            timeAggregation: alert.aggregation,
            operator: alert.operator,
            threshold: alert.threshold,
            dimensions: alert.dimension ? [{ operator: 'Include', ...alert.dimension }] : [],
          },
        ],
      },
      actions: [{ actionGroupId: actionGroup.id }],
    },
  });

const logAlert = (alert: Alert & LogAlert) =>
  new Resource('Microsoft.Insights/scheduledQueryRules', [local(alert.name)], {
    location: parameter('location'),
    kind: 'LogAlert',
    dependsOn: [logs.id, telemetry.id, actionGroup.id],
    properties: {
      displayName: alert.name,
      description: describe(alert),
      severity: alert.severity,
      enabled: true,
      autoMitigate: true,
      scopes: [logs.id],
      // Every five minutes is for a stage that somebody is called for.
      evaluationFrequency:
        alert.everyMinutes === 5
          ? concat('PT', call('string', parameter('logAlertMinutes')), 'M')
          : minutes(alert.everyMinutes),
      windowSize: minutes(alert.windowMinutes),
      criteria: {
        allOf: [
          {
            query: alert.query,
            timeAggregation: 'Count',
            operator: alert.operator,
            threshold: alert.threshold,
            failingPeriods: { minFailingPeriodsToAlert: 1, numberOfEvaluationPeriods: 1 },
          },
        ],
      },
      actions: { actionGroups: [actionGroup.id] },
    },
  });

const alertResource = (alert: Alert) => (alert.kind === 'metric' ? metricAlert(alert) : logAlert(alert));

interface Diagnosed {
  /** What the setting is about, and what it waits for: they differ for a server's master database. */
  readonly scope: Expression;
  readonly after: Resource;
}

const itself = (resource: Resource): Diagnosed => ({ scope: resource.id, after: resource });
const master = (server: Resource): Diagnosed => ({
  scope: call('resourceId', 'Microsoft.Sql/servers/databases', server.segments[0] ?? '', 'master'),
  after: server,
});

const accounts = [
  images,
  lake,
  digests,
  ...Object.values(web),
  ...Object.values(ledgerAccounts),
  ...regions.flatMap((region) => appNames.map((app) => hostAccount(app, region))),
];

/** Every resource that can say what happens to it, says it to the workspace. */
const diagnosed: readonly Diagnosed[] = [
  ...[
    ...accounts.map(blobService),
    ...Object.values(namespaces),
    database,
    vault,
    ledgerVault,
    synapse,
    profile,
    ...Object.values(networks),
    ...regions.flatMap(({ key }) => appNames.map((app) => sites[key][app])),
  ].map(itself),
  ...Object.values(servers).map(master),
];

const diagnose = ({ scope, after }: Diagnosed) =>
  new Resource('Microsoft.Insights/diagnosticSettings', ['to-logs'], {
    ...(after.body.condition && { condition: after.body.condition }),
    scope,
    dependsOn: [after.id, logs.id],
    properties: {
      workspaceId: logs.id,
      logs: [{ categoryGroup: 'allLogs', enabled: true }],
      metrics: [{ category: 'AllMetrics', enabled: true }],
    },
  });

const overview = new Resource(
  'Microsoft.Insights/workbooks',
  [call('guid', call('resourceGroup').get('id'), 'overview')],
  {
    location: parameter('location'),
    kind: 'shared',
    dependsOn: [logs.id],
    properties: {
      displayName: concat('Darkroom ', parameter('stage')),
      category: 'workbook',
      version: '1.0',
      sourceId: logs.id,
      serializedData: JSON.stringify(workbook),
    },
  },
);

export const monitoringResources: readonly Resource[] = [
  logs,
  ...personalLogs,
  telemetry,
  actionGroup,
  ...alerts.map(alertResource),
  ...diagnosed.map(diagnose),
  overview,
];
