import { inGroup, inSubscription, waits, type Context } from './context.ts';
import { until } from './steps.ts';

const version = '2021-04-01';

interface Provider {
  readonly namespace: string;
  readonly registrationState: string;
}

/** Resource providers that a new subscription does not have switched on. */
export async function registerProviders(
  context: Context,
  namespaces: readonly string[],
): Promise<readonly string[]> {
  const url = inSubscription(context, '/providers?$top=1000', version);
  const missing = async () => {
    const { body } = await context.client.send<{ value: Provider[] }>('GET', url);
    const ready = new Set(
      body.value
        .filter(({ registrationState }) => registrationState === 'Registered')
        .map((one) => one.namespace.toLowerCase()),
    );
    return namespaces.filter((one) => !ready.has(one.toLowerCase()));
  };
  const wanted = await missing();
  for (const namespace of wanted) {
    await context.client.send('POST', inSubscription(context, `/providers/${namespace}/register`, version));
  }
  let left: readonly string[] = wanted;
  if (wanted.length > 0) {
    await until(
      async () => {
        left = await missing();
        return left.length === 0 ? true : undefined;
      },
      {
        every: waits(context).poll,
        timeout: 600,
        late: () => `${left.join(', ')} did not register in ten minutes`,
      },
    );
  }
  return wanted;
}

interface Group {
  readonly location: string;
  readonly tags?: Record<string, string>;
  readonly properties?: { readonly provisioningState: string };
}

/** Makes the resource group, or brings its tags up to date; says whether there was anything to do. */
export async function ensureGroup(context: Context): Promise<boolean> {
  const url = inGroup(context, '', version);
  const { status, body } = await context.client.send<Group>('GET', url, { accept: [404] });
  const exists = status !== 404;
  if (exists && body.location.toLowerCase() !== context.region.toLowerCase()) {
    throw new Error(`${context.resourceGroup} is in ${body.location}, the stage says ${context.region}`);
  }
  const tags = { ...(exists ? body.tags : {}), ...context.tags };
  if (
    exists &&
    JSON.stringify(Object.entries(body.tags ?? {}).sort()) === JSON.stringify(Object.entries(tags).sort())
  ) {
    return false;
  }
  await context.client.send('PUT', url, { json: { location: context.region, tags } });
  return true;
}

/** Deletes the group and waits until it is gone. */
export async function deleteGroup(context: Context): Promise<boolean> {
  const url = inGroup(context, '', version);
  const { status } = await context.client.send('DELETE', url, { accept: [404] });
  if (status === 404) return false;
  await until(
    async () => {
      const answer = await context.client.send<Group>('GET', url, { accept: [404] });
      return answer.status === 404 ? true : undefined;
    },
    {
      every: waits(context).poll,
      timeout: 3600,
      late: () => `${context.resourceGroup} was not gone after an hour`,
    },
  );
  return true;
}
