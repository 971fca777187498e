import type { Command } from 'commander';
import { embeddedStatus, migrateEmbedded } from '../../../shared/database/migrations/embedded.ts';
import { migrateMssql, mssqlStatus } from '../../../shared/database/migrations/mssql.ts';
import { isEmbedded } from '../../../shared/database/open.ts';
import { databaseOption, ownerAddress } from '../../support/database.ts';
import { printJson } from '../../support/output.ts';

interface Options {
  readonly database?: string;
  readonly json?: boolean;
  readonly complete?: boolean;
}

/** Throws where a server would be left without what it should have. */
async function refuseGaps(address: string): Promise<void> {
  const { skipped } = isEmbedded(address) ? await embeddedStatus(address) : await mssqlStatus(address);
  if (skipped.length === 0) return;
  const gaps = skipped.map(({ name, needs }) => `${name} (needs ${needs.join(', ')})`);
  throw new Error(`This server lacks what some files need, and nothing was applied: ${gaps.join('; ')}.`);
}

async function migrate({ database, json, complete }: Options): Promise<void> {
  const address = ownerAddress(database);
  if (complete === true) await refuseGaps(address);
  const result = isEmbedded(address)
    ? { applied: await migrateEmbedded(address), skipped: [] }
    : await migrateMssql(address);
  if (json === true) {
    printJson(result);
    return;
  }
  for (const name of result.applied) console.log(`applied  ${name}`);
  for (const name of result.skipped) console.log(`skipped  ${name} (needs what this server has not)`);
  if (result.applied.length === 0) console.log('Nothing is pending.');
}

export const addDbMigrate = (db: Command): Command =>
  db
    .command('migrate')
    .description('apply what is pending; safe to run twice, and by two at once')
    .option(...databaseOption)
    .option('--complete', 'refuse a server that cannot take every file')
    .option('--json', 'print JSON')
    .action(migrate);
