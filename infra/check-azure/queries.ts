import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alerts } from '../azure/template/alerts.ts';
import { workbook } from '../azure/template/workbook.ts';
import { logsQuery } from '../azure/serverless-plugin/logs-query.ts';
import { queryFaults } from './kusto.ts';
import { resultOf, type CheckResult } from './result.ts';

interface Query {
  readonly name: string;
  readonly text: string;
}

const docs = new URL('../../docs/', import.meta.url).pathname;

/** Queries of a document: fenced as `kusto`, and the `query: '…'` of an example of an alert. */
function* ofDocument(file: string): Generator<Query> {
  const text = readFileSync(join(docs, file), 'utf8');
  for (const [, query] of text.matchAll(/```kusto\n([\s\S]*?)```/g)) yield { name: file, text: query ?? '' };
  for (const [, query] of text.matchAll(/query: '([^']+)'/g))
    yield { name: file, text: (query ?? '').replaceAll('\\n', '\n') };
}

/** Every query that somebody or something runs against the logs. */
export const queries = (): readonly Query[] => [
  ...alerts.flatMap((alert) =>
    alert.kind === 'logs' ? [{ name: `alert ${alert.name}`, text: alert.query }] : [],
  ),
  ...workbook.items.flatMap((item) =>
    'query' in item.content ? [{ name: `tile "${item.name}"`, text: item.content.query }] : [],
  ),
  { name: 'sls logs', text: logsQuery('purge') },
  ...readdirSync(docs, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => [...ofDocument(file)]),
];

/** KQL of alerts, workbook, plugin and docs, parsed and bound with Microsoft's language service. */
export function checkQueries(): Promise<CheckResult[]> {
  const all = queries();
  const faults = all.flatMap(({ name, text }) => queryFaults(text).map((fault) => `${name}: ${fault}`));
  return Promise.resolve([resultOf('KQL', `${all.length} queries`, faults)]);
}
