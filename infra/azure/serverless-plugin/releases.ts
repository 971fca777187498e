import { createHash } from 'node:crypto';
import { container, type Container } from './blobs.ts';
import type { Context, Outputs } from './context.ts';
import { webContainers } from '../template/storage.ts';

/** One published package: when, which bytes, and the functions it loads by app. */
export interface Release {
  readonly at: string;
  readonly sha256: string;
  readonly functions: Readonly<Record<string, readonly string[]>>;
  readonly rollbackOf?: string;
}

const indexName = 'index.json';
const packageName = (sha256: string) => `packages/${sha256}.zip`;

export const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

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
