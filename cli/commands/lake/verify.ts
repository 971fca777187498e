import type { Command } from 'commander';
import { printTable } from '../../../client/table.ts';
import { openLakeCopy } from '../../../infra/local/lake/open.ts';
import { verifyLake } from '../../../infra/local/lake/verify.ts';
import { databaseOption } from '../../support/database.ts';
import { lakeStore, storageOption, withDatabase } from '../../support/lake.ts';
import { printJson } from '../../support/output.ts';

interface Options {
  readonly database?: string;
  readonly storage?: string;
  readonly json?: boolean;
}

async function verify({ database, storage, json }: Options): Promise<void> {
  const lake = await openLakeCopy(lakeStore(storage));
  try {
    const verdict = await withDatabase(database, (opened) => verifyLake(opened, lake));
    const { checks, differences } = verdict;
    if (json === true) printJson({ agrees: differences.length === 0, ...verdict });
    else {
      printTable(['compared', 'lines'], Object.entries(checks));
      if (differences.length === 0) console.log('\nLake and database agree to the last digit.');
      else {
        console.log(`\n${differences.length} differences (what is not exported yet is one):`);
        printTable(
          ['check', 'of', 'database', 'lake'],
          differences.slice(0, 20).map((one) => [one.check, one.of, one.database ?? '-', one.lake ?? '-']),
        );
      }
    }
    process.exitCode = differences.length === 0 ? 0 : 1;
  } finally {
    await lake.close();
  }
}

export const addLakeVerify = (lake: Command): Command =>
  lake
    .command('verify')
    .description('hold the lake against the database; exit code 0 when they agree')
    .option(...databaseOption)
    .option(...storageOption)
    .option('--json', 'print JSON')
    .action(verify);
