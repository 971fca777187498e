import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A name that only one live process can listen on; on Linux and Windows it vanishes with its process. */
function lockName(directory: string): string {
  const digest = createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 24);
  if (process.platform === 'linux') return `\0darkroom-database-${digest}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\darkroom-database-${digest}`;
  return join(tmpdir(), `darkroom-database-${digest}.sock`);
}

/** Two engines on one data directory would destroy it, so the second one fails here. */
export async function lockDirectory(directory: string): Promise<void> {
  const name = lockName(directory);
  const lock = createServer();
  await new Promise<void>((locked, refused) => {
    lock.once('error', () => refused(new Error(`Another process has the database in ${directory} open.`)));
    lock.listen(name, locked);
  });
  lock.unref();
  if (process.platform === 'darwin') process.once('exit', () => rmSync(name, { force: true }));
}
