import type { Command } from 'commander';
import { printTable } from '../../../client/table.ts';
import { drillRestore } from '../../../infra/local/restore/drill.ts';
import { printJson } from '../../support/output.ts';

async function restore({ json }: { json?: boolean }): Promise<void> {
  const report = await drillRestore(json === true ? undefined : (step) => console.error(step));
  if (json === true) printJson(report);
  else {
    printTable(
      ['step of docs/disaster-recovery.md', 'took', 'what it did'],
      report.steps.map(({ step, what, milliseconds }) => [
        step,
        `${(milliseconds / 1000).toFixed(1)} s`,
        what,
      ]),
    );
    console.log('');
    printTable(
      ['compared', 'expected', 'found'],
      report.compared.map(({ what, expected, found }) => [what, expected, found]),
    );
    console.log(report.wrong === 0 ? '\nAll of it is as it should be.' : `\n${report.wrong} are WRONG.`);
  }
  process.exitCode = report.wrong === 0 ? 0 : 1;
}

export const addDrillRestore = (drill: Command): Command =>
  drill
    .command('restore')
    .description('restore the database of a stack of its own to an earlier moment, and compare what is left')
    .option('--json', 'print JSON')
    .action(restore);
