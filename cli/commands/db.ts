import type { Command } from 'commander';
import { embeddedStatus, migrateEmbedded } from '../../shared/database/migrations/embedded.ts';
import { migrateMssql, mssqlStatus } from '../../shared/database/migrations/mssql.ts';
import { isEmbedded } from '../../shared/database/open.ts';
import { databaseOption, ownerAddress } from '../support/database.ts';
import { printTable } from '../../client/table.ts';
import { printJson } from '../support/output.ts';

interface Options {
  readonly database?: string;
  readonly json?: boolean;
}

async function migrate({ database, json }: Options): Promise<void> {
  const address = ownerAddress(database);
  const result = isEmbedded(address)
    ? { applied: await migrateEmbedded(address), skipped: [] }
    : await migrateMssql(address);
  if (json === true) {
    printJson(result);
    return;
  }
  for (const name of result.applied) console.log(`applied  ${name}`);
  for (const name of result.skipped) console.log(`skipped  ${name} (not for this server)`);
  if (result.applied.length === 0) console.log('Nothing is pending.');
}

async function status({ database, json }: Options): Promise<void> {
  const address = ownerAddress(database);
  const { applied, pending, skipped } = isEmbedded(address)
    ? await embeddedStatus(address)
    : await mssqlStatus(address);
  const rows = [
    ...applied.map(({ name, appliedAt }) => ({ name, state: 'applied', at: appliedAt.toISOString() })),
    ...pending.map(({ name }) => ({ name, state: 'pending', at: null })),
    ...skipped.map(({ name }) => ({ name, state: 'skipped', at: null })),
  ];
  if (json === true) printJson({ migrations: rows });
  else
    printTable(
      ['migration', 'state', 'at'],
      rows.map(({ name, state, at }) => [name, state, at]),
    );
}

export function addDb(program: Command): void {
  const db = program.command('db').description('the schema of the database');
  db.command('migrate')
    .description('apply what is pending; safe to run twice, and by two at once')
    .option(...databaseOption)
    .option('--json', 'print JSON')
    .action(migrate);
  db.command('status')
    .description('which migrations are applied, pending, or not for this server')
    .option(...databaseOption)
    .option('--json', 'print JSON')
    .action(status);
}
