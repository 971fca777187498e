import type { Command } from 'commander';
import { printTable } from '../../../client/table.ts';
import { embeddedStatus } from '../../../shared/database/migrations/embedded.ts';
import { mssqlStatus } from '../../../shared/database/migrations/mssql.ts';
import { statesOf } from '../../../shared/database/migrations/status.ts';
import { isEmbedded } from '../../../shared/database/open.ts';
import { databaseOption, ownerAddress } from '../../support/database.ts';
import { printJson } from '../../support/output.ts';

interface Options {
  readonly database?: string;
  readonly json?: boolean;
}

async function status({ database, json }: Options): Promise<void> {
  const address = ownerAddress(database);
  const found = isEmbedded(address) ? await embeddedStatus(address) : await mssqlStatus(address);
  const rows = statesOf(found).map(({ at, ...row }) => ({ ...row, at: at?.toISOString() ?? null }));
  if (json === true) printJson({ migrations: rows });
  else
    printTable(
      ['migration', 'state', 'at'],
      rows.map(({ name, state, at }) => [name, state, at]),
    );
}

export const addDbStatus = (db: Command): Command =>
  db
    .command('status')
    .description('which files are applied, changed since, removed, pending, or not for this server')
    .option(...databaseOption)
    .option('--json', 'print JSON')
    .action(status);
