/**
 * `npm run prove:grants`: flips every single grant in a database of its own (takes away each that is there, gives each
 * that is not, and of tables and views also one on a column alone) and shows that the matrix of
 * tests/contract/shared/database/rights.test.ts sees each flip. Exit code 0 when all were seen. It takes some minutes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrateEmbedded } from '../shared/database/migrations/embedded.ts';
import { probeEmbedded } from '../shared/database/rights/embedded.ts';
import { databaseRoles, isMeant, type Action } from '../shared/database/rights/types.ts';
import { dropPostgresFolder, postgresFolder } from './local/postgres/account.ts';
import { ownerAddress, ownerPassword, serviceAddress } from './local/postgres/addresses.ts';
import { initialise } from './local/postgres/data-directory.ts';
import { ensureDatabase, ensureLogins } from './local/postgres/logins.ts';
import { startServer } from './local/postgres/server.ts';
import { freePort } from './local/supervisor/ports.ts';

const quoted = (name: string): string => `"${name}"`;

const nameOf = ({ schema, object, verb }: Action): string => `${verb} ${schema}.${object}`;

/** What a grant of this action says; one on a schema that is not open yet takes its USAGE along. */
function grantOf(role: string, { schema, object, kind, verb }: Action, column?: string): string[] {
  const target = kind === 'procedure' ? 'ROUTINE' : 'TABLE';
  const what = column === undefined ? verb : `${verb} (${quoted(column)})`;
  return [
    `GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${quoted(role)}`,
    `GRANT ${what} ON ${target} ${quoted(schema)}.${quoted(object)} TO ${quoted(role)}`,
  ];
}

function revokeOf(role: string, { schema, object, kind, verb }: Action): string[] {
  const target = kind === 'procedure' ? 'ROUTINE' : 'TABLE';
  return [`REVOKE ${verb} ON ${target} ${quoted(schema)}.${quoted(object)} FROM ${quoted(role)}`];
}

/** The flips of a action: of the grant itself and, where there is none, of one on the first column alone. */
function flipsOf(role: string, action: Action): string[][] {
  if (isMeant(role, action)) return [revokeOf(role, action)];
  const column = firstColumns.get(`${action.schema}.${action.object}`);
  const hasColumns = column !== undefined && action.verb !== 'delete' && action.verb !== 'execute';
  return [grantOf(role, action), ...(hasColumns ? [grantOf(role, action, column)] : [])];
}

const state = await mkdtemp(join(tmpdir(), 'darkroom-grants-'));
const folder = postgresFolder(state);
const port = await freePort();
await initialise(join(folder, 'one'), ownerPassword(folder));
const server = await startServer({ data: join(folder, 'one'), port, settings: { fsync: 'off' } });
await ensureDatabase(ownerAddress(folder, port, 'postgres'));
const owner = ownerAddress(folder, port);
await migrateEmbedded(owner);
await ensureLogins(owner, folder);
const probe = await probeEmbedded(owner, serviceAddress(folder, [port]));
const client = new pg.Client({ connectionString: owner });
await client.connect();
const { rows } = await client.query<{ thing: string; column: string }>(
  `SELECT c.relnamespace::regnamespace || '.' || c.relname AS thing, a.attname AS column
   FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = 1 WHERE c.relkind IN ('r', 'v')`,
);
await client.end();
const firstColumns = new Map(rows.map(({ thing, column }) => [thing, column]));
const missed: string[] = [];
let flips = 0;
let byTrying = 0;
let byAccount = 0;

for (const role of databaseRoles) {
  for (const action of await probe.actions()) {
    const meant = isMeant(role, action);
    const before = await probe.attempt(role, action);
    if ((before === 'allowed') !== meant || (await probe.account(role, action)) !== meant)
      missed.push(`${role} ${nameOf(action)}: wrong from the start`);
    for (const change of flipsOf(role, action)) {
      // The flip and the look at it happen in one transaction, which is rolled back.
      const after = await probe.attempt(role, action, change);
      const tried = (after === 'allowed') !== meant;
      const counted = (await probe.account(role, action, change)) !== meant;
      flips += 1;
      if (tried) byTrying += 1;
      if (counted) byAccount += 1;
      // Trying alone does not show what nobody can do whatever they are granted, as writing to a view of sums.
      if (!tried && !counted) missed.push(`${change.at(-1)}: ${before}, then ${after}`);
    }
  }
  console.log(`${role}: ${flips} flips so far, ${missed.length} not seen`);
}

await probe.close();
await server.stop();
dropPostgresFolder(state);
await rm(state, { recursive: true, force: true });
for (const line of missed.slice(0, 40)) console.log(line);
console.log(
  `${flips} grants flipped one at a time: ${byTrying} seen by trying, ${byAccount} in the engine's account, ` +
    `${missed.length} by neither.`,
);
process.exitCode = missed.length === 0 ? 0 : 1;
