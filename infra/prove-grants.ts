/**
 * `npm run prove:grants`: flips every single grant in a database of its own (takes away each that is there, gives each
 * that is not, and of tables and views also one on a column alone) and shows that the matrix of
 * tests/contract/shared/database/rights.test.ts sees each flip. Exit code 0 when all were seen. It takes some minutes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { migrateEmbedded } from '../shared/database/migrations/embedded.ts';
import { probeEmbedded } from '../shared/database/rights/embedded.ts';
import { databaseRoles, isMeant, type Action } from '../shared/database/rights/types.ts';
import { serve } from './local/database/server.ts';

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

const directory = await mkdtemp(join(tmpdir(), 'darkroom-grants-'));
const engine = await PGlite.create({ dataDir: directory });
const endPoint = await serve(engine, 0, (error) => {
  throw error;
});
const owner = `postgres://postgres@127.0.0.1:${endPoint.port}/darkroom`;
await migrateEmbedded(owner);
const probe = await probeEmbedded(owner);
const { rows } = await engine.query<{ thing: string; column: string }>(
  `SELECT c.relnamespace::regnamespace || '.' || c.relname AS thing, a.attname AS column
   FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = 1 WHERE c.relkind IN ('r', 'v')`,
);
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
await endPoint.close();
await engine.close();
await rm(directory, { recursive: true, force: true });
for (const line of missed.slice(0, 40)) console.log(line);
console.log(
  `${flips} grants flipped one at a time: ${byTrying} seen by trying, ${byAccount} in the engine's account, ` +
    `${missed.length} by neither.`,
);
process.exitCode = missed.length === 0 ? 0 : 1;
