import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { apps, type AppName } from '../template/apps.ts';
import { template } from '../template/template.ts';
import { registeredFunctions } from '../registered-functions.ts';
import { deployTemplate } from './arm-deployment.ts';
import { uploadConsole } from './console.ts';
import type { App, Context, Outputs } from './context.ts';
import { lockDigests } from './lock-digests.ts';
import { migrate } from './migrate.ts';
import { publishPackage, runs, verifyFunctions } from './publish.ts';
import { resolveReferences } from './references.ts';
import {
  checkWayBack,
  codeDigest,
  digest,
  keepInterface,
  keepPackage,
  keepSchema,
  noteRelease,
  releases,
  type Release,
} from './releases.ts';
import { ensureGroup, registerProviders } from './resource-group.ts';
import { ensureSecrets } from './secrets.ts';
import type { Steps } from './steps.ts';
import { isFailedOver, takeOver } from './take-over.ts';

export type FunctionsByApp = Readonly<Record<AppName, readonly string[]>>;

/** The names that each app must have loaded, from the bundle itself. */
export const functionsByApp = (serviceDir: string): FunctionsByApp =>
  Object.fromEntries(
    Object.entries(apps).map(([app, { services }]) => [
      app,
      registeredFunctions(join(serviceDir, 'dist/main.cjs'), services).map(({ name }) => name),
    ]),
  ) as unknown as FunctionsByApp;

/** Where `sls package` left the zip, or the file that --package names. */
export const packagePath = (serviceDir: string, file = '.serverless/darkroom.zip'): string =>
  resolve(serviceDir, file);

const namespaces = [
  ...new Set(template.resources.map(({ type }) => type.split('/')[0] ?? '')),
  'Microsoft.App',
];

const changed = (flag: boolean, what: string): string => (flag ? what : 'unchanged');

/** Whether the last release is this package and every app runs it. */
async function isPublished(
  context: Context,
  outputs: Outputs,
  zip: Buffer,
  wanted: FunctionsByApp,
): Promise<boolean> {
  const last = (await releases(context, outputs)).at(-1);
  if (last?.sha256 !== digest(zip) && last?.code !== codeDigest(zip)) return false;
  for (const app of outputs.functionApps.filter(({ enabled }) => enabled)) {
    if (!(await runs(context, app, wanted[app.app as AppName]))) return false;
  }
  return true;
}

/** One app after the other, the edge last: what takes images in comes when what handles them is there. */
const order: readonly AppName[] = ['pipeline', 'maintenance', 'desks', 'edge'];
const inOrder = (list: readonly App[]): readonly App[] =>
  [...list].sort((a, b) => order.indexOf(a.app as AppName) - order.indexOf(b.app as AppName));

export async function publishEverywhere(
  context: Context,
  outputs: Outputs,
  steps: Steps,
  zip: Buffer,
  release: Omit<Release, 'at' | 'sha256' | 'code'>,
): Promise<void> {
  await steps.run('keep release', () => keepPackage(context, outputs, zip));
  // An app that stands by takes no package: the platform refuses one while the app is off.
  const running = inOrder(outputs.functionApps.filter(({ enabled }) => enabled));
  const where = ({ app, region }: App): string => `${app} (${region})`;
  for (const app of running)
    await steps.run(
      `references ${where(app)}`,
      () => resolveReferences(context, app),
      (count) => `${count} resolved`,
    );
  for (const app of running) {
    await steps.run(`publish ${where(app)}`, () => publishPackage(context, app, zip));
    const wanted = release.functions[app.app] ?? [];
    await steps.run(
      `verify ${where(app)}`,
      () => verifyFunctions(context, app, wanted),
      () => `${wanted.length} functions`,
    );
  }
  await steps.run('note release', () =>
    noteRelease(context, outputs, {
      ...{ at: new Date().toISOString(), sha256: digest(zip), code: codeDigest(zip) },
      ...release,
    }),
  );
}

export interface DeployOptions {
  readonly force: boolean;
  readonly package: string;
}

/** Brings a stage to what this checkout says, step by step; what is so already is left alone. */
export async function deploy(context: Context, steps: Steps, options: DeployOptions): Promise<Outputs> {
  const { serviceDir } = context;
  await steps.run(
    'providers',
    () => registerProviders(context, namespaces),
    (registered) => (registered.length === 0 ? 'all registered' : `registered ${registered.join(', ')}`),
  );
  await steps.run(
    'resource group',
    () => ensureGroup(context),
    (did) => changed(did, context.resourceGroup),
  );
  const { outputs } = await steps.run(
    'template',
    () => deployTemplate(context, template, options.force),
    (result) => changed(result.changed, `${template.resources.length} resources`),
  );
  await steps.run(
    'take over',
    () => takeOver(context, outputs),
    (count) => (count > 0 ? `${count} apps switched on` : 'nothing to do'),
  );
  await steps.run(
    'secrets',
    // The vault of a lost region can be read and not written; its secrets are there.
    () => (isFailedOver(context) ? Promise.resolve([]) : ensureSecrets(context, outputs)),
    (made) => (made.length > 0 ? `made ${made.join(', ')}` : 'unchanged'),
  );
  await steps.run(
    'ledger digests',
    () => (isFailedOver(context) ? Promise.resolve('left as they are') : lockDigests(context)),
    (what) => what,
  );
  await steps.run(
    'way back',
    () => checkWayBack(context, outputs),
    (what) => what,
  );
  await steps.run('migrations', () => migrate(context, outputs));
  await steps.run(
    'keep schema',
    () => keepSchema(context, outputs),
    (did) => changed(did, 'kept'),
  );
  const { zip, functions } = await steps.run(
    'package',
    () => Promise.resolve({ zip: readFileSync(options.package), functions: functionsByApp(serviceDir) }),
    ({ zip: bytes }) => `${(bytes.length / 1e6).toFixed(1)} MB`,
  );
  await steps.run(
    'keep interface',
    () => keepInterface(context, outputs, zip),
    (did) => changed(did, 'kept'),
  );
  const current = await steps.run(
    'releases',
    () => isPublished(context, outputs, zip, functions),
    (same) => (same ? 'this package runs already' : 'to be published'),
  );
  if (!current || options.force) await publishEverywhere(context, outputs, steps, zip, { functions });
  await steps.run(
    'console',
    () => uploadConsole(context, outputs),
    (upload) =>
      upload
        ? `${upload.uploaded} files uploaded, ${upload.removed} removed`
        : `NOT uploaded: ${context.settings.console} is not built`,
  );
  return outputs;
}
