import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { container } from './blobs.ts';
import type { Context, Outputs } from './context.ts';
import { digest } from './releases.ts';
import { webContainers } from '../template/storage.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.zip': 'application/zip',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

const typeOf = (path: string): string => types[extname(path)] ?? 'application/octet-stream';

/** Built files carry a hash in their name and never change; documents are asked for again each time. */
const cacheOf = (path: string): string =>
  /^assets\//.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';

function files(folder: string): ReadonlyMap<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    entries
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(folder, file).split(sep).join('/'), readFileSync(file)] as const)
      // Documents come last: what they refer to must be there when they are seen.
      .sort(([a], [b]) => Number(a.endsWith('.html')) - Number(b.endsWith('.html')) || a.localeCompare(b)),
  );
}

/** What the console asks for at `/config.json`: where to sign in, and as which application. */
function consoleConfig(context: Context, { tokenIssuer }: Outputs): Buffer {
  const clientId = String(context.parameters['tokenAudience']?.value);
  const scope = `openid profile offline_access ${clientId}/.default`;
  const { currency } = context.settings;
  const config = { issuer: tokenIssuer, clientId, scope, apiBase: '/api', currency };
  return Buffer.from(JSON.stringify(config, null, 2));
}

export interface Upload {
  readonly uploaded: number;
  readonly removed: number;
}

const manifestName = 'console.json';

async function uploadTo(
  context: Context,
  account: string,
  now: ReadonlyMap<string, Buffer>,
): Promise<Upload> {
  const target = container(context, account, webContainers.console);
  const notes = container(context, account, webContainers.releases);
  const before = JSON.parse((await notes.get(manifestName))?.toString('utf8') ?? '{}') as Record<
    string,
    string
  >;
  const digests = Object.fromEntries([...now].map(([path, bytes]) => [path, digest(bytes)]));
  const changed = [...now].filter(([path]) => before[path] !== digests[path]);
  const gone = Object.keys(before).filter((path) => !now.has(path));
  for (const [path, bytes] of changed) await target.put(path, bytes, typeOf(path), cacheOf(path));
  for (const path of gone) await target.remove(path);
  if (changed.length + gone.length > 0) {
    await notes.put(manifestName, Buffer.from(JSON.stringify(digests, null, 2)), 'application/json');
  }
  return { uploaded: changed.length, removed: gone.length };
}

/** Brings the console's files up to date in each region; undefined when it was not built. */
export async function uploadConsole(context: Context, outputs: Outputs): Promise<Upload | undefined> {
  const folder = join(context.serviceDir, context.settings.console);
  if (!existsSync(folder)) return undefined;
  const now = new Map([['config.json', consoleConfig(context, outputs)] as const, ...files(folder)]);
  let all: Upload = { uploaded: 0, removed: 0 };
  for (const account of outputs.webAccounts) {
    const { uploaded, removed } = await uploadTo(context, account, now);
    all = { uploaded: all.uploaded + uploaded, removed: all.removed + removed };
  }
  return all;
}
