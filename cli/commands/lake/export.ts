import type { Command } from 'commander';
import { formatBytes, printTable } from '../../../client/table.ts';
import { exportTable, type TableExport } from '../../../shared/lake/export-table.ts';
import { lakeTables } from '../../../shared/lake/schema.ts';
import { databaseOption } from '../../support/database.ts';
import { lakeStore, stackClock, storageOption, withDatabase } from '../../support/lake.ts';
import { printJson } from '../../support/output.ts';

interface Options {
  readonly database?: string;
  readonly storage?: string;
  readonly rebuild?: boolean;
  readonly json?: boolean;
}

async function exportNow({ database, storage, rebuild, json }: Options): Promise<void> {
  const store = lakeStore(storage);
  const tables = await withDatabase(database, async (opened) => {
    const done: TableExport[] = [];
    for (const table of lakeTables) {
      done.push(
        await exportTable({ database: opened, store, clock: stackClock() }, table, {
          rebuild: rebuild === true,
        }),
      );
    }
    return done;
  });
  if (json === true) printJson({ tables });
  else
    printTable(
      ['table', 'changed', 'files written', 'written', 'rows', 'files', 'size', 'watermark'],
      tables.map((one) => [
        one.table,
        one.changed,
        one.written,
        formatBytes(one.bytesWritten),
        one.rows,
        one.files,
        formatBytes(one.bytes),
        one.watermark,
      ]),
    );
}

export const addLakeExport = (lake: Command): Command =>
  lake
    .command('export')
    .description('write what has changed since the last export')
    .option('--rebuild', 'write every file anew, as after a restore of the database')
    .option(...databaseOption)
    .option(...storageOption)
    .option('--json', 'print JSON')
    .action(exportNow);
