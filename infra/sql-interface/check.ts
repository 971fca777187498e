/**
 * `npm run check:sql-interface`: prints where the interfaces of sql/azure, of sql/embedded and of the catalogue differ, and
 * exits with 1 when they do. T-SQL is read from its text, PostgreSQL asked, in a server of its own that is gone afterwards.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { postgresFolder } from '../local/postgres/account.ts';
import { ownerAddress } from '../local/postgres/addresses.ts';
import { azureInterface } from './azure.ts';
import { differencesOf } from './compare.ts';
import { embeddedInterface } from './embedded.ts';
import type { SqlInterface } from './interface.ts';

/** What the server announces; throws where it ends without. */
async function firstLine(server: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  for await (const line of createInterface(server.stdout)) return line;
  throw new Error('PostgreSQL did not start: run infra/local/postgres/main.ts to see why.');
}

async function embedded(): Promise<SqlInterface> {
  const state = await mkdtemp(join(tmpdir(), 'darkroom-sql-interface-'));
  const main = fileURLToPath(new URL('../local/postgres/main.ts', import.meta.url));
  const server = spawn(process.execPath, [main, '--state', state, '--temporary'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  try {
    const { port } = JSON.parse(await firstLine(server)) as { port: number };
    const client = new pg.Client({ connectionString: ownerAddress(postgresFolder(state), port) });
    await client.connect();
    try {
      return await embeddedInterface(async (statement) => (await client.query<object>(statement)).rows);
    } finally {
      await client.end();
    }
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}

const [azure, postgres] = [await azureInterface(), await embedded()];
const differences = differencesOf(azure, postgres);
for (const difference of differences) console.log(difference);
console.log(
  `${azure.views.size} views and ${azure.procedures.size} procedures of azure, ${postgres.views.size} and ` +
    `${postgres.procedures.size} of embedded: ${differences.length} differences`,
);
process.exitCode = differences.length === 0 ? 0 : 1;
