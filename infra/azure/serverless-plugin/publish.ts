import { inGroup, waits, type App, type Context } from './context.ts';
import { until } from './steps.ts';

const version = '2024-11-01';
const kudu = { failed: 3, success: 4, conflict: 5 } as const;

interface Site {
  readonly properties: {
    readonly hostNameSslStates: readonly { readonly name: string; readonly hostType: string }[];
  };
}

interface Publish {
  readonly status: number;
  readonly status_text?: string;
  readonly message?: string;
}

const site = (context: Context, { name }: App, path: string) =>
  inGroup(context, `/providers/Microsoft.Web/sites/${name}${path}`, version);

/** Where the app takes packages: its scm host, which Azure may have given a name of its own. */
async function publishHost(context: Context, app: App): Promise<string> {
  const { body } = await context.client.send<Site>('GET', site(context, app, ''));
  const host = body.properties.hostNameSslStates.find(({ hostType }) => hostType === 'Repository')?.name;
  if (host === undefined) throw new Error(`${app.name} has no host that takes packages`);
  return host;
}

/** The names of the functions that the app has loaded. */
export async function loadedFunctions(context: Context, app: App): Promise<readonly string[]> {
  const { body } = await context.client.send<{ value: { name: string }[] }>(
    'GET',
    site(context, app, '/functions'),
  );
  return body.value.map(({ name }) => name.split('/').at(-1) ?? name).sort();
}

/** Sends the package the way Flex Consumption takes it and waits until the platform says how it went. */
export async function publishPackage(context: Context, app: App, zip: Buffer): Promise<void> {
  const host = await publishHost(context, app);
  const started = await context.client.send(
    'POST',
    `https://${host}/api/publish?RemoteBuild=false&Deployer=darkroom`,
    {
      body: zip,
      headers: { 'Content-Type': 'application/zip' },
    },
  );
  const id = typeof started.body === 'string' ? started.body : started.text.replaceAll('"', '').trim();
  if (id === '') throw new Error(`${host} took the package but named no deployment`);
  const { poll, publish } = waits(context);
  const result = await until(
    async () => {
      const { status, body } = await context.client.send<Publish>(
        'GET',
        `https://${host}/api/deployments/${id}`,
        {
          accept: [404],
        },
      );
      const over =
        status !== 404 && [kudu.failed, kudu.success, kudu.conflict].some((one) => one === body.status);
      return over ? body : undefined;
    },
    {
      every: poll,
      timeout: publish,
      late: () => `publishing to ${app.name} was not done after ${publish} s`,
    },
  );
  if (result.status !== kudu.success) {
    const why =
      result.status === kudu.conflict ? 'another publish is under way' : 'the platform refused the package';
    throw new Error(`${app.name}: ${why}: ${result.status_text ?? result.message ?? 'no reason given'}`);
  }
}

const difference = (wanted: readonly string[], found: readonly string[]): string => {
  const missing = wanted.filter((name) => !found.includes(name));
  const extra = found.filter((name) => !wanted.includes(name));
  return [
    missing.length > 0 && `missing ${missing.join(', ')}`,
    extra.length > 0 && `unexpected ${extra.join(', ')}`,
  ]
    .filter(Boolean)
    .join('; ');
};

/** A publish may succeed with nothing loaded: the functions that are there are what counts. */
export async function verifyFunctions(context: Context, app: App, wanted: readonly string[]): Promise<void> {
  const { poll, functions } = waits(context);
  let last = 'no list yet';
  await until(
    async () => {
      last = difference(wanted, await loadedFunctions(context, app));
      return last === '' ? true : undefined;
    },
    {
      every: poll,
      timeout: functions,
      late: () => `${app.name} has not the functions it should have after ${functions} s: ${last}`,
    },
  );
}

/** Whether the app runs these functions already; an app that never had a package has none. */
export async function runs(context: Context, app: App, wanted: readonly string[]): Promise<boolean> {
  return difference(wanted, await loadedFunctions(context, app)) === '';
}
