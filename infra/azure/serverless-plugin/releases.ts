import { createHash } from 'node:crypto';
import AdmZip from 'adm-zip';
import { container, type Container } from './blobs.ts';
import type { Context, Outputs } from './context.ts';
import { interfaceOf, unserved, usedInterface, type DatabaseInterface } from './database-interface.ts';
import { webContainers } from '../template/storage.ts';

/** One published package: when, which bytes, and the functions it loads by app. */
export interface Release {
  readonly at: string;
  readonly sha256: string;
  /** Digest of its files without what V8 compiled of them; releases of long ago have none. */
  readonly code?: string;
  readonly functions: Readonly<Record<string, readonly string[]>>;
  readonly rollbackOf?: string;
}

const indexName = 'index.json';
const packageName = (sha256: string) => `packages/${sha256}.zip`;
const schemaName = 'interfaces/of-the-database.json';
const interfaceName = (sha256: string) => `interfaces/${sha256}.json`;

export const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The same for packages of the same code: what V8 compiles of it is not the same bytes each time. */
export function codeDigest(zip: Buffer): string {
  const files = new AdmZip(zip).getEntries().filter(({ entryName }) => !entryName.endsWith('.v8'));
  const lines = files.map((file) => `${file.entryName} ${digest(file.getData())}`);
  return digest(Buffer.from(lines.sort().join('\n')));
}

/** Kept in each region, so that a release outlives one; read from the first. */
const at = (context: Context, { webAccounts }: Outputs): Container => {
  const all = webAccounts.map((account) => container(context, account, webContainers.releases));
  return {
    get: async (path) => all[0]?.get(path),
    put: async (...blob) => {
      for (const one of all) await one.put(...blob);
    },
    remove: async (path) => {
      for (const one of all) await one.remove(path);
    },
  };
};

/** Published releases, oldest first; the last one is what runs. */
export async function releases(context: Context, outputs: Outputs): Promise<readonly Release[]> {
  const bytes = await at(context, outputs).get(indexName);
  return bytes ? (JSON.parse(bytes.toString('utf8')) as Release[]) : [];
}

/** Keeps the package before it is published, so that what runs can always be gone back to. */
export async function keepPackage(context: Context, outputs: Outputs, zip: Buffer): Promise<void> {
  await at(context, outputs).put(packageName(digest(zip)), zip, 'application/zip');
}

async function keptInterface(
  context: Context,
  outputs: Outputs,
  name: string,
): Promise<DatabaseInterface | undefined> {
  const bytes = await at(context, outputs).get(name);
  return bytes && (JSON.parse(bytes.toString('utf8')) as DatabaseInterface);
}

/** Answers whether it was not kept so already. */
async function keepJson(
  context: Context,
  outputs: Outputs,
  name: string,
  value: DatabaseInterface,
): Promise<boolean> {
  const kept = at(context, outputs);
  const bytes = Buffer.from(JSON.stringify(value));
  if ((await kept.get(name))?.equals(bytes) === true) return false;
  await kept.put(name, bytes, 'application/json');
  return true;
}

/** Keeps what this checkout asks of the database, beside its package. */
export const keepInterface = (context: Context, outputs: Outputs, zip: Buffer): Promise<boolean> =>
  keepJson(context, outputs, interfaceName(digest(zip)), usedInterface());

/** Keeps what the migrations of this checkout have left in the database. */
export const keepSchema = (context: Context, outputs: Outputs): Promise<boolean> =>
  keepJson(context, outputs, schemaName, interfaceOf());

/** Throws where the release that runs could not be gone back to after the migrations of this checkout. */
export async function checkWayBack(context: Context, outputs: Outputs): Promise<string> {
  const running = (await releases(context, outputs)).at(-1);
  const used = running && (await keptInterface(context, outputs, interfaceName(running.sha256)));
  if (used === undefined)
    return 'no release to go back to, or one that did not keep what it asks of the database';
  const faults = unserved(used, interfaceOf());
  if (faults.length === 0) return `the release of ${running!.at} runs on this schema too`;
  throw new Error(
    `the release of ${running!.at}, which runs now, could not be gone back to: ${faults.join('; ')}. Deploy a release ` +
      'that does not use these first, and that names them in shared/database/catalog/leaving.ts',
  );
}

/** Throws where this release does not run on the database as it is. */
export async function checkSchema(context: Context, outputs: Outputs, release: Release): Promise<string> {
  const used = await keptInterface(context, outputs, interfaceName(release.sha256));
  const there = await keptInterface(context, outputs, schemaName);
  if (used === undefined || there === undefined)
    return 'not checked: the release did not keep what it asks of it';
  const faults = unserved(used, there);
  if (faults.length === 0) return 'suits the release';
  throw new Error(
    `the database has moved on since the release of ${release.at}: ${faults.join('; ')}. Deploy forward instead`,
  );
}

export async function packageOf(context: Context, outputs: Outputs, release: Release): Promise<Buffer> {
  const bytes = await at(context, outputs).get(packageName(release.sha256));
  if (!bytes) throw new Error(`the package of ${release.at} is no longer kept`);
  if (digest(bytes) !== release.sha256)
    throw new Error(`the package of ${release.at} is not what was published`);
  return bytes;
}

/** Notes a release once every app runs it; the fifty last are kept. */
export async function noteRelease(context: Context, outputs: Outputs, release: Release): Promise<void> {
  const all = [...(await releases(context, outputs)), release].slice(-50);
  await at(context, outputs).put(indexName, Buffer.from(JSON.stringify(all, null, 2)), 'application/json');
}
