import { apps, type AppName } from '../template/apps.ts';
import { template } from '../template/template.ts';
import type { Context, Outputs } from './context.ts';
import type { FunctionsByApp } from './deploy.ts';

const indent = (lines: readonly string[]): string => lines.map((line) => `  ${line}`).join('\n');

/** What is where, for the person who deployed it. */
export function summary(context: Context, outputs: Outputs, functions: FunctionsByApp): string {
  const list = outputs.functionApps.map(
    ({ app, name, region, enabled }) =>
      `${app} (${region}${enabled ? '' : ', stands by'}): ${name}\n    ${functions[app as AppName].join(', ')}`,
  );
  return [
    `Darkroom ${context.stage} in ${context.resourceGroup}, ${context.region}`,
    indent([
      `console and API: ${outputs.publicUrl}`,
      ...(outputs.domainValidation === ''
        ? []
        : [`DNS:             TXT _dnsauth.${new URL(outputs.publicUrl).host} "${outputs.domainValidation}"`]),
      `Kafka:           ${outputs.eventHubsHost}:9093 (npx darkroom kafka settings --stage ${context.stage})`,
      `database:        ${outputs.sqlHost}, ${outputs.databaseName}`,
      `warehouse:       ${outputs.synapse}`,
      `vault:           ${outputs.vault}`,
    ]),
    'Function apps',
    indent(list),
  ].join('\n');
}

/** What `sls deploy` would do, said without asking Azure anything. */
export function plan(
  context: Omit<Context, 'client' | 'subscription'>,
  functions: FunctionsByApp,
  bytes: number,
): string {
  const counts = new Map<string, number>();
  for (const { type } of template.resources) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [
    `Would deploy Darkroom ${context.stage} to ${context.resourceGroup}, ${context.region}`,
    'Parameters',
    indent(
      Object.entries(context.parameters).map(([name, { value }]) => `${name} = ${JSON.stringify(value)}`),
    ),
    `Resources in the template: ${template.resources.length} (conditions leave some out)`,
    indent([...counts].sort(([a], [b]) => a.localeCompare(b)).map(([type, count]) => `${count} × ${type}`)),
    `Package: ${(bytes / 1e6).toFixed(1)} MB, to each function app`,
    indent(
      Object.entries(functions).map(
        ([app, names]) => `${app} [${apps[app as AppName].services.join(', ')}]: ${names.join(', ')}`,
      ),
    ),
  ].join('\n');
}
