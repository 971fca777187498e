import { imageLifetimeDays } from '../../../shared/platform/retention.ts';
import { local } from './names.ts';
import { parameter } from './parameters.ts';
import { Resource } from './resource.ts';

export const logs = new Resource('Microsoft.OperationalInsights/workspaces', [local('logs')], {
  location: parameter('location'),
  properties: {
    sku: { name: 'PerGB2018' },
    retentionInDays: parameter('logRetentionDays'),
    features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
    publicNetworkAccessForIngestion: 'Enabled',
    publicNetworkAccessForQuery: 'Enabled',
  },
});

/** Tables that name people (docs/privacy.md): they are kept as long as an image, whatever the rest of the workspace. */
const personalTables = ['AzureDiagnostics', 'AppRequests'] as const;

export const personalLogs = personalTables.map(
  (table) =>
    new Resource('Microsoft.OperationalInsights/workspaces/tables', [local('logs'), table], {
      dependsOn: [logs.id],
      properties: { retentionInDays: imageLifetimeDays, totalRetentionInDays: imageLifetimeDays },
    }),
);

export const telemetry = new Resource('Microsoft.Insights/components', [local('telemetry')], {
  location: parameter('location'),
  kind: 'web',
  dependsOn: [logs.id],
  properties: {
    Application_Type: 'web',
    WorkspaceResourceId: logs.id,
    IngestionMode: 'LogAnalytics',
    DisableLocalAuth: true,
    publicNetworkAccessForIngestion: 'Enabled',
    publicNetworkAccessForQuery: 'Enabled',
  },
});

/** The workspace's id for queries. */
export const alertsWorkspace = logs.runtime('customerId');
