import { createHash } from 'node:crypto';
import type { Template } from '../template/template.ts';
import { inGroup, waits, type Context, type Outputs } from './context.ts';
import { observedParameters } from './observed.ts';
import { until } from './steps.ts';

const version = '2021-04-01';
const path = '/providers/Microsoft.Resources/deployments';

interface Deployment {
  readonly name: string;
  readonly properties: {
    readonly provisioningState: string;
    readonly timestamp: string;
    readonly outputs?: Record<string, { value: unknown }>;
    readonly error?: ArmError;
  };
}

interface ArmError {
  readonly code?: string;
  readonly message?: string;
  readonly details?: readonly ArmError[];
}

interface Operation {
  readonly properties: {
    readonly provisioningState: string;
    readonly targetResource?: { readonly resourceType: string; readonly resourceName: string };
    readonly statusMessage?: { readonly error?: ArmError };
  };
}

export interface Deployed {
  readonly outputs: Outputs;
  readonly changed: boolean;
}

/** A deployment is named after what it deploys, so the last one's name says whether this one is the same. */
const deploymentName = (template: Template, parameters: Context['parameters']): string =>
  `darkroom-${createHash('sha256')
    .update(JSON.stringify([template, parameters]))
    .digest('hex')
    .slice(0, 16)}`;

const outputsOf = ({ properties }: Deployment): Outputs =>
  Object.fromEntries(
    Object.entries(properties.outputs ?? {}).map(([name, { value }]) => [name, value]),
  ) as unknown as Outputs;

const words = (error: ArmError | undefined): string =>
  error
    ? [`${error.code ?? ''} ${error.message ?? ''}`.trim(), ...(error.details ?? []).map(words)]
        .filter(Boolean)
        .join('; ')
    : '';

/** Which resources failed and why: the deployment itself only says that it did. */
async function reasons(context: Context, name: string, error: ArmError | undefined): Promise<string> {
  const { body } = await context.client.send<{ value: Operation[] }>(
    'GET',
    inGroup(context, `${path}/${name}/operations`, version),
  );
  const failed = body.value
    .filter(({ properties }) => properties.provisioningState === 'Failed' && properties.targetResource)
    .map(
      ({ properties: { targetResource, statusMessage } }) =>
        `${targetResource?.resourceType ?? ''} ${targetResource?.resourceName ?? ''}: ${words(statusMessage?.error)}`,
    );
  return [...failed, ...(failed.length === 0 ? [words(error)] : [])].join('\n');
}

/** The deployments of ours, newest first. */
async function list(context: Context): Promise<readonly Deployment[]> {
  const { status, body } = await context.client.send<{ value: Deployment[] }>(
    'GET',
    inGroup(context, path, version),
    {
      accept: [404],
    },
  );
  if (status === 404) return [];
  return body.value
    .filter(({ name }) => name.startsWith('darkroom-'))
    .sort((a, b) => b.properties.timestamp.localeCompare(a.properties.timestamp));
}

/** What the last successful deployment answered; undefined when there was none. */
export async function lastOutputs(context: Context): Promise<Outputs | undefined> {
  const last = (await list(context)).find(({ properties }) => properties.provisioningState === 'Succeeded');
  return last && outputsOf(last);
}

async function finished(context: Context, name: string): Promise<Deployment> {
  const url = inGroup(context, `${path}/${name}`, version);
  return until(
    async () => {
      const { body } = await context.client.send<Deployment>('GET', url);
      return ['Succeeded', 'Failed', 'Canceled'].includes(body.properties.provisioningState)
        ? body
        : undefined;
    },
    {
      every: waits(context).poll,
      timeout: 5400,
      late: () => `the deployment ${name} still runs after 90 minutes`,
    },
  );
}

const request = async (context: Context, template: Template) => ({
  properties: {
    mode: 'Incremental',
    template,
    parameters: { ...context.parameters, ...(await observedParameters(context)) },
  },
});

/** Sends the template unless the last deployment was the same, and waits until Azure is done with it. */
export async function deployTemplate(
  context: Context,
  template: Template,
  force: boolean,
): Promise<Deployed> {
  const name = deploymentName(template, context.parameters);
  const [newest] = await list(context);
  const same = newest?.name === name && newest.properties.provisioningState === 'Succeeded';
  if (same && !force) return { outputs: outputsOf(newest), changed: false };
  const url = inGroup(context, `${path}/${name}`, version);
  await context.client.send('PUT', url, { json: await request(context, template) });
  const deployment = await finished(context, name);
  if (deployment.properties.provisioningState !== 'Succeeded') {
    throw new Error(
      `the deployment ${name} ended ${deployment.properties.provisioningState}\n${await reasons(context, name, deployment.properties.error)}`,
    );
  }
  return { outputs: outputsOf(deployment), changed: true };
}

interface Change {
  readonly resourceId: string;
  readonly changeType: string;
}

/** What the template would change, in Azure's own estimate; nothing is changed. */
export async function whatIf(context: Context, template: Template): Promise<readonly Change[]> {
  const name = deploymentName(template, context.parameters);
  const answer = await context.client.send<{ properties?: { changes: Change[] } }>(
    'POST',
    inGroup(context, `${path}/${name}/whatIf`, version),
    { json: await request(context, template) },
  );
  const at = answer.header('location');
  if (answer.status !== 202 || at === undefined) return answer.body.properties?.changes ?? [];
  return until(
    async () => {
      const later = await context.client.send<{ properties?: { changes: Change[] } }>('GET', at);
      return later.status === 202 ? undefined : (later.body.properties?.changes ?? []);
    },
    { every: waits(context).poll, timeout: 600, late: () => 'what-if took more than ten minutes' },
  );
}
