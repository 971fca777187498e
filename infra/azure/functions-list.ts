/**
 * Writes the `functions` of serverless.yml from what the bundle registers: `node infra/azure/functions-list.ts`
 * compares and fails when they differ, with `--write` it brings the file up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { dump, load } from 'js-yaml';
import { appNames, apps, type AppName } from './template/apps.ts';
import { registeredFunctions, type Binding } from './registered-functions.ts';

export interface ListedFunction {
  readonly handler: string;
  readonly app: string;
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

const handler = 'dist/main.cjs';

function eventOf(binding: Binding): Readonly<Record<string, unknown>> | undefined {
  switch (binding.type) {
    case 'httpTrigger':
      return {
        http: { methods: binding['methods'], route: binding['route'], authLevel: binding['authLevel'] },
      };
    case 'eventHubTrigger':
      return {
        eventHub: {
          hub: binding['eventHubName'],
          consumerGroup: binding['consumerGroup'],
          connection: binding['connection'],
        },
      };
    case 'timerTrigger':
      return { timer: { schedule: binding['schedule'] } };
    default:
      return undefined;
  }
}

const of = (bundle: string, app: AppName) =>
  registeredFunctions(bundle, apps[app].services).map(
    ({ name, bindings }) => [name, bindings.map(eventOf).filter((event) => event !== undefined)] as const,
  );

/** Every function of the bundle with its events; what several apps register (health, …) belongs to the first. */
export function listFunctions(bundle: string): Readonly<Record<string, ListedFunction>> {
  const list = new Map<string, ListedFunction>();
  for (const app of appNames) {
    for (const [name, events] of of(bundle, app)) {
      const known = list.get(name);
      list.set(name, { handler, app: known ? `${known.app}, ${app}` : app, events });
    }
  }
  return Object.fromEntries(list);
}

const header = /^functions:[\s\S]*$/m;

/** The text of serverless.yml with this list as its last section. */
export const withFunctions = (yml: string, list: Readonly<Record<string, ListedFunction>>): string =>
  yml.replace(header, dump({ functions: list }, { lineWidth: -1, quoteStyle: 'single' }));

if (import.meta.main) {
  const file = fileURLToPath(new URL('../../serverless.yml', import.meta.url));
  const bundle = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));
  const now = readFileSync(file, 'utf8');
  const list = listFunctions(bundle);
  const listed = (load(now) as { functions: unknown }).functions;
  if (process.argv.includes('--write')) writeFileSync(file, withFunctions(now, list));
  else if (!isDeepStrictEqual(listed, list)) {
    console.error('serverless.yml does not list what the bundle registers: run it with --write');
    process.exitCode = 1;
  }
}
