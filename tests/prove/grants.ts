import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrateEmbedded } from '../../shared/database/migrations/embedded.ts';
import { probeEmbedded } from '../../shared/database/rights/embedded.ts';
import { databaseRoles, isMeant, type Action } from '../../shared/database/rights/types.ts';
import { dropPostgresFolder, postgresFolder } from '../../infra/local/postgres/account.ts';
import { ownerAddress, ownerPassword, serviceAddress } from '../../infra/local/postgres/addresses.ts';
import { initialise } from '../../infra/local/postgres/data-directory.ts';
import { ensureDatabase, ensureLogins } from '../../infra/local/postgres/logins.ts';
import { startServer } from '../../infra/local/postgres/server.ts';
import { freePort } from '../../infra/local/supervisor/ports.ts';
import type { Proof } from './proof.ts';

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

/** The flips of an action: of the grant itself and, where there is none, of one on the first column alone. */
function flipsOf(role: string, action: Action, firstColumns: ReadonlyMap<string, string>): string[][] {
  if (isMeant(role, action)) return [revokeOf(role, action)];
  const column = firstColumns.get(`${action.schema}.${action.object}`);
  const hasColumns = column !== undefined && action.verb !== 'delete' && action.verb !== 'execute';
  return [grantOf(role, action), ...(hasColumns ? [grantOf(role, action, column)] : [])];
}

/** The first column of every table and view, by `schema.name`. */
async function firstColumnsOf(owner: string): Promise<ReadonlyMap<string, string>> {
  const client = new pg.Client({ connectionString: owner });
  await client.connect();
  const { rows } = await client.query<{ thing: string; column: string }>(
    `SELECT c.relnamespace::regnamespace || '.' || c.relname AS thing, a.attname AS column
     FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = 1 WHERE c.relkind IN ('r', 'v')`,
  );
  await client.end();
  return new Map(rows.map(({ thing, column }) => [thing, column]));
}

/** A database of its own, with every role and login. */
async function startDatabase() {
  const state = await mkdtemp(join(tmpdir(), 'darkroom-grants-'));
  const folder = postgresFolder(state);
  const port = await freePort();
  await initialise(join(folder, 'one'), ownerPassword(folder));
  const server = await startServer({ data: join(folder, 'one'), port, settings: { fsync: 'off' } });
  await ensureDatabase(ownerAddress(folder, port, 'postgres'));
  const owner = ownerAddress(folder, port);
  await migrateEmbedded(owner);
  await ensureLogins(owner, folder);
  return {
    owner,
    service: serviceAddress(folder, [port]),
    async stop() {
      await server.stop();
      dropPostgresFolder(state);
      await rm(state, { recursive: true, force: true });
    },
  };
}

type Probe = Awaited<ReturnType<typeof probeEmbedded>>;

/** Flips every grant of a role; the flip and the look at it happen in one transaction, which is rolled back. */
async function flipAll(probe: Probe, role: string, firstColumns: ReadonlyMap<string, string>) {
  const missed: string[] = [];
  let flips = 0;
  for (const action of await probe.actions()) {
    const meant = isMeant(role, action);
    const before = await probe.attempt(role, action);
    if ((before === 'allowed') !== meant || (await probe.account(role, action)) !== meant)
      missed.push(`${nameOf(action)}: wrong from the start`);
    for (const change of flipsOf(role, action, firstColumns)) {
      flips += 1;
      const after = await probe.attempt(role, action, change);
      // Trying alone does not show what nobody can do whatever they are granted, as writing to a view of sums.
      const isSeen = (after === 'allowed') !== meant || (await probe.account(role, action, change)) !== meant;
      if (!isSeen) missed.push(`${change.at(-1)}: ${before}, then ${after}`);
    }
  }
  return { flips, missed };
}

/**
 * Flips every single grant (takes away each that is there, gives each that is not, and of tables and views also one on a
 * column alone) and shows that the matrix of tests/contract/shared/database/rights.test.ts sees each flip.
 */
const grants: Proof = {
  about: 'the rights matrix sees every grant that is one too many or one too few (some minutes)',
  async *claims({ isShort }) {
    const database = await startDatabase();
    try {
      const probe = await probeEmbedded(database.owner, database.service);
      const firstColumns = await firstColumnsOf(database.owner);
      for (const role of isShort ? databaseRoles.slice(0, 1) : databaseRoles) {
        const { flips, missed } = await flipAll(probe, role, firstColumns);
        yield {
          claim: `each grant of ${role} that is flipped is seen`,
          holds: flips > 0 && missed.length === 0,
          detail: `${flips} flipped, ${missed.length} not seen${missed
            .slice(0, 10)
            .map((line) => `\n  ${line}`)
            .join('')}`,
        };
      }
      await probe.close();
    } finally {
      await database.stop();
    }
  },
};

export default grants;
