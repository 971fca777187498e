/**
 * `npm run prove:grants`: flips every single grant in a database of its own (takes away each that is there, gives each
 * that is not) and shows that the matrix of tests/contract/database/rights.test.ts sees each flip. Exit code 0 when all
 * were seen. It takes some minutes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { migrateEmbedded } from '../shared/database/migrations/embedded.ts';
import { probeEmbedded } from '../shared/database/rights/embedded.ts';
import { databaseRoles, isMeant, type Deed } from '../shared/database/rights/types.ts';
import { serve } from './local/database/server.ts';

const quoted = (name: string): string => `"${name}"`;

const nameOf = ({ schema, object, verb }: Deed): string => `${verb} ${schema}.${object}`;

/** What a grant of this deed says; one on a schema that is not open yet takes its USAGE along. */
function flip(role: string, { schema, object, kind, verb }: Deed, isGranted: boolean): string[] {
  const target = kind === 'procedure' ? 'ROUTINE' : 'TABLE';
  const thing = `${quoted(schema)}.${quoted(object)}`;
  return isGranted
    ? [`REVOKE ${verb} ON ${target} ${thing} FROM ${quoted(role)}`]
    : [
        `GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${quoted(role)}`,
        `GRANT ${verb} ON ${target} ${thing} TO ${quoted(role)}`,
      ];
}

const directory = await mkdtemp(join(tmpdir(), 'darkroom-grants-'));
const engine = await PGlite.create({ dataDir: directory });
const endPoint = await serve(engine, 0, (error) => {
  throw error;
});
const owner = `postgres://postgres@127.0.0.1:${endPoint.port}/darkroom`;
await migrateEmbedded(owner);
const probe = await probeEmbedded(owner);
const missed: string[] = [];
let flips = 0;
let byTrying = 0;
let byAccount = 0;

for (const role of databaseRoles) {
  for (const deed of await probe.deeds()) {
    const meant = isMeant(role, deed);
    const grant = flip(role, deed, meant);
    // The flip and the look at it happen in one transaction, which is rolled back.
    const before = await probe.attempt(role, deed);
    const after = await probe.attempt(role, deed, grant);
    const account = [await probe.account(role, deed), await probe.account(role, deed, grant)];
    flips += 1;
    if ((before === 'allowed') !== meant || account[0] !== meant)
      missed.push(`${role} ${nameOf(deed)}: wrong from the start`);
    const tried = (after === 'allowed') !== meant;
    const counted = account[1] !== meant;
    if (tried) byTrying += 1;
    if (counted) byAccount += 1;
    // Trying alone does not show what nobody can do whatever they are granted, as writing to a view of sums.
    if (!tried && !counted) missed.push(`${role} ${nameOf(deed)}: ${before}, then ${after}`);
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
