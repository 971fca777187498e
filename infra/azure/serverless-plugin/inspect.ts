import type { Context, Outputs } from './context.ts';
import { existing } from './lifecycle.ts';
import { logsQuery } from './logs-query.ts';
import { loadedFunctions } from './publish.ts';
import { releases } from './releases.ts';
import type { FunctionsByApp } from './deploy.ts';
import type { Serverless } from './serverless.ts';
import { summary } from './summary.ts';

/** What runs now, as Azure says. */
export async function info(context: Context): Promise<string> {
  const outputs = await existing(context);
  const functions: Record<string, readonly string[]> = {};
  for (const app of outputs.functionApps) {
    if (app.enabled) functions[app.app] = await loadedFunctions(context, app);
  }
  const last = (await releases(context, outputs)).at(-1);
  const release = last ? `Release of ${last.at}, ${last.sha256.slice(0, 12)}` : 'No release yet';
  return `${summary(context, outputs, functions as unknown as FunctionsByApp)}\n${release}`;
}

interface Table {
  readonly tables: readonly { readonly rows: readonly (readonly unknown[])[] }[];
}

/** The last hour of one function: requests, traces and exceptions, oldest first. */
export async function logs(context: Context, name: string): Promise<string> {
  const { logs: workspace } = await existing(context);
  const { body } = await context.client.send<Table>(
    'POST',
    `https://api.loganalytics.io/v1/workspaces/${workspace}/query`,
    {
      scope: 'logs',
      json: { query: logsQuery(name) },
    },
  );
  const rows = body.tables[0]?.rows ?? [];
  return rows.length === 0
    ? `Nothing of ${name} in the last hour.`
    : rows.map((row) => row.join('  ')).join('\n');
}

type Data = Record<string, unknown>;

interface HttpEvent {
  readonly methods: readonly string[];
  readonly route: string;
}

/** The request that calls a function: data fills the route's parameters, what is left is the query or the body. */
function requestOf({ methods, route }: HttpEvent, data: Data): { method: string; path: string; body?: Data } {
  const inRoute = new Set([...route.matchAll(/\{(\w+)\??\}/g)].map(([, name]) => name ?? ''));
  const path = route.replaceAll(/\{(\w+)\??\}/g, (_, name: string) => {
    const value = data[name];
    if (typeof value !== 'string' && typeof value !== 'number') throw new Error(`--data must give "${name}"`);
    return encodeURIComponent(value);
  });
  const left = Object.fromEntries(Object.entries(data).filter(([name]) => !inRoute.has(name)));
  const method = methods[0] ?? 'GET';
  if (method !== 'GET' && method !== 'DELETE') return { method, path, body: left };
  const query = new URLSearchParams(left as Record<string, string>).toString();
  return { method, path: query === '' ? path : `${path}?${query}` };
}

/** Calls an HTTP function through the front door, as the person or identity that is signed in. */
export async function invoke(
  context: Context,
  serverless: Serverless,
  name: string,
  data: string | undefined,
): Promise<string> {
  const event = serverless.service.functions[name]?.events.find((one) => 'http' in one)?.['http'] as
    HttpEvent | undefined;
  if (!event) throw new Error(`${name} has no route; send an event instead: npx darkroom produce`);
  const { publicUrl }: Outputs = await existing(context);
  const { method, path, body } = requestOf(event, JSON.parse(data ?? '{}') as Data);
  const audience = String(context.parameters['tokenAudience']?.value);
  const answer = await context.client.call(method, `${publicUrl}/api/${path}`, audience, body);
  return `${answer.status}\n${answer.text}`;
}
