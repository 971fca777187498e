import type { Command } from 'commander';
import { formatBytes, printTable } from '../../../client/table.ts';
import { compactLake } from '../../../shared/lake/compact.ts';
import { lakeStore, stackClock, storageOption } from '../../support/lake.ts';
import { printJson } from '../../support/output.ts';

async function compact({ storage, json }: { storage?: string; json?: boolean }): Promise<void> {
  const tables = await compactLake({ store: lakeStore(storage), clock: stackClock() });
  if (json === true) printJson({ tables });
  else
    printTable(
      ['table', 'files', 'rewritten', 'removed', 'size before', 'size after'],
      tables.map((one) => [
        one.table,
        one.files,
        one.rewritten,
        one.removed,
        formatBytes(one.bytesBefore),
        formatBytes(one.bytesAfter),
      ]),
    );
}

export const addLakeCompact = (lake: Command): Command =>
  lake
    .command('compact')
    .description('sort and renew files that need it, remove what is empty for good')
    .option(...storageOption)
    .option('--json', 'print JSON')
    .action(compact);
