import type { Command } from 'commander';
import { migrateEmbedded } from '../../../shared/database/migrations/embedded.ts';
import { migrateMssql } from '../../../shared/database/migrations/mssql.ts';
import { isEmbedded } from '../../../shared/database/open.ts';
import { databaseOption, ownerAddress } from '../../support/database.ts';
import { printJson } from '../../support/output.ts';

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

export const addDbMigrate = (db: Command): Command =>
  db
    .command('migrate')
    .description('apply what is pending; safe to run twice, and by two at once')
    .option(...databaseOption)
    .option('--json', 'print JSON')
    .action(migrate);
