import { call, type Expression } from './expressions.ts';
import { optionalText } from './kql.ts';
import { parameter } from './parameters.ts';
import { hubs } from '../../../shared/stream/hubs.ts';

/** A rule over platform metrics; `on` says whose. */
export interface MetricAlert {
  readonly kind: 'metric';
  readonly on: 'event-hubs' | 'front-door' | 'database';
  readonly namespace: string;
  readonly metric: string;
  readonly aggregation: 'Total' | 'Average' | 'Maximum';
  readonly operator: 'GreaterThan' | 'LessThan';
  readonly threshold: number | Expression;
  readonly dimension?: { readonly name: string; readonly values: readonly string[] };
}

/** A rule over logs: fires when the query answers more (or fewer) rows than the threshold. */
export interface LogAlert {
  readonly kind: 'logs';
  readonly query: string;
  readonly operator: 'GreaterThan' | 'LessThan';
  readonly threshold: number;
}

export type Alert = (MetricAlert | LogAlert) & {
  /** Also the name of its runbook: docs/runbooks/NAME.md. */
  readonly name: string;
  /** 0 critical, 1 error, 2 warning. */
  readonly severity: 0 | 1 | 2;
  readonly summary: string;
  readonly everyMinutes: 5 | 15 | 60;
  readonly windowMinutes: 5 | 15 | 60 | 180 | 1440;
};

/**
 * The first enqueued time in what the host writes when an Event Hubs trigger starts: `Trigger Details: PartionId: 0,
 * Offset: …, EnqueueTimeUtc: A-B, …`, a range even for one event. A is the oldest.
 */
export const enqueuedPattern =
  'EnqueueTimeUtc: (\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:[.]\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)?)';

/** A line of ours (JSON, shared/platform/log.ts) that tells this event. */
const saysEvent = (event: string): string => `Message has '"event":"${event}"'`;

/** A function whose reader engineers paused, and not for longer than they said, is not late. */
const lagQuery = [
  `let paused = AppTraces | where ${saysEvent('reader.paused')} | distinct OperationName;`,
  'AppTraces',
  '| where Message startswith "Trigger Details" and Message has "EnqueueTimeUtc"',
  `| extend enqueued = todatetime(extract(@"${enqueuedPattern}", 1, Message))`,
  '| where isnotnull(enqueued) and TimeGenerated - enqueued > 10m',
  '| where OperationName !in (paused)',
].join('\n');

/** What `operationsTimer` says each minute of a reader that the product paused, or people longer than they said. */
const pausedQuery = [
  'AppTraces',
  `| where ${saysEvent('reader.held')} or ${saysEvent('reader.reminder')}`,
].join('\n');

/** What the pipeline says when it meets a gap, and `operationsTimer` each minute while events expire. */
const lostQuery = ['AppTraces', `| where ${saysEvent('events.expired')}`].join('\n');

const anewQuery = ['AppTraces', `| where ${saysEvent('hub.made-anew')}`].join('\n');

/** Requests of these functions and no others whose names end so, under either name that the host gives them. */
const isOf = (...names: readonly string[]): string =>
  `OperationName in (${names.flatMap((name) => [`"${name}"`, `"Functions.${name}"`]).join(', ')})`;

/** Two timers that run each minute, one in each app that reads hubs: a row for each that ran. */
const heartbeatQuery = [
  'AppRequests',
  `| where Success == true and ${isOf('streamTimer', 'operationsTimer')}`,
  '| summarize by OperationName',
].join('\n');

/** What each run of the purge says while it is so. */
const clockQuery = ['AppTraces', `| where ${saysEvent('clock.differs')}`].join('\n');

/** The timer `purge`; an engineer's `purgeNow`, which may be a dry run, proves nothing. */
const purgeQuery = `AppRequests\n| where ${isOf('purge')} and Success == true`;

/** The timer that gives entries their places and signs; it fails when the log would not go on as it was published. */
const checkpointQuery = `AppRequests\n| where ${isOf('ledgerCheckpoint')} and Success == true`;

/** A vault answers 401 to each client's first call, to say where tokens come from: only 403 is a refusal. */
const signInQuery = [
  'union isfuzzy=true',
  '  (AppRequests | where ResultCode in ("401", "403")),',
  `  (AzureDiagnostics | where Category == "SQLSecurityAuditEvents" and ${optionalText('action_name_s')} == "DATABASE AUTHENTICATION FAILED"),`,
  '  (AzureDiagnostics | where ResourceProvider == "MICROSOFT.KEYVAULT" and column_ifexists("httpStatusCode_d", real(null)) == 403)',
].join('\n');

/** Addresses of the product: what a stranger guesses at (`/wp-admin`, `/.env`) may be blocked without a word. */
export const ownAddress =
  '(?i)^(https?://[^/?]+)?/(api/(images|uploads|health|openapi|docs|ledger|logistics|sales|analytics|operations)|assets/|signed-in|images|logistics|sales|analytics|operations)';

/** Front Door writes one row for the block and one for each rule that added to its score (`AnomalyScoring`). */
const blockQuery = [
  'AzureDiagnostics',
  `| where Category == "FrontDoorWebApplicationFirewallLog" and ${optionalText('action_s')} == "Block"`,
  `| extend address = ${optionalText('requestUri_s')}, rule = ${optionalText('ruleName_s')}`,
  `| where address matches regex @"${ownAddress}"`,
].join('\n');

/** Nine tenths of what one throughput unit takes in five minutes, 1 MB a second. Bytes. */
const saturatedBytes = 0.9 * 1_000_000 * 5 * 60;

export const alerts: readonly Alert[] = [
  {
    name: 'stream-lag',
    severity: 1,
    summary: 'Images wait more than ten minutes in a hub before a function sees them.',
    kind: 'logs',
    query: lagQuery,
    operator: 'GreaterThan',
    threshold: 0,
    everyMinutes: 5,
    windowMinutes: 15,
  },
  {
    name: 'dead-letters',
    severity: 1,
    summary: 'An image could not be handled and went to the dead letters.',
    kind: 'metric',
    on: 'event-hubs',
    namespace: 'Microsoft.EventHub/namespaces',
    metric: 'IncomingMessages',
    dimension: { name: 'EntityName', values: [hubs.deadLetter] },
    aggregation: 'Total',
    operator: 'GreaterThan',
    threshold: 0,
    everyMinutes: 5,
    windowMinutes: 15,
  },
  {
    name: 'reader-paused',
    severity: 1,
    summary:
      'A reader was paused because of dead letters, or is paused for longer than was planned: images wait.',
    kind: 'logs',
    query: pausedQuery,
    operator: 'GreaterThan',
    threshold: 0,
    everyMinutes: 5,
    windowMinutes: 15,
  },
  {
    name: 'events-lost',
    severity: 0,
    summary: 'Events expired in a hub before they were read: images may be lost.',
    kind: 'logs',
    query: lostQuery,
    operator: 'GreaterThan',
    threshold: 0,
    everyMinutes: 5,
    windowMinutes: 15,
  },
  {
    name: 'hub-made-anew',
    severity: 1,
    summary: 'A hub was made anew, with checkpoints of the one before; it is read from the beginning.',
    kind: 'logs',
    query: anewQuery,
    operator: 'GreaterThan',
    threshold: 0,
    everyMinutes: 5,
    windowMinutes: 15,
  },
  {
    name: 'pipeline-silent',
    severity: 0,
    summary:
      'The pipeline or the maintenance app has run no timer for a quarter of an hour: nothing is read.',
    kind: 'logs',
    query: heartbeatQuery,
    operator: 'LessThan',
    threshold: 2,
    everyMinutes: 5,
    windowMinutes: 15,
  },
  {
    name: 'purge-overdue',
    severity: 0,
    summary: 'No purge has succeeded for three hours: images may outlive their seven days.',
    kind: 'logs',
    query: purgeQuery,
    operator: 'LessThan',
    threshold: 1,
    everyMinutes: 60,
    windowMinutes: 180,
  },
  {
    name: 'clock-differs',
    severity: 1,
    summary: 'A machine’s clock differs by more than an hour from the store’s, by which images are due.',
    kind: 'logs',
    query: clockQuery,
    operator: 'GreaterThan',
    threshold: 0,
    everyMinutes: 15,
    windowMinutes: 15,
  },
  {
    name: 'ledger-stopped',
    severity: 1,
    summary: 'No checkpoint of the log of erasures for a quarter of an hour: receipts stay pending.',
    kind: 'logs',
    query: checkpointQuery,
    operator: 'LessThan',
    threshold: 1,
    everyMinutes: 5,
    windowMinutes: 15,
  },
  {
    name: 'failed-sign-ins',
    severity: 2,
    summary: 'Many refused sign-ins at the API, the database or the vault.',
    kind: 'logs',
    query: signInQuery,
    operator: 'GreaterThan',
    threshold: 100,
    everyMinutes: 15,
    windowMinutes: 60,
  },
  {
    name: 'server-errors',
    severity: 1,
    summary: 'More than five of a hundred answers at the edge are server errors.',
    kind: 'metric',
    on: 'front-door',
    namespace: 'Microsoft.Cdn/profiles',
    metric: 'Percentage5XX',
    aggregation: 'Average',
    operator: 'GreaterThan',
    threshold: 5,
    everyMinutes: 5,
    windowMinutes: 15,
  },
  {
    name: 'blocked-at-edge',
    severity: 2,
    summary: 'The firewall refused requests to addresses of ours: an attack, or people who cannot work.',
    kind: 'logs',
    query: blockQuery,
    operator: 'GreaterThan',
    threshold: 5,
    everyMinutes: 5,
    windowMinutes: 15,
  },
  {
    name: 'event-hubs-throttled',
    severity: 2,
    summary: 'Event Hubs refuses requests: more throughput units are needed than it may take.',
    kind: 'metric',
    on: 'event-hubs',
    namespace: 'Microsoft.EventHub/namespaces',
    metric: 'ThrottledRequests',
    aggregation: 'Total',
    operator: 'GreaterThan',
    threshold: 0,
    everyMinutes: 5,
    windowMinutes: 15,
  },
  // Kafka clients are not refused but made to wait (throttle_time_ms), which no metric counts: so this is about the limit itself.
  {
    name: 'event-hubs-saturated',
    severity: 2,
    summary: 'Producers send nine tenths of what all throughput units take: Kafka clients are made to wait.',
    kind: 'metric',
    on: 'event-hubs',
    namespace: 'Microsoft.EventHub/namespaces',
    metric: 'IncomingBytes',
    aggregation: 'Total',
    operator: 'GreaterThan',
    threshold: call('mul', parameter('eventHubsMaximumUnits'), saturatedBytes),
    everyMinutes: 5,
    windowMinutes: 5,
  },
  {
    name: 'database-saturated',
    severity: 2,
    summary: 'The database has used more than nine tenths of its processor for a quarter of an hour.',
    kind: 'metric',
    on: 'database',
    namespace: 'Microsoft.Sql/servers/databases',
    metric: 'cpu_percent',
    aggregation: 'Average',
    operator: 'GreaterThan',
    threshold: 90,
    everyMinutes: 5,
    windowMinutes: 15,
  },
];
