import { optionalText } from './kql.ts';

/** Where a log line of ours (JSON, shared/platform/log.ts) holds the code of its error. */
export const errorCodePath = 'error.code';

/** What the on-call person looks at first: one page, in the order in which an image travels. */
const chart = (title: string, query: string, visualization: 'timechart' | 'table') => ({
  type: 3,
  name: title,
  content: {
    version: 'KqlItem/1.0',
    title,
    query,
    size: 0,
    timeContext: { durationMs: 86_400_000 },
    queryType: 0,
    resourceType: 'microsoft.operationalinsights/workspaces',
    visualization,
  },
});

export const workbook = {
  version: 'Notebook/1.0',
  items: [
    {
      type: 1,
      name: 'about',
      content: {
        json: 'What came in, what became of it, what it took. Each alert has a page in `docs/runbooks`.',
      },
    },
    chart(
      'Invocations and failures by function',
      'AppRequests | summarize invocations = count(), failed = countif(Success == false) by OperationName, bin(TimeGenerated, 15m)',
      'timechart',
    ),
    chart(
      'Duration by function (95th percentile, ms)',
      'AppRequests | summarize percentile(DurationMs, 95) by OperationName, bin(TimeGenerated, 15m)',
      'timechart',
    ),
    chart(
      'Event Hubs: in and out',
      'AzureMetrics | where ResourceProvider == "MICROSOFT.EVENTHUB" and MetricName in ("IncomingMessages", "OutgoingMessages") | summarize sum(Total) by MetricName, bin(TimeGenerated, 15m)',
      'timechart',
    ),
    chart(
      'Errors by code',
      `AppTraces | where SeverityLevel >= 3 | extend code = tostring(parse_json(Message).${errorCodePath}) | where isnotempty(code) | summarize count() by code, AppRoleName | order by count_ desc`,
      'table',
    ),
    chart(
      'Purge runs',
      'AppRequests | where OperationName startswith "purge" | project TimeGenerated, Success, DurationMs, ResultCode | order by TimeGenerated desc | take 50',
      'table',
    ),
    chart(
      'Refused requests by client (WAF)',
      `AzureDiagnostics | where Category == "FrontDoorWebApplicationFirewallLog" | summarize count() by client = ${optionalText('clientIP_s')}, rule = ${optionalText('ruleName_s')} | order by count_ desc | take 50`,
      'table',
    ),
  ],
  fallbackResourceIds: [],
  $schema: 'https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json',
} as const;
